use crate::page::{Page, start};
use dioxus::dioxus_core::{DynamicNode, Template, TemplateNode, VNode, VText};
use dioxus::prelude::*;
use playconnect_guest::Runtime;
use playconnect_guest::types::{Input, Lane};

#[test]
fn a_component_is_rendered_on_mount_and_not_before() {
    fn App() -> Element {
        let name = "you";
        rsx! {
            section { class: "card",
                h1 { id: "title", "Hello {name}" }
                "static"
                img { alt: "", src: "/a.png" }
            }
            p { "second root" }
        }
    }
    let mut page = Page::unmounted(App, start());
    assert!(page.turn(vec![]).batch.is_empty());
    let outcome = page.turn(vec![Input::Mount]);
    assert_eq!(outcome.lane, Lane::Default);
    let expected = [
        "<section class=\"card\">",
        "  <h1 id=\"title\">",
        "    \"Hello you\"",
        "  \"static\"",
        "  <img alt=\"\" src=\"/a.png\">",
        "<p>",
        "  \"second root\"",
        "",
    ];
    assert_eq!(page.outline(), expected.join("\n"));
    assert!(page.turn(vec![Input::Mount]).batch.is_empty(), "mounted is mounted");
}

#[test]
fn state_changes_what_depends_on_it() {
    fn App() -> Element {
        let mut count = use_signal(|| 0);
        rsx! {
            button { id: "more", onclick: move |_| count += 1, "more" }
            p { id: "count", "{count}" }
            if count() > 1 {
                p { id: "many", "many" }
            }
            footer { id: "end", "end" }
        }
    }
    let mut page = Page::new(App);
    assert_eq!(page.text("count"), "0");
    let outcome = page.click("more");
    assert_eq!(outcome.lane, Lane::Input);
    assert_eq!(page.text("count"), "1");
    assert!(!page.outline().contains("many"));
    page.click("more");
    let outline = page.outline();
    let (many, end) = (outline.find("\"many\""), outline.find("\"end\""));
    assert!(many < end && many.is_some(), "the paragraph comes where it belongs:\n{outline}");
}

#[test]
fn effects_and_memos_settle_within_the_turn() {
    fn App() -> Element {
        let mut count = use_signal(|| 1);
        let double = use_memo(move || count() * 2);
        let mut seen = use_signal(|| 0);
        use_effect(move || seen.set(double()));
        rsx! {
            button { id: "more", onclick: move |_| count += 1 }
            p { id: "seen", "{seen}" }
        }
    }
    let mut page = Page::new(App);
    assert_eq!(page.text("seen"), "2");
    page.click("more");
    assert_eq!(page.text("seen"), "4");
}

#[test]
fn a_component_that_never_rests_is_an_error() {
    fn App() -> Element {
        let mut count = use_signal(|| 0);
        use_effect(move || {
            let seen = count();
            count.set(seen + 1);
        });
        rsx! { "{count}" }
    }
    let mut runtime = Runtime::new(App, start());
    let error = runtime.turn(0, vec![Input::Mount]).expect_err("it never rests");
    assert!(error.contains("did not come to rest"), "{error}");
}

#[test]
fn what_is_gone_is_freed_and_dropped() {
    thread_local! {
        static DROPPED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
    }
    #[component]
    fn Inner(number: usize) -> Element {
        use_drop(|| DROPPED.set(DROPPED.get() + 1));
        rsx! {
            li { class: "n{number}",
                span { "{number}" }
                if number % 2 == 0 { b { "{number}" } }
            }
        }
    }
    fn App() -> Element {
        let mut shown = use_signal(|| false);
        rsx! {
            button { id: "toggle", onclick: move |_| shown.toggle() }
            if shown() {
                ul { for number in 0..50 { Inner { key: "{number}", number } } }
            }
        }
    }
    let mut page = Page::new(App);
    let (empty, live) = (page.outline(), page.runtime.live_nodes());
    let mut highest = 0;
    for round in 1..=20 {
        page.click("toggle");
        let used =
            page.all().into_iter().filter_map(|node| page.tree.owner(node)).map(|(_, index)| index).max();
        highest = if round == 1 { used.expect("nodes") } else { highest };
        assert!(used <= Some(highest + 1), "indices are given again: {used:?} after {highest}");
        page.click("toggle");
        assert_eq!(page.outline(), empty);
        assert_eq!(page.runtime.live_nodes(), live);
        assert_eq!(DROPPED.get(), round * 50);
    }
}

#[test]
fn a_resync_writes_everything_again_and_state_stays() {
    #[component]
    fn Counter(name: String) -> Element {
        let mut count = use_signal(|| 0);
        rsx! { button { id: name, onclick: move |_| count += 1, "{count}" } }
    }
    fn App() -> Element {
        let mut text = use_signal(String::new);
        rsx! {
            h1 { "Title" }
            Counter { name: "a" }
            input { id: "field", value: "{text}", oninput: move |event| text.set(event.value()) }
            ul { for name in ["b", "c"] { li { key: "{name}", Counter { name } } } }
        }
    }
    let mut page = Page::new(App);
    page.click("a");
    page.click("c");
    page.type_into("field", "word");
    let (outline, nodes, live) = (page.outline(), page.all(), page.runtime.live_nodes());
    page.turn(vec![Input::Resync(0)]);
    assert_eq!(page.outline(), outline);
    assert!(page.all().iter().all(|node| !nodes.contains(node)), "all nodes are new");
    assert_eq!(page.runtime.live_nodes(), live);
    page.click("c");
    assert_eq!(page.text("c"), "2");
    page.type_into("field", "words");
    let outline = page.outline();
    page.turn(vec![Input::Resync(3)]);
    assert_eq!(page.outline(), outline);
    assert_eq!(page.runtime.live_nodes(), live);
}

#[test]
fn a_template_too_large_for_the_wire_is_written_node_by_node() {
    fn App() -> Element {
        static TEMPLATE: std::sync::OnceLock<Template> = std::sync::OnceLock::new();
        let mut more = use_signal(|| 0);
        let template = *TEMPLATE.get_or_init(|| {
            let places = |first: usize| -> &'static [TemplateNode] {
                (first..first + 150).map(|id| TemplateNode::Dynamic { id }).collect::<Vec<_>>().leak()
            };
            let list = |children| TemplateNode::Element { tag: "p", namespace: None, attrs: &[], children };
            let lists: &'static [TemplateNode] = vec![list(places(0)), list(places(150))].leak();
            let root = TemplateNode::Element { tag: "div", namespace: None, attrs: &[], children: lists };
            let path = |id: usize| -> &'static [u8] { vec![0, (id / 150) as u8, (id % 150) as u8].leak() };
            Template {
                roots: vec![root].leak(),
                node_paths: (0..300).map(path).collect::<Vec<_>>().leak(),
                attr_paths: &[],
            }
        });
        let text = |id: usize| DynamicNode::Text(VText::new(format!("{} ", id + more())));
        let large = VNode::new(None, template, (0..300).map(text).collect(), Box::new([]));
        rsx! {
            button { id: "more", onclick: move |_| more += 1 }
            main { id: "large", {Ok(large) as Element} }
        }
    }
    let numbers = |first: usize| (first..first + 300).map(|number| format!("{number} ")).collect::<String>();
    let mut page = Page::new(App);
    assert_eq!(page.text("large"), numbers(0));
    page.click("more");
    assert_eq!(page.text("large"), numbers(1));
    page.turn(vec![Input::Resync(0)]);
    assert_eq!(page.text("large"), numbers(1));
}
