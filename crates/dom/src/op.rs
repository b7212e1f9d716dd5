//! The numbers of `protocol/wire.md`.

/// Operation codes: the low byte of an operation's head word.
pub mod code {
    pub const NAME: u8 = 1;
    pub const CREATE: u8 = 2;
    pub const TEXT: u8 = 3;
    pub const COMMENT: u8 = 4;
    pub const SET_TEXT: u8 = 5;
    pub const ATTR: u8 = 6;
    pub const REMOVE_ATTR: u8 = 7;
    pub const PROP: u8 = 8;
    pub const INSERT: u8 = 9;
    pub const DETACH: u8 = 10;
    pub const REMOVE: u8 = 11;
    pub const LISTEN: u8 = 12;
    pub const UNLISTEN: u8 = 13;
    pub const CALL: u8 = 14;
    pub const TEMPLATE: u8 = 15;
    pub const OPEN: u8 = 16;
    pub const OPEN_ATTR: u8 = 17;
    pub const OPEN_TEXT: u8 = 18;
    pub const OPEN_COMMENT: u8 = 19;
    pub const CLOSE: u8 = 20;
    pub const CLONE: u8 = 21;
    pub const SLOT: u8 = 32;
    pub const TREE: u8 = 33;
    pub const STATUS: u8 = 34;
    pub const MOUNT: u8 = 35;
}

/// The number of an enum on the wire, and back.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident : $repr:ty { $($(#[$vdoc:meta])* $variant:ident = $number:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr($repr)]
        pub enum $name { $($(#[$vdoc])* $variant = $number),+ }
        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];
            pub fn from_wire(number: $repr) -> Option<Self> {
                match number { $($number => Some($name::$variant),)+ _ => None }
            }
            pub fn to_wire(self) -> $repr { self as $repr }
        }
    };
}

wire_enum! {
    /// Namespaces of names. Elements have the first three, attributes `None`, `XLink`, `Xml` and `Xmlns`.
    Namespace: u8 { None = 0, Svg = 1, MathMl = 2, XLink = 3, Xml = 4, Xmlns = 5 }
}

wire_enum! {
    /// Live form state. Not part of DOM equality.
    Property: u16 {
        Value = 1,
        Checked = 2,
        Indeterminate = 3,
        Selected = 4,
        /// Start and end in UTF-16 units.
        Selection = 5,
        Muted = 6,
        ScrollTop = 7,
        ScrollLeft = 8,
    }
}

wire_enum! {
    Command: u16 { Focus = 1, Blur = 2, Select = 3, ScrollIntoView = 4, ShowModal = 5, Close = 6, ShowPopover = 7 }
}

/// Flags of LISTEN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListenFlags(pub u32);

impl ListenFlags {
    pub const PASSIVE: u32 = 1;
    pub const PREVENT_DEFAULT: u32 = 2;
    pub const STOP_PROPAGATION: u32 = 4;
    pub const THROUGH: u32 = 16;
    pub const ALL: u32 = Self::PASSIVE | Self::PREVENT_DEFAULT | Self::STOP_PROPAGATION | Self::THROUGH;
}

/// A property's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PropertyValue<S> {
    Text(S),
    Flag(bool),
    Range(u32, u32),
    Number(i32),
}

/// How TREE is applied by the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum TreeMode {
    Replace = 0,
    Adopt = 1,
}
