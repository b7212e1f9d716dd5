//! Messages as words: bounded reading, and writing.

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    #[error("the message is cut off at word {at}")]
    Cut { at: usize },
    #[error("{left} bytes are left over behind the message")]
    Surplus { left: usize },
    #[error("the string at word {at} is not UTF-8")]
    Utf8 { at: usize },
    #[error("message type {0} is not known here")]
    Type(u8),
    #[error("{what} of {used} where {allowed} is the limit")]
    Limit { what: &'static str, used: usize, allowed: usize },
    #[error("{what} has no value {value}")]
    Value { what: &'static str, value: u32 },
    #[error(transparent)]
    Stream(#[from] playconnect_dom::stream::StreamError),
    #[error(
        "the browser speaks version {theirs} of the protocol, this edge speaks version {ours}: reload the page"
    )]
    Version { theirs: u16, ours: u16 },
}

pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Reader<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Reader { bytes, position: 0 }
    }

    pub fn word(&mut self) -> Result<u32, WireError> {
        let word = self.bytes.get(self.position..).and_then(<[u8]>::first_chunk::<4>);
        let word = word.ok_or(WireError::Cut { at: self.position / 4 })?;
        self.position += 4;
        Ok(u32::from_le_bytes(*word))
    }

    pub fn float(&mut self) -> Result<f32, WireError> {
        self.word().map(f32::from_bits)
    }

    /// A string of at most `allowed` bytes.
    pub fn string(&mut self, what: &'static str, allowed: usize) -> Result<&'a str, WireError> {
        let length = self.word()? as usize;
        if length > allowed {
            return Err(WireError::Limit { what, used: length, allowed });
        }
        let at = self.position / 4;
        let bytes = self.bytes.get(self.position..).and_then(|rest| rest.get(..length.next_multiple_of(4)));
        let bytes = bytes.ok_or(WireError::Cut { at })?;
        self.position += bytes.len();
        std::str::from_utf8(&bytes[..length]).map_err(|_| WireError::Utf8 { at })
    }

    /// All bytes that are left.
    pub fn rest(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.position..];
        self.position = self.bytes.len();
        rest
    }

    pub fn finish(&self) -> Result<(), WireError> {
        match self.bytes.len() - self.position {
            0 => Ok(()),
            left => Err(WireError::Surplus { left }),
        }
    }
}

#[derive(Default)]
pub(crate) struct Writer {
    pub bytes: Vec<u8>,
}

impl Writer {
    pub fn head(kind: u8, flags: u8, aux: u16) -> Self {
        let mut writer = Writer::default();
        writer.word(u32::from(kind) | u32::from(flags) << 8 | u32::from(aux) << 16);
        writer
    }

    pub fn word(&mut self, word: u32) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }

    pub fn float(&mut self, float: f32) {
        self.word(float.to_bits());
    }

    pub fn string(&mut self, string: &str) {
        self.word(string.len() as u32);
        self.bytes.extend_from_slice(string.as_bytes());
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}
