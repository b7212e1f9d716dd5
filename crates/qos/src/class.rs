//! What a shard's CPU is divided between.

use crate::Share;

/// Key `class` of a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    #[default]
    Ui,
    Compute,
    Rest,
    Background,
}

impl Class {
    pub const ALL: [Class; 4] = [Class::Ui, Class::Compute, Class::Rest, Class::Background];

    /// As in the manifest and in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Class::Ui => "ui",
            Class::Compute => "compute",
            Class::Rest => "rest",
            Class::Background => "background",
        }
    }
}

/// What each class gets of every shard: `[class.NAME]` in the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classes {
    shares: [Share; 4],
}

impl Classes {
    pub fn share(&self, class: Class) -> Share {
        self.shares[class as usize]
    }

    pub fn set(&mut self, class: Class, share: Share) {
        self.shares[class as usize] = share;
    }
}

impl Default for Classes {
    fn default() -> Classes {
        let weighs = |weight| Share::new(weight).expect("a weight within its bounds");
        Classes { shares: [weighs(400), weighs(100), weighs(200), weighs(50)] }
    }
}
