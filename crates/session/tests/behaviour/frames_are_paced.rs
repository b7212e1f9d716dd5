use crate::stage::{self, SOCKET, Stage};
use playconnect_dom::op::code;
use playconnect_dom::stream::StreamReader;
use playconnect_dom::{BatchWriter, Limits};
use playconnect_frame::{ToBrowser, ToEdge};
use playconnect_session::message::{Request, RequestAction};
use playconnect_session::{Input, Instant, Lane, Outcome, RestartPlan, SessionLimits};

fn numbers(sent: &[ToBrowser]) -> Vec<(u32, bool)> {
    let numbers = sent.iter().filter_map(|message| match message {
        ToBrowser::Frame { head, .. } if !head.more => Some((head.number, head.fresh)),
        _ => None,
    });
    numbers.collect()
}

/// A turn by timer that changes the text and asks for the next.
fn tick(stage: &mut Stage, text: &str, next: u64) {
    let outcome = Outcome {
        batch: stage::set_text(text),
        lane: Lane::Default,
        next_timer: Some(stage.now.after(next)),
        ..Outcome::default()
    };
    stage.answer_with(Ok(outcome));
}

fn ticking() -> Stage {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.turn();
    tick(&mut stage, "0", 1_000);
    stage.say(ToEdge::Ack { frame: 2 });
    stage.sent(SOCKET);
    stage
}

#[test]
fn frames_without_input_are_16_ms_apart() {
    let mut stage = ticking();
    let start = stage.now;
    for at in 0..10 {
        stage.wait(1_000);
        if stage.try_turn().is_some() {
            tick(&mut stage, &at.to_string(), 1_000);
        }
    }
    assert_eq!(numbers(&stage.sent(SOCKET)), [], "10 ms");
    stage.wait(6_000);
    assert_eq!(numbers(&stage.sent(SOCKET)), [(3, false)]);
    assert_eq!(stage.now, Instant(start.0 + 16_000));
}

#[test]
fn at_most_three_frames_are_unacknowledged_and_then_one_catches_up() {
    let mut stage = ticking();
    for at in 0..8 {
        stage.wait(20_000);
        if stage.try_turn().is_some() {
            tick(&mut stage, &at.to_string(), 1_000);
        }
    }
    assert_eq!(numbers(&stage.sent(SOCKET)), [(3, false), (4, false), (5, false)]);
    stage.say(ToEdge::Ack { frame: 3 });
    assert_eq!(numbers(&stage.sent(SOCKET)), [(6, false)]);
}

#[test]
fn only_what_answers_a_person_goes_before_the_16_ms_are_over() {
    let mut stage = ticking();
    stage.wait(1_000);
    stage.turn();
    let hurried = Outcome { batch: stage::set_text("now!"), lane: Lane::Input, ..Outcome::default() };
    stage.answer_with(Ok(hurried));
    assert_eq!(numbers(&stage.sent(SOCKET)), []);
    stage.wait(15_000);
    assert_eq!(numbers(&stage.sent(SOCKET)), [(3, false)]);
}

#[test]
fn a_socket_that_is_full_gets_no_frame_and_one_url() {
    let mut stage = ticking();
    let congested = |congested| Input::SocketCongested { session: stage::SESSION, socket: SOCKET, congested };
    stage.tell(congested(true));
    for at in 0..8 {
        stage.wait(20_000);
        stage.turn();
        let action = RequestAction::ReplaceUrl(format!("/tables?page={at}"));
        let outcome = Outcome {
            batch: stage::set_text(&at.to_string()),
            next_timer: Some(stage.now.after(1_000)),
            requests: vec![Request { id: at, action }],
            ..Outcome::default()
        };
        stage.answer_with(Ok(outcome));
    }
    assert_eq!(stage.sent(SOCKET), []);
    stage.tell(congested(false));
    let sent = stage.sent(SOCKET);
    assert_eq!(numbers(&sent), [(3, false)]);
    let urls = sent.iter().filter_map(|message| match message {
        ToBrowser::Location { url, .. } => Some(url.as_str()),
        _ => None,
    });
    assert_eq!(urls.collect::<Vec<_>>(), ["/tables?page=7"]);
}

#[test]
fn ids_that_no_browser_was_told_of_are_free_at_once() {
    let limits = Limits { page_nodes: 10, ..Limits::default() };
    let mut stage = Stage::with_page(SessionLimits::default(), RestartPlan::default(), limits);
    stage.render();
    stage.attach(SOCKET, false);
    let renew = |first: u32, last: u32| {
        let mut batch = BatchWriter::default();
        (first..last).for_each(|index| batch.remove(index));
        (first..last).for_each(|index| batch.text(index, "x"));
        batch.finish()
    };
    let freed = |stage: &Stage| stage.node.size(stage::SESSION).expect("the session is there").ids_freed;
    let mut batch = BatchWriter::default();
    (3..10).for_each(|index| batch.text(index, "x"));
    stage.click(1);
    stage.turn();
    stage.answer(batch.finish());
    // Nothing is acknowledged. Of the ids that go, only those are kept back that a frame has told of.
    for sequence in 2..=20 {
        stage.click(sequence);
        stage.turn();
        stage.answer(renew(3, 10));
        assert!(freed(&stage) <= 7, "{}", freed(&stage));
    }
}

/// What a merged frame says: codes of its operations.
fn codes(sent: &[ToBrowser]) -> Vec<u8> {
    let mut codes = Vec::new();
    for message in sent {
        if let ToBrowser::Frame { stream, .. } = message {
            let mut reader = StreamReader::new(stream).expect("a stream");
            while let Some(op) = reader.next_op().expect("operations") {
                codes.push(op.code);
            }
        }
    }
    codes
}

#[test]
fn a_browser_that_falls_far_behind_is_told_of_each_node_once() {
    let mut stage = ticking();
    for _ in 0..12 {
        stage.wait(20_000);
        if stage.try_turn().is_some() {
            tick(&mut stage, &"x".repeat(250 << 10), 1_000);
        }
    }
    stage.sent(SOCKET);
    let size = stage.node.size(stage::SESSION).expect("the session is there");
    assert!(size.log_bytes < 100 && size.changes == 1, "what waits is the name of a node: {size:?}");
    stage.say(ToEdge::Ack { frame: 5 });
    let sent = stage.sent(SOCKET);
    assert_eq!(numbers(&sent), [(6, false)]);
    assert_eq!(codes(&sent), [code::SET_TEXT], "seven turns, one text");
}

#[test]
fn a_browser_that_misses_more_than_is_kept_by_node_gets_the_page_as_it_is() {
    let limits = SessionLimits { changes_max: 4, ..SessionLimits::default() };
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    for sequence in 1..=2 {
        stage.click(sequence);
        stage.turn();
        stage.answer(stage::set_text("soon"));
    }
    stage.sent(SOCKET);
    let mut grow = |sequence: u32, nodes: std::ops::Range<u32>| {
        stage.click(sequence);
        stage.turn();
        let mut batch = BatchWriter::default();
        for index in nodes {
            batch.text(index, "more");
        }
        stage.answer(batch.finish());
        stage.node.size(stage::SESSION).expect("the session is there").changes
    };
    assert_eq!(grow(3, 3..7), 4, "just as many as are kept");
    assert_eq!(grow(4, 7..8), 0);
    stage.say(ToEdge::Ack { frame: 3 });
    stage.wait(20_000);
    assert_eq!(numbers(&stage.sent(SOCKET)), [(4, true)]);
}
