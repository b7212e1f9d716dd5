use crate::page::{Page, start};
use dioxus::prelude::*;
use playconnect_guest::types::{Action, Input, Response, Seed, Start};
use playconnect_guest::{Fetch, fetch, navigate, properties, push_url, random, random_range, replace_url};
use serde::Deserialize;

#[test]
fn requests_go_out_and_answers_come_back() {
    fn App() -> Element {
        let mut answers = use_signal(Vec::new);
        let ask = move |path: &'static str| {
            spawn(async move {
                let answer = fetch(Fetch::post(path, "body").header("accept", "text/plain")).await;
                answers.push(match answer {
                    Ok(response) => {
                        format!("{} {}", response.status, String::from_utf8_lossy(&response.body))
                    }
                    Err(error) => error.to_string(),
                });
            });
        };
        rsx! {
            button { id: "ask", onclick: move |_| { ask("/a"); ask("/b") } }
            p { id: "answers", {answers.read().join(", ")} }
        }
    }
    let mut page = Page::new(App);
    let requests = page.click("ask").requests;
    let [first, second] = requests.as_slice() else { panic!("two requests, not {requests:?}") };
    let Action::Fetch(asked) = &first.action else { panic!("a fetch, not {first:?}") };
    assert_eq!(
        (asked.method.as_str(), asked.url.as_str(), asked.body.as_slice()),
        ("POST", "/a", &b"body"[..])
    );
    assert_eq!(asked.headers, [("accept".to_owned(), "text/plain".to_owned())]);
    page.turn(vec![Input::Response((second.id, Err("not granted".to_owned())))]);
    let response =
        Response { url: "/a".to_owned(), status: 200, headers: Vec::new(), body: b"fine".to_vec() };
    page.turn(vec![Input::Response((first.id, Ok(response.clone()))), Input::Response((99, Ok(response)))]);
    assert_eq!(page.text("answers"), "fetching /b: not granted, 200 fine");
}

#[test]
fn a_request_whose_future_is_dropped_is_cancelled() {
    fn App() -> Element {
        let mut asking = use_signal(|| true);
        rsx! {
            button { id: "stop", onclick: move |_| asking.set(false) }
            if asking() { Asking {} }
        }
    }
    #[component]
    fn Asking() -> Element {
        use_future(|| async {
            let _ = fetch(Fetch::get("/slow")).await;
        });
        rsx! { p {} }
    }
    let mut page = Page::unmounted(App, start());
    let asked = page.turn(vec![Input::Mount]).requests;
    let [asked] = asked.as_slice() else { panic!("one request, not {asked:?}") };
    let cancelled = page.click("stop").requests;
    assert!(
        matches!(cancelled.as_slice(), [one] if matches!(one.action, Action::Cancel(id) if id == asked.id))
    );
}

#[test]
fn the_location_is_a_request() {
    fn App() -> Element {
        rsx! {
            button { id: "go", onclick: |_| { push_url("/a"); replace_url("/b"); navigate("/c") } }
        }
    }
    let mut page = Page::new(App);
    let requests = page.click("go").requests;
    let actions: Vec<String> = requests.iter().map(|request| format!("{:?}", request.action)).collect();
    assert_eq!(
        actions,
        ["Action::PushUrl(\"/a\")", "Action::ReplaceUrl(\"/b\")", "Action::Navigate(\"/c\")"]
    );
    assert!(page.turn(vec![]).requests.is_empty());
}

#[test]
fn properties_come_from_the_manifest() {
    #[derive(Deserialize)]
    struct Properties {
        title: String,
    }
    fn App() -> Element {
        let title = properties::<Properties>().map_or_else(|error| error.to_string(), |found| found.title);
        rsx! { p { id: "title", "{title}" } }
    }
    let given = |properties: &str| {
        Page::with(App, Start { properties: properties.to_owned(), ..start() }).text("title")
    };
    assert_eq!(given("{\"title\": \"Scores\"}"), "Scores");
    let error = given("{}");
    assert!(
        error.starts_with("[module.test.properties] is not what the module takes: missing field `title`"),
        "{error}"
    );
}

#[test]
fn random_numbers_follow_the_seed() {
    fn App() -> Element {
        let numbers =
            use_hook(|| [random() * 1000.0, random_range(10..20) as f64, random_range(0..u64::MAX) as f64]);
        rsx! { p { id: "numbers", "{numbers:?}" } }
    }
    let numbers = |seed: u64| {
        let seed = Seed { a: seed, b: 2, c: 3, d: 4 };
        Page::with(App, Start { seed, ..start() }).text("numbers")
    };
    assert_eq!(numbers(1), numbers(1));
    assert_ne!(numbers(1), numbers(5));
}

#[test]
fn a_restored_module_goes_on_with_another_seed_and_place() {
    fn App() -> Element {
        let mut rolled = use_signal(Vec::new);
        let locale = playconnect_guest::environment().locale;
        rsx! {
            button { id: "roll", onclick: move |_| rolled.push(random_range(0..1000)) }
            p { id: "rolled", "{rolled:?} {locale} {playconnect_guest::incarnation()}" }
        }
    }
    let mut page = Page::new(App);
    page.click("roll");
    let mut twin = Page::new(App);
    twin.click("roll");
    assert_eq!(page.text("rolled"), twin.text("rolled"));
    let mut environment = crate::page::environment();
    environment.locale = "fr".to_owned();
    let seed = Seed { a: 9, b: 9, c: 9, d: 9 };
    twin.runtime.restored(Start { incarnation: 2, seed, environment, ..start() });
    twin.click("roll");
    assert!(twin.text("rolled").ends_with(" fr 2"), "{}", twin.text("rolled"));
}
