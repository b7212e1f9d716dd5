use crate::stage::{self, Stage};
use playconnect_dom::{BatchWriter, Namespace};
use playconnect_session::{ModuleInput, Outcome, Report, Request, message::RequestAction};

/// What the turns asked for since say that was left out: count, and the words of what is new.
fn told(stage: &mut Stage) -> Vec<(u32, Vec<String>)> {
    let mut told = Vec::new();
    while let Some((_, inputs)) = stage.try_turn() {
        told.extend(inputs.into_iter().filter_map(|input| match input {
            ModuleInput::Stripped { count, first } => {
                Some((count, first.into_iter().map(|strip| strip.what).collect()))
            }
            _ => None,
        }));
        stage.answer(Vec::new());
    }
    told
}

/// Names from `first` on, each set on the button that the stage's module has.
fn attributes(first: u16, names: &[&str]) -> Vec<u8> {
    let mut batch = BatchWriter::default();
    for (id, name) in (first..).zip(names) {
        batch.name(id, Namespace::None, name);
        batch.attr(1, id, "x");
    }
    batch.finish()
}

fn click_and_answer(stage: &mut Stage, sequence: u32, batch: Vec<u8>) {
    stage.click(sequence);
    stage.turn();
    stage.answer(batch);
}

#[test]
fn once_of_each_kind() {
    let mut stage = Stage::attached();
    click_and_answer(&mut stage, 1, attributes(10, &["onclick", "srcdoc"]));
    let both = ["attribute onclick of button".to_owned(), "attribute srcdoc of button".to_owned()];
    assert_eq!(told(&mut stage), [(2, both.to_vec())]);
    // The same again is counted, and the module is not called for it.
    let mut again = BatchWriter::default();
    again.attr(1, 10, "y");
    click_and_answer(&mut stage, 2, again.finish());
    assert_eq!(told(&mut stage), []);
    click_and_answer(&mut stage, 3, attributes(12, &["onkeydown"]));
    assert_eq!(told(&mut stage), [(2, vec!["attribute onkeydown of button".to_owned()])]);
}

#[test]
fn of_at_most_64_kinds() {
    let mut stage = Stage::attached();
    for round in 0..8 {
        let names: Vec<String> = (0..10).map(|name| format!("on{round}{name}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        click_and_answer(&mut stage, round + 1, attributes(10 + round as u16 * 10, &names));
        let new = told(&mut stage).into_iter().map(|(_, first)| first.len()).sum::<usize>();
        assert_eq!(new, [10, 10, 10, 10, 10, 10, 4, 0][round as usize], "round {round}");
    }
}

#[test]
fn a_new_incarnation_knows_nothing_yet() {
    let mut stage = Stage::attached();
    click_and_answer(&mut stage, 1, attributes(10, &["onclick"]));
    assert_eq!(told(&mut stage).len(), 1);
    stage.click(2);
    stage.turn();
    stage.answer_with(Err("it trapped".to_owned()));
    stage.wait(100_000);
    let key = stage.key();
    stage.tell(playconnect_session::Input::Started { key, result: Ok(()) });
    stage.turn();
    stage.answer(stage::mount());
    stage.wait(20_000);
    click_and_answer(&mut stage, 3, attributes(10, &["onclick"]));
    assert_eq!(told(&mut stage), [(1, vec!["attribute onclick of button".to_owned()])]);
}

#[test]
fn a_turn_asks_for_at_most_256_things() {
    let request = |id| Request { id, action: RequestAction::Cancel(id) };
    for (count, restarted) in [(256, false), (257, true)] {
        let mut stage = Stage::attached();
        stage.click(1);
        stage.turn();
        stage.answer_with(Ok(Outcome { requests: (0..count).map(request).collect(), ..Outcome::default() }));
        let why = stage.reports().into_iter().find_map(|report| match report {
            Report::Restarting { why, .. } => Some(why.clone()),
            _ => None,
        });
        let expected =
            "requests of a turn: 257 used, 256 allowed; this limit is fixed: ask over several turns"
                .to_owned();
        assert_eq!(why, restarted.then_some(expected));
    }
}
