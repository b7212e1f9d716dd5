use dioxus::prelude::*;

playconnect_guest::export!(Counter);

#[allow(non_snake_case)]
fn Counter() -> Element {
    let mut name = use_signal(String::new);
    let mut count = use_signal(|| 0);

    rsx! {
        section {
            h2 { "Hello, {greeted(&name())}" }
            label {
                "Your name"
                input {
                    autocomplete: "off",
                    value: "{name}",
                    oninput: move |event| name.set(event.value()),
                }
            }
            div { role: "group", aria_label: "Counter",
                button {
                    r#type: "button",
                    aria_label: "One less",
                    onclick: move |_| count -= 1,
                    "−"
                }
                output { "{count}" }
                button {
                    r#type: "button",
                    aria_label: "One more",
                    onclick: move |_| count += 1,
                    "+"
                }
            }
        }
    }
}

fn greeted(name: &str) -> &str {
    match name.trim() {
        "" => "you",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_without_a_name_is_greeted_too() {
        assert_eq!(greeted("  "), "you");
        assert_eq!(greeted(" Ada "), "Ada");
    }
}
