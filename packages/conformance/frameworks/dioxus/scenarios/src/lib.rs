//! The scenarios in Dioxus, for both sides: features say with which renderer.
#![allow(non_snake_case, reason = "components are named like types")]

pub mod platform;

#[path = "../../../../scenarios/async-data/dioxus.rs"]
mod async_data;
#[path = "../../../../scenarios/attributes/dioxus.rs"]
mod attributes;
#[path = "../../../../scenarios/choices/dioxus.rs"]
mod choices;
#[path = "../../../../scenarios/conditionals/dioxus.rs"]
mod conditionals;
#[path = "../../../../scenarios/effects/dioxus.rs"]
mod effects;
#[path = "../../../../scenarios/error-boundary/dioxus.rs"]
mod error_boundary;
#[path = "../../../../scenarios/focus/dioxus.rs"]
mod focus;
#[path = "../../../../scenarios/forms/dioxus.rs"]
mod forms;
#[path = "../../../../scenarios/fragments/dioxus.rs"]
mod fragments;
#[path = "../../../../scenarios/keyed-list/dioxus.rs"]
mod keyed_list;
#[path = "../../../../scenarios/svg/dioxus.rs"]
mod svg;
#[path = "../../../../scenarios/tables/dioxus.rs"]
mod tables;
#[path = "../../../../scenarios/text-fields/dioxus.rs"]
mod text_fields;
#[path = "../../../../scenarios/timers/dioxus.rs"]
mod timers;
#[path = "../../../../scenarios/unmount/dioxus.rs"]
mod unmount;

use dioxus::prelude::*;

/// The scenario that the page names. As a component of its own it renders when its own state changes, and not when
/// something else about the page does.
pub fn App() -> Element {
    match platform::chosen().as_str() {
        "async-data" => rsx! { async_data::AsyncData {} },
        "attributes" => rsx! { attributes::Attributes {} },
        "choices" => rsx! { choices::Choices {} },
        "conditionals" => rsx! { conditionals::Conditionals {} },
        "effects" => rsx! { effects::Effects {} },
        "error-boundary" => rsx! { error_boundary::Boundaries {} },
        "focus" => rsx! { focus::Focus {} },
        "forms" => rsx! { forms::Forms {} },
        "fragments" => rsx! { fragments::Fragments {} },
        "keyed-list" => rsx! { keyed_list::KeyedList {} },
        "svg" => rsx! { svg::Svg {} },
        "tables" => rsx! { tables::Tables {} },
        "text-fields" => rsx! { text_fields::TextFields {} },
        "timers" => rsx! { timers::Timers {} },
        "unmount" => rsx! { unmount::Unmount {} },
        other => panic!("there is no scenario `{other}` in Dioxus"),
    }
}
