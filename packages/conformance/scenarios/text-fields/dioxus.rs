use dioxus::prelude::*;

pub fn TextFields() -> Element {
    let mut name = use_signal(String::new);
    let mut upper = use_signal(String::new);
    let mut digits = use_signal(|| "0".to_owned());
    let mut area = use_signal(|| "first".to_owned());
    let mut number = use_signal(|| "1".to_owned());
    let mut range = use_signal(|| "30".to_owned());
    let mut date = use_signal(|| "2026-01-02".to_owned());
    let mut secret = use_signal(String::new);
    let mut short = use_signal(String::new);
    let mut locked = use_signal(|| false);
    let mut set_all = move |text: &str, count: &str, day: &str| {
        for field in [&mut name, &mut upper, &mut area, &mut secret, &mut short] {
            field.set(text.to_owned());
        }
        for field in [&mut digits, &mut number, &mut range] {
            field.set(count.to_owned());
        }
        date.set(day.to_owned());
    };
    let all = [name, upper, digits, area, number, range, date, secret, short].map(|field| field()).join("|");
    rsx! {
        input { id: "name", value: "{name}", readonly: locked(), oninput: move |event| name.set(event.value()) }
        input { id: "upper", value: "{upper}", oninput: move |event| upper.set(event.value().to_uppercase()) }
        input {
            id: "digits",
            value: "{digits}",
            oninput: move |event| digits.set(event.value().chars().filter(char::is_ascii_digit).collect()),
        }
        textarea { id: "area", rows: 3, value: "{area}", oninput: move |event| area.set(event.value()) }
        input { id: "number", r#type: "number", step: "0.5", value: "{number}", oninput: move |event| number.set(event.value()) }
        input { id: "range", r#type: "range", min: "0", max: "90", value: "{range}", oninput: move |event| range.set(event.value()) }
        input { id: "date", r#type: "date", value: "{date}", disabled: locked(), oninput: move |event| date.set(event.value()) }
        input { id: "secret", r#type: "password", value: "{secret}", oninput: move |event| secret.set(event.value()) }
        input { id: "short", maxlength: 5, value: "{short}", oninput: move |event| short.set(event.value()) }
        button { id: "set", onclick: move |_| set_all("set", "42", "2027-12-31"), "set" }
        button { id: "clear", onclick: move |_| set_all("", "", ""), "clear" }
        button { id: "lock", onclick: move |_| locked.toggle(), "lock" }
        pre { "{all}" }
    }
}
