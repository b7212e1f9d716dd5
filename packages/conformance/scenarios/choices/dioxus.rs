use dioxus::prelude::*;

const COLOURS: [&str; 3] = ["red", "green", "blue"];

pub fn Choices() -> Element {
    let mut one = use_signal(|| true);
    let mut refused = use_signal(|| 0);
    let mut chosen = use_signal(|| vec!["green"]);
    let mut size = use_signal(|| "m".to_owned());
    let mut city = use_signal(|| "bern".to_owned());
    let mut many = use_signal(|| vec!["c".to_owned()]);
    let mut more = use_signal(|| false);
    let cities =
        ["bern", "rome", "oslo"].into_iter().chain(["quito", "lima"].into_iter().filter(move |_| more()));
    let set = move |_| {
        one.set(true);
        chosen.set(COLOURS.to_vec());
        size.set("l".to_owned());
        city.set("oslo".to_owned());
        many.set(vec!["a".to_owned(), "d".to_owned()]);
    };
    let clear = move |_| {
        one.set(false);
        chosen.set(Vec::new());
        size.set(String::new());
        city.set("none".to_owned());
        many.set(Vec::new());
    };
    let toggle_more = move |_| {
        more.toggle();
        if !more() {
            city.set("rome".to_owned());
        }
    };
    let mut choose = move |colour: &'static str| {
        let mut chosen = chosen.write();
        match chosen.iter().position(|other| *other == colour) {
            Some(at) => drop(chosen.remove(at)),
            None => chosen.push(colour),
        }
    };
    rsx! {
        input { id: "one", r#type: "checkbox", checked: one(), onchange: move |event| one.set(event.checked()) }
        input { id: "refuse", r#type: "checkbox", checked: refused() < 0, onchange: move |_| refused += 1 }
        for colour in COLOURS {
            label { key: "{colour}",
                input {
                    r#type: "checkbox",
                    value: colour,
                    checked: chosen.read().contains(&colour),
                    onchange: move |_| choose(colour),
                }
                "{colour}"
            }
        }
        for each in ["s", "m", "l"] {
            span { key: "{each}",
                input {
                    id: "size-{each}",
                    r#type: "radio",
                    name: "size",
                    value: each,
                    checked: size() == each,
                    onchange: move |event| size.set(event.value()),
                }
                label { r#for: "size-{each}", "{each}" }
            }
        }
        select { id: "city", value: "{city}", onchange: move |event| city.set(event.value()),
            optgroup { label: "cities",
                for each in cities {
                    option { key: "{each}", value: each, "{each}" }
                }
            }
            option { "none" }
        }
        select {
            id: "many",
            multiple: true,
            onchange: move |event| many.set(event.values().remove("options").map(|options| options.as_slice().to_vec()).unwrap_or_default()),
            for each in ["a", "b", "c", "d"] {
                option { key: "{each}", value: each, selected: many.read().iter().any(|chosen| chosen == each), "{each}" }
            }
        }
        button { id: "set", onclick: set, "set" }
        button { id: "clear", onclick: clear, "clear" }
        button { id: "more", onclick: toggle_more, "more" }
        pre { "{one}|{refused}|{chosen:?}|{size}|{city}|{many:?}" }
    }
}
