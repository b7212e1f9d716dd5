use crate::stage::{self, SOCKET, Stage};
use playconnect_frame::{ToBrowser, ToEdge};
use playconnect_session::{Instant, Lane, Outcome};

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
