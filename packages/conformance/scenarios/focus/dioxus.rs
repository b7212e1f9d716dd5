use crate::platform;
use dioxus::prelude::*;
use std::rc::Rc;

pub fn Focus() -> Element {
    let mut open = use_signal(|| false);
    let mut log = use_signal(String::new);
    let mut order = use_signal(|| vec![1, 2, 3]);
    let mut b = use_signal(|| None::<Rc<MountedData>>);
    let mut focused = use_signal(|| None::<Rc<MountedData>>);
    let mut say = move |what: &str| *log.write() += &format!(" {what}");
    let keydown = move |event: KeyboardEvent| async move {
        if event.modifiers().alt() && event.key() == Key::Character("r".to_owned()) {
            order.write().reverse();
        }
        let field = focused();
        if let (true, Key::Enter, Some(field)) = (event.modifiers().ctrl(), event.key(), field) {
            _ = field.set_focus(false).await;
        }
    };
    rsx! {
        div { onkeydown: keydown,
            input { id: "a", onfocus: move |_| say("a"), onblur: move |_| say("-a") }
            input {
                id: "b",
                initial_value: "some text",
                onmounted: move |event| b.set(Some(event.data())),
                onfocus: move |_| {
                    focused.set(b());
                    say("b");
                },
                onblur: move |_| say("-b"),
            }
            button {
                id: "to-b",
                onclick: move |_| async move {
                    _ = b().expect("it is mounted").set_focus(true).await;
                },
                "to b"
            }
            button { id: "select", onclick: move |_| platform::select(&b().expect("it is mounted")), "select" }
            button { id: "open", onclick: move |_| open.toggle(), "open" }
            if open() {
                Late {}
            }
            ul { onfocusin: move |_| say("list"),
                for n in order() {
                    li { key: "{n}",
                        input { id: "in-{n}" }
                    }
                }
            }
            output { "{log}" }
        }
    }
}

#[component]
fn Late() -> Element {
    rsx! {
        input {
            id: "late",
            onmounted: move |event| async move {
                _ = event.set_focus(true).await;
            },
        }
    }
}
