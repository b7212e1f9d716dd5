//! Where a module may lead the page.

use crate::stage::{SOCKET, Stage};
use playconnect_frame::ToBrowser;
use playconnect_session::message::{Request, RequestAction};
use playconnect_session::{ModuleInput, Outcome};

fn ask(action: RequestAction) -> (Vec<ToBrowser>, Option<String>) {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.turn();
    stage.answer_with(Ok(Outcome { requests: vec![Request { id: 5, action }], ..Outcome::default() }));
    let sent = stage.sent(SOCKET);
    let locations =
        sent.into_iter().filter(|message| matches!(message, ToBrowser::Location { .. })).collect();
    let told = stage.try_turn().and_then(|(_, inputs)| {
        inputs.into_iter().find_map(|input| match input {
            ModuleInput::Response { request: 5, result } => result.err(),
            _ => None,
        })
    });
    (locations, told)
}

#[test]
fn a_path_of_the_pages_own_origin() {
    for url in ["/", "/tables?free=2#first", "/a//b", "/%09/x"] {
        let (locations, told) = ask(RequestAction::Navigate(url.to_owned()));
        assert!(matches!(&locations[..], [ToBrowser::Location { url: own, .. }] if own == url), "{url}");
        assert_eq!(told, None);
    }
}

#[test]
fn nothing_that_a_browser_could_read_as_another_origin() {
    let long = format!("/{}", "x".repeat(8 << 10));
    for (url, why) in [
        ("https://evil.example/", "is not a path"),
        ("//evil.example/", "is not a path"),
        ("/\\evil.example/", "is not a path"),
        ("\\/evil.example/", "is not a path"),
        ("javascript:alert(1)", "is not a path"),
        ("", "is not a path"),
        ("/\t/evil.example/", "has control characters"),
        ("\t//evil.example/", "has control characters"),
        ("/\n/evil.example/", "has control characters"),
        ("/\u{7f}", "has control characters"),
        (&long, "is longer than 8 KiB"),
    ] {
        let actions: [fn(String) -> RequestAction; 3] =
            [RequestAction::Navigate, RequestAction::PushUrl, RequestAction::ReplaceUrl];
        for action in actions {
            let (locations, told) = ask(action(url.to_owned()));
            assert_eq!(locations, [], "{url:?}");
            let told = told.expect("the module hears of it");
            assert!(told.contains(why) && told.contains("give a path of this page's origin"), "{told}");
        }
    }
}
