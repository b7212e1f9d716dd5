use crate::stage::{self, SESSION, SOCKET, Stage};
use playconnect_dom::BatchWriter;
use playconnect_frame::{Environment, ToEdge};
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
fn one_whose_init_refuses_is_disabled_at_once() {
    let mut stage = Stage::opened();
    let key = stage.key();
    stage.tell(playconnect_session::Input::InitRefused { key, why: "nothing to show".to_owned() });
    assert!(
        stage.outputs.iter().any(|output| matches!(output, Output::Html { .. })),
        "the page goes on without it"
    );
    stage.attach(SOCKET, false);
    stage.wait(600_000_000);
    assert_eq!((waits(&stage).len(), stage.key().incarnation), (0, 1));
    let disabled = |report: &&Report| matches!(report, Report::Disabled { failures: 1, why, .. } if why == "nothing to show");
    assert_eq!(stage.reports().iter().filter(|report| disabled(report)).count(), 1);
}

#[test]
fn a_limit_is_named_with_the_key_that_raises_it() {
    let why = |batch: &dyn Fn(&mut BatchWriter)| {
        let mut stage = Stage::attached();
        stage.click(1);
        stage.turn();
        let mut writer = BatchWriter::default();
        batch(&mut writer);
        stage.answer(writer.finish());
        stage.reports().into_iter().find_map(|report| match report {
            Report::Restarting { why, .. } => Some(why.clone()),
            _ => None,
        })
    };
    assert_eq!(
        why(&|batch| (0..100_001).for_each(|_| batch.set_text(2, ""))).as_deref(),
        Some(
            "its batch was refused: operation 100000: operations of a batch: 100001 used, 100000 allowed; raise \
             [module.menu.limits] batch_ops"
        )
    );
    assert_eq!(
        why(&|batch| batch.set_text(2, &"x".repeat((256 << 10) + 1))).as_deref(),
        Some(
            "its batch was refused: operation 0: bytes of a text: 262145 used, 262144 allowed; this limit is fixed by \
             the wire format"
        )
    );
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
    assert_eq!(
        why.as_deref(),
        Some(
            "its batch was refused: operation 1: there is no node 99; build it with the PlayConnect packages of this \
         edge's version"
        )
    );
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

#[test]
fn one_that_starts_hears_of_what_changed_meanwhile() {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.turn();
    stage.answer_with(Err("it trapped".to_owned()));
    stage.wait(100_000);
    let key = stage.key();
    assert_eq!(key.incarnation, 2);
    let environment = Environment { width: 390, ..Environment::default() };
    stage.say(ToEdge::Environment(environment));
    stage.tell(playconnect_session::Input::Started { key, result: Ok(()) });
    let (_, inputs) = stage.turn();
    let widths: Vec<u32> = inputs
        .iter()
        .filter_map(|input| match input {
            ModuleInput::Environment(environment) => Some(environment.width),
            _ => None,
        })
        .collect();
    assert_eq!((&inputs[0], widths), (&ModuleInput::Mount, vec![390]));
}
