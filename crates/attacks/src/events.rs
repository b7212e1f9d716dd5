//! What an edge takes from browsers: any messages in any order, to a session with two modules.
//!
//! The input is a list of steps, each a byte that says what, and bytes behind their length: a message on the socket, time
//! that passes, a socket that goes or is slow. The modules answer by what they are told, and fail now and then.

use playconnect_dom::op::PropertyValue;
use playconnect_dom::{BatchLimits, BatchWriter, Limits, ListenFlags, Namespace, Property};
use playconnect_frame::{Environment, ToBrowser, ToEdge};
use playconnect_session::{
    Input, Instant, Lane, ModuleInput, ModulePlan, NestedPlan, Node, Outcome, Output, PagePlan, RestartPlan,
    SessionId, SessionLimits, SocketId,
};
use std::collections::VecDeque;
use std::sync::Arc;

/// First byte of a step.
pub mod step {
    /// Any other byte: a message on the socket.
    pub const MESSAGE: u8 = 0;
    /// So many milliseconds pass as bytes follow.
    pub const TIME: u8 = 1;
    pub const CLOSE: u8 = 2;
    pub const CONGESTED: u8 = 3;
    pub const FREE: u8 = 4;
    /// Another socket, as of a second tab: the messages that follow are its.
    pub const SOCKET: u8 = 5;
}

const SESSION: SessionId = SessionId(7);
/// Outputs that one input may lead to, with what these lead to.
const OUTPUTS_MAX: usize = 10_000;

pub fn attack(input: &[u8]) -> bool {
    let mut edge = Edge { node: Node::new(), now: Instant(1_000_000), socket: 1, accepted: false };
    edge.handle(Input::Open {
        session: SESSION,
        page: Arc::new(page()),
        environment: Environment::default(),
        seed: [1, 2, 3, 4],
    });
    let mut rest = input;
    while let Some((what, more)) = rest.split_first() {
        let Some((bytes, more)) = crate::part(more) else { break };
        rest = more;
        edge.step(*what, bytes);
    }
    edge.accepted
}

fn page() -> PagePlan {
    let module = |name: &str, nested| ModulePlan {
        name: name.to_owned(),
        slot: name.to_owned(),
        nested,
        overlay: false,
        properties: "{}".to_owned(),
        frames_per_second_max: 30,
        timers_max: 16,
        batch: BatchLimits::default(),
        restart: RestartPlan::default(),
    };
    let inner = NestedPlan { parent: 0, key: "door".to_owned() };
    PagePlan {
        modules: vec![module("outer", None), module("inner", Some(inner))],
        limits: Limits::default(),
        session: SessionLimits { events_waiting_max: 8, ring_bytes_max: 4 << 10, ..SessionLimits::default() },
    }
}

struct Edge {
    node: Node,
    now: Instant,
    socket: u64,
    accepted: bool,
}

impl Edge {
    fn step(&mut self, what: u8, bytes: &[u8]) {
        let (session, socket) = (SESSION, SocketId(self.socket));
        match what {
            step::TIME => {
                self.now = self.now.after(bytes.len() as u64 * 1_000);
                self.node.handle_timeout(self.now);
                self.run();
            }
            step::CLOSE => self.handle(Input::SocketClosed { session, socket }),
            step::CONGESTED | step::FREE => {
                let congested = what == step::CONGESTED;
                self.handle(Input::SocketCongested { session, socket, congested });
            }
            step::SOCKET => self.socket += 1,
            _ => {
                let Ok(message) = ToEdge::decode(bytes) else { return };
                // Floats that are no numbers are not equal to themselves: the bytes are compared.
                let again = ToEdge::decode(&message.encode()).expect("what was written is read");
                assert_eq!(again.encode(), message.encode());
                self.accepted = true;
                self.handle(match message {
                    ToEdge::Hello(hello) => Input::Attach { session, socket, hello },
                    message => Input::Message { session, socket, message },
                });
            }
        }
    }

    fn handle(&mut self, input: Input) {
        self.node.handle(input, self.now);
        self.run();
    }

    /// Does what the node asks for, until it asks for nothing.
    fn run(&mut self) {
        let mut answers = VecDeque::new();
        for _ in 0..OUTPUTS_MAX {
            while let Some(output) = self.node.poll() {
                match output {
                    Output::Start { key, .. } => answers.push_back(Input::Started { key, result: Ok(()) }),
                    Output::Turn { key, inputs, .. } => {
                        let result = turn(key.module, &inputs);
                        answers.push_back(Input::Turned { key, result, cpu_us: 100 });
                    }
                    Output::Send { message, .. } => {
                        ToBrowser::decode(&message).expect("a browser can read it");
                    }
                    _ => {}
                }
            }
            let Some(answer) = answers.pop_front() else {
                if let Some(size) = self.node.size(SESSION) {
                    assert!(size.events_waiting <= 2 * 2_000, "{size:?}");
                    assert!(size.ring_bytes <= 64 << 10, "{size:?}");
                }
                return;
            };
            self.now = self.now.after(50);
            self.node.handle(answer, self.now);
        }
        panic!("the node asks for more and more");
    }
}

const BUTTON: u32 = 1;
const LABEL: u32 = 2;
const FIELD: u32 = 3;

/// A button that counts, a field whose text is answered; what is pressed with a key makes it fail.
fn turn(module: usize, inputs: &[ModuleInput]) -> Result<Outcome, String> {
    let mut batch = BatchWriter::default();
    let mut lane = Lane::Default;
    for input in inputs {
        match input {
            ModuleInput::Mount => mount(module, &mut batch),
            ModuleInput::Event(event) => {
                lane = Lane::Input;
                match (event.kind.as_str(), &event.form) {
                    ("keydown", _) => return Err("it does not like keys".to_owned()),
                    ("input", Some(form)) => {
                        let value = PropertyValue::Text(form.value.as_str());
                        batch.prop(FIELD, Property::Value, event.sequence, value);
                    }
                    _ => batch.set_text(LABEL, &event.sequence.to_string()),
                }
            }
            _ => {}
        }
    }
    Ok(Outcome { batch: batch.finish(), lane, ..Outcome::default() })
}

fn mount(module: usize, batch: &mut BatchWriter) {
    let names = ["button", "input", "click", "keydown", "pc-slot", "name"];
    for (id, name) in names.into_iter().enumerate() {
        batch.name(id as u16, Namespace::None, name);
    }
    batch.create(BUTTON, 0);
    batch.text(LABEL, "0");
    batch.insert(BUTTON, LABEL, 0);
    batch.create(FIELD, 1);
    batch.listen(BUTTON, 2, ListenFlags(0), None);
    for kind in [1, 2, 3] {
        batch.listen(FIELD, kind, ListenFlags(0), None);
    }
    batch.insert(0, BUTTON, 0);
    batch.insert(0, FIELD, 0);
    if module == 0 {
        batch.create(4, 4);
        batch.attr(4, 5, "door");
        batch.insert(0, 4, 0);
    }
}
