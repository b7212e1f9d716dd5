//! What a browser that is not honest may say on an open socket, and what it costs.

use crate::stage::{BUTTON, SESSION, SOCKET, Stage};
use playconnect_frame::{Detail, Environment, Event, Hello, ToBrowser, ToEdge};
use playconnect_session::{Input, Output, Report, RestartPlan, SessionLimits};

/// The socket is closed with 1008, and the operator hears why.
fn refused(message: ToEdge, expected: &str) {
    let mut stage = Stage::attached();
    stage.say(message);
    assert_eq!(stage.closed(SOCKET), Some(1008));
    let why = stage.reports().into_iter().find_map(|report| match report {
        Report::Protocol { why, .. } => Some(why.clone()),
        _ => None,
    });
    assert_eq!(why.as_deref(), Some(expected));
    let sent = stage.sent(SOCKET);
    let last = sent.last();
    assert!(matches!(last, Some(ToBrowser::Refused { reason, .. }) if reason == expected), "{sent:?}");
}

#[test]
fn what_cannot_be_said_there() {
    let hello = Hello {
        session: String::new(),
        resume: true,
        frame: 0,
        sequence: 0,
        connection: 0,
        environment: Environment::default(),
    };
    refused(ToEdge::Hello(hello), "HELLO a second time");
    refused(ToEdge::Ack { frame: 2 }, "an ack of frame 2 where 1 is the last");
    refused(ToEdge::Resync { node: BUTTON }, "RESYNC of 2, which is no slot");
    refused(ToEdge::Resync { node: u32::MAX }, "RESYNC of 4294967295, which is no slot");
    let event = |sequence, kind| {
        let detail = Detail::None;
        ToEdge::Event(Event { sequence, node: BUTTON, frame: 1, kind, modifiers: 0, detail, form: None })
    };
    refused(event(1, u16::MAX), "an event of type 65535, which no frame has defined");
    refused(event(3, 1), "event 3 where 1 was due");
}

#[test]
fn a_page_that_was_refused_comes_back_where_it_was() {
    let mut stage = Stage::attached();
    stage.say(ToEdge::Resync { node: 99 });
    stage.outputs.clear();
    stage.attach(SOCKET, true);
    stage.wait(20_000);
    let sent = stage.sent(SOCKET);
    let [ToBrowser::Welcome { .. }, frames @ .., ToBrowser::Frame { head: last, .. }] = &sent[..] else {
        panic!("{sent:?}")
    };
    let of_the_same =
        |message: &ToBrowser| matches!(message, ToBrowser::Frame { head, .. } if head.number == last.number);
    assert!(frames.iter().all(of_the_same), "{sent:?}");
    assert!(last.fresh && !last.more, "the whole page, {sent:?}");
}

#[test]
fn an_ack_said_twice_is_no_harm() {
    let mut stage = Stage::attached();
    for frame in [1, 1, 0] {
        stage.say(ToEdge::Ack { frame });
    }
    assert_eq!(stage.closed(SOCKET), None);
}

/// So many of a message within one moment, until the edge reads no further.
fn paused_after(message: impl Fn() -> ToEdge) -> usize {
    let limits = SessionLimits { events_per_second: 100, events_burst: 500, ..SessionLimits::default() };
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    stage.say(ToEdge::Ack { frame: 1 });
    let said = (1..=1_000).find(|_| {
        stage.say(message());
        stage.outputs.contains(&Output::PauseReading { socket: SOCKET })
    });
    stage.wait(2_000_000);
    assert!(stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }), "and goes on later");
    said.expect("there is an end to it")
}

#[test]
fn what_costs_much_is_waited_for_each_time() {
    let limits = SessionLimits { events_per_second: 100, events_burst: 100, ..SessionLimits::default() };
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    stage.wait(2_000_000);
    // The burst is used up.
    stage.say(ToEdge::Resync { node: 1 });
    for _ in 0..3 {
        stage.outputs.clear();
        stage.say(ToEdge::Resync { node: 1 });
        // A hundred events' worth, at a hundred a second.
        stage.wait(700_000);
        assert!(!stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }));
        stage.wait(400_000);
        assert!(stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }));
    }
}

#[test]
fn a_full_socket_gets_no_pong() {
    let mut stage = Stage::attached();
    let pongs = |stage: &mut Stage| {
        stage.outputs.clear();
        stage.say(ToEdge::Ping);
        stage.sent(SOCKET).iter().filter(|message| **message == ToBrowser::Pong).count()
    };
    assert_eq!(pongs(&mut stage), 1);
    stage.tell(Input::SocketCongested { session: SESSION, socket: SOCKET, congested: true });
    assert_eq!(pongs(&mut stage), 0);
    stage.tell(Input::SocketCongested { session: SESSION, socket: SOCKET, congested: false });
    assert_eq!(pongs(&mut stage), 1);
}

#[test]
fn a_flood_of_messages_is_read_no_further() {
    // One of 500 was for the ack of the first frame.
    assert_eq!(paused_after(|| ToEdge::Ping), 499);
    assert_eq!(paused_after(|| ToEdge::Ack { frame: 1 }), 499);
    assert_eq!(paused_after(|| ToEdge::Environment(Environment::default())), 499);
    assert_eq!(paused_after(|| ToEdge::Resync { node: 1 }), 5);
    // Seen before, as far as the session knows.
    let seen = || Event {
        sequence: 0,
        node: BUTTON,
        frame: 1,
        kind: 1,
        modifiers: 0,
        detail: Detail::None,
        form: None,
    };
    assert_eq!(paused_after(|| ToEdge::Event(seen())), 499);
}
