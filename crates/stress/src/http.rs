//! The requests of a user, and of whoever asks the node how it is. Plain HTTP/1.1.

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use url::Url;

const BODY_BYTES_MAX: usize = 64 << 20;
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a page says of its session.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct Page {
    pub session: String,
    pub socket: String,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error("no answer within {} s", TIMEOUT.as_secs())]
    Late,
    #[error("{0}")]
    Connection(String),
    #[error("status {0}")]
    Status(StatusCode),
    #[error("it is no page of a node: it has no script with the id playconnect-page")]
    NoPage,
}

/// Why users cannot go there.
pub(crate) fn check(url: &Url) -> Result<(), &'static str> {
    if url.scheme() != "http" {
        return Err("only http is spoken here, so ask the node itself, not what stands before it");
    }
    if url.host_str().is_none() {
        return Err("there is no host in it");
    }
    Ok(())
}

/// Where to connect to: host and port.
pub(crate) fn address(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80))
}

/// Asks for a page, as a browser does.
pub(crate) async fn open(url: &Url) -> Result<Page, HttpError> {
    page(&get(url, None).await?).ok_or(HttpError::NoPage)
}

pub(crate) async fn get(url: &Url, token: Option<&str>) -> Result<String, HttpError> {
    timeout(TIMEOUT, get_patiently(url, token)).await.map_err(|_| HttpError::Late)?
}

async fn get_patiently(url: &Url, token: Option<&str>) -> Result<String, HttpError> {
    let lost = |error: &dyn std::fmt::Display| HttpError::Connection(error.to_string());
    let address = address(url);
    let stream = TcpStream::connect(&address).await.map_err(|error| lost(&error))?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| lost(&error))?;
    // It ends with the answer.
    let connection = tokio::spawn(connection);
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let mut request = Request::get(path).header(header::HOST, address).header(header::ACCEPT, "text/html");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let request = request.body(Empty::<Bytes>::new()).map_err(|error| lost(&error))?;
    let response = sender.send_request(request).await.map_err(|error| lost(&error))?;
    let status = response.status();
    let body = Limited::new(response.into_body(), BODY_BYTES_MAX).collect().await;
    connection.abort();
    if status != StatusCode::OK {
        return Err(HttpError::Status(status));
    }
    let body = body.map_err(|error| HttpError::Connection(error.to_string()))?.to_bytes();
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// The node writes this element itself, in this form.
fn page(html: &str) -> Option<Page> {
    const START: &str = "<script type=\"application/json\" id=\"playconnect-page\">";
    let (_, rest) = html.rsplit_once(START)?;
    let (json, _) = rest.split_once("</script>")?;
    serde_json::from_str(json).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_its_session_is() {
        let html = r#"<p>x</p><script type="application/json" id="playconnect-page">{"session":"a-b","socket":"/_pc/session"}</script>"#;
        let found = page(html).unwrap();
        assert_eq!((found.session.as_str(), found.socket.as_str()), ("a-b", "/_pc/session"));
        assert_eq!(page("<p>static</p>"), None);
    }

    #[test]
    fn addresses_that_nobody_can_go_to() {
        let of = |text: &str| check(&Url::parse(text).unwrap());
        assert!(of("https://example.org/").is_err());
        assert!(of("data:text/html,x").is_err());
        assert_eq!(of("http://127.0.0.1:7420/"), Ok(()));
        assert_eq!(address(&Url::parse("http://[::1]/").unwrap()), "[::1]:80");
    }
}
