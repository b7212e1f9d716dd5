//! The world's exports for one component.

use crate::bindings::exports::playconnect::module::guest;
use crate::bindings::playconnect::module::types::{Input, Outcome, Start};
use crate::runtime::Runtime;
use std::cell::RefCell;
use std::marker::PhantomData;

pub use dioxus::dioxus_core::Element;

/// The component that a crate exports.
pub trait App {
    const APP: fn() -> Element;
}

/// What the generated exports call.
pub struct Exported<A>(PhantomData<A>);

thread_local! {
    /// The instance's module. `None` before `init`.
    static RUNTIME: RefCell<Option<Runtime>> = const { RefCell::new(None) };
}

impl<A: App> guest::Guest for Exported<A> {
    fn init(start: Start) -> Result<(), String> {
        std::panic::set_hook(Box::new(|panic| crate::error!("{panic}")));
        RUNTIME.set(Some(Runtime::new(A::APP, start)));
        Ok(())
    }

    fn turn(now_us: u64, inputs: Vec<Input>) -> Result<Outcome, String> {
        RUNTIME.with_borrow_mut(|runtime| match runtime {
            Some(runtime) => runtime.turn(now_us, inputs),
            None => Err("`turn` was called before `init`".to_owned()),
        })
    }
}

#[cfg(target_arch = "wasm32")]
impl<A: App> crate::bindings::exports::playconnect::module::memory::Guest for Exported<A> {
    fn restore_begin(memory_bytes: u32) {
        crate::memory::begin(memory_bytes as usize);
    }

    fn restore_end(start: Start) {
        crate::memory::end();
        RUNTIME.with_borrow_mut(|runtime| {
            if let Some(runtime) = runtime {
                runtime.restored(start);
            }
        });
    }

    fn reserved() -> (u32, u32) {
        let reserved = crate::memory::reserved();
        (reserved.start as u32, reserved.end as u32)
    }
}
