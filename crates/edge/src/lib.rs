//! The edge server.
#![forbid(unsafe_code)]

pub mod assets;
pub mod manifest;
pub mod node_config;
