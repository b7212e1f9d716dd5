//! What a component does to a page, without Wasm: one file for each kind of behaviour.
#![allow(non_snake_case, reason = "components are named like types")]

mod asking;
mod attributes;
mod events;
mod lists;
mod page;
mod rendering;
mod time;
