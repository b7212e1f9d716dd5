//! After a lost socket: what was sent and not applied comes again; only where that is not there, the whole page.

use crate::stage::{self, BUTTON, SESSION, SOCKET, Stage};
use playconnect_frame::{Detail, Event, ToBrowser, ToEdge};
use playconnect_session::{Input, RestartPlan, SessionLimits, SocketId};

const SECOND: SocketId = SocketId(2);

/// Three frames behind the first, none of them acknowledged, and then the socket is lost.
fn cut_with(limits: SessionLimits) -> Stage {
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    stage.say(ToEdge::Ack { frame: 1 });
    for sequence in 1..=3 {
        stage.click(sequence);
        stage.turn();
        stage.answer(stage::set_text(&format!("text {sequence}")));
    }
    stage.outputs.retain(|output| !matches!(output, playconnect_session::Output::Send { .. }));
    stage.tell(Input::SocketClosed { session: SESSION, socket: SOCKET });
    stage
}

fn cut() -> Stage {
    cut_with(SessionLimits::default())
}

/// Numbers of the frames, and whether they tell everything.
fn frames(stage: &mut Stage, socket: SocketId) -> Vec<(u32, bool)> {
    let frames = stage.sent(socket).into_iter().filter_map(|message| match message {
        ToBrowser::Frame { head, .. } if !head.more => Some((head.number, head.fresh)),
        _ => None,
    });
    frames.collect()
}

#[test]
fn frames_that_were_not_applied_come_again() {
    let mut stage = cut();
    stage.attach_at(SECOND, true, 2);
    assert_eq!(frames(&mut stage, SECOND), [(3, false), (4, false)]);
}

#[test]
fn nothing_comes_again_where_all_was_applied() {
    let mut stage = cut();
    stage.attach_at(SECOND, true, 4);
    assert_eq!(frames(&mut stage, SECOND), []);
}

#[test]
fn what_changed_while_nobody_was_there_comes_behind_them() {
    let mut stage = cut();
    // A turn that was asked for before the cut comes back after it.
    stage.attach_at(SECOND, true, 4);
    stage.tell(Input::Message { session: SESSION, socket: SECOND, message: event(4) });
    stage.turn();
    stage.tell(Input::SocketClosed { session: SESSION, socket: SECOND });
    stage.answer(stage::set_text("while nobody was there"));
    let third = SocketId(3);
    stage.attach_at(third, true, 4);
    assert_eq!(frames(&mut stage, third), [(5, false)]);
}

fn event(sequence: u32) -> ToEdge {
    ToEdge::Event(Event {
        sequence,
        node: BUTTON,
        frame: 4,
        kind: 2,
        modifiers: 0,
        detail: Detail::None,
        form: None,
    })
}

#[test]
fn a_page_that_has_nothing_or_vouches_for_nothing_is_told_everything() {
    let mut stage = cut();
    stage.attach_at(SECOND, true, 0);
    assert_eq!(frames(&mut stage, SECOND), [(5, true)]);
}

#[test]
fn a_page_that_misses_a_frame_that_is_not_there_any_more_is_told_everything() {
    let mut stage = cut();
    stage.attach_at(SECOND, true, 4);
    let third = SocketId(3);
    stage.attach_at(third, true, 1);
    assert_eq!(frames(&mut stage, third), [(5, true)]);
}

#[test]
fn a_ring_that_is_too_small_for_what_was_missed_gives_the_whole_page() {
    let roomy = SessionLimits { ring_bytes_max: 200, ..SessionLimits::default() };
    let mut stage = cut_with(roomy);
    let size = stage.node.size(SESSION).expect("the session is there");
    assert!(size.ring_bytes <= 200 && size.frames_unacknowledged == 3, "{size:?}");
    stage.attach_at(SECOND, true, 3);
    assert_eq!(frames(&mut stage, SECOND), [(4, false)], "the newest is there");

    let mut stage = cut_with(SessionLimits { ring_bytes_max: 10, ..SessionLimits::default() });
    stage.attach_at(SECOND, true, 3);
    assert_eq!(frames(&mut stage, SECOND), [(5, true)]);
}

#[test]
fn a_frame_that_was_never_sent_is_refused_and_the_socket_that_lives_stays() {
    let mut stage = Stage::attached();
    stage.attach_at(SECOND, true, 9);
    assert_eq!(stage.closed(SECOND), Some(1008));
    assert_eq!(stage.closed(SOCKET), None);
}

#[test]
fn a_hello_that_comes_late_does_not_stop_the_newer_socket() {
    let mut stage = Stage::attached();
    stage.attach_at(SECOND, true, 1);
    assert_eq!(stage.closed(SOCKET), Some(4409));
    // One that was given up in between: its HELLO has the number before.
    stage.connection -= 2;
    let late = SocketId(3);
    stage.attach_at(late, true, 1);
    assert_eq!(stage.closed(late), Some(4409));
    assert_eq!(stage.closed(SECOND), None);
}

#[test]
fn a_page_to_which_another_one_is_newer_does_not_come_back() {
    let mut stage = Stage::attached();
    let first = stage.connection;
    stage.connection = 1 << 10;
    stage.attach_at(SECOND, false, 0);
    stage.connection = first;
    let back = SocketId(3);
    stage.attach_at(back, true, 1);
    assert_eq!((stage.closed(back), stage.closed(SECOND)), (Some(4409), None));
}

#[test]
fn a_session_that_nobody_reads_does_not_wake_up_for_reading() {
    let limits = SessionLimits { events_per_second: 1, events_burst: 2, ..SessionLimits::default() };
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    for sequence in 1..=2 {
        stage.click(sequence);
        stage.turn();
        stage.answer(Vec::new());
    }
    stage.tell(Input::SocketClosed { session: SESSION, socket: SOCKET });
    stage.wait(5_000_000);
    assert!(stage.node.poll_timeout().is_some_and(|at| at > stage.now), "it would be called without end");
}
