use dioxus::prelude::*;

#[derive(Debug)]
struct Broke(&'static str);

impl std::fmt::Display for Broke {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Broke {}

pub fn Boundaries() -> Element {
    let mut n = use_signal(|| 0);
    let mut broken = use_signal(|| "");
    let mut inner = use_signal(|| false);
    rsx! {
        button { id: "count", onclick: move |_| n += 1, "count {n}" }
        button { id: "break-render", onclick: move |_| broken.set("render"), "break rendering" }
        button { id: "break-effect", onclick: move |_| broken.set("effect"), "break an effect" }
        button {
            id: "inner",
            onclick: move |_| {
                broken.set("");
                inner.set(true);
            },
            "break the inner one"
        }
        button {
            id: "mend",
            onclick: move |_| {
                broken.set("");
                inner.set(false);
            },
            "mend"
        }
        div { onclick: move |_| broken.set(""),
            Boundary { name: "outer",
                Fragile { broken: broken(), n: n() }
                Boundary { name: "inner",
                    Inner { broken: inner() }
                }
                p { "beside {n}" }
            }
        }
        p { "outside {n}" }
    }
}

#[component]
fn Boundary(name: &'static str, children: Element) -> Element {
    let id = if name == "outer" { "reset" } else { "reset-inner" };
    rsx! {
        ErrorBoundary {
            handle_error: move |errors: ErrorContext| {
                // Behind the first line stands in which scope it was: on both sides the scopes have other numbers.
                let texts = errors.errors().iter().map(ToString::to_string).collect::<Vec<_>>();
                let messages: Vec<&str> = texts.iter().filter_map(|text| text.lines().next()).collect();
                rsx! {
                    p { class: "failed",
                        "{name}: {messages.join(\", \")} "
                        button { id, onclick: move |_| errors.clear_errors(), "reset" }
                    }
                }
            },
            {children}
        }
    }
}

#[component]
fn Fragile(broken: &'static str, n: i32) -> Element {
    use_effect(use_reactive!(|broken| {
        if broken == "effect" {
            throw_error(Broke("an effect broke"));
        }
    }));
    if broken == "render" {
        Err(Broke("a rendering broke"))?;
    }
    rsx! {
        b { "fine {n}" }
        i { "still" }
    }
}

#[component]
fn Inner(broken: bool) -> Element {
    if broken {
        Err(Broke("the inner one broke"))?;
    }
    rsx! { u { "inner" } }
}
