//! `protocol/vectors/messages.json`, which the TypeScript tests read too.

use playconnect_frame::{Detail, Environment, Event, FormState, Location, ToBrowser, ToEdge};
use serde_json::{Map, Value, json};

fn vectors() -> Value {
    let path = format!("{}/../../protocol/vectors/messages.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

fn bytes(vector: &Value) -> Vec<u8> {
    let hex = vector["hex"].as_str().expect("hex");
    let digits = hex.as_bytes().chunks_exact(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex"))
        .collect()
}

#[test]
fn messages_decode_to_what_the_vectors_say_and_encode_to_the_same_bytes() {
    let vectors = vectors();
    for vector in vectors["messages"].as_array().expect("a list") {
        let (name, bytes) = (&vector["name"], bytes(vector));
        let (message, encoded) = if vector["direction"] == "to-edge" {
            let message = ToEdge::decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            (to_edge(&message), message.encode())
        } else {
            let message = ToBrowser::decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
            (to_browser(&message, &bytes), message.encode())
        };
        assert_eq!(message, vector["message"], "{name}");
        assert_eq!(encoded, bytes, "{name}");
    }
}

#[test]
fn malformed_messages_are_refused() {
    let vectors = vectors();
    for vector in vectors["malformed"].as_array().expect("a list") {
        let bytes = bytes(vector);
        let refused = match vector["direction"].as_str() {
            Some("to-edge") => ToEdge::decode(&bytes).is_err(),
            _ => ToBrowser::decode(&bytes).is_err(),
        };
        assert!(refused, "{}: {}", vector["name"], vector["reason"]);
    }
}

#[test]
fn another_version_is_refused_by_its_number() {
    let vectors = vectors();
    let mut hello = bytes(&vectors["messages"][0]);
    hello[2] = 9;
    hello.truncate(8);
    let error = ToEdge::decode(&hello).expect_err("version 9").to_string();
    assert_eq!(
        error,
        "the browser speaks version 9 of the protocol, this edge speaks version 1: reload the page"
    );
}

fn to_edge(message: &ToEdge) -> Value {
    match message {
        ToEdge::Hello(hello) => json!({
            "type": "hello", "resume": hello.resume, "session": hello.session, "frame": hello.frame,
            "sequence": hello.sequence, "connection": hello.connection, "environment": environment(&hello.environment),
        }),
        ToEdge::Event(event) => self::event(event),
        ToEdge::Ack { frame } => json!({"type": "ack", "frame": frame}),
        ToEdge::Environment(own) => json!({"type": "environment", "environment": environment(own)}),
        ToEdge::Resync { node } => json!({"type": "resync", "node": node}),
        ToEdge::Ping => json!({"type": "ping"}),
    }
}

fn environment(own: &Environment) -> Value {
    json!({
        "locale": own.locale, "timeZone": own.time_zone, "url": own.url, "width": own.width, "height": own.height,
        "dark": own.dark, "reducedMotion": own.reduced_motion, "visible": own.visible,
    })
}

fn event(event: &Event) -> Value {
    let mut out = Map::new();
    out.insert("type".into(), "event".into());
    out.insert("sequence".into(), event.sequence.into());
    out.insert("node".into(), event.node.into());
    out.insert("frame".into(), event.frame.into());
    out.insert("name".into(), event.kind.into());
    out.insert("modifiers".into(), event.modifiers.into());
    out.insert("detail".into(), detail(&event.detail));
    if let Some(FormState { value, checked, selection, selected }) = &event.form {
        let mut form = Map::new();
        form.insert("value".into(), value.as_str().into());
        form.insert("checked".into(), (*checked).into());
        if let Some((start, end)) = selection {
            form.insert("selection".into(), json!([start, end]));
        }
        form.insert("selected".into(), json!(selected));
        out.insert("form".into(), form.into());
    }
    out.into()
}

fn detail(detail: &Detail) -> Value {
    match detail {
        Detail::None => json!({"kind": "none"}),
        Detail::Pointer(own) => json!({
            "kind": "pointer", "x": number(own.x), "y": number(own.y), "offsetX": number(own.offset_x),
            "offsetY": number(own.offset_y), "button": own.button, "buttons": own.buttons,
            "pointerId": own.pointer_id, "count": own.count, "pointerType": own.kind,
        }),
        Detail::Wheel { x, y, delta_x, delta_y, mode } => json!({
            "kind": "wheel", "x": number(*x), "y": number(*y), "deltaX": number(*delta_x), "deltaY": number(*delta_y),
            "deltaMode": mode,
        }),
        Detail::Key { key, code } => json!({"kind": "key", "key": key, "code": code}),
        Detail::Edit { input_type, data } => json!({"kind": "edit", "inputType": input_type, "data": data}),
        Detail::Scroll { top, left } => json!({"kind": "scroll", "top": number(*top), "left": number(*left)}),
        Detail::Submit(entries) => json!({"kind": "submit", "entries": entries}),
    }
}

/// Whole numbers stand in the vectors without a fraction.
fn number(float: f32) -> Value {
    if float.fract() == 0.0 { json!(float as i64) } else { json!(f64::from(float)) }
}

fn to_browser(message: &ToBrowser, bytes: &[u8]) -> Value {
    match message {
        ToBrowser::Welcome { sequence } => {
            json!({"type": "welcome", "version": bytes[2], "sequence": sequence})
        }
        ToBrowser::Frame { head, stream } => {
            let word =
                |at: usize| u32::from_le_bytes(stream[at * 4..at * 4 + 4].try_into().expect("four bytes"));
            let words: Vec<u32> = (2..2 + word(0) as usize).map(word).collect();
            let strings = &stream[8 + words.len() * 4..][..word(1) as usize];
            json!({
                "type": "frame", "more": head.more, "fresh": head.fresh, "frame": head.number,
                "acknowledged": head.event_ack,
                "stream": {"words": words, "strings": std::str::from_utf8(strings).expect("UTF-8")},
            })
        }
        ToBrowser::Refused { code, reason } => {
            json!({"type": "refused", "version": bytes[2], "code": *code as u32, "reason": reason})
        }
        ToBrowser::Pong => json!({"type": "pong"}),
        ToBrowser::Location { kind, url } => {
            let how = match kind {
                Location::Navigate => "navigate",
                Location::Push => "push",
                Location::Replace => "replace",
            };
            json!({"type": "location", "how": how, "url": url})
        }
    }
}
