//! What can go wrong before an instance runs: the machine, the file.

use crate::MODULE_VERSION;

/// A host that cannot be made or a module that cannot be loaded. Each says what to do next.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    #[error("{what} = {value} cannot be: {why}")]
    Config { what: &'static str, value: String, why: String },

    /// The machine cannot hold that many instances.
    #[error(
        "[modules] instances_max = {instances_max} needs {needed} {resource}, and this machine allows {available}; \
         set instances_max to {possible} or less, or raise the machine's limit: {remedy}"
    )]
    Machine {
        instances_max: u32,
        resource: &'static str,
        needed: u64,
        available: u64,
        possible: u64,
        remedy: &'static str,
    },

    #[error("the WebAssembly engine does not start: {0}")]
    Engine(String),

    #[error("cache folder {folder}: {cause}; name a folder that this user may write")]
    CacheFolder { folder: String, cause: std::io::Error },

    #[error(
        "{module}: {bytes} bytes are more than a module may have ({allowed}); is it built with optimisation?"
    )]
    TooBig { module: String, bytes: u64, allowed: u64 },

    #[error(
        "{module}: not a WebAssembly file (it does not begin with \\0asm); `source` names the component that `playconnect build` makes"
    )]
    NotWasm { module: String },

    #[error(
        "{module}: a core WebAssembly module, not a component; run `playconnect build`, which makes the component"
    )]
    CoreModule { module: String },

    #[error(
        "{module}: damaged, or more than this host can run: {cause}; build it again with `playconnect build`"
    )]
    Malformed { module: String, cause: String },

    #[error(
        "{module}: built for playconnect:module {found} (it has {name}), this host speaks {MODULE_VERSION}; rebuild \
         it with the packages of this version"
    )]
    WrongVersion { module: String, name: String, found: String },

    #[error("{module}: imports {import}, which no module gets{hint}")]
    UnknownImport { module: String, import: String, hint: &'static str },

    #[error("{module}: does not export {export}, so it is not a PlayConnect module; run `playconnect build`")]
    MissingExport { module: String, export: String },

    #[error("{module}: needs {needed} {resource}, this host allows {allowed}")]
    Resources { module: String, resource: &'static str, needed: u64, allowed: u64 },

    /// The names are right but a signature is not.
    #[error(
        "{module}: does not fit playconnect:module {MODULE_VERSION}: {cause}; rebuild it with the packages of this \
         version"
    )]
    Mismatch { module: String, cause: String },
}
