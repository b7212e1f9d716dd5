use crate::page::{Page, start};
use dioxus::prelude::*;
use playconnect_dom::op::PropertyValue;
use playconnect_dom::tree::View;
use playconnect_dom::{Namespace, Property};
use playconnect_guest::Runtime;
use playconnect_guest::types::Input;

#[test]
fn style_properties_are_one_attribute() {
    fn App() -> Element {
        let mut wide = use_signal(|| false);
        rsx! {
            button { id: "toggle", onclick: move |_| wide.toggle() }
            p { id: "static", color: "red", font_weight: "bold" }
            p { id: "mixed", color: "red", width: if wide() { "10px" }, style: "margin: 0;" }
            p { id: "text", style: if wide() { "top: 1px" } }
        }
    }
    let mut page = Page::new(App);
    let style = |page: &Page, id: &str| page.attribute(page.by_id(id), "style").map(str::to_owned);
    assert_eq!(style(&page, "static").as_deref(), Some("color: red; font-weight: bold"));
    assert_eq!(style(&page, "mixed").as_deref(), Some("margin: 0; color: red"));
    assert_eq!(style(&page, "text"), None);
    page.click("toggle");
    assert_eq!(style(&page, "mixed").as_deref(), Some("margin: 0; color: red; width: 10px"));
    assert_eq!(style(&page, "text").as_deref(), Some("top: 1px"));
    page.click("toggle");
    assert_eq!(style(&page, "mixed").as_deref(), Some("margin: 0; color: red"));
    assert_eq!(style(&page, "text"), None);
}

#[test]
fn booleans_say_true_or_are_not_there_and_others_say_true_or_false() {
    fn App() -> Element {
        let mut on = use_signal(|| true);
        rsx! {
            button { id: "toggle", onclick: move |_| on.toggle(), "x" }
            button { id: "b", disabled: on(), hidden: false, aria_pressed: on(), tabindex: 3, "y" }
            details { id: "d", open: true, "z" }
            p { id: "t", itemscope: "true", hidden: "", "w" }
        }
    }
    let mut page = Page::new(App);
    let all = |page: &Page, id: &str| {
        let node = page.by_id(id);
        let attributes = page.tree.attributes(node).filter(|(_, name, _)| *name != "id");
        let mut all: Vec<String> = attributes.map(|(_, name, value)| format!("{name}={value}")).collect();
        all.sort();
        all.join(" ")
    };
    assert_eq!(all(&page, "b"), "aria-pressed=true disabled=true tabindex=3");
    assert_eq!(all(&page, "d"), "open=true");
    // Of texts, Dioxus takes `true` alone for one.
    assert_eq!(all(&page, "t"), "itemscope=true");
    page.click("toggle");
    assert_eq!(all(&page, "b"), "aria-pressed=false tabindex=3");
}

#[test]
fn form_state_is_a_property_and_comes_behind_the_options() {
    fn App() -> Element {
        let mut choice = use_signal(|| "b".to_owned());
        rsx! {
            select { id: "select", value: "{choice}", onchange: move |event| choice.set(event.value()),
                for name in ["a", "b"] { option { key: "{name}", value: "{name}", "{name}" } }
            }
            input { id: "check", r#type: "checkbox", checked: choice() == "b" }
            input { id: "start", initial_value: "x", initial_checked: true }
            textarea { id: "area", value: "static" }
            progress { id: "bar", value: 3.0, max: 4.0 }
            li { id: "item", value: 7 }
        }
    }
    let page = Page::new(App);
    let live =
        |id: &str| page.tree.properties(page.by_id(id)).map(|(p, v)| (p, v.clone())).collect::<Vec<_>>();
    let text = |text: &str| PropertyValue::Text(Box::from(text));
    assert_eq!(live("select"), [(Property::Value, text("b"))]);
    assert_eq!(live("check"), [(Property::Checked, PropertyValue::Flag(true))]);
    assert_eq!(live("area"), [(Property::Value, text("static"))]);
    assert_eq!((live("start"), live("bar"), live("item")), (vec![], vec![], vec![]));
    let attribute = |id: &str, name: &str| page.attribute(page.by_id(id), name);
    assert_eq!((attribute("start", "value"), attribute("start", "checked")), (Some("x"), Some("")));
    assert_eq!((attribute("bar", "value"), attribute("item", "value")), (Some("3"), Some("7")));
    assert_eq!(attribute("select", "value"), None);
}

#[test]
fn values_that_a_template_fixes_are_live_where_the_type_has_live_ones() {
    fn App() -> Element {
        let size = "s";
        rsx! {
            input { id: "text", value: "fixed" }
            input { id: "check", r#type: "checkbox", value: "one", checked: true }
            input { id: "radio", r#type: "radio", value: "{size}", checked: size == "s" }
            input { id: "send", r#type: "submit", value: "{size}" }
        }
    }
    let page = Page::new(App);
    let live =
        |id: &str| page.tree.properties(page.by_id(id)).map(|(p, v)| (p, v.clone())).collect::<Vec<_>>();
    let value = |id: &str| page.attribute(page.by_id(id), "value");
    assert_eq!(
        (live("text"), value("text")),
        (vec![(Property::Value, PropertyValue::Text("fixed".into()))], None)
    );
    let checked = vec![(Property::Checked, PropertyValue::Flag(true))];
    assert_eq!((live("check"), value("check")), (checked.clone(), Some("one")));
    assert_eq!(page.attribute(page.by_id("check"), "checked"), None);
    assert_eq!((live("radio"), value("radio")), (checked, Some("s")));
    assert_eq!((live("send"), value("send")), (vec![], Some("s")));
}

#[test]
fn svg_is_svg() {
    fn App() -> Element {
        let end = 5;
        rsx! {
            svg { view_box: "0 0 10 {end}",
                circle { id: "dot", cx: "{end}", r: "2", stroke_width: "1" }
            }
        }
    }
    let page = Page::new(App);
    let dot = page.by_id("dot");
    assert!(matches!(
        page.tree.view(dot),
        Some(View::Element { namespace: Namespace::Svg, local: "circle" })
    ));
    assert_eq!(page.attribute(dot, "stroke-width"), Some("1"));
    let svg = page.tree.parent(dot).expect("a parent");
    assert_eq!(page.attribute(svg, "viewBox"), Some("0 0 10 5"));
}

#[test]
fn html_text_is_refused_with_what_to_do_instead() {
    fn Fixed() -> Element {
        rsx! { p { dangerous_inner_html: "<b>x</b>" } }
    }
    fn Changing() -> Element {
        let html = "<b>x</b>";
        rsx! { p { dangerous_inner_html: "{html}" } }
    }
    for app in [Fixed, Changing] {
        let error = Runtime::new(app, start()).turn(0, vec![Input::Mount]).expect_err("no HTML text");
        assert!(error.contains("write the nodes with rsx!"), "{error}");
    }
}
