use dioxus::prelude::*;
use std::cell::RefCell;

thread_local! {
    /// What happened since it was taken last.
    static LINES: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn say(line: impl Into<String>) {
    LINES.with_borrow_mut(|lines| lines.push(line.into()));
}

pub fn Effects() -> Element {
    let mut n = use_signal(|| 0);
    let mut on = use_signal(|| true);
    let mut names = use_signal(|| vec!["a", "b"]);
    let mut shown = use_signal(Vec::<String>::new);
    use_effect(move || say(format!("parent effect {n} {on}")));
    use_after_render(|| say("parent rendered"));
    rsx! {
        button { id: "more", onclick: move |_| n += 1, "more" }
        button { id: "toggle", onclick: move |_| on.toggle(), "toggle" }
        button { id: "swap", onclick: move |_| names.set(vec![names()[1], "c"]), "swap" }
        button { id: "show", onclick: move |_| shown.set(LINES.take()), "show" }
        if on() {
            div { onmounted: |_| say("parent's element"),
                for name in names() {
                    Child { key: "{name}", name, n: n() }
                }
            }
        }
        ol {
            for (at , line) in shown.read().iter().enumerate() {
                li { key: "{at}", "{line}" }
            }
        }
    }
}

#[component]
fn Child(name: &'static str, n: i32) -> Element {
    let mut own = use_signal(|| 0);
    use_hook(|| say(format!("{name} set up {n}")));
    use_before_render(move || say(format!("{name} before rendering")));
    use_after_render(move || say(format!("{name} after rendering")));
    say(format!("{name} renders {n} {own}"));
    let double = use_memo(use_reactive!(|n| {
        say(format!("{name} memo {n}"));
        n * 2
    }));
    use_effect(use_reactive!(|n| {
        say(format!("{name} effect {n} {double}"));
        own.set(n);
    }));
    use_effect(move || say(format!("{name} mounted")));
    use_future(move || async move { say(format!("{name} task {own}")) });
    let _ = use_resource(use_reactive!(|n| async move { say(format!("{name} resource {n}")) }));
    use_drop(move || say(format!("{name} dropped")));
    rsx! {
        i { onmounted: move |_| say(format!("{name} element")), "{name} {n} {own} {double}" }
    }
}
