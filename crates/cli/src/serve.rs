//! `playconnect serve`: settings together, then the edge server.

use std::io;
use std::path::{Path, PathBuf};

use playconnect_edge::{AppError, Ready, ServeError, ServeOptions, serve};
use playconnect_host::Config as HostConfig;
use playconnect_manifest::Manifest;
use playconnect_manifest::node_config::{self, LogFormat, NodeConfig};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::Serve;
use crate::failure::Failure;
use crate::output::Output;

pub fn run(arguments: Serve, output: &Output) -> Result<(), Failure> {
    let app_folder = arguments.app.folder.clone();
    // Read here too, so that what is wrong is said before anything is started.
    let manifest = Manifest::load(&app_folder)?;
    let missing = manifest.missing_files();
    if !missing.is_empty() {
        return Err(Failure::problems(&missing));
    }
    for warning in &manifest.warnings {
        output.note(&format!("note: {warning}"));
    }
    let config = settings(&arguments)?;
    let data_folder = config.data_folder.clone().unwrap_or_else(|| app_folder.join(".playconnect/data"));
    log(&config)?;

    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::run_time(&format!("threads cannot be started: {error}")))?;
    let options = ServeOptions {
        app_folder,
        data_folder,
        config,
        development: false,
        record: arguments.record.clone(),
    };
    let mut printed = Ok(());
    let served = runtime.block_on(async {
        let shutdown = shutdown().map_err(|error| Failure::run_time(&format!("no signals: {error}")))?;
        serve(options, |ready| printed = announce(ready, output), shutdown).await.map_err(failure)
    });
    end(runtime);
    served.and(printed)
}

/// Ends the I/O threads. Without it the process would wait for calls of the system that may take long and that nobody
/// waits for any more: the address of another host, a module that is being compiled.
pub fn end(runtime: tokio::runtime::Runtime) {
    runtime.shutdown_background();
}

/// The command line goes before what [`node_config`] finds.
pub fn settings(arguments: &Serve) -> Result<NodeConfig, Failure> {
    let mut config = node_config(&arguments.app.folder, arguments.node.clone())?;
    config.public_listen = arguments.listen.unwrap_or(config.public_listen);
    config.admin_listen = arguments.admin.unwrap_or(config.admin_listen);
    config.data_folder = arguments.data.clone().or(config.data_folder);
    Ok(config)
}

/// The environment goes before the file: the one that is named, or else the one in the app's folder.
pub fn node_config(folder: &Path, named: Option<PathBuf>) -> Result<NodeConfig, Failure> {
    let usual = || Some(folder.join(node_config::FILE_NAME)).filter(|file| file.is_file());
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())));
    Ok(NodeConfig::load(named.or_else(usual).as_deref(), variables)?)
}

/// What of a node's settings is part of how modules are compiled: with the same, compiled code is found again.
pub fn host_config(node: &NodeConfig) -> HostConfig {
    HostConfig {
        widget_memory_bytes: node.widget_memory,
        table_elements_max: node.table_elements_max,
        ..HostConfig::default()
    }
}

pub fn log(config: &NodeConfig) -> Result<(), Failure> {
    let filter = EnvFilter::try_new(&config.log_filter).map_err(|error| {
        let next = "write for example \"info,playconnect_host=debug\"";
        Failure::usage(format!("log.filter: \"{}\" is not a filter ({error}); {next}", config.log_filter))
    })?;
    let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let colours = io::IsTerminal::is_terminal(&io::stderr());
    let set = match config.log_format {
        LogFormat::Text => subscriber.with_ansi(colours).try_init(),
        LogFormat::Json => subscriber.json().flatten_event(true).try_init(),
    };
    set.map_err(|error| Failure::run_time(&format!("the log cannot be set up: {error}")))
}

/// The URLs of pages, last.
pub fn announce(ready: &Ready, output: &Output) -> Result<(), Failure> {
    let url = |route: &String| format!("http://{}{route}", ready.public);
    let pages: Vec<_> = ready.routes.iter().map(url).collect();
    let admin = format!("http://{}/", ready.admin);
    if output.is_json() {
        let ready = serde_json::json!({ "admin": admin, "token_file": ready.token_file, "pages": pages });
        return output.line(&ready.to_string());
    }
    let token = match &ready.token_file {
        Some(file) => format!("the token is in {}", file.display()),
        None => "the token is the one of the settings".to_owned(),
    };
    output.line(&format!("admin  {admin}  ({token})"))?;
    pages.iter().try_for_each(|page| output.line(&format!("page   {page}")))
}

/// Until a person or a supervisor asks to stop.
pub fn shutdown() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

pub fn failure(error: ServeError) -> Failure {
    match error {
        ServeError::App(AppError::Manifest(error)) => error.into(),
        ServeError::App(AppError::Files { problems }) => Failure::problems(&problems),
        ServeError::Open { .. } => Failure::usage(error.to_string()),
        other => Failure::run_time(&other.to_string()),
    }
}
