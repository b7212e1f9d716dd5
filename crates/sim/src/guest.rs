//! A module that writes its slot at random, shows a list of the events that it was told of, and has form controls.
//!
//! What a person may touch has an attribute [`MARK`] that no other node of the session ever has: by it the world knows
//! which node is which, whatever the page ids say.

use fastrand::Rng;
use playconnect_dom::{BatchWriter, ListenFlags, Namespace, Property, op::PropertyValue};
use playconnect_frame::Detail;
use playconnect_session::{Instant, Lane, ModuleEvent, ModuleInput, Outcome, Start};
use std::collections::BTreeMap;

/// Its value begins with what the node is: `b` a button, `f` a text field, `c` a check box, `u` a text field to which
/// nobody listens.
pub const MARK: &str = "data-k";

/// In front of the name of an event in the list.
pub const SHOWN: &str = "event ";

/// One incarnation.
#[derive(Debug)]
pub struct Guest {
    random: Rng,
    writer: BatchWriter,
    names: BTreeMap<(u8, &'static str), u16>,
    template_defined: bool,
    /// Children by index; 0 is the slot.
    nodes: BTreeMap<u32, Model>,
    next_index: u32,
    free_indices: Vec<u32>,
    /// In this turn: they are given out again in a later one.
    freed_indices: Vec<u32>,
    list: u32,
    /// What a person may touch, by index.
    marks: BTreeMap<u32, String>,
    /// In front of the numbers of its marks.
    own: String,
    marks_made: u32,
    /// Nodes that stay.
    kept: Vec<u32>,
    /// Names of the events that the last turn was told of, in order.
    pub told: Vec<String>,
    /// Names of all events in its list, in order.
    pub shown: Vec<String>,
    /// Sequence of the last event that it knows of.
    knows: u32,
    /// What it will write into a field, later.
    echoes: Vec<(u32, String)>,
    /// What it wrote into a control last, and what that answered, by mark.
    pub written: BTreeMap<String, (u32, Written)>,
    /// What it saw that cannot be.
    pub complaints: Vec<String>,
    timer: Option<Instant>,
    nodes_max: usize,
    text_bytes_max: u32,
}

/// What a module writes into a control.
#[derive(Clone, Debug, PartialEq)]
pub enum Written {
    Value(String),
    Checked(bool),
}

#[derive(Debug, Clone)]
struct Model {
    kind: Kind,
    parent: Option<u32>,
    children: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Slot,
    Element,
    Text,
    Comment,
    /// A row made from the template: its inner nodes are left alone.
    Row,
    /// What a person may touch.
    Control,
    /// Of the list of events: left as it is.
    Shown,
}

const TAGS: [(u8, &str); 7] = [(0, "div"), (0, "span"), (0, "p"), (0, "ul"), (0, "li"), (1, "svg"), (1, "g")];
const ATTRIBUTES: [&str; 5] = ["class", "title", "data-a", "data-b", "id"];
const TEXTS: [&str; 6] = ["", "a", "two words", "\n", "ß ∂ 😀", "<&>\""];
const TEMPLATE: u16 = 0;

impl Guest {
    pub fn new(start: &Start, module: usize, nodes_max: usize, text_bytes_max: u32) -> Self {
        let random = Rng::with_seed(start.seed[0] ^ start.seed[1].rotate_left(17));
        let root = Model { kind: Kind::Slot, parent: None, children: Vec::new() };
        Guest {
            random,
            writer: BatchWriter::default(),
            names: BTreeMap::new(),
            template_defined: false,
            nodes: BTreeMap::from([(0, root)]),
            next_index: 1,
            free_indices: Vec::new(),
            freed_indices: Vec::new(),
            list: 0,
            marks: BTreeMap::new(),
            own: format!("{module}.{}", start.incarnation),
            marks_made: 0,
            kept: vec![0],
            told: Vec::new(),
            shown: Vec::new(),
            knows: 0,
            echoes: Vec::new(),
            written: BTreeMap::new(),
            complaints: Vec::new(),
            timer: None,
            nodes_max,
            text_bytes_max,
        }
    }

    pub fn turn(&mut self, now: Instant, inputs: &[ModuleInput]) -> Outcome {
        let mut lane = Lane::Default;
        for input in inputs {
            match input {
                ModuleInput::Mount => self.mount(),
                ModuleInput::Event(event) => {
                    lane = Lane::Input;
                    self.event(event);
                }
                ModuleInput::Timer => self.timer = None,
                ModuleInput::AnimationFrame => lane = Lane::Animation,
                _ => {}
            }
            for _ in 0..self.random.u8(0..8) {
                self.something();
            }
        }
        if self.random.bool() {
            for (field, value) in std::mem::take(&mut self.echoes) {
                self.write_value(field, value);
            }
        }
        self.free_indices.append(&mut self.freed_indices);
        // Who still owes an answer comes back.
        let wants = !self.echoes.is_empty() || self.random.u8(0..4) > 0;
        if self.timer.is_none() && wants {
            self.timer = Some(now.after(self.random.u64(0..60_000)));
        }
        Outcome {
            batch: self.writer.finish(),
            lane,
            next_timer: self.timer,
            animation_frame: self.random.u8(0..6) == 0,
            requests: Vec::new(),
        }
    }

    /// Whether it still has what a person may have touched.
    pub fn has(&self, mark: &str) -> bool {
        self.marks.values().any(|own| own == mark)
    }

    /// Whether a person still waits for an answer.
    pub fn owes(&self) -> bool {
        !self.echoes.is_empty()
    }

    fn event(&mut self, event: &ModuleEvent) {
        let Detail::Key { key: name, code: mark } = &event.detail else {
            return self.complaints.push(format!("an event of the wrong kind: {:?}", event.detail));
        };
        if self.freed_indices.contains(&event.target) {
            // It went in this turn, before the event was looked at.
            self.knows = event.sequence;
            return self.told.push(name.clone());
        }
        if self.marks.get(&event.target) != Some(mark) {
            let found = self.marks.get(&event.target);
            self.complaints.push(format!("event {name} on {mark} was told to {} as on {found:?}", self.own));
        }
        if event.sequence <= self.knows {
            self.complaints.push(format!("event {} was told behind {}", event.sequence, self.knows));
        }
        self.knows = event.sequence;
        self.told.push(name.clone());
        self.shown.push(name.clone());
        let item = self.element((0, "li"));
        let text = self.text(&format!("{SHOWN}{name}"));
        for id in [item, text] {
            self.nodes.get_mut(&id).expect("just made").kind = Kind::Shown;
        }
        self.insert(item, text, 0);
        self.insert(self.list, item, 0);
        let Some(form) = &event.form else {
            if event.kind == "keydown" && mark.starts_with('f') {
                self.echoes.retain(|(field, _)| *field != event.target);
                self.write_value(event.target, String::new());
            }
            return;
        };
        match event.kind.as_str() {
            "input" => {
                self.echoes.retain(|(field, _)| *field != event.target);
                // Every second answer is what the module makes of it, not what was typed.
                let answer = if event.sequence.is_multiple_of(2) {
                    form.value.to_uppercase()
                } else {
                    form.value.clone()
                };
                self.echoes.push((event.target, answer));
            }
            "click" if self.random.bool() => {
                self.writer.prop(
                    event.target,
                    Property::Checked,
                    self.knows,
                    PropertyValue::Flag(form.checked),
                );
                self.written.insert(mark.clone(), (self.knows, Written::Checked(form.checked)));
            }
            _ => {}
        }
    }

    fn write_value(&mut self, field: u32, value: String) {
        self.writer.prop(field, Property::Value, self.knows, PropertyValue::Text(&value));
        self.written.insert(self.marks[&field].clone(), (self.knows, Written::Value(value)));
    }

    fn mount(&mut self) {
        let button = self.control("b", "button", &["click"]);
        let label = self.text("press");
        self.insert(button, label, 0);
        self.list = self.element((0, "ul"));
        self.nodes.get_mut(&self.list).expect("just made").kind = Kind::Shown;
        let field = self.control("f", "input", &["input", "keydown"]);
        let toggle = self.control("c", "input", &["click"]);
        let alone = self.control("u", "input", &[]);
        self.write_value(alone, "given".to_owned());
        for node in [button, self.list, field, toggle, alone] {
            self.insert(0, node, 0);
            self.kept.push(node);
        }
        self.kept.push(label);
    }

    fn control(&mut self, what: &str, tag: &'static str, kinds: &[&'static str]) -> u32 {
        let id = self.element((0, tag));
        self.nodes.get_mut(&id).expect("just made").kind = Kind::Control;
        let mark = format!("{what}.{}.{}", self.own, self.marks_made);
        self.marks_made += 1;
        let attribute = self.name((0, MARK));
        self.writer.attr(id, attribute, &mark);
        for kind in kinds {
            let kind = self.name((0, kind));
            self.writer.listen(id, kind, ListenFlags(0), None);
        }
        self.marks.insert(id, mark);
        id
    }

    fn something(&mut self) {
        match self.random.u8(0..16) {
            0..=2 => {
                let tag = pick(&mut self.random, &TAGS);
                let id = self.element(tag);
                self.place(id);
            }
            3 => {
                let data = pick(&mut self.random, &TEXTS);
                let id = self.text(data);
                self.place(id);
            }
            4 => {
                let id = self.index(Kind::Comment);
                self.writer.comment(id, pick(&mut self.random, &TEXTS));
                self.place(id);
            }
            5..=6 => self.clone_row(),
            14 => {
                let id = self.control("b", "button", &["click"]);
                self.place(id);
            }
            15 => {
                if let Some(id) = self.any(|kind| kind == Kind::Text).filter(|_| self.text_bytes_max > 0) {
                    let length = self.random.u32(0..self.text_bytes_max) as usize;
                    self.writer.set_text(id, &"long ".repeat(length / 5));
                }
            }
            7..=8 => {
                if let Some(id) = self.any(|kind| matches!(kind, Kind::Element | Kind::Row)) {
                    let attribute = pick(&mut self.random, &ATTRIBUTES);
                    let name = self.name((0, attribute));
                    if self.random.bool() {
                        self.writer.attr(id, name, pick(&mut self.random, &TEXTS));
                    } else {
                        self.writer.remove_attr(id, name);
                    }
                }
            }
            9 => {
                if let Some(id) = self.any(|kind| matches!(kind, Kind::Text | Kind::Comment)) {
                    self.writer.set_text(id, pick(&mut self.random, &TEXTS));
                }
            }
            10 => {
                if let Some(id) = self.any(|kind| kind != Kind::Slot) {
                    self.place(id);
                }
            }
            11 => {
                if let Some(id) = self.removable() {
                    self.writer.detach(id);
                    self.unlink(id);
                }
            }
            12 => {
                if let Some(id) = self.removable() {
                    self.writer.remove(id);
                    self.unlink(id);
                    self.forget(id);
                }
            }
            _ => {
                if let Some(id) = self.any(|kind| kind == Kind::Element) {
                    let kind = pick(&mut self.random, &["keyup", "keydown"]);
                    let kind = self.name((0, kind));
                    if self.random.bool() {
                        let filter = self.random.bool().then_some("Enter-Shift");
                        self.writer.listen(id, kind, ListenFlags(self.random.u32(0..16)), filter);
                    } else {
                        self.writer.unlisten(id, kind);
                    }
                    if self.random.u8(0..4) == 0 {
                        self.writer.prop(id, Property::ScrollTop, 0, PropertyValue::Number(3));
                    }
                }
            }
        }
        while self.nodes.len() > self.nodes_max {
            let Some(id) = self.removable() else { return };
            self.writer.remove(id);
            self.unlink(id);
            self.forget(id);
        }
    }

    fn clone_row(&mut self) {
        if !self.template_defined {
            self.template_defined = true;
            let (li, class, span) = (self.name((0, "li")), self.name((0, "class")), self.name((0, "span")));
            self.writer.template(TEMPLATE);
            self.writer.open(li, true);
            self.writer.open_attr(class, "row");
            self.writer.open(span, false);
            self.writer.open_text(true, "…");
            self.writer.close();
            self.writer.open_comment(false, "end");
            self.writer.close();
        }
        let (row, text) = (self.index(Kind::Row), self.index(Kind::Text));
        self.writer.clone_template(TEMPLATE, &[row, text]);
        // The text stands below a span that has no index; for the model it is the row's.
        self.link(row, text, 0);
        self.writer.set_text(text, "filled");
        self.place(row);
    }

    /// Inserts the node somewhere that is not below itself. Rows are closed.
    fn place(&mut self, id: u32) {
        if self
            .nodes
            .get(&id)
            .and_then(|node| node.parent)
            .is_some_and(|parent| self.kind(parent) == Kind::Row)
        {
            return;
        }
        let parents: Vec<u32> = self
            .nodes
            .iter()
            .filter(|(parent, node)| {
                matches!(node.kind, Kind::Element | Kind::Slot)
                    && !self.is_below(**parent, id)
                    && **parent != self.list
            })
            .map(|(parent, _)| *parent)
            .collect();
        let parent = parents[self.random.u32(0..parents.len() as u32) as usize];
        let siblings: Vec<u32> =
            self.nodes[&parent].children.iter().copied().filter(|own| *own != id).collect();
        let at = self.random.u32(0..=siblings.len() as u32) as usize;
        self.insert(parent, id, siblings.get(at).copied().unwrap_or(0));
    }

    fn insert(&mut self, parent: u32, child: u32, before: u32) {
        self.writer.insert(parent, child, before);
        self.unlink(child);
        self.link(parent, child, before);
    }

    fn link(&mut self, parent: u32, child: u32, before: u32) {
        let siblings = &mut self.nodes.get_mut(&parent).expect("a node of the model").children;
        let at = siblings.iter().position(|own| *own == before).unwrap_or(siblings.len());
        siblings.insert(at, child);
        self.nodes.get_mut(&child).expect("a node of the model").parent = Some(parent);
    }

    fn unlink(&mut self, id: u32) {
        if let Some(parent) = self.nodes.get_mut(&id).and_then(|node| node.parent.take()) {
            self.nodes.get_mut(&parent).expect("a node of the model").children.retain(|own| *own != id);
        }
    }

    fn forget(&mut self, id: u32) {
        let node = self.nodes.remove(&id).expect("a node of the model");
        self.marks.remove(&id);
        self.freed_indices.push(id);
        for child in node.children {
            self.forget(child);
        }
    }

    fn is_below(&self, id: u32, above: u32) -> bool {
        let mut at = Some(id);
        while let Some(node) = at {
            if node == above {
                return true;
            }
            at = self.nodes[&node].parent;
        }
        false
    }

    fn kind(&self, id: u32) -> Kind {
        self.nodes[&id].kind
    }

    fn any(&mut self, is: impl Fn(Kind) -> bool) -> Option<u32> {
        let found: Vec<u32> = self
            .nodes
            .iter()
            .filter(|(_, node)| node.kind != Kind::Shown && is(node.kind))
            .map(|(id, _)| *id)
            .collect();
        (!found.is_empty()).then(|| found[self.random.u32(0..found.len() as u32) as usize])
    }

    /// Neither what is kept, nor what stands in a row or in the list of events.
    fn removable(&mut self) -> Option<u32> {
        let found: Vec<u32> = self
            .nodes
            .iter()
            .filter(|(id, node)| {
                !self.kept.contains(*id)
                    && !self.kept.iter().any(|kept| self.is_below(*kept, **id))
                    && !self.is_below(**id, self.list)
                    && node.parent.is_none_or(|parent| self.kind(parent) != Kind::Row)
            })
            .map(|(id, _)| *id)
            .collect();
        (!found.is_empty()).then(|| found[self.random.u32(0..found.len() as u32) as usize])
    }

    fn element(&mut self, tag: (u8, &'static str)) -> u32 {
        let name = self.name(tag);
        let id = self.index(Kind::Element);
        self.writer.create(id, name);
        id
    }

    fn text(&mut self, data: &str) -> u32 {
        let id = self.index(Kind::Text);
        self.writer.text(id, data);
        id
    }

    fn index(&mut self, kind: Kind) -> u32 {
        let id = self.free_indices.pop().unwrap_or_else(|| {
            self.next_index += 1;
            self.next_index - 1
        });
        self.nodes.insert(id, Model { kind, parent: None, children: Vec::new() });
        id
    }

    fn name(&mut self, name: (u8, &'static str)) -> u16 {
        if let Some(id) = self.names.get(&name) {
            return *id;
        }
        let id = self.names.len() as u16;
        let namespace = if name.0 == 0 { Namespace::None } else { Namespace::Svg };
        self.writer.name(id, namespace, name.1);
        self.names.insert(name, id);
        id
    }
}

fn pick<T: Copy>(random: &mut Rng, from: &[T]) -> T {
    from[random.u32(0..from.len() as u32) as usize]
}
