//! Typed inputs arrive as the plain objects that packages/module expects: each kind once, echoed as JSON.

use serde_json::{Value, json};

use crate::harness::*;

const ECHO: &str = "
    guest.turn = (nowUs, inputs) => {
        for (const input of inputs) {
            if (input.response?.body) input.response.body = [...new Uint8Array(input.response.body)];
            say(input);
        }
    };";

fn check(input: Input, expect: Value) {
    let said = Module::new(ECHO).start().said(&[input]);
    assert_eq!(serde_json::from_str::<Value>(&said[0]).unwrap(), expect);
}

fn event(detail: Detail, form: Option<FormState>) -> Input {
    Input::Event(Event {
        sequence: 4_000_000_000,
        target: 7,
        type_: "click".into(),
        modifiers: Modifiers::CONTROL | Modifiers::COMPOSING,
        detail,
        form,
    })
}

fn event_json(detail: Value, form: Value) -> Value {
    json!({ "kind": "event", "sequence": 4_000_000_000_u32, "target": 7, "type": "click", "modifiers": 34,
            "detail": detail, "form": form })
}

#[test]
fn start() {
    let module =
        Module::new("let seen; guest.init = (start) => { seen = start; }; guest.turn = () => say(seen);");
    let mut instance = module.start();
    let said = instance.said(&[]);
    assert_eq!(
        serde_json::from_str::<Value>(&said[0]).unwrap(),
        json!({
            "module": "menu", "slot": "left", "incarnation": 1, "nowUs": 1_000_000,
            "seed": [1, 0, 0xffff_ffff_u32, 2, 3, 0, 0xffff_ffff_u32, 0xffff_ffff_u32],
            "environment": environment_json(), "properties": "{\"title\":\"Menü\"}", "timersMax": 7,
        })
    );
}

fn environment_json() -> Value {
    json!({
        "locale": "de-CH", "timeZone": "Europe/Zurich", "colorScheme": "dark", "reducedMotion": true,
        "viewport": { "width": 1280, "height": 720 }, "url": "/a?b=ü#c", "visible": true,
    })
}

#[test]
fn mount_timer_animation_frame() {
    check(Input::Mount, json!({ "kind": "mount" }));
    check(Input::Timer, json!({ "kind": "timer" }));
    check(Input::AnimationFrame, json!({ "kind": "animation-frame" }));
}

#[test]
fn environment_and_resync() {
    check(
        Input::Environment(environment()),
        json!({ "kind": "environment", "environment": environment_json() }),
    );
    check(Input::Resync(9), json!({ "kind": "resync", "node": 9 }));
}

#[test]
fn responses() {
    let response = Response {
        url: "https://a.example/".into(),
        status: 404,
        headers: vec![("a".into(), "b".into())],
        body: vec![0, 255],
    };
    check(
        Input::Response((3, Ok(response))),
        json!({ "kind": "response", "id": 3, "error": null,
                "response": { "url": "https://a.example/", "status": 404, "headers": [["a", "b"]], "body": [0, 255] } }),
    );
    check(
        Input::Response((3, Err("not granted".into()))),
        json!({ "kind": "response", "id": 3, "error": "not granted", "response": null }),
    );
}

#[test]
fn what_was_stripped() {
    let strip = |node| Strip { node, what: "element script".into(), why: "no".into() };
    check(
        Input::Stripped(Stripped { count: 70_000, first: vec![strip(Some(3)), strip(None)] }),
        json!({ "kind": "stripped", "count": 70_000,
                "first": [{ "node": 3, "what": "element script", "why": "no" },
                          { "node": null, "what": "element script", "why": "no" }] }),
    );
    check(
        Input::Stripped(Stripped { count: 1, first: Vec::new() }),
        json!({ "kind": "stripped", "count": 1, "first": [] }),
    );
}

#[test]
fn events_with_every_detail() {
    check(event(Detail::None, None), event_json(json!(null), json!(null)));
    check(
        event(
            Detail::Pointer(Pointer {
                x: 1.5,
                y: -2.0,
                offset_x: 0.25,
                offset_y: 0.0,
                button: -1,
                buttons: 3,
                pointer_id: -5,
                kind: "pen".into(),
                count: 2,
            }),
            None,
        ),
        event_json(
            json!({ "kind": "pointer", "x": 1.5, "y": -2, "offsetX": 0.25, "offsetY": 0, "button": -1, "buttons": 3,
                    "pointerId": -5, "pointerType": "pen", "count": 2 }),
            json!(null),
        ),
    );
    check(
        event(Detail::Wheel(Wheel { x: 1.0, y: 2.0, delta_x: 3.0, delta_y: 4.5, delta_mode: 1 }), None),
        event_json(
            json!({ "kind": "wheel", "x": 1, "y": 2, "deltaX": 3, "deltaY": 4.5, "deltaMode": 1 }),
            json!(null),
        ),
    );
    check(
        event(Detail::Key(Key { key: "é".into(), code: "KeyE".into() }), None),
        event_json(json!({ "kind": "key", "key": "é", "code": "KeyE" }), json!(null)),
    );
    check(
        event(Detail::Edit(Edit { input_type: "insertText".into(), data: Some("𝒳".into()) }), None),
        event_json(json!({ "kind": "edit", "inputType": "insertText", "data": "𝒳" }), json!(null)),
    );
    check(
        event(Detail::Edit(Edit { input_type: "deleteContentBackward".into(), data: None }), None),
        event_json(
            json!({ "kind": "edit", "inputType": "deleteContentBackward", "data": null }),
            json!(null),
        ),
    );
    check(
        event(Detail::Scroll(Scroll { top: 10.0, left: 0.5 }), None),
        event_json(json!({ "kind": "scroll", "top": 10, "left": 0.5 }), json!(null)),
    );
    check(
        event(Detail::Submit(vec![("a".into(), "1".into()), ("a".into(), String::new())]), None),
        event_json(json!({ "kind": "submit", "entries": [["a", "1"], ["a", ""]] }), json!(null)),
    );
}

#[test]
fn events_with_form_state() {
    let form = |selection, selected| FormState { value: "abc".into(), checked: true, selection, selected };
    check(
        event(Detail::None, Some(form(Some((1, 2)), vec![0, 3]))),
        event_json(
            json!(null),
            json!({ "value": "abc", "checked": true, "selection": [1, 2], "selected": [0, 3] }),
        ),
    );
    check(
        event(Detail::None, Some(form(None, vec![]))),
        event_json(
            json!(null),
            json!({ "value": "abc", "checked": true, "selection": null, "selected": [] }),
        ),
    );
}
