use crate::stage::{self, SESSION, SOCKET, Stage};
use playconnect_dom::BatchWriter;
use playconnect_session::{ModuleInput, Output, Report, RestartPlan, SessionLimits};

fn waits(stage: &Stage) -> Vec<u64> {
    let waits = stage.reports().into_iter().filter_map(|report| match report {
        Report::Restarting { wait_us, .. } => Some(*wait_us),
        _ => None,
    });
    waits.collect()
}

#[test]
fn with_a_wait_that_doubles_and_disabled_after_five_failures() {
    let mut stage = Stage::opened();
    for failure in 0..5 {
        let key = stage.key();
        assert_eq!(key.incarnation, failure + 1);
        stage.tell(playconnect_session::Input::Started { key, result: Err("no".to_owned()) });
        if failure == 0 {
            // The page does not wait for a module that waits.
            assert!(stage.outputs.iter().any(|output| matches!(output, Output::Html { .. })));
            stage.attach(SOCKET, false);
        }
        stage.wait(2_000_000);
    }
    assert_eq!(waits(&stage), [100_000, 200_000, 400_000, 800_000]);
    assert!(stage.reports().iter().any(|report| matches!(report, Report::Disabled { failures: 5, .. })));
    stage.wait(600_000_000);
    assert_eq!(stage.key().incarnation, 5, "it is not tried again");
}

#[test]
fn failures_far_apart_do_not_add_up() {
    let restart = RestartPlan { disable_after: 2, disable_window_us: 1_000_000, ..RestartPlan::default() };
    let mut stage = Stage::with(SessionLimits::default(), restart);
    stage.render();
    stage.attach(SOCKET, false);
    for sequence in 1..=4 {
        stage.click(sequence);
        stage.turn();
        stage.answer_with(Err("no".to_owned()));
        stage.wait(1_500_000);
        let key = stage.key();
        stage.tell(playconnect_session::Input::Started { key, result: Ok(()) });
        stage.turn();
        stage.answer(stage::mount());
        stage.wait(20_000);
    }
    assert_eq!(waits(&stage), [100_000; 4]);
}

#[test]
fn a_refused_batch_restarts_its_module_and_the_slot_is_written_anew() {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.turn();
    let mut batch = BatchWriter::default();
    batch.set_text(2, "seen by nobody");
    batch.remove(99);
    stage.answer(batch.finish());
    let why = stage.reports().into_iter().find_map(|report| match report {
        Report::Restarting { why, .. } => Some(why.clone()),
        _ => None,
    });
    assert_eq!(why.as_deref(), Some("its batch was refused: operation 1: there is no node 99"));
    let slot = playconnect_dom::tree::SlotId(0);
    let outline = |stage: &Stage| stage.node.page(SESSION).expect("it is there").outline(slot);
    assert!(outline(&stage).contains("hello"), "what was there stays until the module is back");
    stage.wait(100_000);
    let key = stage.key();
    assert_eq!(key.incarnation, 2);
    stage.tell(playconnect_session::Input::Started { key, result: Ok(()) });
    assert_eq!(stage.turn().1, [ModuleInput::Mount]);
    let mut batch = BatchWriter::default();
    batch.text(1, "again");
    batch.insert(0, 1, 0);
    stage.answer(batch.finish());
    stage.wait(20_000);
    assert_eq!(outline(&stage), "\"again\"\n");
}

#[test]
fn results_of_an_incarnation_that_is_no_more_are_ignored() {
    let mut stage = Stage::attached();
    stage.click(1);
    let (old, _) = stage.turn();
    stage.answer_with(Err("it trapped".to_owned()));
    stage.wait(100_000);
    stage.tell(playconnect_session::Input::Turned { key: old, result: Ok(Default::default()), cpu_us: 1 });
    stage.tell(playconnect_session::Input::Started { key: old, result: Err("late".to_owned()) });
    assert_eq!(waits(&stage).len(), 1);
}

#[test]
fn nothing_is_left_of_a_session_that_is_closed() {
    let mut stage = Stage::attached();
    let (code, reason) = (playconnect_frame::CloseCode::Restart, "the node is restarting".to_owned());
    stage.tell(playconnect_session::Input::Close { session: SESSION, code, reason });
    assert_eq!(stage.closed(SOCKET), Some(1012));
    assert!(stage.outputs.iter().any(|output| matches!(output, Output::Stop { .. })));
    assert_eq!((stage.node.session_count(), stage.node.poll_timeout()), (0, None));
}
