use crate::stage::{SESSION, SOCKET, Stage, mount};
use playconnect_dom::BatchWriter;
use playconnect_dom::tree::SlotId;
use playconnect_frame::{CloseCode, ToBrowser};
use playconnect_session::{Input, ModuleInput, Output, Report};

fn swap(stage: &mut Stage) {
    stage.outputs.clear();
    stage.tell(Input::Swap { session: SESSION, module: 0 });
}

fn outline(stage: &Stage) -> String {
    stage.node.page(SESSION).expect("it is there").outline(SlotId(0))
}

/// The new incarnation has started and rendered one text.
fn render(stage: &mut Stage, data: &str) {
    let key = stage.key();
    stage.tell(Input::Started { key, result: Ok(()) });
    assert_eq!(stage.turn().1, [ModuleInput::Mount]);
    let mut batch = BatchWriter::default();
    batch.text(1, data);
    batch.insert(0, 1, 0);
    stage.answer(batch.finish());
    stage.wait(20_000);
}

#[test]
fn at_once_and_the_page_stays_until_the_new_one_has_rendered() {
    let mut stage = Stage::attached();
    let old = stage.key();
    swap(&mut stage);
    assert!(stage.outputs.contains(&Output::Stop { key: old }));
    assert_eq!(stage.key().incarnation, 2, "no wait");
    assert!(outline(&stage).contains("hello"));
    render(&mut stage, "new");
    assert_eq!(outline(&stage), "\"new\"\n");
    assert_eq!(stage.closed(SOCKET), None, "on the same socket");
    assert!(!stage.reports().iter().any(|report| matches!(report, Report::Restarting { .. })));
}

#[test]
fn events_of_the_old_one_count_as_handled() {
    let mut stage = Stage::attached();
    stage.click(1);
    let (old, _) = stage.turn();
    stage.click(2);
    swap(&mut stage);
    // Too late.
    stage.tell(Input::Turned { key: old, result: Ok(Default::default()), cpu_us: 1 });
    render(&mut stage, "new");
    let acknowledged = stage.sent(SOCKET).into_iter().filter_map(|message| match message {
        ToBrowser::Frame { head, .. } => Some(head.event_ack),
        _ => None,
    });
    assert_eq!(acknowledged.max(), Some(2));
}

#[test]
fn one_that_was_disabled_gets_a_new_start() {
    let mut stage = Stage::opened();
    let key = stage.key();
    stage.tell(Input::InitRefused { key, why: "broken".to_owned() });
    stage.attach(SOCKET, false);
    swap(&mut stage);
    render(&mut stage, "mended");
    assert_eq!(outline(&stage), "\"mended\"\n");
}

#[test]
fn before_anybody_has_come_it_starts_and_waits() {
    let mut stage = Stage::rendered();
    swap(&mut stage);
    let key = stage.key();
    stage.tell(Input::Started { key, result: Ok(()) });
    assert!(stage.try_turn().is_none(), "no turn for a page that may never be looked at");
    stage.attach(SOCKET, false);
    assert_eq!(stage.turn().1[0], ModuleInput::Mount);
    stage.answer(mount());
    stage.wait(20_000);
    assert!(outline(&stage).contains("hello"));
}

#[test]
fn nothing_happens_for_a_module_or_a_session_that_is_not_there() {
    let mut stage = Stage::attached();
    stage.tell(Input::Swap { session: SESSION, module: 1 });
    assert!(stage.outputs.is_empty());
    let (code, reason) = (CloseCode::NoSession, "gone".to_owned());
    stage.tell(Input::Close { session: SESSION, code, reason });
    swap(&mut stage);
    assert!(stage.outputs.is_empty());
}
