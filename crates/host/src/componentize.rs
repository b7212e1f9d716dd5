//! Makes components of the world `playconnect:module/widget` out of what bundlers and compilers write.
//!
//! A JavaScript bundle is evaluated once, here: it is written into the memory of the engine (QuickJS with our glue,
//! `packages/module/engine`), run, and the memory as it is then becomes the data of a new core module. Every instance
//! starts from there. A Rust module is a core module already.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use sha2::{Digest, Sha256};
use wasm_encoder::{ExportKind, ExportSection, RawSection};
use wasmparser::{ExternalKind, Parser, Payload};
use wasmtime::{
    Caller, Engine, Instance, Linker, Memory, Module, Store, StoreLimits, StoreLimitsBuilder, Trap, Val,
};
use wasmtime_wizer::{InstanceState, ModuleContext, SnapshotVal, ValType, Wizer};
use wit_parser::{Resolve, WorldItem};

/// Largest bundle, in bytes.
pub const BUNDLE_BYTES_MAX: usize = 16 << 20;
/// Linear memory that a bundle may use while it is evaluated, in bytes. As a widget's limit at run time.
pub const MEMORY_BYTES_MAX: usize = 64 << 20;
/// Instructions that the evaluation of a bundle may take: about 10 s. Counted and not timed, so that a bundle that
/// builds here builds everywhere.
pub const FUEL_MAX: u64 = 20_000_000_000;
/// Stack that the engine needs for its deepest recursion, in bytes of `Config::max_wasm_stack`. QuickJS watches its
/// own stack in linear memory and throws a RangeError; the machine's stack has to last until then.
pub const WASM_STACK_BYTES: usize = 2 << 20;

/// Why no component was made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ComponentizeError {
    #[error(
        "the bundle has {bytes} bytes; at most {BUNDLE_BYTES_MAX} are possible: is it minified, and without its data?"
    )]
    BundleTooLarge { bytes: usize },
    #[error("the bundle is not UTF-8 (byte {at}): write it as UTF-8")]
    BundleNotUtf8 { at: usize },
    /// `message` holds the error, and the JavaScript stack with lines of the bundle.
    #[error(
        "the bundle threw while it was evaluated:\n{message}\n\
         Correct it; what needs a session or its page belongs into the mount."
    )]
    Threw { message: String },
    #[error(
        "the bundle needs the global `{name}`, which the platform of @playconnect/module does not have:\n{message}\n\
         Keep the code that needs it out of the bundle, or behind a test like `typeof {name} !== 'undefined'`."
    )]
    MissingGlobal { name: String, message: String },
    #[error(
        "the bundle needs the global `{name}` and has no platform: it does not import @playconnect/module (nor a \
         framework's package on top of it, like @playconnect/react), which brings the globals of a module along:\n\
         {message}\n\
         Import it in the entry point, and build with `bundle` of @playconnect/module/bundle."
    )]
    NoPlatform { name: String, message: String },
    #[error(
        "the bundle is not a module: {message}. Its entry point has to import @playconnect/module \
         (or a framework's package on top of it, like @playconnect/react)."
    )]
    NoGuest { message: String },
    #[error(
        "the bundle did not come to its end while it was evaluated ({FUEL_MAX} instructions, about 10 s): leave \
         long work to a turn"
    )]
    Endless,
    #[error(
        "the bundle needs more than {} MiB of memory while it is evaluated: leave large data to a turn{}{log}",
        MEMORY_BYTES_MAX >> 20, if log.is_empty() { "" } else { "; " }
    )]
    OutOfMemory { log: String },
    #[error("this is not PlayConnect's JavaScript engine ({0}); `cargo xtask engine` builds it")]
    NotTheEngine(String),
    #[error("the JavaScript engine trapped while it evaluated the bundle: {trap}\n{log}")]
    EngineTrapped { trap: String, log: String },
    #[error("not a core WebAssembly module: {0}; name the file that the compiler wrote")]
    NotACoreModule(String),
    #[error(
        "the module imports `{name}` from `{module}`, which the world playconnect:module/widget does not have{}",
        import_hint(module)
    )]
    UnknownImport { module: String, name: String },
    #[error(
        "the module was built for {found}; this host has {expected}. Build it with the PlayConnect packages of \
         version {}.", env!("CARGO_PKG_VERSION")
    )]
    WrongVersion { found: String, expected: String },
    #[error(
        "the module does not export `{0}`: it is not of the world playconnect:module/widget. A Rust module gets its \
         exports from the crate playconnect-guest."
    )]
    MissingExport(String),
    #[error("the component could not be put together: {0}")]
    Encode(String),
}

fn import_hint(module: &str) -> &'static str {
    if module.starts_with("wasi") {
        ". Modules have no WASI: build for wasm32-unknown-unknown"
    } else if module.starts_with("__wbindgen") || module == "env" {
        ". Something in it expects a browser or a C runtime around it"
    } else {
        ""
    }
}

/// Severity of a line on a module's log. As `level` in module.wit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// Evaluates `bundle`, one classic script (not an ES module), in `engine` and returns the component.
///
/// The same inputs give the same bytes. What the bundle logs meanwhile becomes `tracing` events.
pub fn javascript(engine: &[u8], bundle: &[u8]) -> Result<Vec<u8>, ComponentizeError> {
    javascript_with_log(engine, bundle, &mut |level, message| match level {
        LogLevel::Debug => tracing::debug!(target: "playconnect::bundle", "{message}"),
        LogLevel::Info => tracing::info!(target: "playconnect::bundle", "{message}"),
        LogLevel::Warn => tracing::warn!(target: "playconnect::bundle", "{message}"),
        LogLevel::Error => tracing::error!(target: "playconnect::bundle", "{message}"),
    })
}

/// As [`javascript`]; `log` gets what the bundle logs, line by line, also when the bundle is refused.
pub fn javascript_with_log(
    engine: &[u8],
    bundle: &[u8],
    log: &mut dyn FnMut(LogLevel, &str),
) -> Result<Vec<u8>, ComponentizeError> {
    if bundle.len() > BUNDLE_BYTES_MAX {
        return Err(ComponentizeError::BundleTooLarge { bytes: bundle.len() });
    }
    if let Err(error) = std::str::from_utf8(bundle) {
        return Err(ComponentizeError::BundleNotUtf8 { at: error.valid_up_to() });
    }
    let mut lines = Vec::new();
    // A thread of its own: the stack has to be as deep as the engine's.
    let evaluated = std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(2 * WASM_STACK_BYTES + (1 << 20))
            .spawn_scoped(scope, || evaluate(engine, bundle, &mut lines))
            .expect("a thread can be started")
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    });
    for (level, line) in &lines {
        log(*level, line);
    }
    core_module(&evaluated?)
}

/// Compiles the engine, as the first [`javascript`] of a process would: for processes in which it has to be quick.
///
/// # Errors
/// These bytes are not the engine.
pub fn prepare(engine: &[u8]) -> Result<(), ComponentizeError> {
    instrumented(engine).map(drop)
}

/// Wraps a core module with the world's imports and exports as a component.
///
/// `core` has to carry the description of its world, as wit-bindgen writes it (custom section `component-type…`).
pub fn core_module(core: &[u8]) -> Result<Vec<u8>, ComponentizeError> {
    check_core_module(core)?;
    wit_component::ComponentEncoder::default()
        .validate(true)
        .module(core)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| ComponentizeError::Encode(format!("{error:#}")))
}

// ---- evaluating a bundle

const PRE_ALLOCATE: &str = "pre-allocate";
const PRE_EVALUATE: &str = "pre-evaluate";

/// `enum status` of engine.c.
const STATUS_EVALUATED: u32 = 0;
const STATUS_NO_GUEST: u32 = 2;

type Lines = Vec<(LogLevel, String)>;

struct State {
    limits: StoreLimits,
    lines: Lines,
}

/// Returns the core module whose memory is as the bundle left it.
fn evaluate(engine_wasm: &[u8], bundle: &[u8], lines: &mut Lines) -> Result<Vec<u8>, ComponentizeError> {
    let (wizer, context, module) = instrumented(engine_wasm)?;
    for export in [PRE_ALLOCATE, PRE_EVALUATE] {
        if module.get_export(export).is_none() {
            return Err(ComponentizeError::NotTheEngine(format!("it does not export `{export}`")));
        }
    }

    let limits = StoreLimitsBuilder::new().memory_size(MEMORY_BYTES_MAX).build();
    let mut store = Store::new(module.engine(), State { limits, lines: Vec::new() });
    store.limiter(|state| &mut state.limits);
    store.set_fuel(FUEL_MAX).map_err(not_the_engine)?;
    let instance =
        linker(&module).and_then(|linker| linker.instantiate(&mut store, &module)).map_err(not_the_engine)?;

    let outcome = run(&mut store, &instance, bundle);
    lines.append(&mut store.data_mut().lines);
    outcome.map_err(|error| explain_trap(error, lines))??;

    let snapshot = ready(wizer.snapshot(&context, &mut Evaluated { store: &mut store, instance }));
    Ok(without_build_exports(&snapshot.map_err(not_the_engine)?))
}

fn instrumented(engine_wasm: &[u8]) -> Result<(Wizer, ModuleContext<'_>, Module), ComponentizeError> {
    let mut wizer = Wizer::new();
    wizer.init_func(PRE_EVALUATE);
    let (context, instrumented) = wizer.instrument(engine_wasm).map_err(not_the_engine)?;
    let module = compile(&instrumented).map_err(not_the_engine)?;
    Ok((wizer, context, module))
}

fn not_the_engine(error: wasmtime::Error) -> ComponentizeError {
    ComponentizeError::NotTheEngine(format!("{error:#}").replace('\n', " "))
}

/// The outer error is a trap, the inner one the bundle's.
fn run(
    store: &mut Store<State>,
    instance: &Instance,
    bundle: &[u8],
) -> wasmtime::Result<Result<(), ComponentizeError>> {
    let memory = instance.get_memory(&mut *store, "memory").expect("wizer has seen that there is one");
    instance.get_typed_func::<(), ()>(&mut *store, "_initialize")?.call(&mut *store, ())?;

    let size = u32::try_from(bundle.len()).expect("below BUNDLE_BYTES_MAX");
    let address = instance.get_typed_func::<u32, u32>(&mut *store, PRE_ALLOCATE)?.call(&mut *store, size)?;
    if address == 0 {
        return Ok(Err(ComponentizeError::OutOfMemory { log: String::new() }));
    }
    memory.write(&mut *store, address as usize, bundle)?;

    let result = instance.get_typed_func::<(), u32>(&mut *store, PRE_EVALUATE)?.call(&mut *store, ())?;
    let mut words = [[0; 4]; 3];
    memory.read(&*store, result as usize, words.as_flattened_mut())?;
    let [status, message, message_bytes] = words.map(u32::from_le_bytes);
    if status == STATUS_EVALUATED {
        return Ok(Ok(()));
    }
    let message = text(memory.data(&*store), message, message_bytes);
    Ok(Err(match missing_global(&message) {
        _ if status == STATUS_NO_GUEST => ComponentizeError::NoGuest { message },
        Some(name) if !has_platform(bundle) => {
            ComponentizeError::NoPlatform { name: name.to_owned(), message }
        }
        Some(name) => ComponentizeError::MissingGlobal { name: name.to_owned(), message },
        None => ComponentizeError::Threw { message },
    }))
}

/// The platform knows its runner by this global; no minifier changes the name of one.
fn has_platform(bundle: &[u8]) -> bool {
    let name = b"__playconnect";
    bundle.windows(name.len()).any(|window| window == name)
}

/// QuickJS: `ReferenceError: name is not defined`, then the stack.
fn missing_global(message: &str) -> Option<&str> {
    message.lines().next()?.strip_prefix("ReferenceError: ")?.strip_suffix(" is not defined")
}

fn explain_trap(error: wasmtime::Error, lines: &Lines) -> ComponentizeError {
    let log = lines
        .iter()
        .rev()
        .find(|(level, _)| *level == LogLevel::Error)
        .map(|(_, line)| line.clone())
        .unwrap_or_default();
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => ComponentizeError::Endless,
        _ if log.starts_with("out of memory") => ComponentizeError::OutOfMemory { log },
        _ => ComponentizeError::EngineTrapped { trap: format!("{error:?}"), log },
    }
}

/// The engine takes a second to compile and is the same for every bundle: the last one is kept.
fn compile(wasm: &[u8]) -> wasmtime::Result<Module> {
    // A mutex and not a thread-local: builds of several bundles run on several threads and share the module.
    static COMPILED: Mutex<Option<([u8; 32], Module)>> = Mutex::new(None);
    let hash: [u8; 32] = Sha256::digest(wasm).into();
    let mut compiled = COMPILED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some((_, module)) = compiled.as_ref().filter(|(of, _)| *of == hash) {
        return Ok(module.clone());
    }
    let mut config = wasmtime::Config::new();
    // Everything that a result could depend on besides the bundle is fixed.
    config.consume_fuel(true).cranelift_nan_canonicalization(true).max_wasm_stack(WASM_STACK_BYTES);
    let module = Module::new(&Engine::new(&config)?, wasm)?;
    *compiled = Some((hash, module.clone()));
    Ok(module)
}

/// `host.log` works; whatever else the engine may ask of a host traps (its glue does not ask at build time).
fn linker(module: &Module) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(module.engine());
    for import in module.imports() {
        if import.module().starts_with("playconnect:module/host@") && import.name() == "log" {
            linker.func_wrap(import.module(), import.name(), log_from_engine)?;
        }
    }
    linker.define_unknown_imports_as_traps(module)?;
    Ok(linker)
}

fn log_from_engine(
    mut caller: Caller<'_, State>,
    level: u32,
    address: u32,
    bytes: u32,
) -> wasmtime::Result<()> {
    let level = match level {
        0 => LogLevel::Debug,
        1 => LogLevel::Info,
        2 => LogLevel::Warn,
        _ => LogLevel::Error,
    };
    let memory: Memory = caller
        .get_export("memory")
        .and_then(|export| export.into_memory())
        .ok_or_else(|| wasmtime::Error::msg("the engine exports no memory"))?;
    let line = text(memory.data(&caller), address, bytes);
    caller.data_mut().lines.push((level, line));
    Ok(())
}

fn text(memory: &[u8], address: u32, bytes: u32) -> String {
    let start = address as usize;
    let found = start.checked_add(bytes as usize).and_then(|end| memory.get(start..end)).unwrap_or_default();
    String::from_utf8_lossy(found).into_owned()
}

/// What Wizer takes its snapshot of.
struct Evaluated<'a> {
    store: &'a mut Store<State>,
    instance: Instance,
}

impl InstanceState for Evaluated<'_> {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&mut *self.store, name).expect("wizer has exported the global");
        match global.get(&mut *self.store) {
            Val::I32(value) => SnapshotVal::I32(value),
            Val::I64(value) => SnapshotVal::I64(value),
            Val::F32(value) => SnapshotVal::F32(value),
            Val::F64(value) => SnapshotVal::F64(value),
            Val::V128(value) => SnapshotVal::V128(value.as_u128()),
            _ => unreachable!("wizer has refused mutable globals of other types"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        let memory = self.instance.get_memory(&mut *self.store, name).expect("wizer has exported the memory");
        contents(memory.data(&*self.store));
    }
}

/// Wizer's futures wait for nothing when the instance is at hand.
fn ready<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("a snapshot of a local instance does not wait"),
    }
}

/// Leaves out the exports that were there for the build alone.
fn without_build_exports(core: &[u8]) -> Vec<u8> {
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(core) {
        let payload = payload.expect("wizer wrote a valid module");
        if let Payload::ExportSection(exports) = &payload {
            let mut kept = ExportSection::new();
            for export in exports.clone() {
                let export = export.expect("wizer wrote a valid module");
                let kind = match export.kind {
                    ExternalKind::Func => ExportKind::Func,
                    ExternalKind::Memory => ExportKind::Memory,
                    _ => continue,
                };
                if !export.name.starts_with("pre-") {
                    kept.export(export.name, kind, export.index);
                }
            }
            module.section(&kept);
        } else if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &core[range] });
        }
    }
    module.finish()
}

// ---- checking a core module against the world

/// What a core module of the world imports and exports, by the names of the canonical ABI.
struct World {
    /// `playconnect:module@0.1.0`
    package: String,
    imports: BTreeMap<String, BTreeSet<String>>,
    required_exports: BTreeSet<String>,
}

impl World {
    fn widget() -> World {
        let mut resolve = Resolve::default();
        let package = resolve
            .push_str("module.wit", include_str!("../../../protocol/wit/module.wit"))
            .expect("protocol/wit/module.wit is valid");
        let world = resolve.select_world(&[package], Some("widget")).expect("module.wit has the world");
        let functions = |items: &mut dyn Iterator<Item = &WorldItem>| -> BTreeMap<String, BTreeSet<String>> {
            items
                .filter_map(|item| match item {
                    WorldItem::Interface { id, .. } => Some(*id),
                    _ => None,
                })
                .map(|id| {
                    let functions = resolve.interfaces[id].functions.keys().cloned().collect();
                    (resolve.id_of(id).expect("the interface has a name"), functions)
                })
                .collect()
        };
        let world = &resolve.worlds[world];
        World {
            package: resolve.packages[package].name.to_string(),
            imports: functions(&mut world.imports.values()),
            required_exports: functions(&mut world.exports.values())
                .into_iter()
                .flat_map(|(interface, names)| {
                    names.into_iter().map(move |name| format!("{interface}#{name}"))
                })
                .collect(),
        }
    }

    /// The version that `interface` names, if it is of our package and of another version.
    fn other_version(&self, interface: &str) -> Option<ComponentizeError> {
        let (name, version) = interface.split_once('@')?;
        let (package, ours) = self.package.split_once('@').expect("our package has a version");
        let (of, _) = name.split_once('/')?;
        (of == package && version != ours).then(|| ComponentizeError::WrongVersion {
            found: format!("{of}@{version}"),
            expected: self.package.clone(),
        })
    }
}

fn check_core_module(core: &[u8]) -> Result<(), ComponentizeError> {
    let not_core = |what: String| ComponentizeError::NotACoreModule(what);
    if core.get(..4) != Some(b"\0asm".as_slice()) {
        return Err(not_core("it does not begin with the bytes 00 61 73 6d".into()));
    }
    if Parser::is_component(core) {
        return Err(not_core("it is a component already and needs no wrapping".into()));
    }
    wasmparser::Validator::new().validate_all(core).map_err(|error| not_core(error.to_string()))?;

    let world = World::widget();
    let mut exports = BTreeSet::new();
    for payload in Parser::new(0).parse_all(core) {
        match payload.map_err(|error| not_core(error.to_string()))? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    let import = import.map_err(|error| not_core(error.to_string()))?;
                    check_import(&world, import.module, import.name)?;
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    exports.insert(export.map_err(|error| not_core(error.to_string()))?.name.to_owned());
                }
            }
            _ => {}
        }
    }
    for export in &exports {
        let interface = export.split_once('#').map_or("", |(interface, _)| interface);
        if let Some(error) = world.other_version(interface) {
            return Err(error);
        }
    }
    match world.required_exports.difference(&exports).next() {
        Some(missing) => Err(ComponentizeError::MissingExport(missing.clone())),
        None => Ok(()),
    }
}

fn check_import(world: &World, module: &str, name: &str) -> Result<(), ComponentizeError> {
    if world.imports.get(module).is_some_and(|names| names.contains(name)) {
        return Ok(());
    }
    Err(world.other_version(module).unwrap_or_else(|| ComponentizeError::UnknownImport {
        module: module.to_owned(),
        name: name.to_owned(),
    }))
}
