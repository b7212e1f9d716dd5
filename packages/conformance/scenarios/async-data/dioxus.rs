use dioxus::prelude::*;
use futures_channel::oneshot::{Receiver, Sender, channel};
use std::cell::RefCell;
use std::collections::VecDeque;

/// Answers that are given when the page's buttons say so, as in `source.ts`.
struct Waiting {
    name: String,
    answer: Sender<Result<String, String>>,
}

thread_local! {
    static WAITING: RefCell<VecDeque<Waiting>> = const { RefCell::new(VecDeque::new()) };
}

fn load(name: String) -> Receiver<Result<String, String>> {
    let (answer, data) = channel();
    WAITING.with_borrow_mut(|waiting| waiting.push_back(Waiting { name, answer }));
    data
}

fn answer(request: Option<Waiting>) {
    if let Some(Waiting { name, answer }) = request {
        // Nobody may wait any more.
        _ = answer.send(Ok(format!("data of {name}")));
    }
}

fn refuse() {
    if let Some(Waiting { name, answer }) = WAITING.with_borrow_mut(VecDeque::pop_front) {
        _ = answer.send(Err(format!("no {name}")));
    }
}

pub fn AsyncData() -> Element {
    let mut asked = use_signal(|| 0);
    let mut page = use_signal(|| 0);
    let mut hidden = use_signal(|| false);
    rsx! {
        button { id: "ask", onclick: move |_| asked += 1, "ask" }
        button { id: "answer", onclick: |_| answer(WAITING.with_borrow_mut(VecDeque::pop_front)), "answer" }
        button { id: "newest", onclick: |_| answer(WAITING.with_borrow_mut(VecDeque::pop_back)), "answer the newest" }
        button { id: "refuse", onclick: |_| refuse(), "refuse" }
        button { id: "next", onclick: move |_| page += 1, "next page" }
        button {
            id: "hide",
            onclick: move |_| {
                hidden.toggle();
                if !hidden() {
                    page += 1;
                }
            },
            "hide"
        }
        ByResource { asked: asked() }
        if !hidden() && page() > 0 {
            for page in [page()] {
                SuspenseBoundary { key: "{page}", fallback: move |_| rsx! { em { "waiting for {page}" } },
                    i { "beside" }
                    Suspended { page }
                }
            }
        }
    }
}

#[component]
fn ByResource(asked: i32) -> Element {
    let mut state = use_signal(|| "nothing".to_owned());
    let _ = use_resource(use_reactive!(|asked| async move {
        if asked == 0 {
            return;
        }
        state.set(format!("loading {asked}"));
        match load(format!("effect {asked}")).await {
            Ok(Ok(data)) => state.set(data),
            Ok(Err(cause)) => state.set(format!("failed: {cause}")),
            Err(_) => state.set("nobody answers".to_owned()),
        }
    }));
    rsx! {
        p { class: if state.read().starts_with("loading") { "busy" }, "{state}" }
    }
}

#[component]
fn Suspended(page: i32) -> Element {
    let data = use_resource(move || load(format!("page {page}"))).suspend()?;
    let text = data().ok().and_then(Result::ok).unwrap_or_default();
    rsx! {
        section {
            h2 { "page {page}" }
            b { "{text}" }
            input { initial_value: page }
        }
    }
}
