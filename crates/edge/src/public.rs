//! The public listener: pages, the session socket, assets.
//!
//! It answers only to names that are its own. Sessions are open to anybody who can reach the listener, so without this
//! a page of any site could: by letting its own name point here (DNS rebinding).

use crate::app::{Current, Page};
use crate::assets::{self, Script};
use crate::development::{self, Development};
use crate::driver::{Command, Drivers};
use crate::page::CONTENT_SECURITY_POLICY;
use crate::session_name::{SessionName, random_words};
use crate::socket::{self, Door};
use crate::unattached::{StaticPages, Tickets, Unattached};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path as UrlPath, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use playconnect_frame::{CloseCode, Environment, MESSAGE_BYTES_MAX};
use playconnect_manifest::node_config::ClientAddress;
use playconnect_session::{SessionId, SlotHtml};
use std::net::{IpAddr, SocketAddr};
use std::path::{Component, Path};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::oneshot;

/// What the public listener serves from.
#[derive(Clone)]
pub struct Public {
    pub app: Current,
    /// Only under `playconnect dev`.
    pub development: Option<Development>,
    pub drivers: Arc<Drivers>,
    /// Origins besides the listener's own whose pages may open a session socket.
    pub origins: Arc<Vec<String>>,
    pub sessions_max: usize,
    /// Sessions that nobody has attached to, of which there may be so many.
    pub unattached: Unattached,
    pub tickets: Tickets,
    pub static_pages: StaticPages,
    pub client_address: ClientAddress,
    pub metrics: Arc<crate::metrics::Metrics>,
    /// The node takes no new pages any more.
    pub draining: Arc<AtomicBool>,
}

pub fn router(public: Public) -> Router {
    Router::new()
        .route("/_pc/session", get(session_socket))
        .route("/_pc/style/{name}", get(style))
        .route("/_pc/assets/{name}", get(asset))
        .route("/_pc/dev", get(changes))
        .route("/_pc/{name}", get(script))
        .fallback(get(page_or_file))
        .method_not_allowed_fallback(async || plain(StatusCode::METHOD_NOT_ALLOWED, "GET and HEAD only.\n"))
        .layer(middleware::from_fn_with_state(public.origins.clone(), own_names_only))
        .with_state(public)
}

async fn own_names_only(State(origins): State<Arc<Vec<String>>>, request: Request, next: Next) -> Response {
    // HTTP/2 has the name in the URI.
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host
        .or(request.uri().authority().map(|name| name.as_str()))
        .is_some_and(|host| is_host_ours(host, &origins))
    {
        return next.run(request).await;
    }
    let why = "This listener answers to localhost and to the hosts of [public] origins in node.toml, not to this name.\n";
    plain(StatusCode::MISDIRECTED_REQUEST, why)
}

/// Loopback by any name that cannot be made to point elsewhere, and the hosts of further origins. Ports do not matter:
/// a proxy on this machine has one of its own.
fn is_host_ours(host: &str, origins: &[String]) -> bool {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
    let name = if port.bytes().all(|byte| byte.is_ascii_digit()) { name } else { host };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        || origins
            .iter()
            .filter_map(|origin| origin.split_once("://"))
            .any(|(_, own)| own.eq_ignore_ascii_case(host))
}

async fn page_or_file(
    State(public): State<Public>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let app = public.app.get();
    if let Some(page) = app.pages.get(uri.path()) {
        if method == Method::HEAD {
            // Nobody looks at it: no session.
            return (PAGE_HEADERS, ()).into_response();
        }
        let address = client(public.client_address, peer, &headers);
        return page_response(&public, page, &uri, &headers, address).await;
    }
    for folder in &app.static_folders {
        if let Some(response) = file(folder, uri.path()).await {
            return response;
        }
    }
    plain(StatusCode::NOT_FOUND, "There is no page here.\n")
}

async fn page_response(
    public: &Public,
    page: &Arc<Page>,
    uri: &Uri,
    headers: &HeaderMap,
    address: Option<IpAddr>,
) -> Response {
    if public.draining.load(Ordering::Relaxed) {
        return stopping();
    }
    let Some(place) = public.unattached.place(address) else { return static_response(public, page).await };
    let Ok(words) = random_words() else { return no_randomness() };
    // Taken before the session is there, so that a burst gets no more than there are. The driver gives it back.
    if !public.metrics.take_session(public.sessions_max) {
        return full();
    }
    let session = SessionId(u128::from(words[0]) << 64 | u128::from(words[1]));
    let seed = [words[2], words[3], words[4], words[5]];
    let (answer, html) = oneshot::channel();
    let environment = environment(uri, headers);
    let since = crate::driver::now().0;
    public
        .drivers
        .tell(session, Command::Open { session, page: page.clone(), environment, seed, place, answer });
    let Ok(slots) = html.await else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "This node is stopping.\n");
    };
    html_response(public, page, &slots, session, since)
}

/// Of a page whose session is made when a browser attaches.
async fn static_response(public: &Public, page: &Arc<Page>) -> Response {
    // Its browser would be turned away then.
    if public.metrics.sessions.load(Ordering::Relaxed) >= public.sessions_max as i64 {
        return full();
    }
    let Ok(ticket) = public.tickets.ticket() else { return no_randomness() };
    let since = crate::driver::now().0;
    let Some(slots) = public.static_pages.slots(page, &public.drivers).await else {
        return plain(StatusCode::SERVICE_UNAVAILABLE, "This node is stopping.\n");
    };
    public.metrics.static_pages.fetch_add(1, Ordering::Relaxed);
    html_response(public, page, &slots, ticket, since)
}

fn html_response(
    public: &Public,
    page: &Page,
    slots: &[SlotHtml],
    session: SessionId,
    since: u64,
) -> Response {
    let name = SessionName { origin: public.drivers.origin(), id: session }.to_string();
    let development = public.development.as_ref().and_then(|_| assets::development());
    let html = page.html(slots, Some(&name), assets::client(), development.map(|script| (script, since)));
    (PAGE_HEADERS, html).into_response()
}

const PAGE_HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (header::CACHE_CONTROL, "no-store"),
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
];

fn stopping() -> Response {
    try_again("This node is stopping; try again in a moment.\n")
}

fn full() -> Response {
    try_again("This node is full; try again in a moment.\n")
}

fn no_randomness() -> Response {
    try_again("No randomness to be had; try again.\n")
}

fn try_again(text: &'static str) -> Response {
    let mut response = plain(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

async fn session_socket(
    State(public): State<Public>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if public.draining.load(Ordering::Relaxed) {
        // Its session is closed. Were it told so, it would load the page anew, from a node that gives out no pages: it is
        // to wait for the next one.
        return stopping();
    }
    let upgrade = upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX);
    if !is_origin_allowed(&headers, &public.origins) {
        // A browser does not tell its page of an HTTP status, and the page would try again for ever.
        let why = "pages of this origin may not open sessions here; see [public] origins in node.toml";
        return upgrade.on_upgrade(move |socket| socket::turn_away(socket, CloseCode::Forbidden, why));
    }
    let door = Door {
        app: public.app,
        drivers: public.drivers,
        metrics: public.metrics,
        tickets: public.tickets,
        sessions_max: public.sessions_max,
    };
    upgrade.on_upgrade(move |socket| socket::serve(socket, door))
}

/// What has changed since the app was first served, as events; the first comes at once.
async fn changes(State(public): State<Public>) -> Response {
    match &public.development {
        Some(development) => development::events(development).into_response(),
        None => plain(StatusCode::NOT_FOUND, "There is no such asset; reload the page.\n"),
    }
}

async fn script(State(public): State<Public>, UrlPath(name): UrlPath<String>) -> Response {
    let development = public.development.as_ref().and_then(|_| assets::development());
    let named = |script: &&Script| script.name == name;
    match assets::client().filter(named).or(development.filter(named)) {
        Some(script) => immutable("text/javascript; charset=utf-8", script.text.into()),
        None => plain(StatusCode::NOT_FOUND, "There is no such asset; reload the page.\n"),
    }
}

async fn style(State(public): State<Public>, UrlPath(name): UrlPath<String>) -> Response {
    match public.app.get().styles.get(&name) {
        Some(bytes) => immutable("text/css; charset=utf-8", bytes.clone().into()),
        None => plain(StatusCode::NOT_FOUND, "There is no such stylesheet; reload the page.\n"),
    }
}

async fn asset(State(public): State<Public>, UrlPath(name): UrlPath<String>) -> Response {
    let app = public.app.get();
    let Some(asset) = app.assets.get(&name) else {
        return plain(StatusCode::NOT_FOUND, "There is no such image or font; reload the page.\n");
    };
    let mut response = immutable(asset.kind, asset.bytes.clone().into());
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(ASSET_POLICY));
    response
}

/// An SVG that somebody opens by itself is a page of this origin: it runs nothing and asks for nothing.
const ASSET_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// A file of a static folder, if there is one. Only plain names below the folder, no links out of it.
async fn file(folder: &Path, path: &str) -> Option<Response> {
    let relative = Path::new(path.strip_prefix('/')?);
    let kind = content_type(relative)?;
    let plain_names = relative.components().all(|part| match part {
        Component::Normal(name) => {
            name.to_str().is_some_and(|name| !name.starts_with('.') && !name.contains('%'))
        }
        _ => false,
    });
    if !plain_names {
        return None;
    }
    let (folder, wanted) = (tokio::fs::canonicalize(folder).await.ok()?, folder.join(relative));
    let real = tokio::fs::canonicalize(wanted).await.ok().filter(|real| real.starts_with(&folder))?;
    let bytes = tokio::fs::read(real).await.ok()?;
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Some((headers, bytes).into_response())
}

/// Files of other kinds are not served: shells and sources stay inside.
fn content_type(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "gif" => "image/gif",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        "webm" => "video/webm",
        "txt" => "text/plain; charset=utf-8",
        "webmanifest" => "application/manifest+json",
        _ => return None,
    })
}

/// Whose request it is. `None`: it is not known. The address of a proxy on this machine is nobody's.
fn client(how: ClientAddress, peer: SocketAddr, headers: &HeaderMap) -> Option<IpAddr> {
    let address = match how {
        ClientAddress::Peer => Some(peer.ip()),
        ClientAddress::Forwarded => {
            // The last one is the proxy's own; those before it may say anything.
            let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
            last.rsplit(',').next()?.trim().parse().ok()
        }
    };
    address.filter(|address: &IpAddr| !address.is_loopback())
}

fn environment(uri: &Uri, headers: &HeaderMap) -> Environment {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let locale = text("accept-language").split([',', ';']).next().map(str::trim).unwrap_or("");
    let is_locale = (2..=64).contains(&locale.len())
        && locale.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    Environment {
        locale: if is_locale { locale.to_owned() } else { "en".to_owned() },
        url: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        dark: text("sec-ch-prefers-color-scheme").contains("dark"),
        visible: true,
        ..Environment::default()
    }
}

/// A browser always sends Origin with a socket; what sends none is no browser, and no user's cookies ride on it.
fn is_origin_allowed(headers: &HeaderMap, origins: &[String]) -> bool {
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let own = origin.split_once("://").is_some_and(|(_, own)| Some(own) == host);
    own || origins.iter().any(|allowed| allowed == origin)
}

fn immutable(kind: &'static str, bytes: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes).into_response()
}

pub fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_request_it_is() {
        let address = |how: ClientAddress, peer: &str, forwarded: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in forwarded {
                headers.append("x-forwarded-for", HeaderValue::from_str(value).unwrap());
            }
            client(how, SocketAddr::new(peer.parse().unwrap(), 1), &headers)
                .map(|address| address.to_string())
        };
        let of_peer = |peer, forwarded| address(ClientAddress::Peer, peer, forwarded);
        assert_eq!(of_peer("192.0.2.1", &["192.0.2.9"]).as_deref(), Some("192.0.2.1"));
        assert_eq!(of_peer("127.0.0.1", &["192.0.2.9"]), None, "a proxy's, or of this machine");
        let of_proxy = |forwarded| address(ClientAddress::Forwarded, "127.0.0.1", forwarded);
        assert_eq!(of_proxy(&["192.0.2.9"]).as_deref(), Some("192.0.2.9"));
        // What stands before the last was written by others.
        assert_eq!(of_proxy(&["10.0.0.1, 192.0.2.8", "10.0.0.2,192.0.2.9 "]).as_deref(), Some("192.0.2.9"));
        assert_eq!(of_proxy(&["2001:db8::1"]).as_deref(), Some("2001:db8::1"));
        assert_eq!(of_proxy(&["192.0.2.9, unknown"]), None);
        assert_eq!(of_proxy(&[]), None);
    }

    #[test]
    fn names_that_are_ours() {
        let origins = ["https://play.example.org".to_owned(), "http://box.local:8080".to_owned()];
        for host in [
            "localhost",
            "LOCALHOST:7420",
            "127.0.0.1",
            "127.0.0.1:1",
            "127.1.2.3:80",
            "[::1]",
            "[::1]:7420",
            "play.example.org",
            "Play.Example.org",
            "box.local:8080",
        ] {
            assert!(is_host_ours(host, &origins), "{host}");
        }
        for host in [
            "",
            ":7420",
            "elsewhere.example",
            "127.0.0.1.elsewhere.example",
            "localhost.elsewhere.example:7420",
            "elsewhere.example:localhost",
            "10.0.0.1",
            "0.0.0.0:7420",
            "[::2]",
            "play.example.org.evil",
            "box.local:81",
        ] {
            assert!(!is_host_ours(host, &origins), "{host}");
        }
    }
}
