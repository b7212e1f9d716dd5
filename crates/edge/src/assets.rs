//! The browser's part, embedded in the binary.

use crate::app::short_hash;
use std::sync::OnceLock;

/// A script of ours.
pub struct Script {
    /// File name with the content's hash.
    pub name: String,
    pub text: &'static [u8],
}

/// The client, if this binary was built with it: `cargo xtask build` makes it before the binary.
pub fn client() -> Option<&'static Script> {
    static CLIENT: OnceLock<Option<Script>> = OnceLock::new();
    CLIENT.get_or_init(|| script("client", include_bytes!(concat!(env!("OUT_DIR"), "/client.js")))).as_ref()
}

/// What pages of `playconnect dev` have besides.
pub fn development() -> Option<&'static Script> {
    static DEVELOPMENT: OnceLock<Option<Script>> = OnceLock::new();
    DEVELOPMENT.get_or_init(|| script("dev", include_bytes!(concat!(env!("OUT_DIR"), "/dev.js")))).as_ref()
}

fn script(name: &str, text: &'static [u8]) -> Option<Script> {
    (!text.is_empty()).then(|| Script { name: format!("{name}-{}.js", short_hash(text)), text })
}
