//! Requests of modules to other hosts: `fetch`.
//!
//! [`playconnect_manifest::grant`] says where a module may go and is pure; [`client`] makes one request, redirects included; [`network`]
//! touches the system. [`Outbound`] is the node's end of it, [`Running`] a driver's.

mod client;
mod network;
#[cfg(test)]
mod tests;

pub(crate) use client::{FetchError, FetchLimits};
pub(crate) use network::System;

use network::Network;
use playconnect_manifest::grant::Grants;
use playconnect_session::message::{Fetch, Response};
use playconnect_session::{ModuleKey, SessionId};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;
use tokio_rustls::TlsConnector;

/// What all requests of the node share. None of them sees another's.
#[derive(Clone)]
pub(crate) struct Outbound {
    network: Arc<dyn Network>,
    tls: TlsConnector,
    /// Requests that the node may still begin.
    free: Arc<Semaphore>,
    requests_max: u32,
    runtime: Handle,
}

/// What a module may.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Allowance {
    pub grants: Grants,
    pub limits: FetchLimits,
}

impl Outbound {
    /// # Errors
    /// `ca_file` is not a file of certificates. A sentence about it.
    pub fn new(
        network: Arc<dyn Network>,
        ca_file: Option<&Path>,
        requests_max: u32,
        runtime: Handle,
    ) -> Result<Self, String> {
        let free = Arc::new(Semaphore::new(requests_max as usize));
        Ok(Outbound { network, tls: network::tls(ca_file)?, free, requests_max, runtime })
    }

    /// Requests that run now.
    pub fn running(&self) -> usize {
        (self.requests_max as usize).saturating_sub(self.free.available_permits())
    }

    /// Begins a request. `done` is called once, on a thread of the runtime, unless the task is aborted.
    ///
    /// # Errors
    /// The node has no room for another.
    pub fn begin(
        &self,
        allowance: Arc<Allowance>,
        fetch: Fetch,
        done: impl FnOnce(Result<Response, FetchError>) + Send + 'static,
    ) -> Result<Task, FetchError> {
        let permit = self.free.clone().try_acquire_owned().map_err(|_| FetchError::Limit {
            what: "requests of this node at the same time",
            used: (self.requests_max + 1).to_string(),
            allowed: self.requests_max.to_string(),
            key: "[outbound] requests_max in node.toml, or ask again later".to_owned(),
        })?;
        let Outbound { network, tls, .. } = self.clone();
        let task = self.runtime.spawn(async move {
            let Allowance { grants, limits } = &*allowance;
            let answer = client::exchange(&*network, &tls, grants, limits, fetch).await;
            drop(permit);
            done(answer);
        });
        Ok(Task(task.abort_handle()))
    }
}

/// A request that runs. It ends when this is dropped.
pub(crate) struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The requests that the modules of a driver have running.
#[derive(Default)]
pub(crate) struct Running {
    modules: BTreeMap<ModuleKey, BTreeMap<u32, Task>>,
}

impl Running {
    /// # Errors
    /// The module or its session has as many as it may, or one of this number.
    pub fn check(
        &self,
        key: ModuleKey,
        request: u32,
        allowance: &Allowance,
        session_max: u32,
    ) -> Result<(), FetchError> {
        let module = &allowance.grants.module;
        if self.modules.get(&key).is_some_and(|tasks| tasks.contains_key(&request)) {
            return Err(FetchError::Request(format!(
                "request {request} runs already: give each its own number"
            )));
        }
        let own = self.modules.get(&key).map_or(0, BTreeMap::len);
        let limit = |what, running: usize, allowed: u32, key: String| match running < allowed as usize {
            true => Ok(()),
            false => Err(FetchError::Limit {
                what,
                used: (running + 1).to_string(),
                allowed: allowed.to_string(),
                key,
            }),
        };
        let (module_max, key_of_module) =
            (allowance.limits.running, format!("[module.{module}.limits] fetches"));
        limit("requests of this module at the same time", own, module_max, key_of_module)?;
        let all = self.of_session(key.session);
        limit("requests of this page at the same time", all, session_max, "[limits] fetches".to_owned())
    }

    pub fn add(&mut self, key: ModuleKey, request: u32, task: Task) {
        self.modules.entry(key).or_default().insert(request, task);
    }

    /// False: it was not there any more, and its answer is nobody's.
    pub fn remove(&mut self, key: ModuleKey, request: u32) -> bool {
        let Some(tasks) = self.modules.get_mut(&key) else { return false };
        let was_there = tasks.remove(&request).is_some();
        if tasks.is_empty() {
            self.modules.remove(&key);
        }
        was_there
    }

    /// The incarnation is over: so are its requests.
    pub fn end(&mut self, key: ModuleKey) {
        self.modules.remove(&key);
    }

    fn of_session(&self, session: SessionId) -> usize {
        let first = ModuleKey { session, module: 0, incarnation: 0 };
        let last = ModuleKey { session, module: usize::MAX, incarnation: u32::MAX };
        self.modules.range(first..=last).map(|(_, tasks)| tasks.len()).sum()
    }
}

/// Keeps a module that is refused in a loop from filling the log.
pub(crate) struct RefusalLog {
    since: Instant,
    lines: u32,
    left_out: u64,
}

impl RefusalLog {
    const LINES_MAX: u32 = 10;
    const WINDOW: Duration = Duration::from_secs(1);

    pub fn new(now: Instant) -> Self {
        RefusalLog { since: now, lines: 0, left_out: 0 }
    }

    /// Whether to write a line, and how many were left out before it.
    pub fn line(&mut self, now: Instant) -> Option<u64> {
        if now.saturating_duration_since(self.since) >= Self::WINDOW {
            (self.since, self.lines) = (now, 0);
        }
        if self.lines == Self::LINES_MAX {
            self.left_out += 1;
            return None;
        }
        self.lines += 1;
        Some(std::mem::take(&mut self.left_out))
    }
}

/// Where a request was to go, for the log: without path and query, which may hold secrets.
pub(crate) fn logged_origin(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(url) if url.has_host() => url.origin().ascii_serialization(),
        Ok(url) => format!("{}:", url.scheme().chars().take(32).collect::<String>()),
        Err(_) => "not a URL".to_owned(),
    }
}
