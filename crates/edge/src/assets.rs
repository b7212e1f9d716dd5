//! The browser's part, embedded in the binary.

use crate::app::short_hash;
use std::sync::OnceLock;

/// The client script.
pub struct Client {
    /// File name with the content's hash.
    pub name: String,
    pub script: &'static [u8],
}

/// The client, if this binary was built with it: `cargo xtask build` makes it before the binary.
pub fn client() -> Option<&'static Client> {
    static CLIENT: OnceLock<Option<Client>> = OnceLock::new();
    let client = CLIENT.get_or_init(|| {
        let script: &'static [u8] = include_bytes!(concat!(env!("OUT_DIR"), "/client.js"));
        (!script.is_empty()).then(|| Client { name: format!("client-{}.js", short_hash(script)), script })
    });
    client.as_ref()
}
