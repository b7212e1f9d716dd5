//! Lines for the operator. The host counts them against 64 KiB a second.

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

/// One line. The macros `debug!`, `info!`, `warn!` and `error!` say it shorter.
pub fn log(level: Level, message: &str) {
    write(level, message);
}

#[cfg(target_arch = "wasm32")]
fn write(level: Level, message: &str) {
    use crate::bindings::playconnect::module::host;
    let level = match level {
        Level::Debug => host::Level::Debug,
        Level::Info => host::Level::Info,
        Level::Warn => host::Level::Warn,
        Level::Error => host::Level::Error,
    };
    host::log(level, message);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(level: Level, message: &str) {
    eprintln!("{level:?}: {message}");
}

/// Logs one line for the operator; takes what `format!` takes.
#[macro_export]
macro_rules! debug {
    ($($argument:tt)*) => { $crate::log($crate::Level::Debug, &::std::format!($($argument)*)) };
}

/// Logs one line for the operator; takes what `format!` takes.
#[macro_export]
macro_rules! info {
    ($($argument:tt)*) => { $crate::log($crate::Level::Info, &::std::format!($($argument)*)) };
}

/// Logs one line for the operator; takes what `format!` takes.
#[macro_export]
macro_rules! warn {
    ($($argument:tt)*) => { $crate::log($crate::Level::Warn, &::std::format!($($argument)*)) };
}

/// Logs one line for the operator; takes what `format!` takes.
#[macro_export]
macro_rules! error {
    ($($argument:tt)*) => { $crate::log($crate::Level::Error, &::std::format!($($argument)*)) };
}
