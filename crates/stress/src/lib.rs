//! Scripted users against a running node: real requests, real sockets, real frames, and the client machine that the
//! simulator proves ([`playconnect_session::Client`]) in the place of each browser.
//!
//! ```text
//! Script ─▶ user ─▶ Client ─▶ socket ─▶ node
//!            │  what it saw             │ /metrics, once a second
//!            └────────▶ Seen ◀──────────┘ ─▶ Report ─▶ table, JSON, picture
//! ```
#![forbid(unsafe_code)]

mod http;
mod node;
mod picture;
mod report;
mod script;
mod seen;
mod selector;
mod user;

pub use report::{Quantiles, Report};
pub use script::{Script, ScriptError};

use seen::Seen;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// How long an answer is waited for when the time is over.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Debug)]
pub struct Options {
    /// A page of the node.
    pub url: Url,
    pub sessions: u32,
    /// What is measured, behind the ramp.
    pub duration: Duration,
    /// Sessions come one after the other within this time.
    pub ramp: Duration,
    pub script: Script,
    /// Where the node says how it is.
    pub admin: Option<Admin>,
    /// Of what users choose.
    pub seed: u64,
}

#[derive(Clone, Debug)]
pub struct Admin {
    pub url: Url,
    pub token: String,
}

#[derive(Debug, thiserror::Error)]
pub enum StressError {
    #[error("{0}: {1}; name a page as http://127.0.0.1:7420/")]
    Url(Url, &'static str),
    #[error("{0}: {1}; see that the node runs, and serves this page")]
    Page(Url, String),
    #[error("{0}: {1}; `playconnect serve` prints the address and the file of the token")]
    Admin(Url, String),
}

/// How it goes, once a second.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    pub second: u64,
    pub seconds: u64,
    /// Sessions that show their page.
    pub live: u64,
    pub answered: u64,
    pub errors: u64,
}

/// Runs all users to the end.
///
/// # Errors
/// If nobody could have come: a wrong address, a page that is not there or not live, a node that refuses the token. What
/// happens to users later is counted in the report.
pub async fn run(options: Options, on_second: impl Fn(Progress)) -> Result<Report, StressError> {
    http::check(&options.url).map_err(|why| StressError::Url(options.url.clone(), why))?;
    http::open(&options.url)
        .await
        .map_err(|error| StressError::Page(options.url.clone(), error.to_string()))?;
    let mut node = match &options.admin {
        Some(admin) => Some(node::Node::meet(admin.clone()).await?),
        None => None,
    };
    let began = Instant::now();
    let measured = began + options.ramp;
    let ends = measured + options.duration;
    let seen = Arc::new(Seen::new(began, measured, ends));
    let options = Arc::new(options);
    let users: Vec<_> = (0..options.sessions)
        .map(|number| {
            let arrives = began + options.ramp.mul_f64(f64::from(number) / f64::from(options.sessions));
            tokio::spawn(user::live(options.clone(), seen.clone(), number, arrives))
        })
        .collect();
    let seconds = (options.ramp + options.duration).as_secs_f64().ceil() as u64;
    for second in 1..=seconds {
        tokio::time::sleep_until(began + Duration::from_secs(second)).await;
        if let Some(node) = &mut node {
            node.look(Instant::now() >= measured).await;
        }
        seen.second(node.as_ref().and_then(node::Node::last));
        on_second(seen.progress(second, seconds));
    }
    for user in users {
        // One that panicked is a fault of ours, and told as that.
        if let Err(error) = user.await
            && error.is_panic()
        {
            std::panic::resume_unwind(error.into_panic());
        }
    }
    Ok(Report::new(&options, &seen, node))
}
