//! Planted bugs: each breaks what a node or a browser does, where its messages pass. The oracles must find them.

use fastrand::Rng;
use playconnect_dom::op::code;
use playconnect_dom::stream::HEAD_BYTES;
use playconnect_frame::message::FRAME_HEAD_BYTES;
use playconnect_frame::{Event, ToBrowser, ToEdge};
use std::fmt;
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Planted {
    /// A browser does not acknowledge every frame, and no later ack makes up for it.
    DropAck,
    /// Two frames are applied in the wrong order.
    ApplyOutOfOrder,
    /// A browser forgets what it should listen to.
    ForgetListener,
    /// A page id is given out again before the browser knows that it was free, and the frame of an event is not looked at,
    /// by which the edge would notice.
    ReuseIdEarly,
    /// One message of a frame in parts is lost.
    LosePart,
    /// A frame is lost on a socket that lives.
    LoseFrame,
    /// The edge says that it has an event that it does not have.
    LoseEvent,
    /// What a module writes into a field goes over what was typed since.
    OverwriteTyped,
    /// An older socket of a session is heard beside the newest.
    HearOlderSocket,
    /// A browser does not say that its page was changed by something else.
    DropResync,
    /// A socket that is read no further is never read again.
    NeverReadAgain,
    /// A session is not told that its socket is full.
    IgnoreBacklog,
    /// An attribute is not set.
    ForgetAttribute,
}

impl Planted {
    pub const ALL: [Planted; 13] = [
        Planted::DropAck,
        Planted::ApplyOutOfOrder,
        Planted::ForgetListener,
        Planted::ReuseIdEarly,
        Planted::LosePart,
        Planted::LoseFrame,
        Planted::LoseEvent,
        Planted::OverwriteTyped,
        Planted::HearOlderSocket,
        Planted::DropResync,
        Planted::NeverReadAgain,
        Planted::IgnoreBacklog,
        Planted::ForgetAttribute,
    ];

    /// What becomes of a browser's message. None: it is lost.
    pub fn up(self, message: ToEdge, random: &mut Rng) -> Option<ToEdge> {
        match (self, &message) {
            (Planted::DropAck, ToEdge::Ack { .. }) => (random.u8(0..3) > 0).then_some(message),
            (Planted::DropResync, ToEdge::Resync { .. }) => None,
            (Planted::ReuseIdEarly, ToEdge::Event(event)) => {
                Some(ToEdge::Event(Event { frame: u32::MAX, ..event.clone() }))
            }
            _ => Some(message),
        }
    }

    /// What becomes of a node's message. `before`: one that has not arrived, if there is one.
    pub fn down(
        self,
        mut message: Vec<u8>,
        before: Option<&mut Vec<u8>>,
        random: &mut Rng,
    ) -> Option<Vec<u8>> {
        let decoded = ToBrowser::decode(&message).ok()?;
        match (self, decoded) {
            (Planted::LosePart, ToBrowser::Frame { head, .. }) if head.more && random.u8(0..4) == 0 => {
                return None;
            }
            (Planted::LoseFrame, ToBrowser::Frame { head, .. }) if !head.more && random.u8(0..20) == 0 => {
                return None;
            }
            (Planted::LoseEvent, ToBrowser::Welcome { sequence }) if sequence > 0 => {
                message = ToBrowser::Welcome { sequence: sequence + 1 }.encode();
            }
            (Planted::ApplyOutOfOrder, ToBrowser::Frame { head, .. }) if is_plain(&message) && !head.more => {
                if let Some(before) = before.filter(|before| is_plain(before)) {
                    let behind = message.split_off(FRAME_HEAD_BYTES);
                    message.extend(before.split_off(FRAME_HEAD_BYTES));
                    before.extend(behind);
                }
            }
            (Planted::ForgetListener, _) if random.u8(0..8) == 0 => {
                rewrite(&mut message, code::LISTEN, |words| words[0] = code::UNLISTEN);
            }
            (Planted::ForgetAttribute, _) if random.u8(0..8) == 0 => {
                rewrite(&mut message, code::ATTR, |words| words[0] = code::REMOVE_ATTR);
            }
            (Planted::OverwriteTyped, _) => {
                rewrite(&mut message, code::PROP, |words| words[8..12].fill(0xff));
            }
            _ => {}
        }
        Some(message)
    }
}

/// A frame of one part that builds on the one before.
fn is_plain(message: &[u8]) -> bool {
    matches!(ToBrowser::decode(message), Ok(ToBrowser::Frame { head, .. }) if !head.more && !head.fresh)
}

/// Changes the bytes of the first operation of this code.
fn rewrite(message: &mut [u8], wanted: u8, change: impl FnOnce(&mut [u8])) {
    if !matches!(ToBrowser::decode(message), Ok(ToBrowser::Frame { .. })) {
        return;
    }
    let word = |bytes: &[u8], at: usize| {
        u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    };
    let start = FRAME_HEAD_BYTES + HEAD_BYTES;
    let end = start + word(message, FRAME_HEAD_BYTES) as usize * 4;
    let mut at = start;
    while at < end {
        if message[at] == wanted {
            return change(&mut message[at..end]);
        }
        at += 4 + usize::from(message[at + 1]) * 4;
    }
}

impl fmt::Display for Planted {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let mut name = String::new();
        for letter in format!("{self:?}").chars() {
            if letter.is_uppercase() && !name.is_empty() {
                name.push('-');
            }
            name.extend(letter.to_lowercase());
        }
        formatter.write_str(&name)
    }
}

impl FromStr for Planted {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|planted| planted.to_string() == text);
        found.ok_or_else(|| {
            let names: Vec<String> = Self::ALL.iter().map(Planted::to_string).collect();
            format!("there is no planted bug {text:?}; there are: {}", names.join(", "))
        })
    }
}
