//! The scenarios with Dioxus's own renderer, in the body of a page: its fragment says which it shows.

use dioxus_web::{Config, launch::launch_cfg};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(thread_local_v2, js_namespace = document, js_name = body)]
    static BODY: web_sys::Element;
}

#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| web_sys::console::error_1(&panic.to_string().into())));
    launch_cfg(conformance_scenarios::App, Config::new().rootelement(BODY.with(Clone::clone)));
}
