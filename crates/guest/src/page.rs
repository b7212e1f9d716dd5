//! The page around the module: its environment, its URL, the manifest's properties, requests to other hosts.

use crate::bindings::playconnect::module::types::{self, Action};
use crate::platform::{self, Reply};
use dioxus::prelude::Readable;
use serde::de::DeserializeOwned;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

pub use types::{ColorScheme, Environment, Viewport};

/// Locale, time zone, colour scheme, viewport, URL and visibility. A component that calls this renders again when
/// one of them changes.
///
/// # Panics
/// Outside of a module's turn: there is no page there.
pub fn environment() -> Environment {
    let signal = platform::with(|platform| platform.environment);
    signal.expect("environment() is for components, their handlers and tasks").cloned()
}

/// What the manifest says under `[module.NAME.properties]`.
pub fn properties<T: DeserializeOwned>() -> Result<T, PropertiesError> {
    platform::with(|platform| {
        serde_json::from_str(&platform.properties)
            .map_err(|cause| PropertiesError { module: platform.module.clone(), cause: cause.to_string() })
    })
}

/// The module's name in the manifest.
pub fn module_name() -> String {
    platform::with(|platform| platform.module.clone())
}

/// The name of the slot that the module is in.
pub fn slot_name() -> String {
    platform::with(|platform| platform.slot.clone())
}

/// Counts starts, rebuilds and restores of this module in this session.
pub fn incarnation() -> u32 {
    platform::with(|platform| platform.incarnation)
}

/// Leaves the page for this URL: a path of its own origin.
pub fn navigate(url: impl Into<String>) {
    ask(Action::Navigate(url.into()));
}

/// Changes the page's URL without leaving it; the browser's Back comes back here.
pub fn push_url(url: impl Into<String>) {
    ask(Action::PushUrl(url.into()));
}

/// Changes the page's URL without leaving it and without an entry in the history.
pub fn replace_url(url: impl Into<String>) {
    ask(Action::ReplaceUrl(url.into()));
}

/// Asks a host that the manifest grants in `outbound_hosts`. Dropping the future ends the request.
///
/// ```no_run
/// # async fn run() -> Result<(), playconnect_guest::FetchError> {
/// let response = playconnect_guest::fetch(playconnect_guest::Fetch::get("https://scores.example/today")).await?;
/// let text = String::from_utf8_lossy(&response.body);
/// # Ok(()) }
/// ```
pub fn fetch(request: Fetch) -> impl Future<Output = Result<Response, FetchError>> {
    let Fetch { method, url, headers, body } = request;
    let id = ask(Action::Fetch(types::Fetch { method, url: url.clone(), headers, body }));
    platform::with(|platform| platform.replies.insert(id, Reply::Waiting(None)));
    Fetching { id, url }
}

/// A request of [`fetch`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Fetch {
    pub fn get(url: impl Into<String>) -> Self {
        Fetch { method: "GET".to_owned(), url: url.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn post(url: impl Into<String>, body: impl Into<Vec<u8>>) -> Self {
        Fetch { method: "POST".to_owned(), url: url.into(), headers: Vec::new(), body: body.into() }
    }

    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// An answer to [`fetch`], whatever its status.
pub use types::Response;

/// No answer came: the host is not granted, not there, or too slow. The text says which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchError {
    pub url: String,
    pub cause: String,
}

impl std::fmt::Display for FetchError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "fetching {}: {}", self.url, self.cause)
    }
}

impl std::error::Error for FetchError {}

/// The manifest's properties are not what the module takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertiesError {
    module: String,
    cause: String,
}

impl std::fmt::Display for PropertiesError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let PropertiesError { module, cause } = self;
        write!(f, "[module.{module}.properties] is not what the module takes: {cause}")
    }
}

impl std::error::Error for PropertiesError {}

struct Fetching {
    id: u32,
    url: String,
}

impl Future for Fetching {
    type Output = Result<Response, FetchError>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        platform::with(|platform| match platform.replies.remove(&self.id) {
            Some(Reply::Here(result)) => {
                Poll::Ready(result.map_err(|cause| FetchError { url: self.url.clone(), cause }))
            }
            Some(Reply::Waiting(_)) => {
                platform.replies.insert(self.id, Reply::Waiting(Some(context.waker().clone())));
                Poll::Pending
            }
            None => Poll::Pending,
        })
    }
}

impl Drop for Fetching {
    fn drop(&mut self) {
        platform::with(|platform| {
            // Nobody waits for the answer: the host need not either.
            if let Some(Reply::Waiting(_)) = platform.replies.remove(&self.id) {
                platform.cancel(self.id);
            }
        });
    }
}

fn ask(action: Action) -> u32 {
    platform::with(|platform| platform.request(action))
}
