use crate::stage::{self, SOCKET, Stage};
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
fn a_browser_that_missed_that_all_ids_are_new_is_told_again() {
    let limits = Limits { page_nodes: 10, ..Limits::default() };
    let mut stage = Stage::with_page(SessionLimits::default(), RestartPlan::default(), limits);
    stage.render();
    stage.attach(SOCKET, false);
    let renew = || {
        let mut batch = BatchWriter::default();
        for index in 3..10 {
            batch.text(index, "x");
            batch.remove(index);
        }
        batch.finish()
    };
    let anew = |stage: &mut Stage| {
        stage.sent(SOCKET).iter().any(|message| matches!(message, ToBrowser::Frame { head, .. } if head.anew))
    };
    // Nothing is acknowledged: the ids of what is gone stay taken, until there are too many.
    for sequence in 1..=8 {
        stage.click(sequence);
        stage.turn();
        stage.answer(renew());
    }
    assert!(!anew(&mut stage));
    stage.say(ToEdge::Ack { frame: 3 });
    stage.wait(20_000);
    assert!(anew(&mut stage), "with the first frame that may go");
    stage.attach(SOCKET, true);
    stage.wait(20_000);
    assert!(anew(&mut stage), "that frame was lost with its socket");
}

#[test]
fn a_browser_that_falls_far_behind_gets_the_page_as_it_is() {
    let mut stage = ticking();
    for _ in 0..12 {
        stage.wait(20_000);
        if stage.try_turn().is_some() {
            tick(&mut stage, &"x".repeat(250 << 10), 1_000);
        }
    }
    stage.sent(SOCKET);
    stage.say(ToEdge::Ack { frame: 5 });
    assert_eq!(numbers(&stage.sent(SOCKET)), [(6, true)]);
}
