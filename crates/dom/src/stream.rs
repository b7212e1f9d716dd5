//! Streams of operations: bounded reading, and writing in parts. What the operations mean is not known here.

use crate::op::code;

/// Reads the operations of one stream.
#[derive(Clone, Debug)]
pub struct StreamReader<'a> {
    words: &'a [u8],
    strings: &'a str,
    position: usize,
}

/// One operation as it stands in the stream.
#[derive(Clone, Copy, Debug)]
pub struct RawOp<'a> {
    pub code: u8,
    pub aux: u16,
    /// Word offset of the operation's head in the stream.
    pub at: usize,
    args: &'a [u8],
    strings: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    #[error("the stream is {found} bytes long where its head says {expected}")]
    Length { expected: u64, found: usize },
    #[error("the string section is not UTF-8 (byte {at})")]
    Utf8 { at: usize },
    #[error("the operation at word {at} is cut off: {wanted} argument words wanted, {found} there")]
    Cut { at: usize, wanted: usize, found: usize },
    #[error("the operation at word {at} (code {code}) has {found} argument words, it needs {wanted}")]
    Arguments { at: usize, code: u8, wanted: usize, found: usize },
    #[error(
        "the operation at word {at} names string bytes {offset}+{length}: outside the section or inside a character"
    )]
    String { at: usize, offset: u32, length: u32 },
}

/// Bytes of a stream's head.
pub const HEAD_BYTES: usize = 8;

impl<'a> StreamReader<'a> {
    /// `bytes` is one whole stream.
    pub fn new(bytes: &'a [u8]) -> Result<Self, StreamError> {
        let Some((head, rest)) = bytes.split_at_checked(HEAD_BYTES) else {
            return Err(StreamError::Length { expected: HEAD_BYTES as u64, found: bytes.len() });
        };
        let word_count = u64::from(word_at(head, 0));
        let string_count = u64::from(word_at(head, 1));
        let expected = HEAD_BYTES as u64 + word_count * 4 + string_count.next_multiple_of(4);
        if expected != bytes.len() as u64 {
            return Err(StreamError::Length { expected, found: bytes.len() });
        }
        let (words, strings) = rest.split_at(word_count as usize * 4);
        let strings = std::str::from_utf8(&strings[..string_count as usize])
            .map_err(|error| StreamError::Utf8 { at: error.valid_up_to() })?;
        Ok(StreamReader { words, strings, position: 0 })
    }

    /// The next operation. `None` behind the last one.
    pub fn next_op(&mut self) -> Result<Option<RawOp<'a>>, StreamError> {
        let words_left = self.words.len() / 4 - self.position;
        if words_left == 0 {
            return Ok(None);
        }
        let head = word_at(self.words, self.position);
        let at = self.position;
        let count = (head >> 8 & 0xff) as usize;
        if count > words_left - 1 {
            return Err(StreamError::Cut { at, wanted: count, found: words_left - 1 });
        }
        let start = (at + 1) * 4;
        self.position += 1 + count;
        Ok(Some(RawOp {
            code: head as u8,
            aux: (head >> 16) as u16,
            at,
            args: &self.words[start..start + count * 4],
            strings: self.strings,
        }))
    }
}

impl<'a> RawOp<'a> {
    pub fn arg_count(&self) -> usize {
        self.args.len() / 4
    }

    pub fn arg(&self, position: usize) -> Result<u32, StreamError> {
        if position < self.arg_count() {
            Ok(word_at(self.args, position))
        } else {
            Err(self.short(position + 1))
        }
    }

    /// The string whose offset and length are the arguments `position` and `position + 1`.
    pub fn string(&self, position: usize) -> Result<&'a str, StreamError> {
        let (offset, length) = (self.arg(position)?, self.arg(position + 1)?);
        let start = offset as usize;
        start
            .checked_add(length as usize)
            .and_then(|end| self.strings.get(start..end))
            .ok_or(StreamError::String { at: self.at, offset, length })
    }

    /// All arguments in order.
    pub fn args(&self) -> impl ExactSizeIterator<Item = u32> + 'a {
        self.args.chunks_exact(4).map(|bytes| word_at(bytes, 0))
    }

    fn short(&self, wanted: usize) -> StreamError {
        StreamError::Arguments { at: self.at, code: self.code, wanted, found: self.arg_count() }
    }
}

/// The word at word offset `position`. The caller has seen that it is there.
fn word_at(bytes: &[u8], position: usize) -> u32 {
    let start = position * 4;
    u32::from_le_bytes([bytes[start], bytes[start + 1], bytes[start + 2], bytes[start + 3]])
}

/// Writes one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamWriter {
    words: Vec<u32>,
    strings: String,
}

impl StreamWriter {
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Length of the stream in bytes, as `finish` would make it.
    pub fn byte_len(&self) -> usize {
        HEAD_BYTES + self.words.len() * 4 + self.strings.len().next_multiple_of(4)
    }

    pub fn op(&mut self, code: u8, aux: u16, args: &[u32]) {
        self.head(code, aux, args.len());
        self.words.extend_from_slice(args);
    }

    /// An operation whose last argument is a string.
    pub fn op_string(&mut self, code: u8, aux: u16, args: &[u32], string: &str) {
        self.head(code, aux, args.len() + 2);
        self.words.extend_from_slice(args);
        self.words.push(self.strings.len() as u32);
        self.words.push(string.len() as u32);
        self.strings.push_str(string);
    }

    /// Code, aux and argument words of each operation.
    pub(crate) fn ops(&self) -> impl Iterator<Item = (u8, u16, &[u32])> {
        let mut rest = &self.words[..];
        std::iter::from_fn(move || {
            let (head, behind) = rest.split_first()?;
            let (args, next) = behind.split_at((head >> 8 & 0xff) as usize);
            rest = next;
            Some((*head as u8, (head >> 16) as u16, args))
        })
    }

    /// The stream's bytes, appended to `out`.
    pub fn finish_into(&self, out: &mut Vec<u8>) {
        out.reserve(self.byte_len());
        out.extend_from_slice(&(self.words.len() as u32).to_le_bytes());
        out.extend_from_slice(&(self.strings.len() as u32).to_le_bytes());
        for word in &self.words {
            out.extend_from_slice(&word.to_le_bytes());
        }
        out.extend_from_slice(self.strings.as_bytes());
        out.resize(out.len().next_multiple_of(4), 0);
    }

    pub fn clear(&mut self) {
        self.words.clear();
        self.strings.clear();
    }

    fn head(&mut self, code: u8, aux: u16, count: usize) {
        let count = u8::try_from(count).expect("an operation has at most 255 argument words");
        self.words.push(u32::from(code) | u32::from(count) << 8 | u32::from(aux) << 16);
    }
}

/// Writes operations into as many streams as the bound on a part asks for. No operation is split.
#[derive(Clone, Debug)]
pub struct PartWriter {
    done: Vec<StreamWriter>,
    open: StreamWriter,
    part_bytes_max: usize,
}

impl PartWriter {
    pub fn new(part_bytes_max: usize) -> Self {
        PartWriter { done: Vec::new(), open: StreamWriter::default(), part_bytes_max }
    }

    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.open.is_empty()
    }

    pub fn byte_len(&self) -> usize {
        self.done.iter().map(StreamWriter::byte_len).sum::<usize>() + self.open.byte_len()
    }

    pub fn op(&mut self, code: u8, aux: u16, args: &[u32]) {
        self.make_room(4 + args.len() * 4);
        self.open.op(code, aux, args);
    }

    pub fn op_string(&mut self, code: u8, aux: u16, args: &[u32], string: &str) {
        self.make_room(12 + args.len() * 4 + string.len() + 3);
        self.open.op_string(code, aux, args, string);
    }

    /// NAME: the page's number for a name.
    pub fn name(&mut self, id: u16, namespace: crate::Namespace, local: &str) {
        self.op_string(code::NAME, id, &[u32::from(namespace.to_wire())], local);
    }

    /// The parts in order; at least one, the last may be empty.
    pub fn take(&mut self) -> Vec<StreamWriter> {
        let mut parts = std::mem::take(&mut self.done);
        parts.push(std::mem::take(&mut self.open));
        parts
    }

    pub fn clear(&mut self) {
        self.done.clear();
        self.open.clear();
    }

    fn make_room(&mut self, op_bytes: usize) {
        if !self.open.is_empty() && self.open.byte_len() + op_bytes > self.part_bytes_max {
            self.done.push(std::mem::take(&mut self.open));
        }
    }
}
