//! A sleeping instance: the pages of its memory that differ from a fresh instance's.
//!
//! Byte form, little-endian (version 1):
//! ```text
//! "PCSN"  u32 version  32 bytes hash of the module  u64 bytes of memory  u32 number of records
//! records: u32 page, 4096 bytes; pages ascending
//! 32 bytes sha256 of all before
//! ```

use sha2::{Digest, Sha256};

/// Pages of a snapshot; a sixteenth of Wasm's own.
pub const PAGE_BYTES: usize = 4_096;
pub(crate) const RECORD_BYTES: usize = 4 + PAGE_BYTES;
const WASM_PAGE_BYTES: u64 = 64 << 10;
/// 32-bit memories end here.
const MEMORY_BYTES_MAX: u64 = 4 << 30;

const MAGIC: &[u8; 4] = b"PCSN";
const VERSION: u32 = 1;
const HEADER_BYTES: usize = 4 + 4 + 32 + 8 + 4;
const CHECKSUM_BYTES: usize = 32;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    module_hash: [u8; 32],
    memory_bytes: u64,
    /// As `restore-pages` takes them.
    records: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    #[error("not a snapshot, or cut off ({bytes} bytes)")]
    Truncated { bytes: usize },
    #[error("a snapshot of format {found}, this host reads format {VERSION}")]
    Version { found: u32 },
    #[error("a damaged snapshot (its checksum does not fit)")]
    Checksum,
    #[error("a malformed snapshot: {0}")]
    Malformed(&'static str),
    #[error("a snapshot of another module ({found}…, this one is {expected}…); start the module afresh")]
    OtherModule { found: String, expected: String },
}

impl Snapshot {
    /// Compares `memory` with what a fresh instance has (zeros where that is shorter), leaving `reserved` (bytes) out.
    pub(crate) fn between(
        module_hash: [u8; 32],
        pristine: &[u8],
        memory: &[u8],
        reserved: std::ops::Range<usize>,
    ) -> Snapshot {
        const ZEROS: [u8; PAGE_BYTES] = [0; PAGE_BYTES];
        let (pages, _) = memory.as_chunks::<PAGE_BYTES>();
        let (fresh, _) = pristine.as_chunks::<PAGE_BYTES>();
        let mut records = Vec::new();
        for (index, page) in pages.iter().enumerate() {
            let differs = page != fresh.get(index).unwrap_or(&ZEROS);
            if differs && !reserved.contains(&(index * PAGE_BYTES)) {
                records.extend_from_slice(&(index as u32).to_le_bytes());
                records.extend_from_slice(page);
            }
        }
        Snapshot { module_hash, memory_bytes: memory.len() as u64, records }
    }

    /// Size of the sleeping instance's memory.
    pub fn memory_bytes(&self) -> u64 {
        self.memory_bytes
    }

    /// Pages that it holds.
    pub fn pages(&self) -> usize {
        self.records.len() / RECORD_BYTES
    }

    /// sha256 of the component.
    pub fn module_hash(&self) -> &[u8; 32] {
        &self.module_hash
    }

    pub(crate) fn records(&self) -> &[u8] {
        &self.records
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.records.len() + CHECKSUM_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&self.module_hash);
        bytes.extend_from_slice(&self.memory_bytes.to_le_bytes());
        bytes.extend_from_slice(&(self.pages() as u32).to_le_bytes());
        bytes.extend_from_slice(&self.records);
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(&checksum);
        bytes
    }

    /// Allocates as much as `bytes` holds, never what it says.
    pub fn decode(bytes: &[u8]) -> Result<Snapshot, SnapshotError> {
        let truncated = SnapshotError::Truncated { bytes: bytes.len() };
        if bytes.get(..4) != Some(MAGIC) {
            return Err(truncated);
        }
        let version =
            bytes[4..].first_chunk().map(|word| u32::from_le_bytes(*word)).ok_or(truncated.clone())?;
        if version != VERSION {
            return Err(SnapshotError::Version { found: version });
        }
        let (body, checksum) = bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or(truncated.clone())?;
        if body.len() < HEADER_BYTES {
            return Err(truncated);
        }
        if Sha256::digest(body)[..] != checksum[..] {
            return Err(SnapshotError::Checksum);
        }
        let (header, records) = body.split_at(HEADER_BYTES);
        let field = |from: usize, to: usize| &header[from..to];
        let module_hash = field(8, 40).try_into().expect("32 bytes");
        let memory_bytes = u64::from_le_bytes(field(40, 48).try_into().expect("8 bytes"));
        let count = u32::from_le_bytes(field(48, 52).try_into().expect("4 bytes"));
        if memory_bytes > MEMORY_BYTES_MAX || !memory_bytes.is_multiple_of(WASM_PAGE_BYTES) {
            return Err(SnapshotError::Malformed("a size that no memory has"));
        }
        if records.len() as u64 != u64::from(count) * RECORD_BYTES as u64 {
            return Err(SnapshotError::Malformed("not as many pages as it says"));
        }
        let (mut next, end) = (0, memory_bytes / PAGE_BYTES as u64);
        for record in records.chunks_exact(RECORD_BYTES) {
            let page = u64::from(u32::from_le_bytes(*record.first_chunk().expect("a record's first word")));
            if page < next || page >= end {
                return Err(SnapshotError::Malformed("pages out of order or outside the memory"));
            }
            next = page + 1;
        }
        Ok(Snapshot { module_hash, memory_bytes, records: records.to_vec() })
    }
}

/// A sleeping instance as it is kept in memory. Each page is its difference from the fresh instance's: a guest that counts
/// references in its objects changes a few bytes of many pages.
#[derive(Clone, PartialEq, Eq)]
pub struct PackedSnapshot {
    module_hash: [u8; 32],
    memory_bytes: u64,
    pages: usize,
    packed: Vec<u8>,
}

impl PackedSnapshot {
    /// `pristine`: the memory of a fresh instance of the module.
    pub(crate) fn pack(mut snapshot: Snapshot, pristine: &[u8]) -> PackedSnapshot {
        exchange(&mut snapshot.records, pristine);
        let mut packed = lz4_flex::compress(&snapshot.records);
        packed.shrink_to_fit();
        PackedSnapshot {
            module_hash: snapshot.module_hash,
            memory_bytes: snapshot.memory_bytes,
            pages: snapshot.pages(),
            packed,
        }
    }

    pub(crate) fn unpack(&self, pristine: &[u8]) -> Snapshot {
        let mut records = lz4_flex::decompress(&self.packed, self.pages * RECORD_BYTES)
            .expect("what this process has packed, of this length");
        exchange(&mut records, pristine);
        Snapshot { module_hash: self.module_hash, memory_bytes: self.memory_bytes, records }
    }

    /// What it takes of memory.
    pub fn bytes(&self) -> usize {
        self.packed.capacity()
    }
}

impl std::fmt::Debug for PackedSnapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let PackedSnapshot { pages, packed, .. } = self;
        f.debug_struct("PackedSnapshot").field("pages", pages).field("bytes", &packed.len()).finish()
    }
}

/// Pages to their differences from the fresh ones, and back.
fn exchange(records: &mut [u8], pristine: &[u8]) {
    let (fresh, _) = pristine.as_chunks::<PAGE_BYTES>();
    for record in records.chunks_exact_mut(RECORD_BYTES) {
        let Some((index, page)) = record.split_first_chunk_mut() else { continue };
        // Beyond the fresh memory there are zeros.
        if let Some(fresh) = fresh.get(u32::from_le_bytes(*index) as usize) {
            page.iter_mut().zip(fresh).for_each(|(byte, fresh)| *byte ^= fresh);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let pristine = vec![1; 65_536];
        let packed = PackedSnapshot::pack(sample(), &pristine);
        assert!(packed.bytes() < PAGE_BYTES / 4, "{packed:?}");
        assert_eq!(packed.unpack(&pristine), sample());
    }

    fn sample() -> Snapshot {
        let pristine = vec![1; 65_536];
        let mut memory = vec![0; 131_072];
        memory[..65_536].fill(1);
        memory[5_000] = 7; // page 1, reserved
        memory[9_000] = 7; // page 2
        memory[70_000] = 7; // page 17, beyond the fresh memory
        Snapshot::between([9; 32], &pristine, &memory, 4_096..8_192)
    }

    #[test]
    fn keeps_the_pages_that_differ() {
        let snapshot = sample();
        let pages: Vec<u8> = snapshot.records.chunks(RECORD_BYTES).map(|record| record[0]).collect();
        assert_eq!((pages, snapshot.memory_bytes()), (vec![2, 17], 131_072));
        assert_eq!(Snapshot::decode(&snapshot.encode()), Ok(snapshot));
    }

    #[test]
    fn every_cut_and_every_flipped_bit_is_noticed() {
        let bytes = sample().encode();
        for cut in 0..bytes.len() {
            assert!(Snapshot::decode(&bytes[..cut]).is_err(), "cut at {cut}");
        }
        for at in 0..bytes.len() {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << (at % 8);
            assert!(Snapshot::decode(&bytes).is_err(), "flipped in {at}");
        }
    }

    #[test]
    fn lies_with_a_fitting_checksum_are_refused() {
        let forged = |change: fn(&mut Snapshot)| {
            let mut snapshot = sample();
            change(&mut snapshot);
            Snapshot::decode(&snapshot.encode())
        };
        assert!(matches!(forged(|s| s.memory_bytes = 65_536), Err(SnapshotError::Malformed(_))));
        assert!(matches!(forged(|s| s.memory_bytes = 1 << 40), Err(SnapshotError::Malformed(_))));
        assert!(matches!(forged(|s| s.records[0] = 17), Err(SnapshotError::Malformed(_))));
        assert!(matches!(forged(|s| s.records.truncate(RECORD_BYTES + 9)), Err(SnapshotError::Malformed(_))));
    }
}
