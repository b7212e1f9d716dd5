use dioxus::prelude::MountedData;
use playconnect_guest::time::{self, Duration};
use std::future::Future;

pub use playconnect_guest::animation_frame;

/// Name of the scenario that this page shows: its path is `/dioxus/SCENARIO`, and with a broken adapter
/// `/dioxus-broken/SCENARIO/FAULT`.
pub fn chosen() -> String {
    let url = playconnect_guest::environment().url;
    url.split(['/', '?', '#']).nth(2).unwrap_or_default().to_owned()
}

pub fn sleep(milliseconds: u64) -> impl Future<Output = ()> {
    time::sleep(Duration::from_millis(milliseconds))
}

/// Selects all of a text control.
pub fn select(control: &MountedData) {
    control.downcast::<playconnect_guest::Mounted>().expect("a module's element").select();
}
