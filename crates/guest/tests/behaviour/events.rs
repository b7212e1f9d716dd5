use crate::page::{Page, start};
use dioxus::prelude::*;
use playconnect_dom::op::{ListenFlags, PropertyValue};
use playconnect_dom::{Batch, BatchLimits, Command, Limits, Property, batch::Op};
use playconnect_guest::Mounted;
use playconnect_guest::types::{self, Detail, FormState, Input, Modifiers};
use std::cell::RefCell;
use std::rc::Rc;

thread_local! {
    static SEEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn saw(what: impl Into<String>) {
    SEEN.with_borrow_mut(|seen| seen.push(what.into()));
}

#[test]
fn events_go_up_until_they_are_stopped() {
    #[component]
    fn Inner(children: Element) -> Element {
        rsx! { div { onclick: |_| saw("inner"), {children} } }
    }
    fn App() -> Element {
        rsx! {
            section { onclick: |_| saw("section"),
                Inner {
                    p { id: "plain", class: "{1}", "plain" }
                    button { id: "stops", onclick: |event: MouseEvent| { saw("stops"); event.stop_propagation() } }
                }
            }
        }
    }
    let mut page = Page::new(App);
    page.click("plain");
    assert_eq!(SEEN.take(), ["inner", "section"]);
    page.click("stops");
    assert_eq!(SEEN.take(), ["stops"]);
}

#[test]
fn what_happens_in_the_slot_of_another_module_is_heard_by_those_that_ask() {
    fn App() -> Element {
        rsx! {
            div { id: "deaf", onclick: |_| saw("deaf"),
                pc-slot { id: "other", name: "other", onclick: |_| saw("other") }
            }
            div { id: "asks", onclick: |_| saw("asks"), "pc-through": "click",
                pc-slot { id: "aside", name: "aside", onclick: |_| saw("aside") }
            }
        }
    }
    let mut page = Page::new(App);
    page.click("other");
    assert_eq!(SEEN.take(), [""; 0]);
    page.click("aside");
    assert_eq!(SEEN.take(), ["asks"]);
}

#[test]
fn what_does_not_bubble_stays_at_its_target() {
    fn App() -> Element {
        rsx! {
            div { onfocus: |_| saw("outer"), onfocusin: |_| saw("in"),
                input { id: "field", onfocus: |_| saw("field") }
                input { id: "other", class: "{1}" }
            }
        }
    }
    let mut page = Page::new(App);
    for (id, kind) in [("field", "focus"), ("other", "focus"), ("other", "focusin")] {
        let event = page.event(id, kind);
        page.turn(vec![Input::Event(event)]);
    }
    assert_eq!(SEEN.take(), ["field", "in"]);
}

#[test]
fn events_of_one_turn_see_what_the_ones_before_did() {
    fn App() -> Element {
        let mut shown = use_signal(|| true);
        rsx! {
            if shown() {
                button { id: "once", onclick: move |_| { saw("click"); shown.set(false) } }
            } else {
                button { id: "other", onclick: |_| saw("wrong") }
            }
        }
    }
    let mut page = Page::new(App);
    let twice = [page.event("once", "click"), page.event("once", "click")];
    page.turn(twice.map(Input::Event).to_vec());
    assert_eq!(SEEN.take(), ["click"], "the second one's button is gone");
}

#[test]
fn handlers_get_what_the_event_carries() {
    fn App() -> Element {
        rsx! {
            div {
                id: "all",
                onkeydown: |event| saw(format!("{:?} {:?} {:?}", event.key(), event.code(), event.modifiers())),
                onpointermove: |event| {
                    let (client, element) = (event.client_coordinates(), event.element_coordinates());
                    saw(format!("{},{} {},{} {}", client.x, client.y, element.x, element.y, event.pointer_type()));
                },
                onclick: |event| saw(format!("{:?} {:?}", event.trigger_button(), event.held_buttons())),
                onwheel: |event| saw(format!("{:?}", event.delta().strip_units().y)),
                onchange: |event| saw(format!("{} {}", event.value(), event.checked())),
                onsubmit: |event| {
                    let mut values: Vec<_> = event.values().into_iter().collect();
                    values.sort_by(|a, b| a.0.cmp(&b.0));
                    saw(format!("{values:?}"));
                },
                input { id: "check", r#type: "checkbox", class: "{1}" }
            }
        }
    }
    let mut page = Page::new(App);
    let pointer = types::Pointer {
        x: 10.0,
        y: 20.0,
        offset_x: 1.0,
        offset_y: 2.0,
        button: 2,
        buttons: 2,
        pointer_id: 1,
        kind: "pen".to_owned(),
        count: 1,
    };
    let key = types::Key { key: "Enter".to_owned(), code: "NumpadEnter".to_owned() };
    let wheel = types::Wheel { x: 0.0, y: 0.0, delta_x: 0.0, delta_y: 3.0, delta_mode: 1 };
    let entries =
        [("a", "1"), ("b", "2"), ("a", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
    let details = [
        ("keydown", Detail::Key(key)),
        ("pointermove", Detail::Pointer(pointer.clone())),
        ("click", Detail::Pointer(pointer)),
        ("wheel", Detail::Wheel(wheel)),
        ("submit", Detail::Submit(entries.to_vec())),
    ];
    for (kind, detail) in details {
        let event = types::Event { detail, modifiers: Modifiers::SHIFT, ..page.event("all", kind) };
        page.turn(vec![Input::Event(event)]);
    }
    let form = FormState { value: "on".to_owned(), checked: true, selection: None, selected: Vec::new() };
    let event = types::Event { form: Some(form), ..page.event("check", "change") };
    page.turn(vec![Input::Event(event)]);
    assert_eq!(
        SEEN.take(),
        [
            "Enter NumpadEnter Modifiers(SHIFT)",
            "10,20 1,2 pen",
            "Some(Secondary) EnumSet(Secondary)",
            "3.0",
            "[(\"a\", FormValue([\"1\", \"3\"])), (\"b\", FormValue([\"2\"]))]",
            "true true",
        ]
    );
}

#[test]
fn a_controlled_field_answers_the_event_it_has_seen() {
    fn App() -> Element {
        let mut text = use_signal(String::new);
        rsx! {
            input { id: "field", value: "{text}", oninput: move |event| text.set(event.value().to_uppercase()) }
            button { id: "clear", onclick: move |_| text.set(String::new()) }
        }
    }
    let mut page = Page::new(App);
    let value =
        |page: &Page| page.tree.properties(page.by_id("field")).map(|(_, value)| value.clone()).next();
    let outcome = page.type_into("field", "a");
    assert_eq!(value(&page), Some(PropertyValue::Text("A".into())));
    assert_eq!(props(&outcome.batch), [(Property::Value, 1, PropertyValue::Text("A".to_owned()))]);
    let outcome = page.type_into("field", "AB");
    assert_eq!(props(&outcome.batch), [], "the field holds it already");
    let outcome = page.click("clear");
    assert_eq!(props(&outcome.batch), [(Property::Value, 3, PropertyValue::Text(String::new()))]);
}

#[test]
fn listeners_carry_what_the_element_declares() {
    fn App() -> Element {
        let mut enter = use_signal(|| true);
        rsx! {
            form { id: "form", onsubmit: |_| (), "x" }
            textarea {
                id: "area",
                "pc-prevent-default": "click keydown:Enter-Shift,Escape",
                "pc-stop-propagation": "click",
                onkeydown: |_| (),
                onclick: |_| (),
                oninput: |_| (),
            }
            a {
                id: "link",
                href: "/there",
                "pc-prevent-default": if enter() { "click" },
                onclick: move |_| enter.toggle(),
            }
            div { id: "wheel", "pc-passive": "wheel", "pc-through": "click", onwheel: |_| (), onclick: |_| () }
        }
    }
    let mut page = Page::new(App);
    let listeners = |page: &Page, id: &str| {
        let mut found: Vec<String> = page.tree.listeners(page.by_id(id)).collect();
        found.sort();
        found
    };
    let flag = |flags: &[u32]| flags.iter().fold(0, |all, flag| all | flag);
    let prevent = flag(&[ListenFlags::PREVENT_DEFAULT]);
    assert_eq!(listeners(&page, "form"), [format!("submit:{prevent}:")]);
    let stop = prevent | ListenFlags::STOP_PROPAGATION;
    assert_eq!(
        listeners(&page, "area"),
        [format!("click:{stop}:"), "input:0:".to_owned(), format!("keydown:{prevent}:Enter-Shift Escape")]
    );
    assert_eq!(
        listeners(&page, "wheel"),
        [format!("click:{}:", ListenFlags::THROUGH), format!("wheel:{}:", ListenFlags::PASSIVE)]
    );
    assert_eq!(listeners(&page, "link"), [format!("click:{prevent}:")]);
    page.click("link");
    assert_eq!(listeners(&page, "link"), ["click:0:"]);
    assert!(!page.outline().contains("pc-"), "declarations are no attributes:\n{}", page.outline());
}

#[test]
fn a_listener_that_hears_one_event_is_gone_from_the_page_then() {
    fn App() -> Element {
        let mut size = use_signal(|| 0);
        rsx! {
            div { id: "around", "pc-once": "click", onclick: |_| saw("around"),
                button {
                    id: "button",
                    "pc-once": "click focus",
                    "pc-passive": "wheel {size}",
                    onclick: move |_| { saw("button"); size += 1 },
                    onwheel: |_| (),
                    "x"
                }
                button { id: "stops", "pc-once": "click", onclick: |event| { saw("stops"); event.stop_propagation() } }
            }
        }
    }
    let mut page = Page::new(App);
    page.click("stops");
    assert_eq!(SEEN.take(), ["stops"]);
    let listeners = |page: &Page, id: &str| page.tree.listeners(page.by_id(id)).collect::<Vec<String>>();
    assert_eq!(
        (listeners(&page, "stops"), listeners(&page, "around")),
        (vec![], vec!["click:0:".to_owned()])
    );
    let twice = [page.event("button", "click"), page.event("button", "click")];
    page.turn(twice.map(Input::Event).to_vec());
    assert_eq!(SEEN.take(), ["button", "around"]);
    // Its declarations were written again since.
    assert_eq!(listeners(&page, "button"), ["wheel:1:"]);
    assert_eq!(listeners(&page, "around"), [""; 0]);
    page.click("button");
    assert_eq!(SEEN.take(), [""; 0]);
}

#[test]
fn listeners_come_and_go() {
    fn App() -> Element {
        let mut on = use_signal(|| true);
        rsx! {
            button { id: "toggle", onclick: move |_| on.toggle() }
            for armed in [on()] {
                if armed { p { id: "target", onclick: |_| saw("armed"), "x" } } else { p { id: "target", "y" } }
            }
        }
    }
    let mut page = Page::new(App);
    page.click("target");
    page.click("toggle");
    page.click("target");
    assert_eq!(SEEN.take(), ["armed"]);
}

#[test]
fn a_mounted_element_can_be_focused() {
    fn App() -> Element {
        let mut open = use_signal(|| false);
        rsx! {
            button { id: "open", onclick: move |_| open.set(true) }
            if open() {
                input {
                    id: "field",
                    onmounted: move |event| async move { drop(event.set_focus(true).await) },
                }
            }
        }
    }
    let mut page = Page::new(App);
    let outcome = page.click("open");
    let batch = Batch::decode(&outcome.batch, BatchLimits::default(), &Limits::default()).expect("a batch");
    let (_, field) = page.tree.owner(page.by_id("field")).expect("a node of the module");
    assert_eq!(batch.ops().last(), Some(&Op::Call { command: Command::Focus, node: field }));
}

#[test]
fn a_mounted_text_control_can_be_selected() {
    fn App() -> Element {
        let mut field = use_signal(|| None::<Rc<MountedData>>);
        rsx! {
            input { id: "field", onmounted: move |event| field.set(Some(event.data())) }
            button {
                id: "select",
                onclick: move |_| field().expect("it is mounted").downcast::<Mounted>().expect("a module's").select(),
            }
        }
    }
    let mut page = Page::new(App);
    let outcome = page.click("select");
    let batch = Batch::decode(&outcome.batch, BatchLimits::default(), &Limits::default()).expect("a batch");
    let (_, field) = page.tree.owner(page.by_id("field")).expect("a node of the module");
    assert_eq!(batch.ops(), [Op::Call { command: Command::Select, node: field }]);
}

#[test]
fn elements_are_told_that_they_are_there_before_effects_and_tasks_run() {
    fn App() -> Element {
        let mut open = use_signal(|| false);
        rsx! {
            button { id: "open", onclick: move |_| open.set(true) }
            if open() { Opened {} }
        }
    }
    fn Opened() -> Element {
        use_effect(|| saw("effect"));
        use_future(|| async { saw("task") });
        rsx! { p { onmounted: |_| saw("mounted") } }
    }
    let mut page = Page::new(App);
    page.click("open");
    let seen = SEEN.take();
    assert_eq!((seen.len(), seen[0].as_str()), (3, "mounted"), "{seen:?}");
}

#[test]
fn a_select_says_the_values_of_its_selected_options() {
    fn App() -> Element {
        let mut last = use_signal(|| "green");
        let mut more = use_signal(|| false);
        rsx! {
            select {
                id: "colours",
                multiple: true,
                onchange: |event| saw(event.values()["options"].as_slice().join("|")),
                option { value: "r", "red" }
                optgroup { label: "others",
                    for name in ["cyan", "teal"] { option { key: "{name}", value: "{name}!", "{name}" } }
                    option { " dark  " "blue" }
                    if more() { option { "more" } }
                }
                option { "{last}" }
                option { value: if more() { "set" }, "white" }
            }
            button { id: "change", onclick: move |_| { last.set("pink"); more.set(true); } }
        }
    }
    let mut page = Page::new(App);
    let select = |page: &mut Page, selected: &[u32]| {
        let form =
            FormState { value: String::new(), checked: false, selection: None, selected: selected.to_vec() };
        let event = types::Event { form: Some(form), ..page.event("colours", "change") };
        page.turn(vec![Input::Event(event)]);
        SEEN.take().remove(0)
    };
    assert_eq!(select(&mut page, &[0, 2, 3, 4, 5]), "r|teal!|dark blue|green|white");
    assert_eq!(select(&mut page, &[]), "");
    assert_eq!(select(&mut page, &[1, 99]), "cyan!", "of what is not there, nothing is said");
    page.click("change");
    assert_eq!(select(&mut page, &[4, 5, 6]), "more|pink|set");
}

#[test]
fn an_event_for_nobody_does_nothing() {
    fn App() -> Element {
        rsx! { p { id: "p", class: "{1}", "x" } }
    }
    let mut page = Page::with(App, start());
    let event = page.event("p", "click");
    for target in [0, event.target, 77, u32::MAX] {
        assert!(page.turn(vec![Input::Event(types::Event { target, ..event.clone() })]).batch.is_empty());
    }
}

/// The batch's writes of form state: property, answered event, value.
fn props(batch: &[u8]) -> Vec<(Property, u32, PropertyValue<String>)> {
    let batch = Batch::decode(batch, BatchLimits::default(), &Limits::default()).expect("a batch");
    let props = batch.ops().iter().filter_map(|op| match op {
        Op::Prop { property, answers, value: PropertyValue::Text(text), .. } => {
            Some((*property, *answers, PropertyValue::Text((*text).to_owned())))
        }
        Op::Prop { property, answers, value: PropertyValue::Flag(flag), .. } => {
            Some((*property, *answers, PropertyValue::Flag(*flag)))
        }
        _ => None,
    });
    props.collect()
}
