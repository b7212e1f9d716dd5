//! Requests to real servers on loopback, over real sockets and real TLS. Names are the tests' own: a [`Stage`] says
//! which addresses a name has, and which of the test's servers stands behind a public address.

use super::network::{self, Network, System};
use super::{Allowance, FetchError, FetchLimits, Outbound, RefusalLog, Running, logged_origin};
use futures_util::future::BoxFuture;
use playconnect_manifest::grant::{Grant, Grants};
use playconnect_session::message::{Fetch, Response};
use playconnect_session::{ModuleKey, SessionId};
use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

/// What names lead to, in the test's world, and what was asked of it.
#[derive(Default)]
struct Stage {
    /// Each question takes the first answer that is left; the last one stays.
    names: Mutex<BTreeMap<String, Vec<Vec<IpAddr>>>>,
    /// The server behind an address that is not this machine's.
    servers: BTreeMap<IpAddr, SocketAddr>,
    resolved: Mutex<Vec<String>>,
    connected: Mutex<Vec<SocketAddr>>,
}

impl Network for Stage {
    fn resolve<'a>(&'a self, name: &'a str) -> BoxFuture<'a, io::Result<Vec<IpAddr>>> {
        self.resolved.lock().unwrap().push(name.to_owned());
        let mut names = self.names.lock().unwrap();
        let answers = names.get_mut(name).filter(|answers| !answers.is_empty());
        let answer =
            answers.map(|answers| if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() });
        Box::pin(async move { answer.ok_or_else(|| io::Error::other("no such name")) })
    }

    fn connect(&self, address: SocketAddr) -> BoxFuture<'_, io::Result<TcpStream>> {
        self.connected.lock().unwrap().push(address);
        let server = self.servers.get(&address.ip()).copied();
        Box::pin(async move {
            match server {
                Some(server) => TcpStream::connect(server).await,
                None => Err(io::Error::other("nobody is there")),
            }
        })
    }
}

/// A server that answers each connection with these bytes, and tells what it was sent.
async fn server(
    answer: impl Fn(&str) -> Vec<u8> + Send + 'static,
) -> (SocketAddr, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (seen, heard) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let request = read_request(&mut stream).await;
            let answer = answer(&request);
            let _ = seen.send(request);
            // The other side may have had enough before the end.
            let _ = stream.write_all(&answer).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, heard)
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        bytes.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let complete = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            body.len() >= length.map_or(0, |length| length.parse().unwrap())
        });
        if complete || count == 0 {
            return text;
        }
    }
}

fn text(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}

fn ok(body: &'static str) -> impl Fn(&str) -> Vec<u8> + Send + 'static {
    move |_| text("200 OK", "", body)
}

fn limits() -> FetchLimits {
    FetchLimits { running: 2, request_bytes: 10_000, response_bytes: 1_000, timeout: Duration::from_secs(20) }
}

fn allowance(hosts: &[&str], limits: FetchLimits) -> Arc<Allowance> {
    let hosts = hosts.iter().map(|text| Grant::parse(text).unwrap()).collect();
    Arc::new(Allowance { grants: Grants { module: "menu".to_owned(), hosts }, limits })
}

fn get(url: &str) -> Fetch {
    Fetch { method: "GET".to_owned(), url: url.to_owned(), headers: Vec::new(), body: Vec::new() }
}

fn outbound(network: Arc<dyn Network>) -> Outbound {
    Outbound::new(network, None, 8, Handle::current()).unwrap()
}

async fn ask(outbound: &Outbound, allowance: &Arc<Allowance>, fetch: Fetch) -> Result<Response, FetchError> {
    let (answer, answered) = oneshot::channel();
    let _task = outbound.begin(allowance.clone(), fetch, move |result| drop(answer.send(result)))?;
    answered.await.expect("a request that is not aborted ends")
}

/// With the system's own network, and this one server granted by its address.
async fn ask_server(server: SocketAddr, limits: FetchLimits, fetch: Fetch) -> Result<Response, FetchError> {
    ask(&outbound(Arc::new(System)), &allowance(&[&format!("http://{server}")], limits), fetch).await
}

async fn refused(server: SocketAddr, fetch: Fetch) -> String {
    let error = ask_server(server, limits(), fetch).await.expect_err("to be refused");
    assert!(error.is_refusal(), "{error}");
    error.to_string()
}

#[tokio::test]
async fn a_granted_address_answers() {
    let (address, mut heard) = server(|_| {
        text(
            "201 Created",
            "X-One: 1\r\nx-two: \u{fc}\r\nset-cookie: a=b\r\nconnection: close\r\nkeep-alive: 5\r\n",
            "h\u{ec}",
        )
    })
    .await;
    let fetch = Fetch {
        method: "POST".to_owned(),
        url: format!("http://{address}/a%20b?c=d#e"),
        headers: vec![
            ("Content-Type".to_owned(), "text/x".to_owned()),
            ("x-key".to_owned(), "\u{fc}".to_owned()),
        ],
        body: b"the body".to_vec(),
    };
    let response = ask_server(address, limits(), fetch).await.unwrap();
    assert_eq!((response.status, response.body), (201, "h\u{ec}".as_bytes().to_vec()));
    assert_eq!(response.url, format!("http://{address}/a%20b?c=d"));
    let names: Vec<_> = response.headers.iter().map(|(name, value)| format!("{name}={value}")).collect();
    // The bytes of the wire, as Latin-1.
    assert_eq!(names, ["content-length=3", "x-one=1", "x-two=\u{c3}\u{bc}", "set-cookie=a=b"]);
    let request = heard.recv().await.unwrap();
    assert!(request.starts_with("POST /a%20b?c=d HTTP/1.1\r\n"), "{request}");
    for line in [
        &format!("host: {address}"),
        "content-type: text/x",
        "content-length: 8",
        "accept-encoding: identity",
    ] {
        assert!(request.contains(&format!("\r\n{line}\r\n")), "{line} in {request}");
    }
    assert!(request.ends_with("\r\n\r\nthe body"), "{request}");
}

#[tokio::test]
async fn headers_of_the_connection_and_of_proxies_are_not_a_modules() {
    let (address, mut heard) = server(ok("")).await;
    let names = [
        "Host",
        "Connection",
        "Keep-Alive",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
        "Expect",
        "Via",
        "Proxy-Authorization",
        "Forwarded",
        "X-Forwarded-For",
        "X-Real-IP",
        "CF-Connecting-IP",
        "Sec-Fetch-Site",
        "Content-Length",
        "Accept-Encoding",
    ];
    let headers = names.iter().map(|name| ((*name).to_owned(), "evil".to_owned())).collect();
    ask_server(address, limits(), Fetch { headers, ..get(&format!("http://{address}/")) }).await.unwrap();
    let request = heard.recv().await.unwrap();
    assert!(!request.contains("evil"), "{request}");
}

#[tokio::test]
async fn nothing_is_injected() {
    let (address, _heard) = server(ok("")).await;
    let url = format!("http://{address}/");
    for (name, value) in
        [("x\r\ny", "1"), ("x:", "1"), ("", "1"), ("x y", "1"), ("x", "1\r\ny: 2"), ("x", "\0"), ("x", "€")]
    {
        let headers = vec![(name.to_owned(), value.to_owned())];
        let error = refused(address, Fetch { headers, ..get(&url) }).await;
        assert!(error.contains("cannot be sent") && !error.contains(['\r', '\n']), "{error}");
    }
    for method in ["GET / HTTP/1.1\r\nx: y\r\n\r\n", "", "CONNECT", "trace", "G T"] {
        let error = refused(address, Fetch { method: method.to_owned(), ..get(&url) }).await;
        assert!(error.starts_with("the method ") && !error.contains(['\r', '\n']), "{error}");
    }
    let error = refused(address, Fetch { body: b"GET /evil HTTP/1.1".to_vec(), ..get(&url) }).await;
    assert_eq!(error, "a GET request has no body: use POST or PUT");
    let headers = (0..40_000).map(|n| (format!("x{n}"), String::new())).collect();
    let wide = FetchLimits { request_bytes: 10 << 20, ..limits() };
    let error = ask_server(address, wide, Fetch { headers, ..get(&url) }).await.unwrap_err();
    assert_eq!(error.to_string(), "the request has more headers than HTTP libraries take");
}

#[tokio::test]
async fn sizes_are_bounded() {
    let (address, _heard) = server(|request| match request.split(' ').nth(1).unwrap() {
        "/fits" => text("200 OK", "", &"x".repeat(1_000)),
        "/announced" => text("200 OK", "", &"x".repeat(1_001)),
        "/endless" => format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(100_000)).into_bytes(),
        "/chunked" => format!(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{}",
            "1f4\r\n".to_owned() + &"x".repeat(500) + "\r\n"
        )
        .into_bytes()
        .repeat(1)
        .into_iter()
        .chain(format!("1f5\r\n{}\r\n0\r\n\r\n", "x".repeat(501)).into_bytes())
        .collect(),
        "/head" => text("200 OK", &format!("x: {}\r\n", "x".repeat(100_000)), ""),
        _ => text("200 OK", &"x: y\r\n".repeat(500), ""),
    })
    .await;
    let at = |path: &str| get(&format!("http://{address}{path}"));
    assert_eq!(ask_server(address, limits(), at("/fits")).await.unwrap().body.len(), 1_000);
    assert_eq!(
        refused(address, at("/announced")).await,
        "bytes of an answer: 1001 used, 1000 allowed; raise [module.menu.limits] fetch_response"
    );
    for path in ["/endless", "/chunked"] {
        let error = refused(address, at(path)).await;
        assert!(
            error.starts_with("bytes of an answer: ")
                && error.ends_with(" used, 1000 allowed; raise [module.menu.limits] fetch_response"),
            "{error}"
        );
    }
    for path in ["/head", "/headers"] {
        let error = ask_server(address, limits(), at(path)).await.unwrap_err();
        assert!(matches!(error, FetchError::Failed(_)), "{path}: {error}");
    }
    let post = Fetch { method: "POST".to_owned(), body: vec![0; 10_000], ..at("/") };
    let error = refused(address, post).await;
    assert!(error.ends_with("used, 10000 allowed; raise [module.menu.limits] fetch_request"), "{error}");
}

#[tokio::test]
async fn an_answer_has_its_time() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // A byte now and then keeps no request alive.
        for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n".iter().chain([b'x'; 1_000].iter()) {
            let _ = stream.write_all(&[*byte]).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let short = FetchLimits { timeout: Duration::from_millis(200), ..limits() };
    let start = Instant::now();
    let error = ask_server(address, short, get(&format!("http://{address}/"))).await.unwrap_err().to_string();
    assert!(
        error.starts_with("time of a request: ")
            && error.ends_with(" ms used, 200 ms allowed; raise [module.menu.limits] fetch_timeout"),
        "{error}"
    );
    assert!(start.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn what_is_no_answer() {
    for (answer, part) in [
        ("", "connection closed before message completed"),
        ("nonsense\r\n\r\n", "invalid HTTP"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort", "end of file before message length reached"),
        ("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 1\r\n\r\nx", "compressed body"),
        ("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", "another protocol"),
    ] {
        let (address, _heard) = server(move |_| answer.as_bytes().to_vec()).await;
        let error = ask_server(address, limits(), get(&format!("http://{address}/"))).await.unwrap_err();
        assert!(!error.is_refusal() && error.to_string().contains(part), "{answer:?}: {error}");
    }
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error =
        ask_server(closed, limits(), get(&format!("http://{closed}/"))).await.unwrap_err().to_string();
    assert!(error.starts_with(&format!("http://{closed} cannot be reached: Connection refused")), "{error}");
}

#[tokio::test]
async fn redirects_are_followed_hop_by_hop() {
    let (there, mut heard_there) = server(|request| {
        let first = request.lines().next().unwrap_or_default();
        text("200 OK", "", first)
    })
    .await;
    let (here, mut heard) = server(move |request| match request.split(' ').nth(1).unwrap() {
        "/303" => text("303 See Other", "location: next?x#y\r\n", ""),
        "/307" => text("307 Temporary Redirect", "location: /next\r\n", ""),
        "/there" => text("302 Found", &format!("location: http://{there}/landed\r\n"), ""),
        "/inside" => text("302 Found", "location: http://127.0.0.1:1234/secret\r\n", ""),
        "/metadata" => text("302 Found", "location: //169.254.169.254/latest/\r\n", ""),
        "/file" => text("302 Found", "location: file:///etc/passwd\r\n", ""),
        "/mapped" => text("302 Found", "location: http://[::ffff:169.254.169.254]/latest/\r\n", ""),
        "/credentials" => text("302 Found", &format!("location: http://root:x@{there}/\r\n"), ""),
        "/round" => text("302 Found", "location: /round\r\n", ""),
        "/nowhere" => text("302 Found", "", "no location"),
        _ => text("200 OK", "", request.lines().next().unwrap_or_default()),
    })
    .await;
    let allowed = allowance(&[&format!("http://{here}"), &format!("http://{there}")], limits());
    let outbound = outbound(Arc::new(System));
    let post = |path: &str| Fetch {
        method: "POST".to_owned(),
        url: format!("http://{here}{path}"),
        headers: [
            ("authorization", "secret"),
            ("x-api-key", "secret"),
            ("content-type", "a/b"),
            ("accept", "c/d"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec(),
        body: b"body".to_vec(),
    };
    let said = async |path: &str| {
        let response = ask(&outbound, &allowed, post(path)).await.map_err(|error| error.to_string())?;
        Ok::<_, String>((String::from_utf8(response.body).unwrap(), response.url))
    };
    assert_eq!(said("/303").await, Ok(("GET /next?x HTTP/1.1".to_owned(), format!("http://{here}/next?x"))));
    heard.recv().await.unwrap();
    let second = heard.recv().await.unwrap();
    assert!(second.contains("authorization: secret") && !second.contains("content-type"), "{second}");
    assert_eq!(said("/307").await.unwrap().0, "POST /next HTTP/1.1");
    heard.recv().await.unwrap();
    assert!(heard.recv().await.unwrap().ends_with("\r\n\r\nbody"));
    assert_eq!(
        said("/there").await,
        Ok(("GET /landed HTTP/1.1".to_owned(), format!("http://{there}/landed")))
    );
    let elsewhere = heard_there.recv().await.unwrap();
    assert!(!elsewhere.contains("secret") && elsewhere.contains("accept: c/d"), "{elsewhere}");
    assert!(
        said("/inside")
            .await
            .unwrap_err()
            .starts_with("http://127.0.0.1:1234 is not granted to the module menu")
    );
    assert!(said("/metadata").await.unwrap_err().starts_with("http://169.254.169.254 is not granted"));
    assert!(said("/file").await.unwrap_err().contains("not file:"));
    assert!(said("/mapped").await.unwrap_err().starts_with("http://[::ffff:169.254.169.254] is not granted"));
    assert!(said("/credentials").await.unwrap_err().contains("user name or a password"));
    assert_eq!(said("/round").await.unwrap_err(), format!("http://{here} redirects more than 5 times"));
    assert_eq!(said("/nowhere").await.unwrap().0, "no location");
}

/// `api.example.com` at 93.184.216.34, behind which stands this server.
fn public(server: SocketAddr, answers: &[&[&str]]) -> Arc<Stage> {
    let parse = |text: &&str| text.parse().unwrap();
    let answers = answers.iter().map(|answer| answer.iter().map(parse).collect()).collect();
    let names = Mutex::new(BTreeMap::from([("api.example.com".to_owned(), answers)]));
    let servers = BTreeMap::from([("93.184.216.34".parse().unwrap(), server)]);
    Arc::new(Stage { names, servers, ..Stage::default() })
}

#[tokio::test]
async fn a_name_is_resolved_once_and_the_connection_goes_to_that_address() {
    let (server, mut heard) = server(ok("fine")).await;
    // A resolver that says something else when it is asked again.
    let stage = public(server, &[&["93.184.216.34"], &["127.0.0.1"]]);
    let allowed = allowance(&["http://api.example.com"], limits());
    let response = ask(&outbound(stage.clone()), &allowed, get("http://API.example.com./x")).await.unwrap();
    assert_eq!(response.body, b"fine");
    assert_eq!(*stage.resolved.lock().unwrap(), ["api.example.com"]);
    assert_eq!(*stage.connected.lock().unwrap(), ["93.184.216.34:80".parse().unwrap()]);
    assert!(heard.recv().await.unwrap().contains("\r\nhost: api.example.com\r\n"));
    // The next request asks again, and is refused for the new answer.
    let error = ask(&outbound(stage.clone()), &allowed, get("http://api.example.com/")).await.unwrap_err();
    assert!(
        error.to_string().starts_with("api.example.com has no address that is public (loopback)"),
        "{error}"
    );
    assert_eq!(stage.connected.lock().unwrap().len(), 1, "nothing was connected to");
}

#[tokio::test]
async fn a_redirect_to_a_name_that_leads_inside_is_refused() {
    let (server, _heard) =
        server(|_| text("302 Found", "location: http://api.example.com/again\r\n", "")).await;
    let stage = public(server, &[&["93.184.216.34"], &["10.0.0.7"]]);
    let allowed = allowance(&["http://api.example.com"], limits());
    let error = ask(&outbound(stage.clone()), &allowed, get("http://api.example.com/")).await.unwrap_err();
    assert!(error.is_refusal() && error.to_string().contains("(private)"), "{error}");
    assert_eq!(stage.connected.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_connected_to() {
    let (server, _heard) = server(ok("fine")).await;
    for inside in [
        "127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "fe80::1",
        "fd00:ec2::254",
    ] {
        let mut stage = Stage::default();
        let address: IpAddr = inside.parse().unwrap();
        stage.names = Mutex::new(BTreeMap::from([("api.example.com".to_owned(), vec![vec![address]])]));
        // It would answer.
        stage.servers.insert(address, server);
        let stage = Arc::new(stage);
        let allowed = allowance(&["http://api.example.com"], limits());
        let error =
            ask(&outbound(stage.clone()), &allowed, get("http://api.example.com/")).await.unwrap_err();
        assert!(error.is_refusal() && error.to_string().contains("no address that is public"), "{error}");
        assert_eq!(stage.connected.lock().unwrap().len(), 0, "{inside}");
    }
}

#[tokio::test]
async fn closed_addresses_are_left_out_and_the_next_open_one_is_tried() {
    let (server, _heard) = server(ok("fine")).await;
    let stage = public(server, &[&["10.0.0.1", "::1", "1.1.1.1", "93.184.216.34"]]);
    let allowed = allowance(&["http://api.example.com"], limits());
    ask(&outbound(stage.clone()), &allowed, get("http://api.example.com/")).await.unwrap();
    let connected: Vec<_> = stage.connected.lock().unwrap().iter().map(SocketAddr::to_string).collect();
    assert_eq!(connected, ["1.1.1.1:80", "93.184.216.34:80"]);
}

#[tokio::test]
async fn what_is_not_granted_is_not_even_resolved() {
    let (server, _heard) = server(ok("fine")).await;
    let stage = public(server, &[&["93.184.216.34"]]);
    for hosts in [&[][..], &["api.example.com"], &["http://*.example.org"]] {
        let error =
            ask(&outbound(stage.clone()), &allowance(hosts, limits()), get("http://api.example.com/")).await;
        assert!(matches!(error, Err(FetchError::Refused(_))));
    }
    assert_eq!(stage.resolved.lock().unwrap().len(), 0);
    let allowed = allowance(&["http://gone.example.com"], limits());
    let error = ask(&outbound(stage), &allowed, get("http://gone.example.com/")).await.unwrap_err();
    assert_eq!(error.to_string(), "gone.example.com cannot be resolved: no such name");
}

/// A server whose certificate is for `name`, and the file of the authority that made it.
async fn tls_server(name: &str) -> (SocketAddr, tempfile::NamedTempFile) {
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), cert.pem()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config =
        rustls::ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], key)
            .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            // A client that does not trust the certificate leaves.
            if let Ok(stream) = acceptor.accept(stream).await {
                answer_securely(stream).await;
            }
        }
    });
    (address, file)
}

async fn answer_securely(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    read_request(&mut stream).await;
    let _ = stream.write_all(&text("200 OK", "", "secret")).await;
    let _ = stream.shutdown().await;
}

#[tokio::test]
async fn tls_is_checked_against_the_name_and_the_trusted_authorities() {
    let allowed = allowance(&["api.example.com"], limits());
    let (server, authority) = tls_server("api.example.com").await;
    let stage = public(server, &[&["93.184.216.34"]]);
    let trusting = Outbound::new(stage.clone(), Some(authority.path()), 8, Handle::current()).unwrap();
    let response = ask(&trusting, &allowed, get("https://api.example.com/")).await.unwrap();
    assert_eq!(response.body, b"secret");
    // Without the file: an authority that nobody knows.
    let error =
        ask(&outbound(stage), &allowed, get("https://api.example.com/")).await.unwrap_err().to_string();
    assert!(error.starts_with("https://api.example.com: TLS failed: invalid peer certificate"), "{error}");
    // Trusted, but another's.
    let (server, authority) = tls_server("other.example.com").await;
    let stage = public(server, &[&["93.184.216.34"]]);
    let trusting = Outbound::new(stage, Some(authority.path()), 8, Handle::current()).unwrap();
    let error = ask(&trusting, &allowed, get("https://api.example.com/")).await.unwrap_err().to_string();
    assert!(error.contains("not valid for name"), "{error}");
}

#[test]
fn a_ca_file_that_is_none() {
    let error = |path: &std::path::Path| network::tls(Some(path)).err().expect("to be refused");
    let folder = tempfile::tempdir().unwrap();
    assert!(error(&folder.path().join("no.pem")).contains("no.pem: "));
    let empty = folder.path().join("empty.pem");
    std::fs::write(&empty, "no certificate").unwrap();
    assert!(error(&empty).ends_with("there is no certificate in it"));
    std::fs::write(&empty, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    assert!(error(&empty).contains("empty.pem: "));
}

/// A server that takes connections and says nothing; it tells when one is closed.
async fn silent_server() -> (SocketAddr, mpsc::UnboundedReceiver<&'static str>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let tell = tell.clone();
            tokio::spawn(async move {
                read_request(&mut stream).await;
                let _ = tell.send("asked");
                let _ = stream.read(&mut [0]).await;
                let _ = tell.send("closed");
            });
        }
    });
    (address, told)
}

fn key(session: u128, module: usize) -> ModuleKey {
    ModuleKey { session: SessionId(session), module, incarnation: 1 }
}

#[tokio::test]
async fn requests_at_the_same_time_are_bounded_by_module_session_and_node() {
    let (address, mut told) = silent_server().await;
    let outbound = Outbound::new(Arc::new(System), None, 4, Handle::current()).unwrap();
    let allowed = allowance(&[&format!("http://{address}")], limits());
    let begin = || outbound.begin(allowed.clone(), get(&format!("http://{address}/")), |_| ());
    let mut running = Running::default();
    let check = |running: &Running, key, request| {
        running.check(key, request, &allowed, 3).map_err(|error| error.to_string())
    };
    for (key, request) in [(key(1, 0), 1), (key(1, 0), 2), (key(1, 1), 1)] {
        assert_eq!(check(&running, key, request), Ok(()));
        running.add(key, request, begin().unwrap());
        assert_eq!(told.recv().await, Some("asked"));
    }
    assert_eq!(
        check(&running, key(1, 0), 3).unwrap_err(),
        "requests of this module at the same time: 3 used, 2 allowed; raise [module.menu.limits] fetches"
    );
    assert_eq!(
        check(&running, key(1, 1), 2).unwrap_err(),
        "requests of this page at the same time: 4 used, 3 allowed; raise [limits] fetches"
    );
    assert_eq!(
        check(&running, key(1, 1), 1).unwrap_err(),
        "request 1 runs already: give each its own number"
    );
    // Another session has its own.
    assert_eq!(check(&running, key(2, 0), 1), Ok(()));
    running.add(key(2, 0), 1, begin().unwrap());
    assert_eq!(told.recv().await, Some("asked"));
    assert_eq!(outbound.running(), 4);
    let error = begin().err().expect("the node is full").to_string();
    assert!(error.starts_with("requests of this node at the same time: 5 used, 4 allowed"), "{error}");
    assert!(error.contains("[outbound] requests_max in node.toml"), "{error}");
    // A cancelled one makes room, and its connection is gone.
    assert!(running.remove(key(1, 0), 1) && !running.remove(key(1, 0), 1));
    assert_eq!(told.recv().await, Some("closed"));
    assert_eq!(check(&running, key(1, 0), 3), Ok(()));
    // So does a module that ends.
    running.end(key(1, 0));
    running.end(key(1, 1));
    running.end(key(2, 0));
    for _ in 0..3 {
        assert_eq!(told.recv().await, Some("closed"));
    }
    while outbound.running() > 0 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn refusals_in_a_loop_do_not_fill_the_log() {
    let start = Instant::now();
    let mut log = RefusalLog::new(start);
    let lines = (0..1_000).filter(|_| log.line(start).is_some()).count();
    assert_eq!(lines, 10);
    assert_eq!(log.line(start + Duration::from_secs(1)), Some(990));
    assert_eq!(log.line(start + Duration::from_secs(1)), Some(0));
}

#[test]
fn the_log_has_no_secrets_of_a_url() {
    for (url, logged) in [
        ("https://user:secret@a.example:8443/secret?secret#secret", "https://a.example:8443"),
        ("/secret", "not a URL"),
        ("secret:secret", "secret:"),
        ("http://\u{1b}[31m/", "not a URL"),
    ] {
        assert_eq!(logged_origin(url), logged);
    }
}
