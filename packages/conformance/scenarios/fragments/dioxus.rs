use dioxus::prelude::*;

pub fn Fragments() -> Element {
    let mut names = use_signal(|| ["a", "b", "c", "d"].map(str::to_owned).to_vec());
    let mut count = use_signal(|| 1);
    let mut empty = use_signal(|| false);
    rsx! {
        button { id: "reverse", onclick: move |_| names.write().reverse(), "reverse" }
        button { id: "rotate", onclick: move |_| names.write().rotate_left(1), "rotate" }
        button { id: "drop", onclick: move |_| drop(names.write().remove(1)), "drop" }
        button { id: "grow", onclick: move |_| count += 1, "grow" }
        button { id: "empty", onclick: move |_| empty.toggle(), "empty" }
        dl {
            for name in names() {
                dt { key: "{name}", "{name}" }
                dd { "{name} of {count}" }
                for _ in 0..count() {
                    dd { "more" }
                }
            }
        }
        div {
            for name in names() {
                Moved { key: "{name}", name: name.clone(), count: count(), empty: empty() && name == "b" }
            }
        }
        p {
            "before"
            Many { name: "x", count: count(), empty: empty() }
            "after"
        }
        Many { name: "root", count: count(), empty: empty() }
        hr {}
    }
}

#[component]
fn Many(name: String, count: i32, empty: bool) -> Element {
    if empty {
        return rsx! {};
    }
    rsx! {
        for at in 0..count {
            span { key: "{at}", "{name}{at}" }
        }
        Fragment {
            "{name} {count} "
            Fragment {
                if count > 2 {
                    b { "many" }
                }
            }
        }
    }
}

/// Dioxus 0.6 cannot move a text or nothing that stands at the root of an entry: it moves the page's body instead.
#[component]
fn Moved(name: String, count: i32, empty: bool) -> Element {
    if empty {
        return rsx! { s { "nothing" } };
    }
    rsx! {
        for at in 0..count {
            span { key: "{at}", "{name}{at}" }
        }
        Fragment {
            i { "{name} {count} " }
            Fragment {
                for _ in 1..count.max(2) {
                    b { "many" }
                }
            }
        }
    }
}
