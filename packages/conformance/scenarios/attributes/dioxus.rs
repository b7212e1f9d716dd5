use dioxus::dioxus_core::{Attribute, AttributeValue};
use dioxus::prelude::*;

/// One of each kind of value, in an order in which each kind follows another.
fn anything(at: usize) -> AttributeValue {
    match at {
        0 => AttributeValue::Text("x".to_owned()),
        2 => AttributeValue::Text(String::new()),
        3 => AttributeValue::Bool(true),
        5 => AttributeValue::Int(0),
        6 => AttributeValue::Bool(false),
        7 => AttributeValue::Float(5.5),
        8 => AttributeValue::Text("y".to_owned()),
        _ => AttributeValue::None,
    }
}

const FLAGS: [Option<bool>; 9] =
    [Some(true), Some(false), None, Some(true), None, Some(false), Some(true), None, Some(false)];
const NUMBERS: [Option<i64>; 9] = [Some(3), Some(1), None, Some(2), None, Some(7), Some(4), None, Some(9)];
const STYLES: [Option<&str>; 9] = [
    Some("color: red; margin-top: 4px"),
    Some("color: blue"),
    None,
    Some("--own: 7; width: calc(1px + 2%)"),
    Some("color: rgb(1, 2, 3); --own: 8"),
    Some("background: none; opacity: 0.5"),
    Some("color: red; opacity: 1"),
    None,
    Some("margin-top: 1em"),
];
const COLOURS: [Option<&str>; 9] =
    [Some("red"), Some("blue"), None, None, Some("rgb(1, 2, 3)"), None, Some("red"), None, None];
const CLASSES: [&str; 9] = ["a", "a b", "", "b", "a b c", "", "c", "c a", "d"];

pub fn Attributes() -> Element {
    let mut n = use_signal(|| 0);
    let at = n() % 9;
    let any = || anything(at);
    let (flag, number) = (FLAGS[at], NUMBERS[at]);
    let spread = if at % 2 == 1 {
        vec![Attribute::new("data-odd", at, None, false), Attribute::new("title", "odd", None, false)]
    } else {
        vec![Attribute::new("lang", "en", None, false)]
    };
    rsx! {
        button { id: "next", onclick: move |_| n += 1, "next {n}" }
        p { id: "texts", title: any(), lang: any(), "data-any": any(), aria_label: any(), role: any(), "texts" }
        p { hidden: flag, draggable: flag, spellcheck: flag, aria_hidden: flag, "data-flag": flag, tabindex: number, "flags" }
        p { class: CLASSES[at], style: STYLES[at], "look" }
        p { class: "own", class: if at % 2 == 0 { "even" }, color: COLOURS[at], font_weight: "bold", width: if at > 3 { "{at}px" }, "properties" }
        div { ..spread, "spread" }
        a {
            href: if at % 3 > 0 { "/path/{at}?a=1&b=2#c" },
            target: if at % 2 > 0 { "_blank" },
            rel: "noopener",
            "link"
        }
        img { alt: any(), width: number, height: 2 }
        input { readonly: flag, disabled: flag, placeholder: any(), maxlength: number, required: flag }
        input { r#type: "checkbox", disabled: true, readonly: false, value: "fixed", checked: true }
        ol { start: number, reversed: flag,
            li { value: number, "one" }
        }
        progress { max: "10", value: number.unwrap_or(0) }
        details { open: flag,
            summary { "more" }
        }
        label { r#for: "texts", "label" }
        time { datetime: "2026-11-21", "today" }
    }
}
