//! What is not Dioxus's own, and so not the same in a browser and in a module.

#[cfg(feature = "module")]
mod module;
#[cfg(feature = "oracle")]
mod oracle;

#[cfg(feature = "module")]
pub use module::*;
#[cfg(feature = "oracle")]
pub use oracle::*;
