//! Reading a recording. A file of anybody's: nothing in it is believed before it is checked, and nothing is unpacked
//! without bound.

use super::{Header, MAGIC, RECORD_BYTES_MAX, RECORDING_BYTES_MAX, Record};
use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

/// An open recording: its header, and its records as an iterator.
pub struct Recording<R = BufReader<File>> {
    pub header: Header,
    /// The file ends amid a record, as one does whose node was killed.
    pub is_torn: bool,
    stream: io::Take<GzDecoder<R>>,
    /// Of the records read.
    position: usize,
    ended: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("it is no recording: one begins with PCR1")]
    Magic,
    #[error("its header is damaged, or of another version of playconnect: {0}")]
    Header(String),
    #[error("record {position} is damaged, or of another version of playconnect: {why}")]
    Record { position: usize, why: String },
}

impl Recording {
    /// # Errors
    /// It cannot be read, or is no recording.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Self::read(BufReader::new(File::open(path)?))
    }
}

impl<R: Read> Recording<R> {
    /// # Errors
    /// As those of [`open`](Recording::open).
    pub fn read(mut source: R) -> Result<Self, ReadError> {
        let mut magic = [0; 4];
        source.read_exact(&mut magic).map_err(|_| ReadError::Magic)?;
        if magic != *MAGIC {
            return Err(ReadError::Magic);
        }
        let mut stream = GzDecoder::new(source).take(RECORDING_BYTES_MAX);
        let header = match next(&mut stream) {
            Ok(Some(header)) => header,
            Ok(None) | Err(Broken::Torn) => return Err(ReadError::Header("it is cut off".to_owned())),
            Err(Broken::Wrong(why)) => return Err(ReadError::Header(why)),
        };
        Ok(Self { header, is_torn: false, stream, position: 0, ended: false })
    }
}

impl<R: Read> Iterator for Recording<R> {
    type Item = Result<Record, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let position = self.position;
        self.position += 1;
        let record = next(&mut self.stream);
        self.ended = !matches!(record, Ok(Some(_)));
        match record {
            Ok(record) => record.map(Ok),
            Err(Broken::Torn) => {
                self.is_torn = true;
                None
            }
            Err(Broken::Wrong(why)) => Some(Err(ReadError::Record { position, why })),
        }
    }
}

enum Broken {
    /// The end came too early.
    Torn,
    Wrong(String),
}

/// One value behind its length; `None` at the end.
fn next<T: DeserializeOwned>(stream: &mut impl Read) -> Result<Option<T>, Broken> {
    let mut length = [0; 4];
    let mut read = 0;
    while read < length.len() {
        match stream.read(&mut length[read..]).map_err(broken)? {
            0 if read == 0 => return Ok(None),
            0 => return Err(Broken::Torn),
            count => read += count,
        }
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > RECORD_BYTES_MAX {
        return Err(Broken::Wrong(format!("{length} bytes; at most {RECORD_BYTES_MAX} are possible")));
    }
    let mut bytes = Vec::new();
    stream.take(length as u64).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() < length {
        return Err(Broken::Torn);
    }
    match postcard::take_from_bytes(&bytes) {
        Ok((value, [])) => Ok(Some(value)),
        Ok((_, rest)) => Err(Broken::Wrong(format!("{} bytes too many", rest.len()))),
        Err(error) => Err(Broken::Wrong(error.to_string())),
    }
}

fn broken(error: io::Error) -> Broken {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => Broken::Torn,
        _ => Broken::Wrong(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::RecordedModule;
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use playconnect_session::{Instant, Output, SessionId};
    use std::io::Write;

    fn header() -> Header {
        Header {
            playconnect: "0.1.0".to_owned(),
            application: "lobby".to_owned(),
            route: "/".to_owned(),
            modules: vec![RecordedModule { name: "menu".to_owned(), hash: [7; 32] }],
        }
    }

    fn records() -> Vec<Record> {
        let ended = Record::Output(Output::Ended { session: SessionId(1) });
        vec![Record::Tick { at: Instant(5) }, ended, Record::Cut { why: "enough".to_owned() }]
    }

    fn packed(parts: &[Vec<u8>]) -> Vec<u8> {
        let mut file = GzEncoder::new(MAGIC.to_vec(), Compression::fast());
        for part in parts {
            file.write_all(&(part.len() as u32).to_le_bytes()).expect("memory");
            file.write_all(part).expect("memory");
        }
        file.finish().expect("memory")
    }

    fn sound() -> Vec<u8> {
        let mut parts = vec![postcard::to_allocvec(&header()).expect("a header")];
        parts.extend(records().iter().map(|record| postcard::to_allocvec(record).expect("a record")));
        packed(&parts)
    }

    #[test]
    fn what_was_written_is_read() {
        let sound = sound();
        let mut recording = Recording::read(&sound[..]).expect("a recording");
        assert_eq!(recording.header, header());
        let read: Vec<String> =
            recording.by_ref().map(|record| format!("{:?}", record.expect("sound"))).collect();
        assert_eq!(read, records().iter().map(|record| format!("{record:?}")).collect::<Vec<_>>());
        assert!(!recording.is_torn);
    }

    #[test]
    fn a_file_that_is_cut_off_gives_what_is_there() {
        let sound = sound();
        let mut torn = Recording::read(&sound[..sound.len() - 9]).expect("the header is there");
        assert!(torn.by_ref().all(|record| record.is_ok()));
        assert!(torn.is_torn);
    }

    #[test]
    fn what_is_no_recording_is_refused() {
        let why = |bytes: &[u8]| match Recording::read(bytes) {
            Err(error) => error.to_string(),
            Ok(mut recording) => recording.find_map(Result::err).expect("a damaged record").to_string(),
        };
        assert_eq!(why(b"PC"), "it is no recording: one begins with PCR1");
        assert_eq!(why(b"PCB1...."), "it is no recording: one begins with PCR1");
        assert!(why(b"PCR1no gzip at all").starts_with("its header is damaged"));
        let head = postcard::to_allocvec(&header()).expect("a header");
        assert!(why(&packed(&[head.clone(), vec![9, 9]])).starts_with("record 0 is damaged"));
        let long = packed(&[head.clone(), vec![0; RECORD_BYTES_MAX + 1]]);
        assert!(why(&long).contains("16777217 bytes; at most 16777216 are possible"), "{}", why(&long));
        let mut more = postcard::to_allocvec(&records()[0]).expect("a record");
        more.push(0);
        assert!(why(&packed(&[head, more])).contains("1 bytes too many"));
    }

    /// No file may make the reader fail other than by an error.
    #[test]
    fn any_bytes_are_survived() {
        let head = postcard::to_allocvec(&header()).expect("a header");
        let parts: Vec<Vec<u8>> =
            records().iter().map(|record| postcard::to_allocvec(record).expect("a record")).collect();
        let mut state = 0x5eed_u64;
        let mut random = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize
        };
        for _ in 0..2_000 {
            let mut parts = parts.clone();
            for _ in 0..1 + random() % 4 {
                let part = random() % parts.len();
                let at = random() % parts[part].len();
                parts[part][at] = random() as u8;
            }
            parts.insert(0, head.clone());
            let packed = packed(&parts);
            if let Ok(recording) = Recording::read(&packed[..]) {
                let _ = recording.count();
            }
            let mut sound = sound();
            let at = random() % sound.len();
            sound[at] = random() as u8;
            if let Ok(recording) = Recording::read(&sound[..]) {
                let _ = recording.count();
            }
        }
    }
}
