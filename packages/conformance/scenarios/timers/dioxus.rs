use crate::platform::{animation_frame, sleep};
use dioxus::prelude::*;
use std::future::{Future, poll_fn};
use std::task::Poll;

pub fn Timers() -> Element {
    let mut once = use_signal(|| 0);
    let mut ticks = use_signal(|| 0);
    let mut order = use_signal(Vec::<&str>::new);
    let mut search = use_signal(String::new);
    let mut found = use_signal(String::new);
    let mut frames = use_signal(|| 0);
    let mut on = use_signal(|| false);
    // Begins anew when what is searched for changes.
    let _ = use_resource(move || async move {
        let text = search();
        sleep(60).await;
        found.set(text);
    });
    let start_once = move |_| async move {
        sleep(30).await;
        once += 1;
    };
    let start_interval = move |_| async move {
        ticks.set(0);
        for n in 1..=5 {
            sleep(15).await;
            ticks.set(n);
        }
    };
    let cancel_one = move |_| {
        let task = spawn(async move {
            sleep(1).await;
            once.set(-1);
        });
        task.cancel();
        spawn(async move {
            sleep(20).await;
            once += 1;
        });
    };
    let start_order = move |_| {
        order.write().clear();
        spawn(async move {
            sleep(20).await;
            order.push("later");
        });
        spawn(async move {
            sleep(0).await;
            order.push("zero");
            sleep(40).await;
            order.push("done");
        });
        spawn(async move {
            order.push("micro");
            yield_once().await;
            order.push("micro-2");
        });
        order.push("sync");
    };
    let start_frames = move |_| async move {
        for n in 1..=3 {
            animation_frame().await;
            frames.set(n);
        }
    };
    rsx! {
        button { id: "start-once", onclick: start_once, "once" }
        button { id: "start-interval", onclick: start_interval, "interval" }
        button { id: "cancelled", onclick: cancel_one, "cancelled" }
        button { id: "start-order", onclick: start_order, "order" }
        button { id: "start-frames", onclick: start_frames, "frames" }
        button { id: "toggle", onclick: move |_| on.toggle(), "toggle" }
        input { id: "search", value: "{search}", oninput: move |event| search.set(event.value()) }
        p { id: "once", "once {once}" }
        p { id: "ticks", "ticks {ticks}" }
        p { id: "order", {order.read().join(" ")} }
        p { id: "found", "found {found}" }
        p { id: "frames", "frames {frames}" }
        if on() {
            Clock {}
        }
    }
}

#[component]
fn Clock() -> Element {
    let mut n = use_signal(|| 0);
    use_future(move || async move {
        loop {
            sleep(10).await;
            let next = (n() + 1).min(3);
            n.set(next);
        }
    });
    rsx! { b { id: "clock", "own {n}" } }
}

/// Ready when it is asked for the second time.
fn yield_once() -> impl Future<Output = ()> {
    let mut asked = false;
    poll_fn(move |context| {
        if std::mem::replace(&mut asked, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
}
