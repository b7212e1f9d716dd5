//! One request and its answer, redirects included. Every hop goes the whole way: grant, addresses, a connection of its
//! own to an address that was checked. Nothing is kept between requests: no connections, no cookies, no TLS sessions.

use super::network::Network;
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use playconnect_manifest::grant::{Grants, Host, Refusal, Scheme, Target};
use playconnect_session::message::{Fetch, Response};
use std::io;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;

/// Name, connection and TLS of one hop.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Addresses of one name that are tried.
const ADDRESSES_MAX: usize = 4;
/// As in browsers there are twenty; an API that needs more than a few is in a circle.
const REDIRECTS_MAX: usize = 5;
/// Status line and headers of an answer.
const HEAD_BYTES_MAX: usize = 64 << 10;

const USER_AGENT: &str = concat!("playconnect/", env!("CARGO_PKG_VERSION"));

/// Bounds of one request: `[module.NAME.limits]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchLimits {
    /// Requests at the same time.
    pub running: u32,
    /// URL, headers and body of a request.
    pub request_bytes: u64,
    /// The body of an answer.
    pub response_bytes: u64,
    /// From the request to the last byte of the answer.
    pub timeout: Duration,
}

/// Why there is no answer. The text is for the module's author.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The module may not.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The request itself is none that is sent.
    #[error("{0}")]
    Request(String),
    /// `key` is a manifest's key, in full.
    #[error("{what}: {used} used, {allowed} allowed; raise {key}")]
    Limit { what: &'static str, used: String, allowed: String, key: String },
    /// The other side is not there, too slow, or speaks nonsense.
    #[error("{0}")]
    Failed(String),
}

impl FetchError {
    /// It was not let through, as opposed to: it did not work.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, FetchError::Failed(_))
    }
}

/// # Errors
/// There is no answer.
pub async fn exchange(
    network: &dyn Network,
    tls: &TlsConnector,
    grants: &Grants,
    limits: &FetchLimits,
    fetch: Fetch,
) -> Result<Response, FetchError> {
    let key = |name: &str| format!("[module.{}.limits] {name}", grants.module);
    let start = Instant::now();
    let all = async {
        let mut wanted = Wanted::new(fetch, limits, grants)?;
        let mut target = grants.target(&wanted.url)?;
        for _ in 0..=REDIRECTS_MAX {
            let stream = timeout(CONNECT_TIMEOUT, connect(network, tls, grants, &target), || {
                let seconds = CONNECT_TIMEOUT.as_secs();
                FetchError::Failed(format!("{} cannot be reached within {seconds} s", target.origin()))
            })
            .await?;
            let most = || key("fetch_response");
            match send(stream, &target, &wanted, limits.response_bytes, most).await? {
                Answer::Here(response) => return Ok(response),
                Answer::Redirect { status, location } => {
                    let next = grants.target(&target.join(&location)?)?;
                    wanted.redirect(status, &target, &next);
                    target = next;
                }
            }
        }
        Err(FetchError::Failed(format!("{} redirects more than {REDIRECTS_MAX} times", target.origin())))
    };
    timeout(limits.timeout, all, || FetchError::Limit {
        what: "time of a request",
        used: format!("{} ms", start.elapsed().as_millis()),
        allowed: format!("{} ms", limits.timeout.as_millis()),
        key: key("fetch_timeout"),
    })
    .await
}

async fn timeout<T>(
    time: Duration,
    work: impl Future<Output = Result<T, FetchError>>,
    late: impl FnOnce() -> FetchError,
) -> Result<T, FetchError> {
    tokio::time::timeout(time, work).await.unwrap_or_else(|_| Err(late()))
}

/// A request as it will be sent: checked, with what is ours to say left out.
struct Wanted {
    method: Method,
    url: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Wanted {
    fn new(fetch: Fetch, limits: &FetchLimits, grants: &Grants) -> Result<Self, FetchError> {
        let Fetch { method, url, headers, body } = fetch;
        let pairs = headers.iter().map(|(name, value)| name.len() + value.len());
        let bytes = (url.len() + body.len() + pairs.sum::<usize>()) as u64;
        if bytes > limits.request_bytes {
            return Err(FetchError::Limit {
                what: "bytes of a request",
                used: bytes.to_string(),
                allowed: limits.request_bytes.to_string(),
                key: format!("[module.{}.limits] fetch_request", grants.module),
            });
        }
        let refused = |cause: String| FetchError::Request(cause);
        let method = Method::from_bytes(method.as_bytes())
            .ok()
            .filter(|method| !["CONNECT", "TRACE", "TRACK"].contains(&&*method.as_str().to_ascii_uppercase()))
            .ok_or_else(|| refused(format!("the method {} is not one that is sent", shown(&method))))?;
        if !body.is_empty() && (method == Method::GET || method == Method::HEAD) {
            return Err(refused(format!("a {method} request has no body: use POST or PUT")));
        }
        let mut sent = HeaderMap::new();
        for (name, value) in &headers {
            let (name, value) = header(name, value)?;
            if !is_ours(&name) {
                let added = sent.try_append(name, value);
                added.map_err(|_| {
                    refused("the request has more headers than HTTP libraries take".to_owned())
                })?;
            }
        }
        sent.entry(header::USER_AGENT).or_insert(HeaderValue::from_static(USER_AGENT));
        sent.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        sent.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        Ok(Wanted { method, url, headers: sent, body: body.into() })
    }

    /// <https://fetch.spec.whatwg.org/#http-redirect-fetch>; another origin gets none of the module's own headers,
    /// for there may be keys among them.
    fn redirect(&mut self, status: StatusCode, from: &Target, to: &Target) {
        let becomes_get = match status {
            StatusCode::SEE_OTHER => self.method != Method::GET && self.method != Method::HEAD,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = Bytes::new();
            let of_body = |name: &HeaderName| name.as_str().starts_with("content-");
            self.keep(|name| !of_body(name));
        }
        if from.origin() != to.origin() {
            const HARMLESS: [HeaderName; 7] = [
                header::ACCEPT,
                header::ACCEPT_ENCODING,
                header::ACCEPT_LANGUAGE,
                header::CONTENT_ENCODING,
                header::CONTENT_LANGUAGE,
                header::CONTENT_TYPE,
                header::USER_AGENT,
            ];
            self.keep(|name| HARMLESS.contains(name));
        }
    }

    fn keep(&mut self, keeps: impl Fn(&HeaderName) -> bool) {
        let others: Vec<_> = self.headers.keys().filter(|name| !keeps(name)).cloned().collect();
        for name in others {
            self.headers.remove(name);
        }
    }
}

/// Names are tokens; values are the bytes of Latin-1 (a ByteString of the Fetch standard) without line breaks.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), FetchError> {
    let bytes: Option<Vec<u8>> = value.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let parsed = HeaderName::from_bytes(name.as_bytes()).ok();
    let value = bytes.and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
    parsed.zip(value).ok_or_else(|| {
        FetchError::Request(format!(
            "the header {} cannot be sent: a name is a word, a value is a line of Latin-1",
            shown(name)
        ))
    })
}

/// Headers that say who asks whom over which connection, and those that proxies write for servers behind them: the
/// edge's to say, not a module's.
fn is_ours(name: &HeaderName) -> bool {
    const OURS: [&str; 18] = [
        "accept-encoding",
        "cdn-loop",
        "client-ip",
        "connection",
        "content-length",
        "expect",
        "forwarded",
        "host",
        "http2-settings",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "true-client-ip",
        "upgrade",
        "via",
        "x-real-ip",
        "x-http-method-override",
    ];
    const PREFIXES: [&str; 4] = ["proxy-", "sec-", "x-forwarded-", "cf-"];
    let name = name.as_str();
    OURS.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// The name is resolved once, and the connection goes to an address of that one answer.
async fn connect(
    network: &dyn Network,
    tls: &TlsConnector,
    grants: &Grants,
    target: &Target,
) -> Result<Box<dyn Stream>, FetchError> {
    let origin = target.origin();
    let resolved: Vec<IpAddr> = match &target.host {
        Host::Address(_) => Vec::new(),
        Host::Name(name) => network
            .resolve(name)
            .await
            .map_err(|error| FetchError::Failed(format!("{name} cannot be resolved: {error}")))?,
    };
    let mut failure = io::Error::other("no address was tried");
    let mut tcp = None;
    for address in grants.addresses(target, &resolved)?.into_iter().take(ADDRESSES_MAX) {
        match network.connect(address).await {
            Ok(stream) => {
                tcp = Some(stream);
                break;
            }
            Err(error) => failure = error,
        }
    }
    let Some(tcp) = tcp else {
        return Err(FetchError::Failed(format!("{origin} cannot be reached: {failure}")));
    };
    // A request is one write, and its answer is waited for.
    let _ = tcp.set_nodelay(true);
    if target.scheme == Scheme::Http {
        return Ok(Box::new(tcp));
    }
    let name = match &target.host {
        Host::Name(name) => rustls::pki_types::ServerName::try_from(name.clone())
            .map_err(|_| FetchError::Failed(format!("{name} is not a name that a certificate can be for")))?,
        Host::Address(address) => (*address).into(),
    };
    let secure = tls.connect(name, tcp).await;
    Ok(Box::new(secure.map_err(|error| FetchError::Failed(format!("{origin}: TLS failed: {error}")))?))
}

enum Answer {
    Here(Response),
    Redirect { status: StatusCode, location: String },
}

async fn send(
    stream: Box<dyn Stream>,
    target: &Target,
    wanted: &Wanted,
    body_bytes_max: u64,
    key: impl Fn() -> String,
) -> Result<Answer, FetchError> {
    let origin = target.origin();
    let failed = |error: hyper::Error| FetchError::Failed(format!("{origin}: {}", with_causes(&error)));
    let too_long = |used: String| FetchError::Limit {
        what: "bytes of an answer",
        used,
        allowed: body_bytes_max.to_string(),
        key: key(),
    };
    let request = request(target, wanted)?;
    let mut builder = hyper::client::conn::http1::Builder::new();
    builder.max_buf_size(HEAD_BYTES_MAX);
    let (mut sender, connection) = builder.handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let exchange = async {
        let answer = sender.send_request(request).await.map_err(failed)?;
        let status = answer.status();
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return Err(FetchError::Failed(format!("{origin} switches to another protocol")));
        }
        // hyper's buffer bounds what is read for one head; a head that came in one piece can be larger.
        let head: usize =
            answer.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
        if head > HEAD_BYTES_MAX {
            let text =
                format!("{origin} answers with headers of {head} bytes, {HEAD_BYTES_MAX} is the limit");
            return Err(FetchError::Failed(text));
        }
        if let Some(location) = redirect(&answer) {
            return Ok(Answer::Redirect { status, location });
        }
        let encoding = answer.headers().get(header::CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            return Err(FetchError::Failed(format!(
                "{origin} answers with a compressed body, which it was not asked for"
            )));
        }
        let headers = headers(answer.headers());
        let mut body = answer.into_body();
        let announced = hyper::body::Body::size_hint(&body).lower();
        if announced > body_bytes_max {
            return Err(too_long(announced.to_string()));
        }
        let mut bytes = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame.map_err(failed)?.into_data() else { continue };
            let so_far = bytes.len() + data.len();
            if so_far as u64 > body_bytes_max {
                return Err(too_long(so_far.to_string()));
            }
            bytes.extend_from_slice(&data);
        }
        let (status, url) = (status.as_u16(), target.url.to_string());
        Ok(Answer::Here(Response { url, status, headers, body: bytes.to_vec() }))
    };
    let (exchange, connection) = (std::pin::pin!(exchange), std::pin::pin!(connection));
    match futures_util::future::select(exchange, connection).await {
        futures_util::future::Either::Left((answer, _)) => answer,
        // What was read is with the exchange, which says what is missing.
        futures_util::future::Either::Right((_, exchange)) => exchange.await,
    }
}

fn request(target: &Target, wanted: &Wanted) -> Result<Request<Full<Bytes>>, FetchError> {
    let unfit =
        |what: &str| FetchError::Request(format!("{} has {what} that HTTP cannot say", target.origin()));
    let path: Uri = target.path().parse().map_err(|_| unfit("a path"))?;
    let host = HeaderValue::from_str(&target.authority()).map_err(|_| unfit("a name"))?;
    let mut request = Request::new(Full::new(wanted.body.clone()));
    *request.method_mut() = wanted.method.clone();
    *request.uri_mut() = path;
    *request.headers_mut() = wanted.headers.clone();
    request.headers_mut().insert(header::HOST, host);
    request.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    Ok(request)
}

/// Where the answer leads, if it is one of those that `fetch` follows.
fn redirect(answer: &hyper::Response<Incoming>) -> Option<String> {
    let follows = matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = answer.headers().get(header::LOCATION).filter(|_| follows)?;
    Some(String::from_utf8_lossy(location.as_bytes()).into_owned())
}

/// What concerns the answer, without what concerned the connection.
fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    const OF_THE_CONNECTION: [HeaderName; 6] = [
        header::CONNECTION,
        header::TE,
        header::TRAILER,
        header::TRANSFER_ENCODING,
        header::UPGRADE,
        header::PROXY_AUTHENTICATE,
    ];
    let kept = headers.iter().filter(|(name, _)| !OF_THE_CONNECTION.contains(name) && *name != "keep-alive");
    let latin1 = |value: &HeaderValue| value.as_bytes().iter().map(|byte| char::from(*byte)).collect();
    kept.map(|(name, value)| (name.as_str().to_owned(), latin1(value))).collect()
}

fn with_causes(error: &dyn std::error::Error) -> String {
    std::iter::successors(error.source(), |error| error.source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// A module's text in a message: short, and without what could end a line of a log.
fn shown(text: &str) -> String {
    format!("`{}`", text.chars().take(64).collect::<String>().escape_debug())
}
