//! What the page's user does, and what the page is like for them.

use crate::message::{ENTRIES_MAX, VALUE_BYTES_MAX};

/// An event on a node, as the browser saw it.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Event {
    /// Counts the session's events from 1.
    pub sequence: u32,
    /// Page id of the innermost node of the event's path that has one.
    pub node: u32,
    /// The last frame that the browser had applied.
    pub frame: u32,
    /// Page-wide number of the event type's name.
    pub kind: u16,
    pub modifiers: u8,
    pub detail: Detail,
    pub form: Option<FormState>,
}

impl Event {
    /// What it takes of memory, about.
    pub fn bytes(&self) -> usize {
        const EACH: usize = 64;
        let detail = match &self.detail {
            Detail::Key { key, code } => key.len() + code.len(),
            Detail::Edit { input_type, data } => input_type.len() + data.as_ref().map_or(0, String::len),
            Detail::Submit(entries) => {
                entries.iter().map(|(name, value)| EACH + name.len() + value.len()).sum()
            }
            Detail::Pointer(pointer) => pointer.kind.len(),
            Detail::None | Detail::Wheel { .. } | Detail::Scroll { .. } => 0,
        };
        let form = self.form.as_ref().map_or(0, |form| form.value.len() + 4 * form.selected.len());
        EACH + detail + form
    }

    /// Something in it is as long as it can be: the browser has left out what was over (or, seldom, nothing was).
    pub fn is_cut(&self) -> bool {
        // The browser cuts in front of a character, which has up to four bytes.
        let is_full = |text: &str| text.len() > VALUE_BYTES_MAX - 4;
        let detail = match &self.detail {
            Detail::Edit { data, .. } => data.as_deref().is_some_and(is_full),
            Detail::Submit(entries) => {
                let units = |text: &str| text.encode_utf16().count();
                let all: usize = entries.iter().map(|(name, value)| units(name) + units(value) + 8).sum();
                entries.len() == ENTRIES_MAX || all >= VALUE_BYTES_MAX
            }
            _ => false,
        };
        detail || self.form.as_ref().is_some_and(|form| is_full(&form.value))
    }
}

/// Bits of `Event::modifiers`.
pub mod modifier {
    pub const ALT: u8 = 1;
    pub const CONTROL: u8 = 2;
    pub const META: u8 = 4;
    pub const SHIFT: u8 = 8;
    pub const REPEAT: u8 = 16;
    pub const COMPOSING: u8 = 32;
    pub const ALL: u8 = 63;
}

/// What is special to a kind of event. Lengths in CSS pixels.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Detail {
    #[default]
    None,
    Pointer(Pointer),
    Wheel {
        x: f32,
        y: f32,
        delta_x: f32,
        delta_y: f32,
        mode: u32,
    },
    Key {
        key: String,
        code: String,
    },
    Edit {
        input_type: String,
        data: Option<String>,
    },
    Scroll {
        top: f32,
        left: f32,
    },
    /// The form's entries in tree order.
    Submit(Vec<(String, String)>),
}

#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Pointer {
    pub x: f32,
    pub y: f32,
    pub offset_x: f32,
    pub offset_y: f32,
    pub button: i16,
    pub buttons: u16,
    pub pointer_id: i32,
    pub count: u32,
    pub kind: String,
}

/// The live state of a form control.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct FormState {
    pub value: String,
    pub checked: bool,
    /// UTF-16 offsets.
    pub selection: Option<(u32, u32)>,
    /// Positions of a select's selected options.
    pub selected: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Environment {
    pub locale: String,
    pub time_zone: String,
    /// Path, query and fragment.
    pub url: String,
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    pub reduced_motion: bool,
    pub visible: bool,
}

impl Default for Environment {
    fn default() -> Self {
        Environment {
            locale: "en".to_owned(),
            time_zone: "UTC".to_owned(),
            url: "/".to_owned(),
            width: 1280,
            height: 800,
            dark: false,
            reduced_motion: false,
            visible: true,
        }
    }
}
