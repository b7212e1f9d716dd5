//! The golden answers of `protocol/vectors`, which the TypeScript tests read too.

use playconnect_dom::{Namespace, allow};
use serde_json::Value;

fn vectors(file: &str) -> Value {
    let path = format!("{}/../../protocol/vectors/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn the_allow_list_answers_as_the_vectors_say() {
    let vectors = vectors("allow.json");
    // A number that is no namespace cannot come out of a batch: it is answered before anything is looked up.
    let namespace = |value: &Value| Namespace::from_wire(value.as_u64().expect("a number") as u8);
    let mut wrong = Vec::new();
    let cases = vectors["attributes"].as_array().expect("a list");
    assert!(cases.len() > 150);
    for case in cases {
        let text = |at: usize| case[at].as_str().expect("a text");
        let element = text(1);
        let allowed = match (namespace(&case[0]), namespace(&case[2])) {
            (Some(of_element), _) if text(3).is_empty() && text(4).is_empty() => {
                allow::element(of_element, element)
            }
            (Some(of_element), Some(of_attribute)) => {
                allow::attribute(of_element, element, of_attribute, text(3))
                    .is_some_and(|kind| allow::value(kind, text(4)))
            }
            _ => false,
        };
        if allowed != (text(5) == "ok") {
            wrong.push(case.to_string());
        }
    }
    for case in vectors["events"].as_array().expect("a list") {
        let (kind, verdict) = (case[0].as_str().expect("a text"), case[1].as_str().expect("a text"));
        if allow::event(kind) != (verdict == "ok") {
            wrong.push(case.to_string());
        }
    }
    assert!(wrong.is_empty(), "other answers for:\n{}", wrong.join("\n"));
}
