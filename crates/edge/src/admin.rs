//! The admin listener: health, readiness, metrics. A bearer token always, and only the hosts it is meant for.

use crate::app::Current;
use crate::driver::Drivers;
use crate::metrics::{Metrics, Now, Process};
use crate::unattached::Unattached;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use playconnect_qos::Class;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(Clone)]
pub struct Admin {
    pub app: Current,
    pub drivers: Arc<Drivers>,
    pub metrics: Arc<Metrics>,
    pub unattached: Unattached,
    pub token: Arc<str>,
    pub listen: SocketAddr,
    /// The node takes no new pages any more.
    pub draining: Arc<AtomicBool>,
}

pub fn router(admin: Admin) -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/ready", get(ready))
        .route("/metrics", get(metrics))
        .fallback(async || (StatusCode::NOT_FOUND, "There is /health, /ready and /metrics.\n"))
        .method_not_allowed_fallback(async || (StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD only.\n"))
        .layer(middleware::from_fn_with_state(admin.clone(), guard))
        .with_state(admin)
}

async fn health(State(admin): State<Admin>) -> Response {
    let app = admin.app.get();
    let load = |counter: &std::sync::atomic::AtomicI64| counter.load(Ordering::Relaxed);
    Json(json!({
        "status": if admin.draining.load(Ordering::Relaxed) { "draining" } else { "ok" },
        "version": env!("CARGO_PKG_VERSION"),
        "application": { "name": app.name, "version": app.version },
        "node": format!("{:08x}", admin.drivers.origin().node),
        "sessions": load(&admin.metrics.sessions),
        "sockets": load(&admin.metrics.sockets),
        "policy": "transactional",
    }))
    .into_response()
}

async fn ready(State(admin): State<Admin>) -> Response {
    if admin.draining.load(Ordering::Relaxed) {
        return (StatusCode::SERVICE_UNAVAILABLE, "draining\n").into_response();
    }
    "ready\n".into_response()
}

async fn metrics(State(admin): State<Admin>) -> Response {
    let now = Now {
        fetches_running: admin.drivers.fetches_running(),
        unattached: admin.unattached.count(),
        class_cpu_us: Class::ALL.map(|class| admin.drivers.class_cpu_us(class)),
        process: Process::now(),
    };
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    (kind, admin.metrics.render(&now)).into_response()
}

/// Host first, then the token: a page that got here by DNS rebinding learns nothing of tokens.
async fn guard(State(admin): State<Admin>, request: Request, next: Next) -> Response {
    if !is_host_ours(request.headers(), admin.listen) {
        let why = "This listener answers only to its own address; ask for it by address or by localhost.\n";
        return (StatusCode::MISDIRECTED_REQUEST, why).into_response();
    }
    if !has_token(request.headers(), &admin.token) {
        let headers = [(header::WWW_AUTHENTICATE, "Bearer")];
        let why = "Authorization: Bearer TOKEN is needed; `playconnect serve` prints where the token is.\n";
        return (StatusCode::UNAUTHORIZED, headers, why).into_response();
    }
    next.run(request).await
}

fn is_host_ours(headers: &HeaderMap, listen: SocketAddr) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|host| host.to_str().ok()) else { return false };
    let local =
        [format!("localhost:{}", listen.port()), format!("127.0.0.1:{}", listen.port()), listen.to_string()];
    local.iter().any(|own| own == host)
}

/// Compared by hash, so that the time it takes says nothing of the token.
fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or("");
    !token.is_empty() && Sha256::digest(given) == Sha256::digest(token)
}
