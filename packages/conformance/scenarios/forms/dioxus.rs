use dioxus::prelude::*;

pub fn Forms() -> Element {
    let mut what = use_signal(String::new);
    let mut sent = use_signal(Vec::<String>::new);
    let mut disabled = use_signal(|| false);
    let mut round = use_signal(|| 0);
    let submit = move |event: Event<FormData>| {
        let mut values: Vec<_> = event.values().into_iter().collect();
        values.sort_by(|(a, _), (b, _)| a.cmp(b));
        let entries = values.iter().map(|(name, values)| format!("{name}={}", values.as_slice().join(",")));
        sent.push(entries.collect::<Vec<_>>().join("&"));
        what.set(String::new());
    };
    let enable = move |_| {
        disabled.set(false);
        what.set("cake".to_owned());
    };
    rsx! {
        // A key is for entries of a list: this one is of one entry.
        for round in [round()] {
            form { key: "{round}", onsubmit: submit,
                fieldset { disabled: disabled(),
                    legend { "order" }
                    input { id: "what", name: "what", value: "{what}", required: true, oninput: move |event| what.set(event.value()) }
                    textarea { id: "note", name: "note", "note" }
                    input { id: "gift", name: "gift", r#type: "checkbox", initial_checked: round == 1 }
                    label { r#for: "gift", "gift" }
                    select { name: "size",
                        option { "s" }
                        option { initial_selected: true, "l" }
                    }
                }
                button { id: "send", disabled: what().is_empty(), "send {what}" }
            }
        }
        button { id: "disable", onclick: move |_| disabled.set(true), "disable" }
        button { id: "enable", onclick: enable, "enable" }
        button { id: "again", onclick: move |_| round += 1, "again" }
        details {
            summary { "sent {sent.len()}" }
            ol {
                for (at , text) in sent.read().iter().enumerate() {
                    li { key: "{at}", "{text}" }
                }
            }
        }
    }
}
