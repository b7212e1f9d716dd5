//! What a build command leaves behind, and how it becomes a component.

use std::path::Path;

use playconnect_host::componentize::{self, LogLevel};
use sha2::{Digest, Sha256};

use crate::failure::Failure;

/// Larger files are no modules; `playconnect_host` refuses them at a lower size, by name.
const ARTIFACT_BYTES_MAX: u64 = 64 << 20;

static ENGINE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/engine.wasm"));

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One classic script.
    JavaScript,
    CoreModule,
    Component,
}

/// The bytes and what they are. `what` is for messages.
pub fn read(what: &str, path: &Path, shown: &Path) -> Result<(Kind, Vec<u8>), Failure> {
    let shown = shown.display();
    let wrong = |cause: String| Failure::run_time(&format!("{what}: {shown}: {cause}"));
    let metadata = path.metadata().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            wrong("there is no such file; does the build command write it there?".to_owned())
        }
        _ => wrong(error.to_string()),
    })?;
    if !metadata.is_file() {
        return Err(wrong("is not a file; name the file that the build command writes".to_owned()));
    }
    if metadata.len() > ARTIFACT_BYTES_MAX {
        return Err(wrong(format!(
            "{} bytes are too many for a module; is it built for release?",
            metadata.len()
        )));
    }
    let bytes = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let kind = match (bytes.get(..8), extension) {
        (Some([0, b'a', b's', b'm', 1, 0, 0, 0]), _) => Kind::CoreModule,
        (Some([0, b'a', b's', b'm', ..]), _) => Kind::Component,
        (_, "js" | "mjs" | "cjs") => Kind::JavaScript,
        _ => {
            return Err(wrong(
                "is neither WebAssembly nor a bundle (.js); name what the build command makes".to_owned(),
            ));
        }
    };
    Ok((kind, bytes))
}

/// A hash of everything that the component is made of.
pub fn input_hash(kind: Kind, bytes: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("playconnect-build {} {kind:?}\n", env!("CARGO_PKG_VERSION")));
    if kind == Kind::JavaScript {
        hash.update(Sha256::digest(ENGINE));
    }
    hash.update(bytes);
    format!("{:x}", hash.finalize())
}

/// Compiles the JavaScript engine that bundles are evaluated in. It is kept as long as the process lives.
pub fn warm_up() -> Result<(), componentize::ComponentizeError> {
    if ENGINE.is_empty() { Ok(()) } else { componentize::prepare(ENGINE) }
}

/// Makes the component. `log` gets what a bundle says while it is evaluated.
pub fn component(
    what: &str,
    kind: Kind,
    bytes: Vec<u8>,
    log: &mut dyn FnMut(LogLevel, &str),
) -> Result<Vec<u8>, Failure> {
    let made = match kind {
        Kind::JavaScript if ENGINE.is_empty() => {
            let cause =
                "this binary was built without the JavaScript engine; build it with `cargo xtask build`";
            return Err(Failure::run_time(&format!("{what}: {cause}")));
        }
        Kind::JavaScript => componentize::javascript_with_log(ENGINE, &bytes, log),
        Kind::CoreModule => componentize::core_module(&bytes),
        Kind::Component => Ok(bytes),
    };
    made.map_err(|error| Failure::run_time(&format!("{what}: {error}")))
}
