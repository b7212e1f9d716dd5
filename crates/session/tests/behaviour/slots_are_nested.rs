use crate::stage::SESSION;
use playconnect_dom::tree::SlotId;
use playconnect_dom::{BatchLimits, BatchWriter, Limits, Namespace};
use playconnect_frame::{Environment, Hello};
use playconnect_session::{
    Input, Instant, ModuleInput, ModuleKey, ModulePlan, NestedPlan, Node, Outcome, Output, PagePlan,
    RestartPlan, SessionLimits, SlotHtml, SocketId,
};
use std::sync::Arc;

const OUTER: usize = 1;
/// The slot of the page is the second, as when its module stands behind the other in the manifest.
const INNER: usize = 0;

struct Stage {
    node: Node,
    now: Instant,
    outputs: Vec<Output>,
}

impl Stage {
    fn open() -> Self {
        let module = |name: &str, slot: &str, nested| ModulePlan {
            name: name.to_owned(),
            slot: slot.to_owned(),
            nested,
            overlay: false,
            properties: "{}".to_owned(),
            frames_per_second_max: 30,
            timers_max: 256,
            batch: BatchLimits::default(),
            restart: RestartPlan::default(),
        };
        let nested = NestedPlan { parent: OUTER, key: "aside".to_owned() };
        let modules = vec![module("inner", "outer/aside", Some(nested)), module("outer", "outer", None)];
        let page = PagePlan { modules, limits: Limits::default(), session: SessionLimits::default() };
        let mut stage = Stage { node: Node::new(), now: Instant(1_000_000), outputs: Vec::new() };
        let environment = Environment::default();
        stage.tell(Input::Open { session: SESSION, page: Arc::new(page), environment, seed: [1, 2, 3, 4] });
        for module in [INNER, OUTER] {
            stage.tell(Input::Started { key: key(module, 1), result: Ok(()) });
        }
        stage
    }

    fn tell(&mut self, input: Input) {
        self.node.handle(input, self.now);
        while let Some(output) = self.node.poll() {
            self.outputs.push(output);
        }
    }

    /// The turn that the module was asked for, taken out, and answered with a batch.
    fn turn(&mut self, module: usize, write: impl FnOnce(&mut BatchWriter)) -> Vec<ModuleInput> {
        let asked = |output: &Output| matches!(output, Output::Turn { key, .. } if key.module == module);
        let at = self.outputs.iter().rposition(asked).expect("a turn was asked for");
        let Output::Turn { key, inputs, .. } = self.outputs.remove(at) else { unreachable!() };
        let mut batch = BatchWriter::default();
        write(&mut batch);
        let outcome = Outcome { batch: batch.finish(), ..Outcome::default() };
        self.tell(Input::Turned { key, result: Ok(outcome), cpu_us: 100 });
        inputs
    }

    fn wait(&mut self, us: u64) {
        let end = self.now.after(us);
        while let Some(at) = self.node.poll_timeout().filter(|at| *at <= end) {
            self.now = self.now.max(at);
            self.node.handle_timeout(self.now);
            while let Some(output) = self.node.poll() {
                self.outputs.push(output);
            }
        }
        self.now = end;
    }

    fn html(&self) -> Option<&[SlotHtml]> {
        self.outputs.iter().find_map(|output| match output {
            Output::Html { slots, .. } => Some(&slots[..]),
            _ => None,
        })
    }

    fn is_mounted(&self) -> bool {
        self.node.page(SESSION).expect("the session is there").is_mounted(SlotId(INNER as u16))
    }
}

fn key(module: usize, incarnation: u32) -> ModuleKey {
    ModuleKey { session: SESSION, module, incarnation }
}

fn offer(batch: &mut BatchWriter) {
    batch.name(0, Namespace::None, "pc-slot");
    batch.name(1, Namespace::None, "name");
    batch.create(1, 0);
    batch.attr(1, 1, "aside");
    batch.insert(0, 1, 0);
}

fn text(batch: &mut BatchWriter) {
    batch.text(1, "inner");
    batch.insert(0, 1, 0);
}

/// What the inputs say of whether the module is seen.
fn seen(inputs: &[ModuleInput]) -> Vec<bool> {
    let environments = inputs.iter().filter_map(|input| match input {
        ModuleInput::Environment(environment) => Some(environment.visible),
        _ => None,
    });
    environments.collect()
}

fn attached(offers: bool) -> Stage {
    let mut stage = Stage::open();
    stage.turn(INNER, text);
    stage.turn(OUTER, |batch| {
        if offers {
            offer(batch)
        }
    });
    stage.wait(20_000);
    assert!(stage.html().is_some());
    let hello = Hello {
        session: String::new(),
        resume: false,
        connection: 1,
        frame: 0,
        sequence: 0,
        environment: Environment::default(),
    };
    stage.tell(Input::Attach { session: SESSION, socket: SocketId(1), hello });
    stage
}

#[test]
fn first_html_says_where_the_inner_slot_stands() {
    let stage = attached(true);
    let html = stage.html().expect("both have rendered");
    assert_eq!((html[INNER].html.as_str(), html[INNER].places.len()), ("inner", 0));
    assert_eq!(html[OUTER].html, "<pc-slot name=\"aside\"></pc-slot>");
    assert_eq!(html[OUTER].places, [("<pc-slot name=\"aside\">".len(), INNER)]);
    assert!(stage.is_mounted());
}

#[test]
fn a_module_without_a_place_is_parked_and_comes_back() {
    let mut stage = attached(false);
    assert_eq!(stage.html().map(|html| html[OUTER].places.len()), Some(0));
    assert_eq!(seen(&stage.turn(INNER, |_| ())), [false], "nobody sees it");

    // The outer module asks for a timer by way of nothing: an environment gives it a turn.
    let environment = Environment { dark: true, ..Environment::default() };
    let message = playconnect_frame::ToEdge::Environment(environment);
    stage.tell(Input::Message { session: SESSION, socket: SocketId(1), message });
    assert_eq!(seen(&stage.turn(INNER, |_| ())), [false]);
    assert_eq!(seen(&stage.turn(OUTER, offer)), [true]);
    stage.wait(20_000);
    assert!(stage.is_mounted());
    assert_eq!(seen(&stage.turn(INNER, |_| ())), [true], "it stands in the page again");
}

#[test]
fn the_inner_module_outlives_a_restart_of_the_outer_one() {
    let mut stage = attached(true);
    let environment = Environment { dark: true, ..Environment::default() };
    let message = playconnect_frame::ToEdge::Environment(environment);
    stage.tell(Input::Message { session: SESSION, socket: SocketId(1), message });
    stage.tell(Input::Turned { key: key(OUTER, 1), result: Err("no luck".to_owned()), cpu_us: 1 });
    stage.wait(200_000);
    assert!(stage.is_mounted(), "what the old one showed stands until the new one shows something");
    stage.tell(Input::Started { key: key(OUTER, 2), result: Ok(()) });
    stage.turn(OUTER, offer);
    stage.wait(20_000);
    assert!(stage.is_mounted());
    let page = stage.node.page(SESSION).expect("the session is there");
    assert_eq!(
        page.place(SlotId(INNER as u16)),
        page.by_index(SlotId(OUTER as u16), 1),
        "the new one's element"
    );
    assert_eq!(page.html(SlotId(INNER as u16)).html, "inner");
}
