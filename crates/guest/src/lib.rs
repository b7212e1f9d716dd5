//! PlayConnect modules in Rust.
//!
//! A module is an ordinary [Dioxus] component. It runs in a WebAssembly instance of its own, driven by *turns*: what
//! happened goes in, and one batch of changes to the page comes out. This crate is what stands between: it turns
//! Dioxus's mutations into operations, our events into Dioxus's, and gives a module what it may know (time, random
//! numbers, the page's environment, the manifest's properties) and ask for (URLs, requests).
//!
//! ```no_run
//! use dioxus::prelude::*;
//!
//! fn App() -> Element {
//!     let mut count = use_signal(|| 0);
//!     rsx! { button { onclick: move |_| count += 1, "{count}" } }
//! }
//!
//! playconnect_guest::export!(App);
//! # fn main() {}
//! ```
//!
//! `docs/guide/rust.md` tells the whole of it.
//!
//! [Dioxus]: https://dioxuslabs.com

mod attributes;
#[doc(hidden)]
pub mod bindings;
mod events;
mod log;
#[cfg(target_arch = "wasm32")]
#[doc(hidden)]
pub mod memory;
#[doc(hidden)]
pub mod module;
mod mutations;
mod nodes;
mod page;
mod platform;
mod random;
mod runtime;
mod sorted;
mod templates;
pub mod time;

pub use bindings::playconnect::module::types;
pub use events::{Mounted, Raised};
pub use log::{Level, log};
pub use page::{
    ColorScheme, Environment, Fetch, FetchError, PropertiesError, Response, Viewport, environment, fetch,
    incarnation, module_name, navigate, properties, push_url, replace_url, slot_name,
};
pub use random::{random, random_range, random_u64};
pub use runtime::Runtime;
pub use time::animation_frame;

/// Exports a component as a module: `playconnect_guest::export!(App);`, once in the crate.
///
/// The component takes no properties of Dioxus's; what the manifest says comes from
/// [`properties`](crate::properties). For other targets than wasm32 this is nothing, so that the crate's own tests
/// run natively.
#[macro_export]
macro_rules! export {
    ($app:path) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Module;

            impl $crate::module::App for Module {
                const APP: fn() -> $crate::module::Element = $app;
            }

            type Exported = $crate::module::Exported<Module>;
    $crate::bindings::export_world!(Exported with_types_in $crate::bindings);
            $crate::export_memory!();
        };
        #[cfg(not(target_arch = "wasm32"))]
        const _: fn() -> $crate::module::Element = $app;
    };
}
