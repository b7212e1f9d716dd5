//! Compiled modules on disk.
//!
//! One file per (component, engine settings, Wasmtime version): both are in its name. A file begins with the sha256
//! of what follows, so that a truncated or damaged file is compiled again and never run. Compiled code is as powerful
//! as this process: a file that another user owns, or may write, is ignored.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use wasmtime::Engine;

use crate::HostError;

const MAGIC: &[u8; 8] = b"PCCODE01";
const HEADER_BYTES: usize = MAGIC.len() + 32;

#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Makes the folder, readable by this user alone, if it is not there.
    pub fn open(folder: &Path) -> Result<Cache, HostError> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|cause| HostError::CacheFolder { folder: folder.display().to_string(), cause })?;
        Ok(Cache { folder: folder.to_owned() })
    }

    pub fn path(&self, engine: &Engine, module: &[u8; 32]) -> PathBuf {
        self.folder.join(format!("{}-{}.cwasm", hex(module), hex(&compatibility(engine)[..8])))
    }

    /// The compiled bytes, or None for a file that is missing, damaged or somebody else's.
    pub fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let mut open = fs::File::open(path).ok()?;
        // Of the file that is open, so that it cannot be another one by the time it is read.
        let metadata = open.metadata().ok()?;
        let ours = metadata.is_file()
            && metadata.uid() == rustix::process::geteuid().as_raw()
            && metadata.mode() & 0o022 == 0;
        if !ours {
            return None;
        }
        let mut file = Vec::new();
        open.read_to_end(&mut file).ok()?;
        if file.len() < HEADER_BYTES || &file[..MAGIC.len()] != MAGIC {
            return None;
        }
        let code = file.split_off(HEADER_BYTES);
        (Sha256::digest(&code)[..] == file[MAGIC.len()..]).then_some(code)
    }

    /// Replaces the file in one step: a reader sees the old one, the new one or none.
    pub fn write(&self, path: &Path, code: &[u8]) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        file.write_all(MAGIC)?;
        file.write_all(&Sha256::digest(code))?;
        file.write_all(code)?;
        file.as_file().sync_data()?;
        file.persist(path)?;
        Ok(())
    }
}

/// What decides whether compiled code fits this engine.
fn compatibility(engine: &Engine) -> [u8; 32] {
    struct Sha(Sha256);
    impl Hasher for Sha {
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
        fn finish(&self) -> u64 {
            0 // never asked for: the digest is taken below
        }
    }
    let mut sha = Sha(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut sha);
    sha.0.finalize().into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
