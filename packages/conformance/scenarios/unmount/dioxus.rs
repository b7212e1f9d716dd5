use crate::platform::sleep;
use dioxus::prelude::*;

pub fn Unmount() -> Element {
    let mut on = use_signal(|| true);
    let mut key = use_signal(|| 0);
    let mut all = use_signal(|| true);
    let mut deep = use_signal(|| true);
    let mut kept = use_signal(String::new);
    let mut ran = use_signal(|| 0);
    let toggle = move |_| {
        on.toggle();
        ran.set(0);
    };
    rsx! {
        button { id: "all", onclick: move |_| all.toggle(), "all" }
        if all() {
            button { id: "toggle", onclick: toggle, "toggle" }
            button { id: "key", onclick: move |_| key += 1, "key {key}" }
            button { id: "deep", onclick: move |_| deep.toggle(), "deep" }
            if on() {
                Counter { name: "1", on_run: move |_| ran.set(1) }
            }
            for key in [key()] {
                Counter { key: "{key}", name: "2", on_run: |_| {} }
            }
            input { id: "kept", value: "{kept}", oninput: move |event| kept.set(event.value()) }
            if deep() {
                Nest { level: 5,
                    em { "deep" }
                    Counter { name: "3", on_run: move |_| ran.set(1) }
                }
            }
            p { id: "ran", "ran {ran}" }
        }
    }
}

#[component]
fn Counter(name: &'static str, on_run: EventHandler) -> Element {
    let mut n = use_signal(|| 0);
    let _ = use_resource(move || async move {
        if n() > 0 {
            sleep(20).await;
            on_run.call(());
        }
    });
    rsx! {
        section {
            button { id: "inc-{name}", onclick: move |_| n += 1, "{n}" }
            input { id: "own-{name}" }
            ul {
                for at in 0..n() {
                    li { key: "{at}", "{at}" }
                }
            }
        }
    }
}

#[component]
fn Nest(level: u32, children: Element) -> Element {
    if level == 0 {
        return children;
    }
    rsx! {
        div { class: "level-{level}",
            Nest { level: level - 1, {children} }
        }
    }
}
