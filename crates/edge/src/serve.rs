//! Starting and stopping the edge server.

use crate::admin::{self, Admin};
use crate::app::{App, AppError, Current};
use crate::assets;
use crate::development::Development;
use crate::driver::Drivers;
use crate::metrics::Metrics;
use crate::outbound::{Outbound, System};
use crate::public::{self, Public};
use crate::recording::Recorder;
use crate::session_name::Origin;
use crate::unattached::{StaticPages, Tickets, Unattached};
use axum::serve::ListenerExt;
use playconnect_host::{Config as HostConfig, Host, HostError};
use playconnect_manifest::Manifest;
use playconnect_manifest::node_config::NodeConfig;
use std::fs::{self, OpenOptions};
use std::future::Future;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// What to serve, where.
pub struct ServeOptions {
    pub app_folder: PathBuf,
    pub data_folder: PathBuf,
    pub config: NodeConfig,
    /// The app may change while it is served: see [`Ready::development`].
    pub development: bool,
    /// Where each session is recorded, if any is.
    pub record: Option<PathBuf>,
}

/// The server listens.
#[derive(Clone)]
pub struct Ready {
    pub public: SocketAddr,
    pub admin: SocketAddr,
    /// Routes of the app's pages.
    pub routes: Vec<String>,
    /// Where the admin token is, if it was not given.
    pub token_file: Option<PathBuf>,
    pub development: Option<Development>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("this binary was built without the browser's client; build it with `cargo xtask build`")]
    NoClient,
    #[error(transparent)]
    App(#[from] AppError),
    #[error(transparent)]
    Host(#[from] HostError),
    #[error("{listener} listener {address}: {cause}; choose another address with --{flag}")]
    Listen { listener: &'static str, address: SocketAddr, cause: io::Error, flag: &'static str },
    #[error("data folder {}: {cause}; choose another with --data", path.display())]
    Data { path: PathBuf, cause: io::Error },
    #[error("recordings in {}: {cause}; choose another folder with --record", path.display())]
    Record { path: PathBuf, cause: io::Error },
    #[error("{0}")]
    Thread(io::Error),
    #[error(
        "public listener {address}: anybody may open a session, so this version listens on loopback addresses only; write \
         127.0.0.1:{}, and put a proxy that knows your users in front of it", address.port()
    )]
    Open { address: SocketAddr },
    #[error("[outbound] ca_file: {0}; name a file of certificates in PEM")]
    Certificates(String),
}

/// Sockets get this long to be told that the server stops.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// Connections get this long to end when the server stops.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Serves an app until `shutdown`. `on_ready` is called once both listeners are open.
///
/// # Errors
/// Everything that keeps it from starting.
pub async fn serve(
    options: ServeOptions,
    on_ready: impl FnOnce(&Ready),
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let ServeOptions { app_folder, data_folder, config, development, record } = options;
    if assets::client().is_none() {
        return Err(ServeError::NoClient);
    }
    if !config.public_listen.ip().is_loopback() {
        return Err(ServeError::Open { address: config.public_listen });
    }
    let manifest = Manifest::load(&app_folder).map_err(AppError::from)?;
    let data = |cause| ServeError::Data { path: data_folder.clone(), cause };
    create_private_folder(&data_folder).map_err(data)?;
    if !data_folder.is_dir() {
        return Err(data(io::Error::other("it is not a folder")));
    }
    let origin = Origin { node: node_number(&data_folder).map_err(data)?, boot: seconds_since_epoch() };
    let (token, token_file) = admin_token(&config, &data_folder).map_err(data)?;

    let host = Host::new(HostConfig {
        instances_max: config.instances_max,
        widget_memory_bytes: config.widget_memory,
        table_elements_max: config.table_elements_max,
        cache_dir: Some(data_folder.join("compiled")),
        keep_functions: development,
        ..HostConfig::default()
    })?;
    let mut shutdown = pin!(shutdown);
    let loaded = tokio::task::spawn_blocking({
        let host = host.clone();
        move || App::load(&manifest, &host)
    });
    let app = tokio::select! {
        loaded = loaded => loaded.map_err(|error| ServeError::Thread(error.into()))??,
        // Modules may take long to compile: nobody waits for that who wants it to stop.
        () = &mut shutdown => return Ok(()),
    };
    let routes = app.pages.keys().cloned().collect();
    let recorder = match record {
        Some(folder) => Some(
            Recorder::start(&folder, &app.name, origin)
                .map_err(|cause| ServeError::Record { path: folder, cause })?,
        ),
        None => None,
    };
    let classes = app.classes;
    let app = Current::new(app);
    let metrics = Arc::new(Metrics::default());
    let outbound = Outbound::new(
        Arc::new(System),
        config.outbound_ca_file.as_deref(),
        config.outbound_requests_max,
        tokio::runtime::Handle::current(),
    )
    .map_err(ServeError::Certificates)?;
    let drivers =
        Drivers::start(&host, &classes, origin, &metrics, outbound, recorder.as_ref(), config.asleep_memory)
            .map_err(ServeError::Thread)?;
    let drivers = Arc::new(drivers);

    let (public_listener, public_address) = listen("public", config.public_listen, "listen").await?;
    let (admin_listener, admin_address) = listen("admin", config.admin_listen, "admin").await?;
    let draining = Arc::new(AtomicBool::new(false));
    let unattached =
        Unattached::new(config.unattached_max() as usize, config.unattached_per_address_max as usize);
    let tickets = Tickets::new().map_err(|error| ServeError::Thread(io::Error::other(error.to_string())))?;
    let development = development.then(|| Development::new(host.clone(), app.clone(), drivers.clone()));
    let public = public::router(Public {
        app: app.clone(),
        development: development.clone(),
        drivers: drivers.clone(),
        origins: Arc::new(config.public_origins.clone()),
        sessions_max: config.sessions_max as usize,
        unattached: unattached.clone(),
        tickets,
        static_pages: StaticPages::new(),
        client_address: config.client_address,
        metrics: metrics.clone(),
        draining: draining.clone(),
    });
    let admin = admin::router(Admin {
        app,
        drivers: drivers.clone(),
        metrics: metrics.clone(),
        unattached,
        token: token.into(),
        listen: admin_address,
        draining: draining.clone(),
    });
    let (stop, stopped) = watch::channel(false);
    let public = tokio::spawn(run(public_listener, public, stopped.clone()));
    let admin = tokio::spawn(run(admin_listener, admin, stopped));
    let ready = Ready { public: public_address, admin: admin_address, routes, token_file, development };
    on_ready(&ready);

    shutdown.await;
    draining.store(true, Ordering::Relaxed);
    let sessions = drivers.drain("the node is restarting").await;
    tracing::info!(sessions, "stopping");
    let told = async {
        while metrics.sockets_open() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // Browsers that take it hear that the node is restarting, and come back soon.
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, told).await;
    if let Some(recorder) = recorder {
        let _ = tokio::task::spawn_blocking(move || recorder.finish()).await;
    }
    if let Some(development) = &ready.development {
        development.end();
    }
    stop.send_replace(true);
    let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, async { tokio::join!(public, admin) }).await;
    Ok(())
}

async fn run(listener: TcpListener, router: axum::Router, mut stopped: watch::Receiver<bool>) {
    let listener = listener.tap_io(|stream| {
        // Frames are small and wanted at once.
        let _ = stream.set_nodelay(true);
    });
    let shutdown = async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    if let Err(error) = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(shutdown)
        .await
    {
        tracing::error!(%error, "a listener ended");
    }
}

async fn listen(
    listener: &'static str,
    address: SocketAddr,
    flag: &'static str,
) -> Result<(TcpListener, SocketAddr), ServeError> {
    let wrong = |cause| ServeError::Listen { listener, address, cause, flag };
    let bound = TcpListener::bind(address).await.map_err(wrong)?;
    let local = bound.local_addr().map_err(wrong)?;
    Ok((bound, local))
}

fn create_private_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// The number by which this data folder's node is known, made once.
fn node_number(data_folder: &Path) -> io::Result<u32> {
    let path = data_folder.join("node");
    if let Ok(text) = fs::read_to_string(&path)
        && let Ok(number) = u32::from_str_radix(text.trim(), 16)
    {
        return Ok(number);
    }
    let number = getrandom::u32().map_err(|error| io::Error::other(error.to_string()))?;
    fs::write(&path, format!("{number:08x}\n"))?;
    Ok(number)
}

/// The token given, or one made at the first start, and its file.
fn admin_token(config: &NodeConfig, data_folder: &Path) -> io::Result<(String, Option<PathBuf>)> {
    if let Some(token) = &config.admin_token {
        return Ok((token.clone(), None));
    }
    let path = data_folder.join("admin-token");
    match fs::read_to_string(&path) {
        Ok(token) if !token.trim().is_empty() => return Ok((token.trim().to_owned(), Some(path))),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let token: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&path)?;
    writeln!(file, "{token}")?;
    Ok((token, Some(path)))
}

fn seconds_since_epoch() -> u32 {
    (crate::driver::now().0 / 1_000_000) as u32
}
