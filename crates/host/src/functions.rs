//! Compiled functions of earlier modules, in memory.
//!
//! All JavaScript modules are the same engine with other data: after the first one, nothing is left to compile.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use wasmtime::CacheStore;

/// Over it everything is forgotten: what is still in use is compiled once more.
const BYTES_MAX: usize = 256 << 20;

#[derive(Debug, Default)]
pub(crate) struct Functions {
    // A mutex: a look-up is short beside the translation of a function, which comes before each.
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    functions: HashMap<Vec<u8>, Vec<u8>>,
    bytes: usize,
}

impl Functions {
    /// Those of this process. A key holds everything that a function's code depends on, the engine's settings too, so
    /// all hosts may share them.
    pub fn of_process() -> Arc<Functions> {
        static FUNCTIONS: LazyLock<Arc<Functions>> = LazyLock::new(Arc::default);
        FUNCTIONS.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CacheStore for Functions {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        self.lock().functions.get(key).map(|code| Cow::Owned(code.clone()))
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        let mut kept = self.lock();
        let added = key.len() + value.len();
        if kept.bytes + added > BYTES_MAX {
            *kept = Kept::default();
        }
        if added > BYTES_MAX {
            return false;
        }
        kept.bytes += added;
        if let Some(before) = kept.functions.insert(key.to_vec(), value) {
            kept.bytes -= key.len() + before.len();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_bounded() {
        let functions = Functions::default();
        assert!(functions.insert(b"small", vec![1]));
        assert_eq!(functions.get(b"small").as_deref(), Some(&[1][..]));
        assert!(!functions.insert(b"huge", vec![0; BYTES_MAX]), "more than there is room for");
        for key in 0..5_u8 {
            assert!(functions.insert(&[key], vec![0; BYTES_MAX / 4]));
            assert!(functions.lock().bytes <= BYTES_MAX);
        }
        assert!(functions.get(&[0]).is_none(), "forgotten");
        assert!(functions.get(&[4]).is_some());
    }
}
