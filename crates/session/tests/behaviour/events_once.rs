use crate::stage::{self, BUTTON, SESSION, SOCKET, Stage};
use playconnect_dom::tree::SlotId;
use playconnect_dom::{BatchWriter, ListenFlags};
use playconnect_frame::{Detail, Event, FormState, ToBrowser, ToEdge};
use playconnect_session::{Input, ModuleInput, Output, Report, RestartPlan, SessionLimits, SocketId};

fn events(inputs: &[ModuleInput]) -> Vec<u32> {
    let events = inputs.iter().filter_map(|input| match input {
        ModuleInput::Event(event) => Some(event.sequence),
        _ => None,
    });
    events.collect()
}

fn acks(sent: &[ToBrowser]) -> Vec<u32> {
    let acks = sent.iter().filter_map(|message| match message {
        ToBrowser::Frame { head, .. } if !head.more => Some(head.event_ack),
        _ => None,
    });
    acks.collect()
}

#[test]
fn each_event_is_a_turn_and_its_effect_is_sent_at_once() {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.click(2);
    assert_eq!(events(&stage.turn().1), [1]);
    assert!(stage.try_turn().is_none(), "one turn at a time");
    stage.answer(stage::set_text("one"));
    assert_eq!(acks(&stage.sent(SOCKET)), [1], "without waiting for the frame timer");
    assert_eq!(events(&stage.turn().1), [2]);
    stage.answer(Vec::new());
    assert_eq!(acks(&stage.sent(SOCKET)), [2], "an event without effects is acknowledged too");
}

#[test]
fn an_event_that_was_seen_before_is_ignored() {
    let mut stage = Stage::attached();
    stage.click(1);
    assert_eq!(events(&stage.turn().1), [1]);
    stage.click(1);
    stage.answer(Vec::new());
    assert!(stage.try_turn().is_none());
    assert_eq!(stage.closed(SOCKET), None);
}

#[test]
fn an_event_that_the_browser_had_to_cut_is_told_and_reported() {
    let cut = |detail: Detail, form: Option<FormState>| {
        let mut stage = Stage::attached();
        let tree = stage.node.page(SESSION).expect("the session is there");
        let node = tree.by_index(SlotId(0), 1).expect("the button").0;
        let kind = tree.names().since(1).find(|(_, _, name)| *name == "click").expect("listened to").0.0;
        stage.say(ToEdge::Event(Event { sequence: 1, node, frame: 1, kind, modifiers: 0, detail, form }));
        assert_eq!(events(&stage.turn().1), [1]);
        stage
            .reports()
            .iter()
            .any(|report| matches!(report, Report::EventCut { kind, .. } if kind == "click"))
    };
    let value = |bytes: usize| Some(FormState { value: "x".repeat(bytes), ..FormState::default() });
    assert!(!cut(Detail::None, value((256 << 10) - 4)));
    assert!(cut(Detail::None, value(256 << 10)));
    let edit =
        |bytes| Detail::Edit { input_type: "insertFromPaste".to_owned(), data: Some("x".repeat(bytes)) };
    assert!(!cut(edit(1_000), None));
    assert!(cut(edit(256 << 10), None));
    let entries =
        |count: usize, value: usize| Detail::Submit(vec![("note".to_owned(), "x".repeat(value)); count]);
    assert!(!cut(entries(1_023, 10), None));
    assert!(cut(entries(1_024, 10), None));
    assert!(cut(entries(2, (128 << 10) - 12), None));
}

#[test]
fn a_gap_is_refused() {
    let mut stage = Stage::attached();
    stage.click(2);
    assert_eq!(stage.closed(SOCKET), Some(1008));
    assert!(
        stage
            .reports()
            .iter()
            .any(|report| matches!(report, Report::Protocol { why, .. } if why == "event 2 where 1 was due"))
    );
}

#[test]
fn an_event_of_a_type_that_no_frame_defined_is_refused() {
    let mut stage = Stage::attached();
    let event = Event {
        sequence: 1,
        node: BUTTON,
        frame: 1,
        kind: 999,
        modifiers: 0,
        detail: Detail::None,
        form: None,
    };
    stage.say(ToEdge::Event(event));
    assert_eq!(stage.closed(SOCKET), Some(1008));
}

#[test]
fn an_event_on_a_node_that_is_gone_is_dropped_and_acknowledged() {
    let mut stage = Stage::attached();
    stage.event(1, 77, "click");
    assert!(stage.try_turn().is_none());
    stage.wait(20_000);
    assert_eq!(acks(&stage.sent(SOCKET)), [1]);
}

#[test]
fn an_event_that_nothing_listens_to_is_dropped_and_counted() {
    let mut stage = Stage::attached();
    stage.event(1, BUTTON + 1, "click");
    stage.click(2);
    assert_eq!(events(&stage.turn().1), [2]);
    stage.answer(Vec::new());
    assert!(stage.reports().iter().any(|report| matches!(report, Report::EventUnlistened { count: 1, .. })));
}

#[test]
fn events_of_a_module_that_fails_count_as_handled() {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.click(2);
    stage.turn();
    stage.answer_with(Err("it trapped".to_owned()));
    stage.click(3);
    stage.wait(20_000);
    assert_eq!(acks(&stage.sent(SOCKET)).last(), Some(&3));
}

#[test]
fn after_a_lost_socket_the_page_goes_on_and_events_are_known() {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.tell(Input::SocketClosed { session: SESSION, socket: SOCKET });
    stage.turn();
    stage.answer(stage::set_text("while nobody was there"));
    let second = SocketId(2);
    stage.attach(second, true);
    let sent = stage.sent(second);
    let [ToBrowser::Welcome { sequence: 1 }, .., ToBrowser::Frame { head, .. }] = &sent[..] else {
        panic!("{sent:?}")
    };
    assert!(head.fresh && head.number == 2 && head.event_ack == 1, "{head:?}");
}

#[test]
fn the_newest_socket_wins() {
    let mut stage = Stage::attached();
    stage.attach(SocketId(2), true);
    assert_eq!(stage.closed(SOCKET), Some(4409));
    stage.click(1);
    assert!(stage.try_turn().is_none(), "the older one is not heard any more");
}

#[test]
fn a_browser_that_is_too_fast_is_read_no_further() {
    let limits = SessionLimits { events_per_second: 10, events_burst: 3, ..SessionLimits::default() };
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    for sequence in 1..=3 {
        stage.click(sequence);
    }
    let paused = |stage: &Stage| stage.outputs.contains(&Output::PauseReading { socket: SOCKET });
    assert!(paused(&stage));
    for _ in 0..3 {
        stage.turn();
        stage.answer(Vec::new());
    }
    assert!(!stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }));
    stage.wait(200_000);
    assert!(stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }));
}

#[test]
fn a_browser_is_read_no_further_while_too_much_waits() {
    let limits = SessionLimits { events_waiting_max: 4, ..SessionLimits::default() };
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    for sequence in 1..=4 {
        stage.click(sequence);
    }
    assert!(stage.outputs.contains(&Output::PauseReading { socket: SOCKET }));
    for _ in 0..2 {
        stage.turn();
        stage.answer(Vec::new());
    }
    assert!(stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }));
}

#[test]
fn an_ack_of_a_frame_that_was_never_sent_is_refused() {
    let mut stage = Stage::attached();
    stage.say(ToEdge::Ack { frame: 2 });
    assert_eq!(stage.closed(SOCKET), Some(1008));
}

#[test]
fn an_event_on_a_node_that_a_turn_has_freed_meanwhile_is_not_told() {
    let mut stage = Stage::attached();
    stage.click(1);
    // The second is taken in while the first is handled, which puts another button in the place of the first.
    stage.click(2);
    assert_eq!(events(&stage.turn().1), [1]);
    let mut batch = BatchWriter::default();
    batch.remove(1);
    batch.create(1, 0);
    batch.listen(1, 1, ListenFlags(0), None);
    batch.insert(0, 1, 0);
    stage.answer(batch.finish());
    assert!(stage.try_turn().is_none(), "the index is another node's");
    stage.wait(20_000);
    assert_eq!(acks(&stage.sent(SOCKET)).last(), Some(&2));
}

#[test]
fn an_event_from_before_its_node_was_made_is_not_told() {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.turn();
    let mut batch = BatchWriter::default();
    batch.create(5, 0);
    batch.listen(5, 1, ListenFlags(0), None);
    batch.insert(0, 5, 0);
    stage.answer(batch.finish());
    let tree = stage.node.page(SESSION).expect("the session is there");
    let node = tree.by_index(SlotId(0), 5).expect("just made").0;
    let kind = tree.names().since(1).find(|(_, _, name)| *name == "click").expect("a name of the page").0.0;
    let event = |sequence, frame| {
        let detail = Detail::None;
        ToEdge::Event(Event { sequence, node, frame, kind, modifiers: 0, detail, form: None })
    };
    stage.say(event(2, 1));
    assert!(stage.try_turn().is_none(), "in frame 1 the id was another node's");
    stage.say(event(3, 2));
    assert_eq!(events(&stage.turn().1), [3]);
}

#[test]
fn a_browser_is_read_no_further_while_events_that_wait_hold_too_much() {
    let limits = SessionLimits { events_waiting_bytes_max: 100_000, ..SessionLimits::default() };
    let mut stage = Stage::with(limits, RestartPlan::default());
    stage.render();
    stage.attach(SOCKET, false);
    let paste = |stage: &mut Stage, sequence: u32| {
        let form = FormState { value: "x".repeat(40_000), ..FormState::default() };
        stage.event_with(sequence, BUTTON, "click", Some(form));
    };
    let paused = |stage: &Stage| stage.outputs.contains(&Output::PauseReading { socket: SOCKET });
    paste(&mut stage, 1);
    paste(&mut stage, 2);
    assert!(!paused(&stage));
    paste(&mut stage, 3);
    assert!(paused(&stage));
    for _ in 0..2 {
        assert!(!stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }));
        stage.turn();
        stage.answer(Vec::new());
    }
    assert!(stage.outputs.contains(&Output::ResumeReading { socket: SOCKET }));
}
