//! What goes into a turn and what comes out: the records of `protocol/wit/module.wit`, field by field.
//!
//! They are the types that the engine lifts and lowers, so nothing is converted on the way to the guest.

pub use crate::bindings::playconnect::module::host::Level;
pub use crate::bindings::playconnect::module::types::{
    Action, ColorScheme, Detail, Edit, Environment, Event, Fetch, FormState, Input, Key, Lane, Modifiers,
    Outcome, Pointer, Request, Response, Scroll, Seed, Start, Strip, Stripped, Viewport, Wheel,
};
