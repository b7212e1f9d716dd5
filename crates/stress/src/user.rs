//! One user: opens the page, does what the script says, looks at what becomes of it, and comes back when thrown out.

use crate::script::Step;
use crate::seen::{Fault, Seen};
use crate::selector::Selector;
use crate::{Options, PATIENCE, http};
use fastrand::Rng;
use futures_util::{SinkExt, StreamExt};
use playconnect_frame::event::Pointer;
use playconnect_frame::{Detail, Environment, FormState, MESSAGE_BYTES_MAX};
use playconnect_session::{Client, ClientInput, ClientOutput, Instant as Moment, SocketId};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::{Message, WebSocketConfig};

/// Of a screen that shows 60 frames a second.
const ANIMATION_FRAME: Duration = Duration::from_micros(16_667);
/// From key to key.
const KEY: Duration = Duration::from_millis(100);
/// Before somebody who was refused asks again; half of it to the whole.
const PAUSE: Duration = Duration::from_secs(2);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

type Socket = WebSocketStream<TcpStream>;

/// A user from their arrival to the end.
pub(crate) async fn live(options: Arc<Options>, seen: Arc<Seen>, number: u32, arrives: Instant) {
    let mut random = Rng::with_seed(options.seed ^ (u64::from(number) << 32 | 0x9e37_79b9));
    sleep_until(arrives).await;
    while Instant::now() < seen.ends() {
        let asked = Instant::now();
        match http::open(&options.url).await {
            Ok(page) => {
                seen.page(asked.elapsed());
                let mut visit = Visit::new(&options, &seen, page, asked, &mut random);
                visit.stay().await;
            }
            Err(error) => seen.error(Fault::Page, 1, || error.to_string()),
        }
        sleep_until((Instant::now() + PAUSE.mul_f64(0.5 + random.f64() / 2.0)).min(seen.ends())).await;
    }
}

/// A page that is open.
struct Visit<'a> {
    options: &'a Options,
    seen: &'a Seen,
    random: &'a mut Rng,
    page: http::Page,
    asked: Instant,
    client: Client,
    socket: Option<Socket>,
    sockets: u64,
    is_live: bool,
    /// Animation frames of this user's screen come at `asked` and every 16.7 ms.
    animation_frame: Option<Instant>,
    /// What has no frame that shows its effect: sequence number, and when it was done.
    unanswered: VecDeque<(u32, Instant)>,
    next_step: usize,
    step_at: Instant,
    /// What is being typed: into which node, and how many characters are there.
    typing: Option<(u32, String, usize)>,
}

impl<'a> Visit<'a> {
    fn new(
        options: &'a Options,
        seen: &'a Seen,
        page: http::Page,
        asked: Instant,
        random: &'a mut Rng,
    ) -> Self {
        let url = &options.url[url::Position::BeforePath..];
        let environment =
            Environment { url: url.to_owned(), width: 1_280, height: 800, ..Environment::default() };
        let client = Client::new(page.session.clone(), 1, environment, moment(seen));
        // Users who come at once do not act at once.
        let step_at = Instant::now() + options.script.every.mul_f64(random.f64());
        Visit {
            options,
            seen,
            random,
            page,
            asked,
            client,
            socket: None,
            sockets: 0,
            is_live: false,
            animation_frame: None,
            unanswered: VecDeque::new(),
            next_step: 0,
            step_at,
            typing: None,
        }
    }

    /// Until the end, or until the session is gone.
    async fn stay(&mut self) {
        let left = self.go_on().await;
        let given_up = self.unanswered.len() as u64;
        self.seen.error(Fault::Unanswered, given_up, || "no frame showed what an event did".to_owned());
        if let Err((fault, why)) = left {
            self.seen.error(fault, 1, || why);
        }
        if self.is_live {
            self.seen.closed();
        }
        if let Some(socket) = &mut self.socket {
            // The node hears that nobody is there any more; or not, which it has to bear.
            let _ = timeout(Duration::from_secs(1), socket.close(None)).await;
        }
    }

    async fn go_on(&mut self) -> Result<(), (Fault, String)> {
        loop {
            if let ControlFlow::Break(()) = self.outputs().await? {
                return Ok(());
            }
            let now = Instant::now();
            let is_over = now >= self.seen.ends();
            if is_over && (self.unanswered.is_empty() || now >= self.seen.ends() + PATIENCE) {
                return Ok(());
            }
            let timer = self.client.poll_timeout().map(|at| self.seen.began() + Duration::from_micros(at.0));
            let step = (self.client.is_live() && !is_over).then_some(self.step_at);
            let end = if is_over { self.seen.ends() + PATIENCE } else { self.seen.ends() };
            let next = [timer, self.animation_frame, step].into_iter().flatten().fold(end, Instant::min);
            tokio::select! {
                biased;
                message = next_message(&mut self.socket) => self.message(message)?,
                () = sleep_until(next) => self.time(step.is_some())?,
            }
        }
    }

    fn time(&mut self, may_act: bool) -> Result<(), (Fault, String)> {
        let now = Instant::now();
        if self.animation_frame.is_some_and(|at| at <= now) {
            self.animation_frame = None;
            self.tell(ClientInput::AnimationFrame)?;
        }
        self.client.handle_timeout(moment(self.seen));
        if may_act && self.step_at <= now { self.act(now) } else { Ok(()) }
    }

    fn message(&mut self, message: Received) -> Result<(), (Fault, String)> {
        match message {
            Received::Bytes(bytes) => {
                self.seen.received(bytes.len(), Instant::now());
                self.tell(ClientInput::Received(bytes))
            }
            Received::Closed(code) => {
                self.socket = None;
                if self.is_live {
                    let why = code
                        .map_or("the connection was lost".to_owned(), |code| format!("closed with {code}"));
                    self.seen.error(Fault::Lost, 1, || why);
                }
                self.tell(ClientInput::Closed(code))
            }
        }
    }

    fn tell(&mut self, input: ClientInput) -> Result<(), (Fault, String)> {
        let told = self.client.handle(input, moment(self.seen));
        told.map_err(|error| (Fault::Protocol, format!("{error:?}")))
    }

    /// Break: the session is gone.
    async fn outputs(&mut self) -> Result<ControlFlow<()>, (Fault, String)> {
        while let Some(output) = self.client.poll() {
            match output {
                ClientOutput::Connect => match self.connect().await {
                    Ok(socket) => {
                        self.sockets += 1;
                        self.socket = Some(socket);
                        self.tell(ClientInput::Opened(SocketId(self.sockets)))?;
                    }
                    Err(why) => {
                        self.seen.error(Fault::Socket, 1, || why);
                        self.tell(ClientInput::Closed(None))?;
                    }
                },
                ClientOutput::Send(bytes) => {
                    // One that is lost is heard of when it is read.
                    if let Some(socket) = &mut self.socket {
                        let _ = socket.send(Message::Binary(bytes.into())).await;
                    }
                }
                ClientOutput::Disconnect => self.socket = None,
                ClientOutput::RequestAnimationFrame => {
                    let shown = self.asked.elapsed().as_micros() / ANIMATION_FRAME.as_micros();
                    let next = u32::try_from(shown + 1).unwrap_or(u32::MAX);
                    self.animation_frame = Some(self.asked + ANIMATION_FRAME * next);
                }
                ClientOutput::Applied(_) => self.applied(),
                ClientOutput::Stopped(code) => {
                    return Err((Fault::Ended, format!("closed with {}", code as u16)));
                }
                ClientOutput::Reload => {
                    let why = "the node does not know the session any more".to_owned();
                    self.seen.error(Fault::Ended, 1, || why);
                    return Ok(ControlFlow::Break(()));
                }
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    async fn connect(&self) -> Result<Socket, String> {
        let address = http::address(&self.options.url);
        let url = format!("ws://{address}{}", self.page.socket);
        let mut request = url.into_client_request().map_err(|error| error.to_string())?;
        let origin = self.options.url.origin().ascii_serialization();
        let origin = HeaderValue::from_str(&origin).map_err(|error| error.to_string())?;
        request.headers_mut().insert("origin", origin);
        let config = WebSocketConfig::default().max_message_size(Some(MESSAGE_BYTES_MAX));
        let connect = async {
            let stream = TcpStream::connect(&address).await.map_err(|error| error.to_string())?;
            let _ = stream.set_nodelay(true);
            let connected = tokio_tungstenite::client_async_with_config(request, stream, Some(config)).await;
            connected.map(|(socket, _)| socket).map_err(|error| error.to_string())
        };
        let late = |_| format!("no socket within {} s", CONNECT_TIMEOUT.as_secs());
        timeout(CONNECT_TIMEOUT, connect).await.map_err(late)?
    }

    fn applied(&mut self) {
        let now = Instant::now();
        if !self.is_live {
            self.is_live = true;
            self.seen.opened(now - self.asked);
        }
        self.seen.applied(now);
        let acknowledged = self.client.acknowledged();
        while let Some((_, at)) = self.unanswered.pop_front_if(|(sequence, _)| *sequence <= acknowledged) {
            self.seen.answered(at, now);
        }
    }

    /// The next step, or the next key of one.
    fn act(&mut self, now: Instant) -> Result<(), (Fault, String)> {
        if let Some((node, text, typed)) = self.typing.take() {
            let typed = typed + 1;
            self.type_key(node, &text, typed)?;
            if typed < text.chars().count() {
                self.typing = Some((node, text, typed));
                self.step_at = now + KEY;
            } else {
                self.step_at = now + self.options.script.every;
            }
            return Ok(());
        }
        let steps = &self.options.script.steps;
        let step = &steps[self.next_step % steps.len()];
        self.next_step += 1;
        self.step_at = now + self.options.script.every;
        match step {
            Step::Wait(pause) => self.step_at = now + *pause,
            Step::ClickAnything => {
                let all = self.client.page().listening("click");
                match self.random.choice(all) {
                    Some(node) => self.click(node)?,
                    None => self.missing("anything that listens for clicks".to_owned()),
                }
            }
            Step::Click { slot, on } => {
                if let Some(node) = self.one_of(slot, on) {
                    self.click(node)?;
                }
            }
            Step::Type { slot, into, text } => {
                if let Some(node) = self.one_of(slot, into) {
                    self.typing = Some((node, text.clone(), 0));
                    self.step_at = now;
                }
            }
        }
        Ok(())
    }

    fn one_of(&mut self, slot: &str, selector: &Selector) -> Option<u32> {
        let elements = self.client.page().elements(slot);
        let found: Vec<u32> =
            elements.iter().filter(|element| selector.matches(element)).map(|element| element.id()).collect();
        if found.is_empty() {
            self.missing(format!("{selector:?} in the slot {slot}"));
        }
        self.random.choice(found)
    }

    fn missing(&self, what: String) {
        self.seen.error(Fault::Script, 1, || format!("there is not {what}"));
    }

    fn click(&mut self, node: u32) -> Result<(), (Fault, String)> {
        let pointer = Pointer { count: 1, kind: "mouse".to_owned(), ..Pointer::default() };
        let form = self.client.page().form(node).map(|own| FormState {
            value: own.value.clone(),
            checked: own.checked,
            selection: None,
            selected: Vec::new(),
        });
        self.raise(node, "click", Detail::Pointer(pointer), form)
    }

    fn type_key(&mut self, node: u32, text: &str, typed: usize) -> Result<(), (Fault, String)> {
        let value: String = text.chars().take(typed).collect();
        let data = value.chars().next_back().map(String::from);
        let end = u32::try_from(value.encode_utf16().count()).unwrap_or(u32::MAX);
        let form = FormState { value, selection: Some((end, end)), ..FormState::default() };
        let detail = Detail::Edit { input_type: "insertText".to_owned(), data };
        self.raise(node, "input", detail, Some(form))
    }

    fn raise(
        &mut self,
        node: u32,
        kind: &str,
        detail: Detail,
        form: Option<FormState>,
    ) -> Result<(), (Fault, String)> {
        let before = self.client.sequence();
        self.tell(ClientInput::Act { node, kind: kind.to_owned(), detail, form })?;
        if self.client.sequence() == before {
            self.missing(format!("anybody who hears a {kind} there"));
        } else {
            self.unanswered.push_back((self.client.sequence(), Instant::now()));
        }
        Ok(())
    }
}

/// Time as the client machine has it: microseconds since the beginning.
fn moment(seen: &Seen) -> Moment {
    Moment(u64::try_from(seen.began().elapsed().as_micros()).unwrap_or(u64::MAX))
}

enum Received {
    Bytes(Vec<u8>),
    Closed(Option<u16>),
}

/// Without a socket it never comes.
async fn next_message(socket: &mut Option<Socket>) -> Received {
    let Some(socket) = socket else { return std::future::pending().await };
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => return Received::Bytes(bytes.into()),
            Some(Ok(Message::Close(frame))) => return Received::Closed(frame.map(|frame| frame.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Received::Closed(None),
        }
    }
}
