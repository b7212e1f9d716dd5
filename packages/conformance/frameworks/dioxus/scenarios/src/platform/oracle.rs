use dioxus::prelude::MountedData;
use dioxus_web::WebEventExt;
use js_sys::{Function, Promise};
use std::future::Future;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, Window};

/// Name of the scenario that this page shows: it is in the fragment.
pub fn chosen() -> String {
    let hash = window().location().hash().expect("a page has an address");
    hash.trim_start_matches('#').to_owned()
}

pub fn sleep(milliseconds: u64) -> impl Future<Output = ()> {
    settled(move |resolve| {
        window()
            .set_timeout_with_callback_and_timeout_and_arguments_0(resolve, milliseconds as i32)
            .expect("a timer");
    })
}

pub fn animation_frame() -> impl Future<Output = ()> {
    settled(|resolve| {
        window().request_animation_frame(resolve).expect("an animation frame");
    })
}

/// Selects all of a text control.
pub fn select(control: &MountedData) {
    control.as_web_event().dyn_into::<HtmlInputElement>().expect("an input").select();
}

fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// Ready when the function that `start` gets is called.
async fn settled(start: impl Fn(&Function)) {
    let promise = Promise::new(&mut |resolve, _| start(&resolve));
    _ = JsFuture::from(promise).await;
}
