//! A session's socket: reads messages for the driver, writes what the driver has for the browser.

use crate::app::Current;
use crate::backlog::Backlog;
use crate::driver::{Command, Drivers, Opening, SocketHandle, ToSocket};
use crate::metrics::Metrics;
use crate::session_name::{SessionName, random_words};
use crate::unattached::Tickets;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use playconnect_frame::{CloseCode, Hello, ToBrowser, ToEdge, WireError};
use playconnect_session::{SessionId, SocketId};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

/// HELLO has to be there by then.
const HELLO_TIMEOUT: Duration = Duration::from_secs(5);

/// Nothing heard for so long: the other side is gone.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(45);

/// A browser that takes this long for one message is treated as gone.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// A close frame may take this long.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// For a browser to hear why its socket is closed, and to go.
const LINGER: Duration = Duration::from_secs(5);

type Sink = SplitSink<WebSocket, Message>;
type Stream = SplitStream<WebSocket>;

/// What a socket leads to.
pub struct Door {
    pub app: Current,
    pub drivers: Arc<Drivers>,
    pub metrics: Arc<Metrics>,
    pub tickets: Tickets,
    pub sessions_max: usize,
}

impl Door {
    /// What it takes to make the session, if the browser is the first of a page that was given a ticket.
    fn opening(&self, session: SessionId, hello: &Hello) -> Option<Opening> {
        if hello.resume || hello.frame > 0 || !self.tickets.is_ticket(session) {
            return None;
        }
        let path = hello.environment.url.split(['?', '#']).next()?;
        let page = self.app.get().pages.get(path)?.clone();
        let [_, _, seed @ ..] = random_words().ok()?;
        Some(Opening { page, seed, sessions_max: self.sessions_max })
    }
}

/// Serves one socket to its end.
pub async fn serve(socket: WebSocket, door: Door) {
    let Door { drivers, metrics, .. } = &door;
    let (mut sink, mut stream) = socket.split();
    let first = match timeout(HELLO_TIMEOUT, next_message(&mut stream)).await {
        Ok(Ok(ToEdge::Hello(hello))) => Ok(hello),
        Ok(Ok(_)) => Err((CloseCode::Protocol, "the first message must be HELLO".to_owned())),
        Ok(Err(Ended::Refused(code, reason))) => Err((code, reason)),
        Ok(Err(Ended::Gone)) => return,
        Err(_) => Err((CloseCode::Protocol, "no HELLO within 5 s".to_owned())),
    };
    let hello = match first {
        Ok(hello) => hello,
        Err((code, why)) => {
            metrics.protocol_errors.fetch_add(1, Ordering::Relaxed);
            // Anybody may open a socket and write nonsense to it: that fills no log.
            tracing::debug!(why, "a socket without a session broke the protocol");
            refuse(&mut sink, code, &why).await;
            return linger(&mut stream).await;
        }
    };
    // A name of another node or of an earlier start is answered like one that never was.
    let name = SessionName::parse(&hello.session).filter(|name| name.origin == drivers.origin());
    let Some(SessionName { id: session, .. }) = name else {
        let why = "there is no such session (any more): reload the page";
        refuse(&mut sink, CloseCode::NoSession, why).await;
        return linger(&mut stream).await;
    };
    let (socket, name) = (next_socket(), hello.session.clone());
    let (messages, outgoing) = mpsc::unbounded_channel();
    let (paused, pause) = watch::channel(false);
    let backlog = Arc::new(Backlog::default());
    let handle = SocketHandle { session, messages: messages.clone(), backlog: backlog.clone(), paused };
    let opening = door.opening(session, &hello);
    metrics.watch(&backlog);
    drivers.tell(session, Command::Attach { session, socket, hello, handle, opening });
    let written = |bytes| {
        if backlog.written(bytes) {
            drivers.tell(session, Command::BacklogChanged { session, socket });
        }
    };
    let writer = write(sink, outgoing, written);
    let reader = async {
        if let Ended::Refused(code, reason) = read(&mut stream, pause, session, socket, drivers).await {
            metrics.protocol_errors.fetch_add(1, Ordering::Relaxed);
            tracing::warn!(session = name, why = reason, "a browser broke the protocol");
            // The writer is there as long as this handle is.
            let _ = messages.send(ToSocket::Refusal(code, reason));
            std::future::pending::<()>().await;
        }
    };
    let is_gone = tokio::select! {
        () = reader => true,
        () = writer => false,
    };
    drivers.tell(session, Command::SocketClosed { session, socket });
    if !is_gone {
        linger(&mut stream).await;
    }
}

/// Ends a socket of which nothing is read.
pub async fn turn_away(socket: WebSocket, code: CloseCode, why: &str) {
    let (mut sink, mut stream) = socket.split();
    refuse(&mut sink, code, why).await;
    linger(&mut stream).await;
}

/// Throws away what the browser still sends, until it is gone: a connection that is closed with bytes unread is reset, and
/// what the browser was just told may be lost with it.
async fn linger(stream: &mut Stream) {
    let gone = async {
        loop {
            match stream.next().await {
                Some(Ok(_)) => {}
                // It reads no further.
                Some(Err(error)) if is_too_big(&error) => std::future::pending().await,
                Some(Err(_)) | None => return,
            }
        }
    };
    let _ = timeout(LINGER, gone).await;
}

/// Why nothing more is read.
enum Ended {
    Gone,
    Refused(CloseCode, String),
}

async fn read(
    stream: &mut Stream,
    mut pause: watch::Receiver<bool>,
    session: SessionId,
    socket: SocketId,
    drivers: &Drivers,
) -> Ended {
    loop {
        // The driver's end is dropped when it has nothing more to say: the writer gets that out, and ends.
        if pause.wait_for(|paused| !paused).await.is_err() {
            tokio::time::sleep(WRITE_TIMEOUT).await;
            return Ended::Gone;
        }
        match timeout(SILENCE_TIMEOUT, next_message(stream)).await {
            Ok(Ok(message)) => drivers.tell(session, Command::Message { session, socket, message }),
            Ok(Err(ended)) => return ended,
            Err(_) => return Ended::Gone,
        }
    }
}

async fn next_message(stream: &mut Stream) -> Result<ToEdge, Ended> {
    loop {
        match stream.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                return ToEdge::decode(&bytes).map_err(|error| {
                    let code = match error {
                        WireError::Version { .. } => CloseCode::Protocol,
                        _ => CloseCode::Undecodable,
                    };
                    Ended::Refused(code, error.to_string())
                });
            }
            Some(Ok(Message::Text(_))) => {
                return Err(Ended::Refused(
                    CloseCode::Undecodable,
                    "messages are binary, this one is text".to_owned(),
                ));
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_))) | None => return Err(Ended::Gone),
            Some(Err(error)) => {
                return Err(match is_too_big(&error) {
                    true => Ended::Refused(CloseCode::TooBig, "a message has more than 1 MiB".to_owned()),
                    false => Ended::Gone,
                });
            }
        }
    }
}

/// The library says so only in words.
fn is_too_big(error: &axum::Error) -> bool {
    error.to_string().contains("too long") || error.to_string().contains("too big")
}

async fn write(
    mut sink: Sink,
    mut outgoing: mpsc::UnboundedReceiver<ToSocket>,
    mut written: impl FnMut(usize),
) {
    while let Some(message) = outgoing.recv().await {
        match message {
            ToSocket::Message(bytes) => {
                let length = bytes.len();
                let sent = timeout(WRITE_TIMEOUT, sink.send(Message::Binary(bytes.into()))).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return;
                }
                written(length);
            }
            ToSocket::Refusal(code, reason) => return refuse(&mut sink, code, &reason).await,
            ToSocket::Close(code, reason) => return close(&mut sink, code, &reason).await,
        }
    }
}

async fn refuse(sink: &mut Sink, code: CloseCode, reason: &str) {
    let refusal = ToBrowser::Refused { code, reason: reason.to_owned() }.encode();
    let _ = timeout(CLOSE_TIMEOUT, sink.send(Message::Binary(refusal.into()))).await;
    close(sink, code, reason).await;
}

async fn close(sink: &mut Sink, code: CloseCode, reason: &str) {
    // RFC 6455, 5.5: a control frame holds at most 125 bytes, two of which are the code.
    let mut end = reason.len().min(123);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let frame = CloseFrame { code: code as u16, reason: reason[..end].into() };
    let _ = timeout(CLOSE_TIMEOUT, sink.send(Message::Close(Some(frame)))).await;
}

fn next_socket() -> SocketId {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    SocketId(NEXT.fetch_add(1, Ordering::Relaxed))
}
