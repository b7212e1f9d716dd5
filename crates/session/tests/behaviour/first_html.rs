use crate::stage::{self, SOCKET, Stage};
use playconnect_frame::{ToBrowser, ToEdge};
use playconnect_session::{Lane, ModuleInput, Outcome, Output, SlotHtml};

fn html(stage: &Stage) -> Option<&[SlotHtml]> {
    stage.outputs.iter().find_map(|output| match output {
        Output::Html { slots, .. } => Some(&slots[..]),
        _ => None,
    })
}

#[test]
fn it_is_given_out_when_nothing_more_is_due() {
    let mut stage = Stage::opened();
    let key = stage.key();
    stage.tell(playconnect_session::Input::Started { key, result: Ok(()) });
    stage.turn();
    let soon = Outcome { batch: stage::mount(), next_timer: Some(stage.now), ..Outcome::default() };
    stage.answer_with(Ok(soon));
    assert_eq!(html(&stage), None, "a timer of 0 ms is due");
    assert_eq!(stage.turn().1, [ModuleInput::Timer]);
    let later = Outcome {
        batch: stage::set_text("done"),
        next_timer: Some(stage.now.after(1)),
        ..Outcome::default()
    };
    stage.answer_with(Ok(later));
    let expected =
        SlotHtml { slot: "menu".to_owned(), html: "<button></button>done".to_owned(), places: Vec::new() };
    assert_eq!(html(&stage), Some(&[expected][..]));
}

#[test]
fn it_does_not_wait_for_a_module_that_hangs() {
    let mut stage = Stage::opened();
    stage.wait(4_999_999);
    assert_eq!(html(&stage), None);
    stage.wait(1);
    assert_eq!(html(&stage).map(<[SlotHtml]>::len), Some(1));
}

#[test]
fn nothing_moves_until_somebody_attaches() {
    let mut stage = Stage::opened();
    let key = stage.key();
    stage.tell(playconnect_session::Input::Started { key, result: Ok(()) });
    stage.turn();
    let outcome = Outcome {
        batch: stage::mount(),
        lane: Lane::Default,
        next_timer: Some(stage.now.after(1_000)),
        animation_frame: true,
        requests: Vec::new(),
    };
    stage.answer_with(Ok(outcome));
    stage.wait(1_000_000);
    assert!(stage.try_turn().is_none());
    stage.attach(SOCKET, false);
    assert_eq!(stage.turn().1, [ModuleInput::Timer, ModuleInput::AnimationFrame]);
}

#[test]
fn the_first_frame_adopts_it() {
    let mut stage = Stage::rendered();
    stage.attach(SOCKET, false);
    let sent = stage.sent(SOCKET);
    let [
        ToBrowser::Welcome { sequence: 0 },
        ToBrowser::Frame { head: names, .. },
        ToBrowser::Frame { head, .. },
    ] = &sent[..]
    else {
        panic!("{sent:?}")
    };
    assert!(names.more && !head.more && names.fresh && (names.number, head.number) == (1, 1));
}

#[test]
fn a_session_that_nobody_attaches_to_ends() {
    let mut stage = Stage::rendered();
    stage.wait(9_999_999);
    assert_eq!(stage.node.session_count(), 1);
    stage.wait(1);
    assert_eq!(stage.node.session_count(), 0);
    assert!(stage.outputs.iter().any(|output| matches!(output, Output::Stop { .. })));
    stage.attach(SOCKET, false);
    assert_eq!(stage.closed(SOCKET), Some(4404));
}

#[test]
fn a_page_that_something_else_changed_is_described_again() {
    let mut stage = Stage::attached();
    stage.say(ToEdge::Resync { node: 1 });
    stage.wait(20_000);
    let sent = stage.sent(SOCKET);
    assert!(matches!(&sent[0], ToBrowser::Frame { head, .. } if head.fresh && head.number == 2), "{sent:?}");
    stage.say(ToEdge::Resync { node: 99 });
    assert_eq!(stage.closed(SOCKET), Some(1008));
}

#[test]
fn html_that_a_late_turn_has_overtaken_is_not_adopted() {
    let mut stage = Stage::opened();
    let key = stage.key();
    stage.tell(playconnect_session::Input::Started { key, result: Ok(()) });
    stage.turn();
    stage.wait(5_000_000);
    assert_eq!(html(&stage).map(|slots| slots[0].html.as_str()), Some(""));
    stage.answer(stage::mount());
    stage.wait(20_000);
    stage.attach(SOCKET, false);
    let sent = stage.sent(SOCKET);
    let told = sent.iter().any(|message| match message {
        // When HTML is adopted, texts stand in it and not in the frame.
        ToBrowser::Frame { stream, .. } => stream.windows(5).any(|bytes| bytes == b"hello"),
        _ => false,
    });
    assert!(told, "{sent:?}");
}
