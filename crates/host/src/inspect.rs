//! Looks at a component's names before anything is compiled, so that a wrong file gets a plain answer at once.

use wasmparser::{Encoding, Parser, Payload};

use crate::engine::WASM_PAGE_BYTES;
use crate::{Config, HostError, MODULE_VERSION};

const PACKAGE: &str = "playconnect:module/";
/// What a module may import. `types` holds no functions.
const IMPORTS: [&str; 3] = ["host", "intl", "types"];

/// What a component says of itself.
#[derive(Debug)]
pub(crate) struct Inspected {
    /// It exports `memory`.
    pub can_sleep: bool,
}

/// Accepts components of our package and version that import nothing else.
/// Sizes that the pool refuses are refused here, in words.
pub(crate) fn inspect(module: &str, bytes: &[u8], config: &Config) -> Result<Inspected, HostError> {
    let name = || module.to_owned();
    match bytes.get(..8) {
        Some([0, b'a', b's', b'm', 1, 0, 0, 0]) => return Err(HostError::CoreModule { module: name() }),
        Some([0, b'a', b's', b'm', ..]) => {}
        _ => return Err(HostError::NotWasm { module: name() }),
    }

    let mut exports = Vec::new();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(bytes) {
        let malformed = |cause: wasmparser::BinaryReaderError| HostError::Malformed {
            module: name(),
            cause: format!("{} at byte {}", cause.message(), cause.offset()),
        };
        match payload.map_err(malformed)? {
            Payload::Version { encoding: Encoding::Module, .. } if depth == 0 => {
                return Err(HostError::CoreModule { module: name() });
            }
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    check_import(module, import.map_err(malformed)?.name.name)?;
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    exports.push(export.map_err(malformed)?.name.name);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    let needed = memory.map_err(malformed)?.initial.saturating_mul(WASM_PAGE_BYTES);
                    check_size(module, "bytes of memory at the start", needed, config.widget_memory_bytes)?;
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let needed = table.map_err(malformed)?.ty.initial;
                    check_size(module, "entries in a table", needed, config.table_elements_max.into())?;
                }
            }
            _ => {}
        }
    }

    for export in &exports {
        check_version(module, export)?;
    }
    let guest = format!("{PACKAGE}guest@{MODULE_VERSION}");
    if !exports.contains(&guest.as_str()) {
        return Err(HostError::MissingExport { module: name(), export: guest });
    }
    let memory = format!("{PACKAGE}memory@{MODULE_VERSION}");
    Ok(Inspected { can_sleep: exports.contains(&memory.as_str()) })
}

fn check_size(module: &str, resource: &'static str, needed: u64, allowed: u64) -> Result<(), HostError> {
    if needed > allowed {
        return Err(HostError::Resources { module: module.to_owned(), resource, needed, allowed });
    }
    Ok(())
}

fn check_import(module: &str, import: &str) -> Result<(), HostError> {
    check_version(module, import)?;
    let interface = import.strip_prefix(PACKAGE).and_then(|rest| rest.split('@').next());
    if interface.is_some_and(|interface| IMPORTS.contains(&interface)) {
        return Ok(());
    }
    let hint = if import.starts_with("wasi:") {
        ": modules have no WASI; build for wasm32-unknown-unknown"
    } else if interface.is_some() {
        "; it may import host, intl and types of playconnect:module"
    } else {
        "; a module's only imports are those of playconnect:module"
    };
    Err(HostError::UnknownImport { module: module.to_owned(), import: import.to_owned(), hint })
}

/// Names of our package must be of our version, exactly: before 1.0 every version may differ.
fn check_version(module: &str, name: &str) -> Result<(), HostError> {
    let Some(rest) = name.strip_prefix(PACKAGE) else { return Ok(()) };
    let found = rest.split_once('@').map_or("without a version", |(_, version)| version);
    if found == MODULE_VERSION {
        return Ok(());
    }
    Err(HostError::WrongVersion { module: module.to_owned(), name: name.to_owned(), found: found.to_owned() })
}
