use dioxus::prelude::*;

pub fn Conditionals() -> Element {
    let mut n = use_signal(|| 0);
    let mut a = use_signal(|| false);
    let mut b = use_signal(|| true);
    let mut inner = use_signal(|| 0);
    rsx! {
        button { id: "next", onclick: move |_| n += 1, "next {n}" }
        button { id: "a", onclick: move |_| a.toggle(), "a" }
        button { id: "b", onclick: move |_| b.toggle(), "b" }
        if n() % 3 == 0 {
            p { "zero" }
        } else if n() % 3 == 1 {
            section {
                b { "one" }
                " of {n}"
            }
        }
        if a() {
            em { "a" }
        }
        "between"
        if b() { " text b " } else {
            i { "no b" }
        }
        div { class: "nest",
            if a() {
                if b() {
                    u { "a and b" }
                } else {
                    s { "a alone" }
                }
            } else if b() {
                q { "b alone" }
            }
        }
        match n() % 3 {
            0 => rsx! { h2 { title: "is h2", "name {n}" } },
            1 => rsx! { h3 { title: "is h3", "name {n}" } },
            _ => rsx! { div { title: "is div", "name {n}" } },
        }
        if n() > 1 {
            button { id: "inner", onclick: move |_| inner += 1,
                "inner {inner}"
                if inner() > 0 {
                    b { "!" }
                }
            }
        }
        p { "end" }
    }
}
