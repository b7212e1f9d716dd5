//! Where a module may lead the page.

use crate::stage::{self, SESSION, SOCKET, Stage};
use playconnect_frame::{Environment, Hello, Location, ToBrowser, ToEdge};
use playconnect_session::message::{Request, RequestAction};
use playconnect_session::{Input, ModuleInput, Outcome, SocketId};

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

const SECOND: SocketId = SocketId(2);

/// A click, on which the module asks for this.
fn click_asks(stage: &mut Stage, sequence: u32, actions: impl IntoIterator<Item = RequestAction>) {
    stage.click(sequence);
    stage.turn();
    let requests = actions.into_iter().map(|action| Request { id: 5, action }).collect();
    stage.answer_with(Ok(Outcome { requests, ..Outcome::default() }));
}

fn push(url: &str) -> RequestAction {
    RequestAction::PushUrl(url.to_owned())
}

fn replace(url: &str) -> RequestAction {
    RequestAction::ReplaceUrl(url.to_owned())
}

fn locations(stage: &mut Stage, socket: SocketId) -> Vec<(Location, String)> {
    let locations = stage.sent(socket).into_iter().filter_map(|message| match message {
        ToBrowser::Location { kind, url } => Some((kind, url)),
        _ => None,
    });
    locations.collect()
}

fn cut(stage: &mut Stage) {
    stage.tell(Input::SocketClosed { session: SESSION, socket: SOCKET });
    stage.outputs.clear();
}

/// A browser at this URL that has applied this frame comes back.
fn come_back(stage: &mut Stage, frame: u32, url: &str) -> Vec<(Location, String)> {
    stage.connection += 1;
    let hello = Hello {
        session: String::new(),
        resume: true,
        frame,
        sequence: 0,
        connection: stage.connection,
        environment: Environment { url: url.to_owned(), ..Environment::default() },
    };
    stage.tell(Input::Attach { session: SESSION, socket: SECOND, hello });
    locations(stage, SECOND)
}

#[test]
fn one_that_went_with_its_socket_comes_with_the_resume() {
    for (action, kind) in [(push("/b"), Location::Push), (replace("/b"), Location::Replace)] {
        let mut stage = Stage::attached();
        click_asks(&mut stage, 1, [action]);
        cut(&mut stage);
        assert_eq!(come_back(&mut stage, 1, "/a"), [(kind, "/b".to_owned())]);
        // And again, until the browser is known to have it.
        stage.tell(Input::SocketClosed { session: SESSION, socket: SECOND });
        assert_eq!(come_back(&mut stage, 1, "/a"), [(kind, "/b".to_owned())]);
    }
}

#[test]
fn one_that_arrived_does_not_come_again() {
    let mut stage = Stage::attached();
    click_asks(&mut stage, 1, [push("/b")]);
    cut(&mut stage);
    assert_eq!(come_back(&mut stage, 1, "/b"), []);

    let mut stage = Stage::attached();
    click_asks(&mut stage, 1, [push("/b")]);
    let environment = Environment { url: "/b".to_owned(), ..Environment::default() };
    stage.say(ToEdge::Environment(environment));
    cut(&mut stage);
    assert_eq!(come_back(&mut stage, 1, "/a"), [], "somebody went back meanwhile");
}

#[test]
fn one_before_an_applied_frame_does_not_come_again() {
    let mut stage = Stage::attached();
    click_asks(&mut stage, 1, [push("/b")]);
    stage.wait(2_000_000);
    stage.click(2);
    stage.turn();
    stage.answer(stage::set_text("a frame"));
    stage.wait(20_000);
    let mut last = stage.sent(SOCKET).into_iter().filter_map(|message| match message {
        ToBrowser::Frame { head, .. } => Some(head.number),
        _ => None,
    });
    let last = last.next_back().expect("a frame");
    cut(&mut stage);
    assert_eq!(come_back(&mut stage, last, "/a"), []);
}

#[test]
fn only_the_newest_comes_and_what_replaces_a_lost_push_is_one() {
    let mut stage = Stage::attached();
    click_asks(&mut stage, 1, [push("/b"), replace("/c")]);
    let kinds = [(Location::Push, "/b".to_owned()), (Location::Replace, "/c".to_owned())];
    assert_eq!(locations(&mut stage, SOCKET), kinds);
    cut(&mut stage);
    assert_eq!(come_back(&mut stage, 1, "/a"), [(Location::Push, "/c".to_owned())]);
}

#[test]
fn one_of_a_time_without_a_socket_comes_with_the_next() {
    let mut stage = Stage::attached();
    stage.click(1);
    stage.turn();
    cut(&mut stage);
    let requests = vec![Request { id: 5, action: push("/b") }, Request { id: 6, action: replace("/c") }];
    stage.answer_with(Ok(Outcome { requests, ..Outcome::default() }));
    assert_eq!(come_back(&mut stage, 1, "/a"), [(Location::Push, "/c".to_owned())]);
}

#[test]
fn a_page_that_was_led_away_and_comes_back_stays() {
    let mut stage = Stage::attached();
    click_asks(&mut stage, 1, [RequestAction::Navigate("/elsewhere".to_owned())]);
    assert_eq!(locations(&mut stage, SOCKET), [(Location::Navigate, "/elsewhere".to_owned())]);
    cut(&mut stage);
    assert_eq!(come_back(&mut stage, 1, "/a"), []);
}

fn says_it_is_at(stage: &mut Stage, url: &str, width: u32) {
    stage.say(ToEdge::Environment(Environment { url: url.to_owned(), width, ..Environment::default() }));
}

/// What the module is told of in its next turn.
fn told_url(stage: &mut Stage) -> Option<String> {
    let (_, inputs) = stage.try_turn()?;
    stage.answer(Vec::new());
    inputs.into_iter().find_map(|input| match input {
        ModuleInput::Environment(environment) => Some(environment.url),
        _ => None,
    })
}

#[test]
fn what_a_browser_says_before_it_has_heard_leads_nowhere_back() {
    let mut stage = Stage::attached();
    let start = Environment::default().url;
    click_asks(&mut stage, 1, [push("/b")]);
    assert_eq!(told_url(&mut stage).as_deref(), Some("/b"));
    // A resize, from before LOCATION arrived.
    says_it_is_at(&mut stage, &start, 500);
    assert_eq!(told_url(&mut stage).as_deref(), Some("/b"));
    says_it_is_at(&mut stage, "/b", 500);
    assert_eq!(told_url(&mut stage), None, "as it was told");
    // Somebody goes back.
    says_it_is_at(&mut stage, &start, 500);
    assert_eq!(told_url(&mut stage), Some(start));
}

#[test]
fn whoever_leads_the_page_elsewhere_meanwhile_wins() {
    let mut stage = Stage::attached();
    click_asks(&mut stage, 1, [push("/b")]);
    assert_eq!(told_url(&mut stage).as_deref(), Some("/b"));
    says_it_is_at(&mut stage, "/typed", 1280);
    assert_eq!(told_url(&mut stage).as_deref(), Some("/typed"));
}
