//! From a file to something that can be started.

use std::fmt;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker};

use crate::bindings::{Widget, WidgetIndices};
use crate::cache::{Cache, hex};
use crate::inspect::inspect;
use crate::sleep::Functions;
use crate::state::State;
use crate::ticker::Ticker;
use crate::types::{Input, Outcome, Start};
use crate::{Config, HostError, contract, engine};

/// The engine and its settings. Clones are the same host.
#[derive(Clone)]
pub struct Host {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub config: Config,
    pub engine: Engine,
    pub ticker: Ticker,
    linker: Linker<State>,
    cache: Option<Cache>,
}

/// A compiled module, ready to be instantiated. Clones are the same module.
#[derive(Clone)]
pub struct Module {
    pub(crate) shared: Arc<Loaded>,
}

pub(crate) struct Loaded {
    name: String,
    hash: [u8; 32],
    code: Code,
    pub pre: InstancePre<State>,
    pub indices: WidgetIndices,
    /// It exports `memory`.
    pub sleep: Option<Functions>,
    /// The memory of a fresh instance, once somebody slept.
    pub pristine: OnceLock<Vec<u8>>,
}

/// Where a module's machine code came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    Cached,
    /// Compiled now, and kept if there is a cache.
    Compiled,
    /// Compiled now; the cache did not take it, for this reason.
    NotStored(String),
}

impl Host {
    /// Makes the engine and starts its clock.
    ///
    /// # Errors
    /// Settings that cannot be, a machine that cannot hold [`Config::instances_max`], a cache folder that cannot be
    /// written.
    pub fn new(config: Config) -> Result<Host, HostError> {
        let engine = engine::engine(&config)?;
        let cache = config.cache_dir.as_deref().map(Cache::open).transpose()?;
        let internal = |error: wasmtime::Error| HostError::Engine(format!("{error:#}"));
        let mut linker = Linker::new(&engine);
        Widget::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state).map_err(internal)?;
        let ticker =
            Ticker::start(&engine).map_err(|error| HostError::Engine(format!("no thread: {error}")))?;
        Ok(Host { shared: Arc::new(Shared { config, engine, ticker, linker, cache }) })
    }

    pub fn config(&self) -> &Config {
        &self.shared.config
    }

    /// Checks and compiles a component, or takes the compiled code from the cache. `name` is for messages: the
    /// module's name or its file.
    ///
    /// Compiling takes up to seconds of all cores: call it off the shards. Compiling is not bounded by the limits of
    /// instances; files of people that you do not trust belong into a process of their own.
    ///
    /// # Errors
    /// Each says what the file is instead, or what does not fit, and what to do.
    pub fn load(&self, name: &str, bytes: &[u8]) -> Result<Module, HostError> {
        let module = || name.to_owned();
        let allowed = self.shared.config.module_bytes_max;
        if bytes.len() as u64 > allowed {
            return Err(HostError::TooBig { module: module(), bytes: bytes.len() as u64, allowed });
        }
        let inspected = inspect(name, bytes, &self.shared.config)?;
        let hash = Sha256::digest(bytes).into();
        let (component, code) = self.shared.compile(name, bytes, &hash)?;
        let mismatch = |cause: String| HostError::Mismatch { module: module(), cause };
        let mismatched = |error: wasmtime::Error| mismatch(format!("{error:#}"));
        let pre = self.shared.linker.instantiate_pre(&component).map_err(mismatched)?;
        let indices = WidgetIndices::new(&pre).map_err(mismatched)?;
        type Returned<T> = (Result<T, String>,);
        contract::export::<(&Start,), Returned<()>>(&component, "guest", "init").map_err(mismatch)?;
        contract::export::<(u64, &[Input]), Returned<Outcome>>(&component, "guest", "turn")
            .map_err(mismatch)?;
        let sleep = inspected.can_sleep.then(|| Functions::find(&component)).transpose().map_err(mismatch)?;
        let loaded = Loaded { name: module(), hash, code, pre, indices, sleep, pristine: OnceLock::new() };
        Ok(Module { shared: Arc::new(loaded) })
    }

    /// Compiles a component and drops it, so that with [`Config::keep_functions`] the next one like it is compiled
    /// quickly.
    ///
    /// # Errors
    /// As those of [`load`](Self::load), of which no more is checked than compiling needs.
    pub fn prepare(&self, bytes: &[u8]) -> Result<(), HostError> {
        let malformed = |error| HostError::Malformed { module: String::new(), cause: format!("{error:#}") };
        Component::from_binary(&self.shared.engine, bytes).map(drop).map_err(malformed)
    }

    /// Milliseconds that the clock of slices has counted. It stands still while no guest runs.
    pub fn ticks(&self) -> u64 {
        self.shared.ticker.ticks()
    }
}

impl Module {
    pub fn name(&self) -> &str {
        &self.shared.name
    }

    /// sha256 of the component file.
    pub fn hash(&self) -> &[u8; 32] {
        &self.shared.hash
    }

    /// It exports `memory`, so that [`Instance::snapshot`](crate::Instance::snapshot) works.
    pub fn can_sleep(&self) -> bool {
        self.shared.sleep.is_some()
    }

    pub fn code(&self) -> &Code {
        &self.shared.code
    }
}

impl Shared {
    fn compile(&self, name: &str, bytes: &[u8], hash: &[u8; 32]) -> Result<(Component, Code), HostError> {
        let cached = self.cache.as_ref().map(|cache| (cache, cache.path(&self.engine, hash)));
        if let Some((cache, path)) = &cached
            && let Some(code) = cache.read(path)
        {
            // SAFETY: these are bytes that `Component::serialize` gave to this user's process: the file is owned by
            // us, nobody else may write it, and it is whole (its sha256 fits). Code of other settings or versions is
            // refused by Wasmtime, and then compiled again below.
            if let Ok(component) = unsafe { Component::deserialize(&self.engine, &code) } {
                return Ok((component, Code::Cached));
            }
        }
        let malformed = |error: wasmtime::Error| HostError::Malformed {
            module: name.to_owned(),
            cause: format!("{error:#}"),
        };
        let component = Component::from_binary(&self.engine, bytes).map_err(malformed)?;
        let Some((cache, path)) = cached else { return Ok((component, Code::Compiled)) };
        let stored = component.serialize().map_err(|error| format!("{error:#}")).and_then(|code| {
            cache.write(&path, &code).map_err(|error| format!("{}: {error}", path.display()))
        });
        match stored {
            Ok(()) => Ok((component, Code::Compiled)),
            Err(reason) => Ok((component, Code::NotStored(reason))),
        }
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host").field("config", &self.shared.config).finish_non_exhaustive()
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Loaded { name, hash, .. } = &*self.shared;
        f.debug_struct("Module").field("name", name).field("hash", &hex(hash)).finish_non_exhaustive()
    }
}
