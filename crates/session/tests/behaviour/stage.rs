//! One session on a stage: a node, one module played by the test, one socket.

use playconnect_dom::tree::{PageId, SlotId};
use playconnect_dom::{BatchLimits, BatchWriter, Limits, ListenFlags, Namespace};
use playconnect_frame::{Detail, Environment, Event, FormState, Hello, ToBrowser, ToEdge};
use playconnect_session::{
    Input, Instant, Lane, ModuleInput, ModuleKey, ModulePlan, Node, Outcome, Output, PagePlan, Report,
    RestartPlan, SessionId, SessionLimits, SocketId,
};
use std::sync::Arc;

pub const SESSION: SessionId = SessionId(7);
pub const SOCKET: SocketId = SocketId(1);
/// The first button's page id: the slot is 1.
pub const BUTTON: u32 = 2;

pub struct Stage {
    pub node: Node,
    pub now: Instant,
    /// What the node asked for and nobody has looked at yet.
    pub outputs: Vec<Output>,
    /// Of the browser's last HELLO.
    pub connection: u32,
}

impl Stage {
    /// The page is asked for; its module waits to be started.
    pub fn opened() -> Self {
        Self::with(SessionLimits::default(), RestartPlan::default())
    }

    pub fn with(session: SessionLimits, restart: RestartPlan) -> Self {
        Self::with_page(session, restart, Limits::default())
    }

    pub fn with_page(session: SessionLimits, restart: RestartPlan, limits: Limits) -> Self {
        let module = ModulePlan {
            name: "menu".to_owned(),
            slot: "menu".to_owned(),
            nested: None,
            overlay: false,
            properties: "{}".to_owned(),
            frames_per_second_max: 30,
            timers_max: 256,
            batch: BatchLimits::default(),
            restart,
        };
        let page = Arc::new(PagePlan { modules: vec![module], limits, session });
        let mut stage =
            Stage { node: Node::new(), now: Instant(1_000_000), outputs: Vec::new(), connection: 0 };
        stage.tell(Input::Open {
            session: SESSION,
            page,
            environment: Environment::default(),
            seed: [1, 2, 3, 4],
        });
        stage
    }

    /// The module has rendered a button that listens for clicks, and the HTML is out.
    pub fn rendered() -> Self {
        let mut stage = Self::opened();
        stage.render();
        stage
    }

    /// A browser has adopted the HTML.
    pub fn attached() -> Self {
        let mut stage = Self::rendered();
        stage.attach(SOCKET, false);
        stage.say(ToEdge::Ack { frame: 1 });
        stage.outputs.clear();
        stage
    }

    pub fn render(&mut self) {
        let key = self.key();
        self.tell(Input::Started { key, result: Ok(()) });
        assert!(matches!(&self.turn().1[..], [ModuleInput::Mount]));
        self.answer(mount());
    }

    pub fn attach(&mut self, socket: SocketId, resume: bool) {
        self.attach_at(socket, resume, 0);
    }

    /// A browser that has applied this frame says HELLO.
    pub fn attach_at(&mut self, socket: SocketId, resume: bool, frame: u32) {
        self.connection += 1;
        let hello = Hello {
            session: String::new(),
            resume,
            frame,
            sequence: 0,
            connection: self.connection,
            environment: Environment::default(),
        };
        self.tell(Input::Attach { session: SESSION, socket, hello });
    }

    pub fn tell(&mut self, input: Input) {
        self.node.handle(input, self.now);
        self.drain();
    }

    pub fn say(&mut self, message: ToEdge) {
        self.tell(Input::Message { session: SESSION, socket: SOCKET, message });
    }

    pub fn click(&mut self, sequence: u32) {
        let tree = self.node.page(SESSION).expect("the session is there");
        let button = tree.by_index(SlotId(0), 1).expect("the module has rendered");
        self.event(sequence, button.0, "click");
    }

    pub fn event(&mut self, sequence: u32, node: u32, kind: &str) {
        self.event_with(sequence, node, kind, None);
    }

    pub fn event_with(&mut self, sequence: u32, node: u32, kind: &str, form: Option<FormState>) {
        let tree = self.node.page(SESSION).expect("the session is there");
        let kind = tree.names().since(1).find(|(_, _, name)| *name == kind).expect("a name of the page").0.0;
        // The browser has just been told of the node.
        let frame = tree.born(PageId(node)).unwrap_or(1);
        let event = Event { sequence, node, frame, kind, modifiers: 0, detail: Detail::None, form };
        self.say(ToEdge::Event(event));
    }

    /// Time passes; what falls due on the way is done when it does.
    pub fn wait(&mut self, us: u64) {
        let end = self.now.after(us);
        while let Some(at) = self.node.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.node.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    /// The module answers the turn that it was asked for.
    pub fn answer(&mut self, batch: Vec<u8>) {
        let outcome = Outcome { batch, lane: Lane::Default, ..Outcome::default() };
        self.answer_with(Ok(outcome));
    }

    pub fn answer_with(&mut self, result: Result<Outcome, String>) {
        let key = self.key();
        self.tell(Input::Turned { key, result, cpu_us: 100 });
    }

    /// The turn that was asked for last, taken out.
    pub fn turn(&mut self) -> (ModuleKey, Vec<ModuleInput>) {
        self.try_turn().expect("a turn was asked for")
    }

    pub fn try_turn(&mut self) -> Option<(ModuleKey, Vec<ModuleInput>)> {
        let at = self.outputs.iter().rposition(|output| matches!(output, Output::Turn { .. }))?;
        match self.outputs.remove(at) {
            Output::Turn { key, inputs, .. } => Some((key, inputs)),
            _ => None,
        }
    }

    /// Messages sent to the socket, taken out.
    pub fn sent(&mut self, to: SocketId) -> Vec<ToBrowser> {
        let mut messages = Vec::new();
        self.outputs.retain(|output| match output {
            Output::Send { socket, message } if *socket == to => {
                messages.push(ToBrowser::decode(message).expect("the edge speaks the protocol"));
                false
            }
            _ => true,
        });
        messages
    }

    /// Code with which the socket was closed.
    pub fn closed(&self, of: SocketId) -> Option<u16> {
        self.outputs.iter().find_map(|output| match output {
            Output::CloseSocket { socket, code, .. } if *socket == of => Some(*code as u16),
            _ => None,
        })
    }

    pub fn reports(&self) -> Vec<&Report> {
        let reports = self.outputs.iter().filter_map(|output| match output {
            Output::Report(report) => Some(report),
            _ => None,
        });
        reports.collect()
    }

    /// The incarnation that was started last.
    pub fn key(&self) -> ModuleKey {
        let started = self.outputs.iter().rev().find_map(|output| match output {
            Output::Start { key, .. } => Some(*key),
            _ => None,
        });
        started.unwrap_or(ModuleKey { session: SESSION, module: 0, incarnation: 1 })
    }

    fn drain(&mut self) {
        while let Some(output) = self.node.poll() {
            self.outputs.push(output);
        }
    }
}

/// A button with a listener, and `hello` behind it.
pub fn mount() -> Vec<u8> {
    let mut batch = BatchWriter::default();
    batch.name(0, Namespace::None, "button");
    batch.name(1, Namespace::None, "click");
    batch.create(1, 0);
    batch.listen(1, 1, ListenFlags(0), None);
    batch.text(2, "hello");
    batch.insert(0, 1, 0);
    batch.insert(0, 2, 0);
    batch.finish()
}

/// Sets the text behind the button.
pub fn set_text(data: &str) -> Vec<u8> {
    let mut batch = BatchWriter::default();
    batch.set_text(2, data);
    batch.finish()
}
