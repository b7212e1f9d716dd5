//! A module's batch: decoded as a whole, within limits, or not at all.

use crate::limits::{BatchLimits, LimitKey};
use crate::op::{ListenFlags, Namespace, PropertyValue, code};
use crate::stream::{RawOp, StreamError, StreamReader, StreamWriter};
use crate::{Command, Limits, Property};

/// `PCB1`: the first four bytes of a batch.
pub const MAGIC: u32 = u32::from_le_bytes(*b"PCB1");

/// The operations of one batch. Every operation has been read and is within the limits of its own; what they mean
/// for a page is checked by [`Tree::check`](crate::Tree::check).
#[derive(Debug)]
pub struct Batch<'a> {
    ops: Vec<Op<'a>>,
}

/// One operation. Nodes are the module's indices, names and templates its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op<'a> {
    Name {
        id: u16,
        namespace: Namespace,
        local: &'a str,
    },
    Create {
        name: u16,
        node: u32,
    },
    Text {
        node: u32,
        data: &'a str,
    },
    Comment {
        node: u32,
        data: &'a str,
    },
    SetText {
        node: u32,
        data: &'a str,
    },
    Attr {
        name: u16,
        node: u32,
        value: &'a str,
    },
    RemoveAttr {
        name: u16,
        node: u32,
    },
    Prop {
        property: Property,
        node: u32,
        answers: u32,
        value: PropertyValue<&'a str>,
    },
    Insert {
        parent: u32,
        child: u32,
        before: u32,
    },
    Detach {
        node: u32,
    },
    Remove {
        node: u32,
    },
    Listen {
        kind: u16,
        node: u32,
        flags: ListenFlags,
        filter: Option<&'a str>,
    },
    Unlisten {
        kind: u16,
        node: u32,
    },
    Call {
        command: Command,
        node: u32,
    },
    Template {
        id: u16,
    },
    Open {
        name: u16,
        marked: bool,
    },
    OpenAttr {
        name: u16,
        value: &'a str,
    },
    OpenText {
        marked: bool,
        data: &'a str,
    },
    OpenComment {
        marked: bool,
        data: &'a str,
    },
    Close,
    Clone {
        template: u16,
        nodes: CloneNodes<'a>,
    },
    /// An operation that this version does not know: skipped.
    Unknown {
        code: u8,
    },
    /// A property, command or namespace that this version does not have: stripped.
    Unsupported {
        what: &'static str,
        number: u32,
    },
}

/// The nodes named by a CLONE, in document order.
#[derive(Clone, Debug)]
pub struct CloneNodes<'a>(RawOp<'a>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    #[error("a batch starts with \"PCB1\", this one with {found:?}")]
    Magic { found: [u8; 4] },
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error("operation {op}: {what}: {used} used, {allowed} allowed")]
    Limit { op: usize, what: &'static str, used: usize, allowed: usize, key: LimitKey },
}

impl<'a> Batch<'a> {
    /// Decodes all of it. No bytes at all are an empty batch.
    pub fn decode(bytes: &'a [u8], batch: BatchLimits, limits: &Limits) -> Result<Self, Malformed> {
        if bytes.is_empty() {
            return Ok(Batch { ops: Vec::new() });
        }
        within(0, "bytes of a batch", bytes.len(), batch.bytes, LimitKey::Module("batch_bytes"))?;
        let (magic, stream) =
            bytes.split_first_chunk::<4>().ok_or(StreamError::Length { expected: 12, found: bytes.len() })?;
        if u32::from_le_bytes(*magic) != MAGIC {
            return Err(Malformed::Magic { found: *magic });
        }
        let mut reader = StreamReader::new(stream)?;
        let mut ops = Vec::new();
        while let Some(raw) = reader.next_op()? {
            let key = LimitKey::Module("batch_ops");
            within(ops.len(), "operations of a batch", ops.len() + 1, batch.ops, key)?;
            ops.push(Op::decode(raw, ops.len(), limits)?);
        }
        Ok(Batch { ops })
    }

    pub fn ops(&self) -> &[Op<'a>] {
        &self.ops
    }
}

impl<'a> Op<'a> {
    fn decode(raw: RawOp<'a>, position: usize, limits: &Limits) -> Result<Self, Malformed> {
        let within = |what, used, allowed| within(position, what, used, allowed, LimitKey::Fixed);
        let text = |at: usize| -> Result<&'a str, Malformed> {
            let data = raw.string(at)?;
            within("bytes of a text", data.len(), limits.text_bytes)?;
            Ok(data)
        };
        let attribute = |at: usize| -> Result<&'a str, Malformed> {
            let value = raw.string(at)?;
            within("bytes of an attribute's value", value.len(), limits.attribute_bytes)?;
            Ok(value)
        };
        Ok(match raw.code {
            code::NAME => {
                let (number, local) = (raw.arg(0)?, raw.string(1)?);
                within("bytes of a name", local.len(), limits.name_bytes)?;
                within("names of a module", usize::from(raw.aux) + 1, limits.names)?;
                match u8::try_from(number).ok().and_then(Namespace::from_wire) {
                    Some(namespace) => Op::Name { id: raw.aux, namespace, local },
                    None => Op::Unsupported { what: "namespace", number },
                }
            }
            code::CREATE => Op::Create { name: raw.aux, node: raw.arg(0)? },
            code::TEXT => Op::Text { node: raw.arg(0)?, data: text(1)? },
            code::COMMENT => Op::Comment { node: raw.arg(0)?, data: text(1)? },
            code::SET_TEXT => Op::SetText { node: raw.arg(0)?, data: text(1)? },
            code::ATTR => Op::Attr { name: raw.aux, node: raw.arg(0)?, value: attribute(1)? },
            code::REMOVE_ATTR => Op::RemoveAttr { name: raw.aux, node: raw.arg(0)? },
            code::PROP => {
                let (node, answers) = (raw.arg(0)?, raw.arg(1)?);
                let Some(property) = Property::from_wire(raw.aux) else {
                    return Ok(Op::Unsupported { what: "property", number: u32::from(raw.aux) });
                };
                let value = match property {
                    Property::Value => PropertyValue::Text(text(2)?),
                    Property::Selection => PropertyValue::Range(raw.arg(2)?, raw.arg(3)?),
                    Property::ScrollTop | Property::ScrollLeft => PropertyValue::Number(raw.arg(2)? as i32),
                    Property::Checked | Property::Indeterminate | Property::Selected | Property::Muted => {
                        PropertyValue::Flag(raw.arg(2)? != 0)
                    }
                };
                Op::Prop { property, node, answers, value }
            }
            code::INSERT => Op::Insert { parent: raw.arg(0)?, child: raw.arg(1)?, before: raw.arg(2)? },
            code::DETACH => Op::Detach { node: raw.arg(0)? },
            code::REMOVE => Op::Remove { node: raw.arg(0)? },
            code::LISTEN => {
                let (node, flags) = (raw.arg(0)?, raw.arg(1)?);
                let filter = if raw.arg_count() > 2 { Some(raw.string(2)?) } else { None };
                within("bytes of an event filter", filter.map_or(0, str::len), limits.name_bytes)?;
                Op::Listen { kind: raw.aux, node, flags: ListenFlags(flags & ListenFlags::ALL), filter }
            }
            code::UNLISTEN => Op::Unlisten { kind: raw.aux, node: raw.arg(0)? },
            code::CALL => {
                let node = raw.arg(0)?;
                match Command::from_wire(raw.aux) {
                    Some(command) => Op::Call { command, node },
                    None => Op::Unsupported { what: "command", number: u32::from(raw.aux) },
                }
            }
            code::TEMPLATE => {
                within("templates of a module", usize::from(raw.aux) + 1, limits.templates)?;
                Op::Template { id: raw.aux }
            }
            code::OPEN => Op::Open { name: raw.aux, marked: raw.arg(0)? != 0 },
            code::OPEN_ATTR => Op::OpenAttr { name: raw.aux, value: attribute(0)? },
            code::OPEN_TEXT => Op::OpenText { marked: raw.arg(0)? != 0, data: text(1)? },
            code::OPEN_COMMENT => Op::OpenComment { marked: raw.arg(0)? != 0, data: text(1)? },
            code::CLOSE => Op::Close,
            code::CLONE => Op::Clone { template: raw.aux, nodes: CloneNodes(raw) },
            code => Op::Unknown { code },
        })
    }
}

impl CloneNodes<'_> {
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> {
        self.0.args()
    }
}

impl PartialEq for CloneNodes<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for CloneNodes<'_> {}

fn within(
    op: usize,
    what: &'static str,
    used: usize,
    allowed: usize,
    key: LimitKey,
) -> Result<(), Malformed> {
    if used <= allowed { Ok(()) } else { Err(Malformed::Limit { op, what, used, allowed, key }) }
}

/// Writes a batch. Numbers of names, templates and nodes are the caller's.
#[derive(Clone, Debug, Default)]
pub struct BatchWriter {
    stream: StreamWriter,
    op_count: usize,
}

impl BatchWriter {
    pub fn is_empty(&self) -> bool {
        self.op_count == 0
    }

    pub fn op_count(&self) -> usize {
        self.op_count
    }

    /// The batch's bytes; the writer is empty afterwards. No operations: no bytes.
    pub fn finish(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if !self.is_empty() {
            bytes.extend_from_slice(&MAGIC.to_le_bytes());
            self.stream.finish_into(&mut bytes);
        }
        self.stream.clear();
        self.op_count = 0;
        bytes
    }

    pub fn name(&mut self, id: u16, namespace: Namespace, local: &str) {
        self.string_op(code::NAME, id, &[u32::from(namespace.to_wire())], local);
    }

    pub fn create(&mut self, node: u32, name: u16) {
        self.op(code::CREATE, name, &[node]);
    }

    pub fn text(&mut self, node: u32, data: &str) {
        self.string_op(code::TEXT, 0, &[node], data);
    }

    pub fn comment(&mut self, node: u32, data: &str) {
        self.string_op(code::COMMENT, 0, &[node], data);
    }

    pub fn set_text(&mut self, node: u32, data: &str) {
        self.string_op(code::SET_TEXT, 0, &[node], data);
    }

    pub fn attr(&mut self, node: u32, name: u16, value: &str) {
        self.string_op(code::ATTR, name, &[node], value);
    }

    pub fn remove_attr(&mut self, node: u32, name: u16) {
        self.op(code::REMOVE_ATTR, name, &[node]);
    }

    pub fn prop(&mut self, node: u32, property: Property, answers: u32, value: PropertyValue<&str>) {
        let aux = property.to_wire();
        match value {
            PropertyValue::Text(text) => self.string_op(code::PROP, aux, &[node, answers], text),
            PropertyValue::Flag(flag) => self.op(code::PROP, aux, &[node, answers, u32::from(flag)]),
            PropertyValue::Range(start, end) => self.op(code::PROP, aux, &[node, answers, start, end]),
            PropertyValue::Number(number) => self.op(code::PROP, aux, &[node, answers, number as u32]),
        }
    }

    /// `before` 0: at the end.
    pub fn insert(&mut self, parent: u32, child: u32, before: u32) {
        self.op(code::INSERT, 0, &[parent, child, before]);
    }

    pub fn detach(&mut self, node: u32) {
        self.op(code::DETACH, 0, &[node]);
    }

    pub fn remove(&mut self, node: u32) {
        self.op(code::REMOVE, 0, &[node]);
    }

    pub fn listen(&mut self, node: u32, kind: u16, flags: ListenFlags, filter: Option<&str>) {
        match filter {
            Some(filter) => self.string_op(code::LISTEN, kind, &[node, flags.0], filter),
            None => self.op(code::LISTEN, kind, &[node, flags.0]),
        }
    }

    pub fn unlisten(&mut self, node: u32, kind: u16) {
        self.op(code::UNLISTEN, kind, &[node]);
    }

    pub fn call(&mut self, node: u32, command: Command) {
        self.op(code::CALL, command.to_wire(), &[node]);
    }

    /// Starts a definition: `open`, `open_attr`, `open_text`, `open_comment` and `close` follow until the root is closed.
    pub fn template(&mut self, id: u16) {
        self.op(code::TEMPLATE, id, &[0]);
    }

    pub fn open(&mut self, name: u16, marked: bool) {
        self.op(code::OPEN, name, &[u32::from(marked)]);
    }

    pub fn open_attr(&mut self, name: u16, value: &str) {
        self.string_op(code::OPEN_ATTR, name, &[], value);
    }

    pub fn open_text(&mut self, marked: bool, data: &str) {
        self.string_op(code::OPEN_TEXT, 0, &[u32::from(marked)], data);
    }

    pub fn open_comment(&mut self, marked: bool, data: &str) {
        self.string_op(code::OPEN_COMMENT, 0, &[u32::from(marked)], data);
    }

    pub fn close(&mut self) {
        self.op(code::CLOSE, 0, &[]);
    }

    /// One node for each mark of the template, in document order.
    pub fn clone_template(&mut self, template: u16, nodes: &[u32]) {
        self.op(code::CLONE, template, nodes);
    }

    fn op(&mut self, code: u8, aux: u16, args: &[u32]) {
        self.op_count += 1;
        self.stream.op(code, aux, args);
    }

    fn string_op(&mut self, code: u8, aux: u16, args: &[u32], string: &str) {
        self.op_count += 1;
        self.stream.op_string(code, aux, args, string);
    }
}
