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

/// The scenario that the page names.
pub fn App() -> Element {
    let scenario = use_hook(|| match platform::chosen().as_str() {
        "async-data" => async_data::AsyncData,
        "attributes" => attributes::Attributes,
        "choices" => choices::Choices,
        "conditionals" => conditionals::Conditionals,
        "effects" => effects::Effects,
        "error-boundary" => error_boundary::Boundaries,
        "focus" => focus::Focus,
        "forms" => forms::Forms,
        "fragments" => fragments::Fragments,
        "keyed-list" => keyed_list::KeyedList,
        "svg" => svg::Svg,
        "tables" => tables::Tables,
        "text-fields" => text_fields::TextFields,
        "timers" => timers::Timers,
        "unmount" => unmount::Unmount,
        other => panic!("there is no scenario `{other}` in Dioxus"),
    } as fn() -> Element);
    scenario()
}
