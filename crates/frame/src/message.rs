//! The messages, each with its bytes.

use crate::event::{Detail, Environment, Event, FormState, Pointer, modifier};
use crate::words::{Reader, WireError, Writer};
use crate::{MESSAGE_BYTES_MAX, PROTOCOL_VERSION};
use playconnect_dom::stream::{StreamReader, StreamWriter};

/// From the browser.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum ToEdge {
    Hello(Hello),
    Event(Event),
    /// This frame and all before it are applied.
    Ack {
        frame: u32,
    },
    Environment(Environment),
    /// The nodes below this slot are not what they should be.
    Resync {
        node: u32,
    },
    Ping,
}

/// The first message of a socket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Hello {
    pub session: String,
    /// The page's nodes are from a socket before, not from the HTML.
    pub resume: bool,
    pub frame: u32,
    /// The last event sequence that the browser has given out.
    pub sequence: u32,
    /// Counts the page's sockets; the upper [`PAGE_BITS`] are the page's own, at random.
    pub connection: u32,
    pub environment: Environment,
}

impl Hello {
    /// The number of the page that says it, among the pages of a session.
    pub fn page(&self) -> u32 {
        self.connection >> (u32::BITS - PAGE_BITS)
    }

    /// It comes late: its page has said the other one on a newer socket, or on the same.
    pub fn is_behind(&self, other: &Hello) -> bool {
        self.page() == other.page() && self.connection <= other.connection
    }
}

/// From the edge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ToBrowser {
    Welcome { sequence: u32 },
    Frame { head: FrameHead, stream: Vec<u8> },
    Refused { code: CloseCode, reason: String },
    Pong,
    Location { kind: Location, url: String },
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FrameHead {
    pub number: u32,
    /// All events up to this sequence have been handled.
    pub event_ack: u32,
    /// Another part of the same frame follows.
    pub more: bool,
    /// Names and templates are forgotten first.
    pub fresh: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    Navigate = 0,
    Push = 1,
    Replace = 2,
}

/// Why a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum CloseCode {
    Undecodable = 1007,
    Protocol = 1008,
    TooBig = 1009,
    Restart = 1012,
    Overload = 1013,
    Forbidden = 4403,
    NoSession = 4404,
    Superseded = 4409,
}

const HELLO: u8 = 1;
const EVENT: u8 = 2;
const ACK: u8 = 3;
const ENVIRONMENT: u8 = 4;
const RESYNC: u8 = 5;
const PING: u8 = 6;
const WELCOME: u8 = 65;
const FRAME: u8 = 66;
const REFUSED: u8 = 67;
const PONG: u8 = 68;
const LOCATION: u8 = 69;

const SESSION_BYTES_MAX: usize = 128;
const SHORT_BYTES_MAX: usize = 256;
const URL_BYTES_MAX: usize = 8 << 10;
pub(crate) const VALUE_BYTES_MAX: usize = 256 << 10;
pub(crate) const ENTRIES_MAX: usize = 1024;

/// Of `Hello::connection`: the upper bits, which name the page.
pub const PAGE_BITS: u32 = 22;

/// Bytes in front of a frame's stream.
pub const FRAME_HEAD_BYTES: usize = 12;

impl ToEdge {
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > MESSAGE_BYTES_MAX {
            return Err(WireError::Limit {
                what: "a message in bytes",
                used: bytes.len(),
                allowed: MESSAGE_BYTES_MAX,
            });
        }
        let mut reader = Reader::new(bytes);
        let head = reader.word()?;
        let (kind, flags, aux) = (head as u8, (head >> 8) as u8, (head >> 16) as u16);
        let message = match kind {
            // Nothing else of a HELLO is read when its version is another.
            HELLO if aux != PROTOCOL_VERSION => {
                return Err(WireError::Version { theirs: aux, ours: PROTOCOL_VERSION });
            }
            HELLO => ToEdge::Hello(Hello {
                resume: flags & 1 != 0,
                session: reader.string("a session id", SESSION_BYTES_MAX)?.to_owned(),
                frame: reader.word()?,
                sequence: reader.word()?,
                connection: reader.word()?,
                environment: environment(&mut reader)?,
            }),
            EVENT => ToEdge::Event(event(&mut reader, flags)?),
            ACK => ToEdge::Ack { frame: reader.word()? },
            ENVIRONMENT => ToEdge::Environment(environment(&mut reader)?),
            RESYNC => ToEdge::Resync { node: reader.word()? },
            PING => ToEdge::Ping,
            other => return Err(WireError::Type(other)),
        };
        reader.finish()?;
        Ok(message)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut writer;
        match self {
            ToEdge::Hello(hello) => {
                writer = Writer::head(HELLO, u8::from(hello.resume), PROTOCOL_VERSION);
                writer.string(&hello.session);
                writer.word(hello.frame);
                writer.word(hello.sequence);
                writer.word(hello.connection);
                write_environment(&mut writer, &hello.environment);
            }
            ToEdge::Event(event) => {
                writer = Writer::head(EVENT, event_flags(event), 0);
                write_event(&mut writer, event);
            }
            ToEdge::Ack { frame } => {
                writer = Writer::head(ACK, 0, 0);
                writer.word(*frame);
            }
            ToEdge::Environment(environment) => {
                writer = Writer::head(ENVIRONMENT, 0, 0);
                write_environment(&mut writer, environment);
            }
            ToEdge::Resync { node } => {
                writer = Writer::head(RESYNC, 0, 0);
                writer.word(*node);
            }
            ToEdge::Ping => writer = Writer::head(PING, 0, 0),
        }
        writer.bytes
    }
}

impl ToBrowser {
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        let mut reader = Reader::new(bytes);
        let head = reader.word()?;
        let (kind, flags, aux) = (head as u8, (head >> 8) as u8, (head >> 16) as u16);
        let message = match kind {
            WELCOME if aux != PROTOCOL_VERSION => {
                return Err(WireError::Version { theirs: aux, ours: PROTOCOL_VERSION });
            }
            WELCOME => ToBrowser::Welcome { sequence: reader.word()? },
            FRAME => {
                let head = FrameHead {
                    more: flags & 1 != 0,
                    fresh: flags & 2 != 0,
                    number: reader.word()?,
                    event_ack: reader.word()?,
                };
                let stream = reader.rest();
                StreamReader::new(stream)?;
                ToBrowser::Frame { head, stream: stream.to_vec() }
            }
            REFUSED => {
                let code = reader.word()?;
                let code = CloseCode::from_wire(code)
                    .ok_or(WireError::Value { what: "a close code", value: code })?;
                ToBrowser::Refused { code, reason: reader.string("a reason", URL_BYTES_MAX)?.to_owned() }
            }
            PONG => ToBrowser::Pong,
            LOCATION => {
                let kind = match flags {
                    0 => Location::Navigate,
                    1 => Location::Push,
                    2 => Location::Replace,
                    other => return Err(WireError::Value { what: "a location", value: u32::from(other) }),
                };
                ToBrowser::Location { kind, url: reader.string("a url", URL_BYTES_MAX)?.to_owned() }
            }
            other => return Err(WireError::Type(other)),
        };
        reader.finish()?;
        Ok(message)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut writer;
        match self {
            ToBrowser::Welcome { sequence } => {
                writer = Writer::head(WELCOME, 0, PROTOCOL_VERSION);
                writer.word(*sequence);
            }
            ToBrowser::Frame { head, stream } => {
                let mut bytes = frame_head(head);
                bytes.extend_from_slice(stream);
                return bytes;
            }
            ToBrowser::Refused { code, reason } => {
                writer = Writer::head(REFUSED, 0, PROTOCOL_VERSION);
                writer.word(*code as u32);
                writer.string(reason);
            }
            ToBrowser::Pong => writer = Writer::head(PONG, 0, 0),
            ToBrowser::Location { kind, url } => {
                writer = Writer::head(LOCATION, *kind as u8, 0);
                writer.string(url);
            }
        }
        writer.bytes
    }
}

/// The message of one part of a frame, without a copy of the stream in between.
pub fn encode_frame(head: &FrameHead, stream: &StreamWriter) -> Vec<u8> {
    let mut bytes = frame_head(head);
    stream.finish_into(&mut bytes);
    bytes
}

impl CloseCode {
    pub const ALL: [CloseCode; 8] = [
        CloseCode::Undecodable,
        CloseCode::Protocol,
        CloseCode::TooBig,
        CloseCode::Restart,
        CloseCode::Overload,
        CloseCode::Forbidden,
        CloseCode::NoSession,
        CloseCode::Superseded,
    ];

    pub fn from_wire(code: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|own| *own as u32 == code)
    }
}

fn frame_head(head: &FrameHead) -> Vec<u8> {
    let flags = u8::from(head.more) | u8::from(head.fresh) << 1;
    let mut writer = Writer::head(FRAME, flags, 0);
    writer.word(head.number);
    writer.word(head.event_ack);
    writer.bytes
}

fn environment(reader: &mut Reader) -> Result<Environment, WireError> {
    let locale = reader.string("a locale", SHORT_BYTES_MAX)?.to_owned();
    let time_zone = reader.string("a time zone", SHORT_BYTES_MAX)?.to_owned();
    let url = reader.string("a url", URL_BYTES_MAX)?.to_owned();
    let (width, height, flags) = (reader.word()?, reader.word()?, reader.word()?);
    Ok(Environment {
        locale,
        time_zone,
        url,
        width,
        height,
        dark: flags & 1 != 0,
        reduced_motion: flags & 2 != 0,
        visible: flags & 4 != 0,
    })
}

fn write_environment(writer: &mut Writer, environment: &Environment) {
    writer.string(&environment.locale);
    writer.string(&environment.time_zone);
    writer.string(&environment.url);
    writer.word(environment.width);
    writer.word(environment.height);
    writer.word(
        u32::from(environment.dark)
            | u32::from(environment.reduced_motion) << 1
            | u32::from(environment.visible) << 2,
    );
}

fn event(reader: &mut Reader, flags: u8) -> Result<Event, WireError> {
    let (sequence, node, frame) = (reader.word()?, reader.word()?, reader.word()?);
    let kind = reader.word()?;
    let kind = u16::try_from(kind).map_err(|_| WireError::Value { what: "an event type", value: kind })?;
    let modifiers = reader.word()? as u8 & modifier::ALL;
    let detail = match flags & 7 {
        0 => Detail::None,
        1 => {
            let (x, y, offset_x, offset_y) =
                (reader.float()?, reader.float()?, reader.float()?, reader.float()?);
            let buttons = reader.word()?;
            Detail::Pointer(Pointer {
                x,
                y,
                offset_x,
                offset_y,
                button: buttons as i16,
                buttons: (buttons >> 16) as u16,
                pointer_id: reader.word()? as i32,
                count: reader.word()?,
                kind: reader.string("a pointer's kind", SHORT_BYTES_MAX)?.to_owned(),
            })
        }
        2 => Detail::Wheel {
            x: reader.float()?,
            y: reader.float()?,
            delta_x: reader.float()?,
            delta_y: reader.float()?,
            mode: reader.word()?,
        },
        3 => Detail::Key {
            key: reader.string("a key", SHORT_BYTES_MAX)?.to_owned(),
            code: reader.string("a key's code", SHORT_BYTES_MAX)?.to_owned(),
        },
        4 => {
            let input_type = reader.string("an input type", SHORT_BYTES_MAX)?.to_owned();
            let has_data = reader.word()? != 0;
            let data = reader.string("an input's data", VALUE_BYTES_MAX)?;
            Detail::Edit { input_type, data: has_data.then(|| data.to_owned()) }
        }
        5 => Detail::Scroll { top: reader.float()?, left: reader.float()? },
        6 => {
            let count = count(reader, "entries of a form")?;
            let mut entries = Vec::new();
            for _ in 0..count {
                let name = reader.string("a form entry's name", VALUE_BYTES_MAX)?.to_owned();
                entries.push((name, reader.string("a form entry's value", VALUE_BYTES_MAX)?.to_owned()));
            }
            Detail::Submit(entries)
        }
        other => return Err(WireError::Value { what: "a kind of detail", value: u32::from(other) }),
    };
    let form = if flags & 8 != 0 { Some(form_state(reader)?) } else { None };
    Ok(Event { sequence, node, frame, kind, modifiers, detail, form })
}

fn form_state(reader: &mut Reader) -> Result<FormState, WireError> {
    let value = reader.string("a form control's value", VALUE_BYTES_MAX)?.to_owned();
    let (flags, start, end) = (reader.word()?, reader.word()?, reader.word()?);
    let count = count(reader, "selected options")?;
    let mut selected = Vec::new();
    for _ in 0..count {
        selected.push(reader.word()?);
    }
    Ok(FormState {
        value,
        checked: flags & 1 != 0,
        selection: (flags & 2 != 0).then_some((start, end)),
        selected,
    })
}

fn count(reader: &mut Reader, what: &'static str) -> Result<usize, WireError> {
    let count = reader.word()? as usize;
    if count > ENTRIES_MAX {
        Err(WireError::Limit { what, used: count, allowed: ENTRIES_MAX })
    } else {
        Ok(count)
    }
}

fn event_flags(event: &Event) -> u8 {
    let detail = match event.detail {
        Detail::None => 0,
        Detail::Pointer(_) => 1,
        Detail::Wheel { .. } => 2,
        Detail::Key { .. } => 3,
        Detail::Edit { .. } => 4,
        Detail::Scroll { .. } => 5,
        Detail::Submit(_) => 6,
    };
    detail | u8::from(event.form.is_some()) << 3
}

fn write_event(writer: &mut Writer, event: &Event) {
    for word in [event.sequence, event.node, event.frame, u32::from(event.kind), u32::from(event.modifiers)] {
        writer.word(word);
    }
    match &event.detail {
        Detail::None => {}
        Detail::Pointer(pointer) => {
            for float in [pointer.x, pointer.y, pointer.offset_x, pointer.offset_y] {
                writer.float(float);
            }
            writer.word(u32::from(pointer.button as u16) | u32::from(pointer.buttons) << 16);
            writer.word(pointer.pointer_id as u32);
            writer.word(pointer.count);
            writer.string(&pointer.kind);
        }
        Detail::Wheel { x, y, delta_x, delta_y, mode } => {
            for float in [*x, *y, *delta_x, *delta_y] {
                writer.float(float);
            }
            writer.word(*mode);
        }
        Detail::Key { key, code } => {
            writer.string(key);
            writer.string(code);
        }
        Detail::Edit { input_type, data } => {
            writer.string(input_type);
            writer.word(u32::from(data.is_some()));
            writer.string(data.as_deref().unwrap_or(""));
        }
        Detail::Scroll { top, left } => {
            writer.float(*top);
            writer.float(*left);
        }
        Detail::Submit(entries) => {
            writer.word(entries.len() as u32);
            for (name, value) in entries {
                writer.string(name);
                writer.string(value);
            }
        }
    }
    if let Some(form) = &event.form {
        writer.string(&form.value);
        writer.word(u32::from(form.checked) | u32::from(form.selection.is_some()) << 1);
        let (start, end) = form.selection.unwrap_or_default();
        writer.word(start);
        writer.word(end);
        writer.word(form.selected.len() as u32);
        for position in &form.selected {
            writer.word(*position);
        }
    }
}
