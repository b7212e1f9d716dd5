//! Live form state as a browser keeps it: what a person types is never lost to an answer that comes late. The rules are
//! those of `packages/client/src/form.ts`; `protocol/wire.md` says them under *Form state*.

use crate::op::{Property, PropertyValue};
use std::collections::BTreeMap;

/// The live state of one control of a [`Replica`](crate::replica::Replica).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Form {
    pub value: String,
    pub checked: bool,
    pub indeterminate: bool,
    pub selected: bool,
    /// UTF-16 offsets.
    pub selection: (u32, u32),
    pub muted: bool,
    pub scroll_top: i32,
    pub scroll_left: i32,
    /// Sequence of the last edit that it raised.
    edit: u32,
    /// While a person composes (IME): what waits for the end of it, by property.
    held: Option<BTreeMap<u16, (u32, LiveValue)>>,
}

pub(crate) type LiveValue = PropertyValue<Box<str>>;

impl Form {
    /// Sequence of the last edit that it raised; 0 for none.
    pub fn last_edit(&self) -> u32 {
        self.edit
    }

    /// It raised an event by which a person edits.
    pub(crate) fn edited(&mut self, sequence: u32) {
        self.edit = sequence;
    }

    pub(crate) fn compose(&mut self) {
        self.held.get_or_insert_default();
    }

    pub(crate) fn end_composition(&mut self) {
        for (property, (answers, value)) in self.held.take().into_iter().flatten() {
            if let Some(property) = Property::from_wire(property) {
                self.set(property, answers, value);
            }
        }
    }

    /// One PROP of a frame.
    pub(crate) fn set(&mut self, property: Property, answers: u32, value: LiveValue) {
        let edits = matches!(
            property,
            Property::Value | Property::Checked | Property::Selected | Property::Selection
        );
        if edits && answers < self.edit {
            return;
        }
        if edits && let Some(held) = &mut self.held {
            held.insert(property.to_wire(), (answers, value));
            return;
        }
        match (property, value) {
            (Property::Value, PropertyValue::Text(text)) => self.value = text.into(),
            (Property::Checked, PropertyValue::Flag(on)) => self.checked = on,
            (Property::Indeterminate, PropertyValue::Flag(on)) => self.indeterminate = on,
            (Property::Selected, PropertyValue::Flag(on)) => self.selected = on,
            (Property::Muted, PropertyValue::Flag(on)) => self.muted = on,
            (Property::Selection, PropertyValue::Range(start, end)) => self.selection = (start, end),
            (Property::ScrollTop, PropertyValue::Number(position)) => self.scroll_top = position,
            (Property::ScrollLeft, PropertyValue::Number(position)) => self.scroll_left = position,
            _ => {}
        }
    }
}
