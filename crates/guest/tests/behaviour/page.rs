//! A component with a page: what it writes is checked and applied as the host does it.

use dioxus::prelude::Element;
use playconnect_dom::limits::BatchLimits;
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{PageId, SlotId, View};
use playconnect_dom::{Limits, Tree};
use playconnect_guest::Runtime;
use playconnect_guest::types::{
    ColorScheme, Detail, Environment, Event, FormState, Input, Modifiers, Outcome, Seed, Start, Viewport,
};

pub const START_US: u64 = 1_800_000_000_000_000;

pub struct Page {
    pub runtime: Runtime,
    pub tree: Tree,
    pub slot: SlotId,
    pub now_us: u64,
    events: u32,
}

impl Page {
    /// Started and mounted.
    pub fn new(app: fn() -> Element) -> Self {
        Page::with(app, start())
    }

    pub fn with(app: fn() -> Element, start: Start) -> Self {
        let mut page = Page::unmounted(app, start);
        page.turn(vec![Input::Mount]);
        page
    }

    pub fn unmounted(app: fn() -> Element, start: Start) -> Self {
        let mut tree = Tree::new(Limits::default());
        let slot = tree.add_slot("test", BatchLimits::default());
        Page { runtime: Runtime::new(app, start), tree, slot, now_us: START_US, events: 0 }
    }

    pub fn turn(&mut self, inputs: Vec<Input>) -> Outcome {
        let outcome = self.runtime.turn(self.now_us, inputs).expect("a turn without an error");
        let committed = self.tree.commit(self.slot, &outcome.batch, &mut PartWriter::new(1 << 20));
        let committed = committed.expect("a batch that the page takes");
        assert_eq!(committed.stripped, 0, "on the allow-list: {:?}", committed.first_strips);
        assert_eq!(committed.skipped, 0, "nothing is written to nodes that are gone");
        outcome
    }

    /// A turn at the time that was asked for.
    pub fn timer(&mut self, outcome: &Outcome) -> Outcome {
        self.now_us = self.now_us.max(outcome.next_timer_us.expect("a timer was asked for"));
        self.turn(vec![Input::Timer])
    }

    pub fn click(&mut self, id: &str) -> Outcome {
        let event = self.event(id, "click");
        self.turn(vec![Input::Event(event)])
    }

    /// An `input` event of a control that holds `value` now.
    pub fn type_into(&mut self, id: &str, value: &str) -> Outcome {
        let form =
            FormState { value: value.to_owned(), checked: false, selection: None, selected: Vec::new() };
        let event = Event { form: Some(form), ..self.event(id, "input") };
        self.turn(vec![Input::Event(event)])
    }

    /// An event on the element with this `id`, with the next number.
    pub fn event(&mut self, id: &str, kind: &str) -> Event {
        let node = self.by_id(id);
        let (_, target) = self.tree.owner(node).expect("a node of the module");
        self.events += 1;
        Event {
            sequence: self.events,
            target,
            type_: kind.to_owned(),
            modifiers: Modifiers::empty(),
            detail: Detail::None,
            form: None,
        }
    }

    pub fn by_id(&self, id: &str) -> PageId {
        let found = self.all().into_iter().find(|node| self.attribute(*node, "id") == Some(id));
        found.unwrap_or_else(|| panic!("no element #{id} in\n{}", self.outline()))
    }

    pub fn attribute(&self, node: PageId, name: &str) -> Option<&str> {
        self.tree.attributes(node).find(|(_, found, _)| *found == name).map(|(_, _, value)| value)
    }

    /// The text below the element with this `id`.
    pub fn text(&self, id: &str) -> String {
        let below = self.below(self.by_id(id)).into_iter();
        let texts = below.filter_map(|node| match self.tree.view(node) {
            Some(View::Text(data)) => Some(data),
            _ => None,
        });
        texts.collect()
    }

    pub fn outline(&self) -> String {
        self.tree.outline(self.slot)
    }

    /// All nodes in document order.
    pub fn all(&self) -> Vec<PageId> {
        self.below(self.tree.slot_root(self.slot))
    }

    fn below(&self, node: PageId) -> Vec<PageId> {
        self.tree.children(node).flat_map(|child| [vec![child], self.below(child)].concat()).collect()
    }
}

pub fn start() -> Start {
    Start {
        module: "test".to_owned(),
        slot: "test".to_owned(),
        incarnation: 1,
        now_us: START_US,
        seed: Seed { a: 1, b: 2, c: 3, d: 4 },
        environment: environment(),
        properties: "{}".to_owned(),
        timers_max: 256,
    }
}

pub fn environment() -> Environment {
    Environment {
        locale: "de-CH".to_owned(),
        time_zone: "Europe/Zurich".to_owned(),
        color_scheme: ColorScheme::Light,
        reduced_motion: false,
        viewport: Viewport { width: 800, height: 600 },
        url: "/".to_owned(),
        visible: true,
    }
}
