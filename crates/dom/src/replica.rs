//! The page as a browser has it: built from frames' operations alone. What a browser does with them in JavaScript, this
//! does in Rust, for the simulator, for scripted users, and as the oracle that both are compared with.
//!
//! Everything that a frame holds was written by our own encoder, so a violation is an error, never a verdict.

use crate::form::{Form, LiveValue};
use crate::op::{Property, PropertyValue, TreeMode, code};
use crate::stream::{RawOp, StreamError, StreamReader};
use crate::tree::{SlotId, Tree, View};
use crate::{Command, Namespace};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

/// A page without a browser.
#[derive(Debug, Default)]
pub struct Replica {
    names: HashMap<u16, (Namespace, String)>,
    templates: HashMap<u16, Vec<TemplateStep>>,
    nodes: Vec<Node>,
    free: Vec<Key>,
    by_id: HashMap<u32, Key>,
    slots: BTreeMap<String, Key>,
    statuses: BTreeMap<String, u16>,
    /// Page ids of the elements in which nested slots stand; 0: nowhere.
    places: BTreeMap<String, u32>,
    walk: Option<Walk>,
    defining: Option<(u16, usize)>,
    /// Wait for the end of the frame, when all nodes are in their places: page id, property, what it answers.
    properties: Vec<(u32, Property, u32, LiveValue)>,
    focus: u32,
    calls: Vec<(u32, u16)>,
    /// Nodes that a TREE of this frame left out. They go at its end, when all that is kept has been moved out of them.
    surplus: Vec<Key>,
    /// Nodes that a TREE of this frame named.
    taken: HashSet<Key>,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReplicaError {
    #[error(transparent)]
    Stream(#[from] StreamError),
    #[error("operation {code} at word {at}: {why}")]
    Op { code: u8, at: usize, why: &'static str },
    #[error("a frame ends inside a TREE or a TEMPLATE")]
    Unfinished,
}

type Key = usize;

#[derive(Debug, Default)]
struct Node {
    id: u32,
    parent: Option<Key>,
    children: Vec<Key>,
    content: Content,
    listeners: BTreeMap<u16, (u32, String)>,
    form: Option<Box<Form>>,
}

#[derive(Debug, Default, Clone)]
enum Content {
    #[default]
    Free,
    Slot,
    Element {
        name: u16,
        attributes: BTreeMap<u16, String>,
    },
    Text(String),
    Comment(String),
}

/// An element of a page, to be looked at.
#[derive(Clone, Copy, Debug)]
pub struct ElementRef<'a> {
    replica: &'a Replica,
    id: u32,
    name: u16,
    attributes: &'a BTreeMap<u16, String>,
}

impl<'a> ElementRef<'a> {
    /// Its page id.
    pub fn id(&self) -> u32 {
        self.id
    }

    pub fn local_name(&self) -> &'a str {
        self.replica.local(self.name)
    }

    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        let replica = self.replica;
        let found = self.attributes.iter().find(|(own, _)| replica.local(**own) == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[derive(Debug, Clone)]
enum TemplateStep {
    Open(u16, bool),
    Attribute(u16, String),
    Text(String, bool),
    Comment(String, bool),
    Close,
}

/// Where a TREE has come to: the open nodes, with the number of their children that are done.
#[derive(Debug)]
struct Walk {
    open: Vec<(Key, usize)>,
    detached: bool,
}

impl Replica {
    /// Applies one part of a frame. `fresh`: the frame's first part, of a frame that starts with nothing known.
    pub fn apply(&mut self, stream: &[u8], fresh: bool) -> Result<(), ReplicaError> {
        if fresh {
            self.names.clear();
            self.templates.clear();
        }
        let applied = self.ops(stream);
        if applied.is_err() {
            self.give_up_frame();
        }
        applied
    }

    fn ops(&mut self, stream: &[u8]) -> Result<(), ReplicaError> {
        let mut reader = StreamReader::new(stream)?;
        while let Some(op) = reader.next_op()? {
            self.op(&op)?;
        }
        Ok(())
    }

    /// What a frame has begun and will not end.
    fn give_up_frame(&mut self) {
        self.walk = None;
        self.defining = None;
        self.taken.clear();
        self.surplus.clear();
    }

    /// To be called behind the last part of a frame.
    pub fn finish_frame(&mut self) -> Result<(), ReplicaError> {
        if self.walk.is_some() || self.defining.is_some() {
            self.give_up_frame();
            return Err(ReplicaError::Unfinished);
        }
        let taken = std::mem::take(&mut self.taken);
        for key in std::mem::take(&mut self.surplus) {
            if !taken.contains(&key) && self.nodes[key].parent.is_none() {
                self.drop_subtree(key);
            }
        }
        for (id, property, answers, value) in std::mem::take(&mut self.properties) {
            if let Some(form) = self.form_mut(id) {
                form.set(property, answers, value);
            }
        }
        for (id, command) in std::mem::take(&mut self.calls) {
            if command == Command::Focus.to_wire() && self.by_id.contains_key(&id) {
                self.focus = id;
            }
        }
        Ok(())
    }

    /// The live state of a node, if it was ever set.
    pub fn form(&self, id: u32) -> Option<&Form> {
        self.nodes[*self.by_id.get(&id)?].form.as_deref()
    }

    /// A person changes a control.
    pub fn change_form(&mut self, id: u32, change: impl FnOnce(&mut Form)) {
        if let Some(form) = self.form_mut(id) {
            change(form);
        }
    }

    /// The control raised an event by which a person edits.
    pub fn edited(&mut self, id: u32, sequence: u32) {
        self.change_form(id, |form| form.edited(sequence));
    }

    /// A person begins to compose (IME) in a control, or ends it.
    pub fn compose(&mut self, id: u32, begins: bool) {
        self.change_form(id, |form| if begins { form.compose() } else { form.end_composition() });
    }

    /// Page id of the node that has the focus; 0 for none.
    pub fn focus(&self) -> u32 {
        self.focus
    }

    /// A person puts the focus somewhere.
    pub fn set_focus(&mut self, id: u32) {
        self.focus = id;
    }

    /// Page ids of the elements that have the attribute, with its value, in document order, of all slots.
    pub fn with_attribute(&self, name: &str) -> Vec<(u32, &str)> {
        let mut found = Vec::new();
        let names: Vec<u16> =
            self.names.iter().filter(|(_, (_, local))| local == name).map(|(id, _)| *id).collect();
        for slot in self.slots.values() {
            self.visit(*slot, &mut |node, _| {
                if let Content::Element { attributes, .. } = &node.content
                    && let Some(value) = names.iter().find_map(|name| attributes.get(name))
                {
                    found.push((node.id, value.as_str()));
                }
            });
        }
        found
    }

    /// The listener that hears an event of this type on the node: the name's number.
    pub fn heard(&self, id: u32, kind: &str) -> Option<u16> {
        let mut at = self.by_id.get(&id).copied();
        while let Some(key) = at {
            let node = &self.nodes[key];
            if let Some(name) = node.listeners.keys().find(|name| self.local(**name) == kind) {
                return Some(*name);
            }
            at = node.parent;
        }
        None
    }

    /// Page id of the slot that the node stands in; None if it stands nowhere.
    pub fn slot_of(&self, id: u32) -> Option<u32> {
        let mut at = *self.by_id.get(&id)?;
        while let Some(parent) = self.nodes[at].parent {
            at = parent;
        }
        matches!(self.nodes[at].content, Content::Slot).then_some(self.nodes[at].id).filter(|id| *id != 0)
    }

    /// Something that is not a frame changes the page (an extension): writes over a text. False: there is none of the id.
    pub fn disturb(&mut self, id: u32) -> bool {
        let Some(key) = self.by_id.get(&id).copied() else { return false };
        match &mut self.nodes[key].content {
            Content::Text(data) | Content::Comment(data) => {
                "disturbed".clone_into(data);
                true
            }
            _ => false,
        }
    }

    /// Page ids of all nodes that stand in a slot, in document order.
    pub fn ids(&self) -> Vec<u32> {
        let mut found = Vec::new();
        for slot in self.slots.values() {
            self.visit(*slot, &mut |node, _| found.push(node.id));
        }
        found
    }

    /// Page ids of nodes that listen for events of this type, in document order, of all slots.
    pub fn listening(&self, kind: &str) -> Vec<u32> {
        let mut found = Vec::new();
        for slot in self.slots.values() {
            self.visit(*slot, &mut |node, _| {
                if node.listeners.keys().any(|name| self.local(*name) == kind) && node.id != 0 {
                    found.push(node.id);
                }
            });
        }
        found
    }

    /// The elements of a slot, in document order.
    pub fn elements(&self, slot: &str) -> Vec<ElementRef<'_>> {
        let mut found = Vec::new();
        if let Some(root) = self.slots.get(slot) {
            self.visit(*root, &mut |node, _| {
                if let Content::Element { name, attributes } = &node.content {
                    found.push(ElementRef { replica: self, id: node.id, name: *name, attributes });
                }
            });
        }
        found
    }

    /// The number of a name, if a frame has defined it.
    pub fn name_id(&self, local: &str) -> Option<u16> {
        self.names.iter().filter(|(_, (_, own))| own == local).map(|(id, _)| *id).min()
    }

    /// Page id of the element in which a nested slot stands, if it stands in one.
    pub fn place(&self, slot: &str) -> Option<u32> {
        self.places.get(slot).copied().filter(|place| *place != 0)
    }

    pub fn status(&self, slot: &str) -> Option<u16> {
        self.statuses.get(slot).copied()
    }

    /// The slot's nodes, a line each. Equal to [`Tree::outline`] when the browser shows what the edge has.
    pub fn outline(&self, slot: &str) -> String {
        let mut out = String::new();
        if let Some(root) = self.slots.get(slot) {
            outline_listeners(0, self.listener_words(*root), &mut out);
            self.visit(*root, &mut |node, depth| {
                let line = match &node.content {
                    Content::Element { name, attributes } => {
                        let attributes =
                            attributes.iter().map(|(name, value)| (self.local(*name), value.as_str()));
                        element_line(self.local(*name), attributes)
                    }
                    Content::Text(data) => format!("{data:?}"),
                    Content::Comment(data) => format!("<!--{data}-->"),
                    Content::Free | Content::Slot => return,
                };
                let _ = writeln!(out, "{:indent$}{line}", "", indent = (depth - 1) * 2);
                let words = node
                    .listeners
                    .iter()
                    .map(|(name, (flags, filter))| format!("{}:{flags}:{filter}", self.local(*name)));
                outline_listeners(depth, words.collect(), &mut out);
            });
        }
        out
    }

    fn op(&mut self, op: &RawOp) -> Result<(), ReplicaError> {
        let wrong = |why| ReplicaError::Op { code: op.code, at: op.at, why };
        let may_stand_in_tree = matches!(
            op.code,
            code::OPEN
                | code::OPEN_ATTR
                | code::OPEN_TEXT
                | code::OPEN_COMMENT
                | code::CLOSE
                | code::LISTEN
                | code::PROP
                | code::STATUS
                | code::NAME
        );
        if self.walk.is_some() && !may_stand_in_tree {
            return Err(wrong("it cannot stand in a TREE"));
        }
        match op.code {
            code::NAME => {
                let namespace = u8::try_from(op.arg(0)?).ok().and_then(Namespace::from_wire);
                let namespace = namespace.ok_or(wrong("an unknown namespace"))?;
                self.names.insert(op.aux, (namespace, op.string(1)?.to_owned()));
            }
            code::CREATE => {
                let content = Content::Element { name: op.aux, attributes: BTreeMap::new() };
                self.make(op.arg(0)?, content);
            }
            code::TEXT => {
                self.make(op.arg(0)?, Content::Text(op.string(1)?.to_owned()));
            }
            code::COMMENT => {
                self.make(op.arg(0)?, Content::Comment(op.string(1)?.to_owned()));
            }
            code::SET_TEXT => {
                let (key, text) = (self.key(op, 0)?, op.string(1)?);
                match &mut self.nodes[key].content {
                    Content::Text(data) | Content::Comment(data) => text.clone_into(data),
                    _ => return Err(wrong("not a text")),
                }
            }
            code::ATTR => {
                let key = self.key(op, 0)?;
                self.attributes(key).ok_or(wrong("not an element"))?.insert(op.aux, op.string(1)?.to_owned());
            }
            code::REMOVE_ATTR => {
                let key = self.key(op, 0)?;
                self.attributes(key).ok_or(wrong("not an element"))?.remove(&op.aux);
            }
            code::PROP => {
                self.key(op, 0)?;
                if let Some(property) = Property::from_wire(op.aux) {
                    let value = match property {
                        Property::Value => PropertyValue::Text(op.string(2)?.into()),
                        Property::Selection => PropertyValue::Range(op.arg(2)?, op.arg(3)?),
                        Property::ScrollTop | Property::ScrollLeft => {
                            PropertyValue::Number(op.arg(2)? as i32)
                        }
                        _ => PropertyValue::Flag(op.arg(2)? != 0),
                    };
                    self.properties.push((op.arg(0)?, property, op.arg(1)?, value));
                }
            }
            code::CALL => {
                self.key(op, 0)?;
                self.calls.push((op.arg(0)?, op.aux));
            }
            code::INSERT => {
                let (parent, child) = (self.key(op, 0)?, self.movable(op, 1)?);
                if self.is_in(parent, child) {
                    return Err(wrong("a node would stand in itself"));
                }
                let before = if op.arg(2)? == 0 { None } else { Some(self.key(op, 2)?) };
                self.unlink(child);
                let siblings = &self.nodes[parent].children;
                let at = match before {
                    Some(before) => {
                        siblings.iter().position(|key| *key == before).ok_or(wrong("before a stranger"))?
                    }
                    None => siblings.len(),
                };
                self.link(parent, child, at);
            }
            code::DETACH => {
                let key = self.movable(op, 0)?;
                self.unlink(key);
            }
            code::REMOVE => {
                let key = self.movable(op, 0)?;
                self.unlink(key);
                self.drop_subtree(key);
            }
            code::LISTEN => {
                let (key, flags) = (self.key(op, 0)?, op.arg(1)?);
                let filter = if op.arg_count() > 2 { op.string(2)? } else { "" };
                self.nodes[key].listeners.insert(op.aux, (flags, filter.to_owned()));
            }
            code::UNLISTEN => {
                let key = self.key(op, 0)?;
                self.nodes[key].listeners.remove(&op.aux);
            }
            code::TEMPLATE => {
                self.templates.insert(op.aux, Vec::new());
                self.defining = Some((op.aux, 0));
            }
            code::CLONE => self.clone_template(op)?,
            code::SLOT => {
                let (id, name) = (op.arg(0)?, op.string(1)?);
                let key = match self.slots.get(name) {
                    Some(key) => *key,
                    None => self.make(id, Content::Slot),
                };
                self.by_id.insert(id, key);
                self.nodes[key].id = id;
                self.slots.insert(name.to_owned(), key);
            }
            code::TREE => {
                let detached = op.aux == 2;
                let root = if detached { self.make(0, Content::Slot) } else { self.key(op, 0)? };
                if op.aux == TreeMode::Adopt as u16 {
                    return Err(wrong("a replica has no HTML to adopt"));
                }
                self.nodes[root].listeners.clear();
                self.walk = Some(Walk { open: vec![(root, 0)], detached });
            }
            code::STATUS => {
                let key = self.key(op, 0)?;
                if let Some((name, _)) = self.slots.iter().find(|(_, own)| **own == key) {
                    self.statuses.insert(name.clone(), op.aux);
                }
            }
            code::MOUNT => {
                let (key, place) = (self.key(op, 0)?, op.arg(1)?);
                if place != 0 {
                    self.key(op, 1)?;
                }
                let slot = self.slots.iter().find(|(_, own)| **own == key).ok_or(wrong("not a slot"))?;
                self.places.insert(slot.0.clone(), place);
            }
            code::OPEN | code::OPEN_ATTR | code::OPEN_TEXT | code::OPEN_COMMENT | code::CLOSE => {
                if self.defining.is_some() { self.define(op)? } else { self.walk_op(op)? }
            }
            _ => return Err(wrong("an unknown operation")),
        }
        Ok(())
    }

    fn define(&mut self, op: &RawOp) -> Result<(), ReplicaError> {
        let Some((template, depth)) = &mut self.defining else { return Ok(()) };
        let step = match op.code {
            code::OPEN => {
                *depth += 1;
                TemplateStep::Open(op.aux, op.arg(0)? != 0)
            }
            code::OPEN_ATTR => TemplateStep::Attribute(op.aux, op.string(0)?.to_owned()),
            code::OPEN_TEXT => TemplateStep::Text(op.string(1)?.to_owned(), op.arg(0)? != 0),
            code::OPEN_COMMENT => TemplateStep::Comment(op.string(1)?.to_owned(), op.arg(0)? != 0),
            _ => {
                let why = "more CLOSE than OPEN";
                *depth = depth.checked_sub(1).ok_or(ReplicaError::Op { code: op.code, at: op.at, why })?;
                TemplateStep::Close
            }
        };
        let done = *depth == 0 && !matches!(step, TemplateStep::Attribute(..));
        self.templates.entry(*template).or_default().push(step);
        if done {
            self.defining = None;
        }
        Ok(())
    }

    fn clone_template(&mut self, op: &RawOp) -> Result<(), ReplicaError> {
        let wrong = |why| ReplicaError::Op { code: op.code, at: op.at, why };
        let steps = self.templates.get(&op.aux).cloned().ok_or(wrong("an unknown template"))?;
        let mut ids = op.args();
        let mut open: Vec<Key> = Vec::new();
        for step in steps {
            let (content, marked, element) = match step {
                TemplateStep::Open(name, marked) => {
                    (Content::Element { name, attributes: BTreeMap::new() }, marked, true)
                }
                TemplateStep::Text(data, marked) => (Content::Text(data), marked, false),
                TemplateStep::Comment(data, marked) => (Content::Comment(data), marked, false),
                TemplateStep::Attribute(name, value) => {
                    let last = open.last().copied().ok_or(wrong("an attribute of nothing"))?;
                    self.attributes(last).ok_or(wrong("not an element"))?.insert(name, value);
                    continue;
                }
                TemplateStep::Close => {
                    open.pop();
                    continue;
                }
            };
            let id = if marked { ids.next().ok_or(wrong("too few nodes"))? } else { 0 };
            let key = self.make(id, content);
            if let Some(parent) = open.last().copied() {
                let end = self.nodes[parent].children.len();
                self.link(parent, key, end);
            }
            if element {
                open.push(key);
            }
        }
        Ok(())
    }

    fn walk_op(&mut self, op: &RawOp) -> Result<(), ReplicaError> {
        let wrong = |why| ReplicaError::Op { code: op.code, at: op.at, why };
        let mut walk = self.walk.take().ok_or(wrong("a tree operation outside TREE"))?;
        let (parent, done) = *walk.open.last().ok_or(wrong("more CLOSE than OPEN"))?;
        match op.code {
            code::CLOSE => {
                let children = &mut self.nodes[parent].children;
                // A node that is described twice stands only once.
                let surplus = children.split_off(done.min(children.len()));
                for key in surplus {
                    self.nodes[key].parent = None;
                    self.surplus.push(key);
                }
                walk.open.pop();
                if walk.open.is_empty() && walk.detached {
                    for key in std::mem::take(&mut self.nodes[parent].children) {
                        self.nodes[key].parent = None;
                    }
                    self.drop_subtree(parent);
                }
            }
            code::OPEN_ATTR => {
                self.attributes(parent)
                    .ok_or(wrong("not an element"))?
                    .insert(op.aux, op.string(0)?.to_owned());
            }
            _ => {
                let content = match op.code {
                    code::OPEN => Content::Element { name: op.aux, attributes: BTreeMap::new() },
                    code::OPEN_TEXT => Content::Text(op.string(1)?.to_owned()),
                    _ => Content::Comment(op.string(1)?.to_owned()),
                };
                let id = op.arg(0)?;
                let known = self.by_id.get(&id).filter(|_| id != 0);
                if known.is_some_and(|known| self.is_in(parent, *known)) {
                    return Err(wrong("a node would stand in itself"));
                }
                let key = self.take_or_make(id, content, parent, done);
                if let Some(top) = walk.open.last_mut() {
                    top.1 += 1;
                }
                if op.code == code::OPEN {
                    walk.open.push((key, 0));
                }
            }
        }
        if !walk.open.is_empty() {
            self.walk = Some(walk);
        }
        Ok(())
    }

    /// The node of this id, if it is of the kind and name; else one without an id at the cursor; else a new one.
    /// It stands at the cursor then.
    fn take_or_make(&mut self, id: u32, content: Content, parent: Key, at: usize) -> Key {
        let known = self.by_id.get(&id).copied().filter(|key| id != 0 && self.is_like(*key, &content));
        let nameless = || {
            let key = *self.nodes[parent].children.get(at)?;
            (self.nodes[key].id == 0 && self.is_like(key, &content)).then_some(key)
        };
        let key = match known.or_else(nameless) {
            Some(key) => {
                self.nodes[key].content = content;
                self.nodes[key].listeners.clear();
                key
            }
            None => self.make(id, content),
        };
        self.nodes[key].id = id;
        if id != 0 {
            self.by_id.insert(id, key);
        }
        self.taken.insert(key);
        self.unlink(key);
        self.link(parent, key, at);
        key
    }

    fn is_like(&self, key: Key, content: &Content) -> bool {
        match (&self.nodes[key].content, content) {
            (Content::Element { name: a, .. }, Content::Element { name: b, .. }) => a == b,
            (Content::Text(_), Content::Text(_)) | (Content::Comment(_), Content::Comment(_)) => true,
            _ => false,
        }
    }

    fn make(&mut self, id: u32, content: Content) -> Key {
        let node = Node { id, content, ..Node::default() };
        let key = match self.free.pop() {
            Some(key) => {
                self.nodes[key] = node;
                key
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() - 1
            }
        };
        if id != 0 {
            self.by_id.insert(id, key);
        }
        key
    }

    fn drop_subtree(&mut self, root: Key) {
        let mut open = vec![root];
        while let Some(key) = open.pop() {
            let node = std::mem::take(&mut self.nodes[key]);
            open.extend(&node.children);
            if self.focus == node.id {
                self.focus = 0;
            }
            if self.by_id.get(&node.id) == Some(&key) {
                self.by_id.remove(&node.id);
            }
            self.free.push(key);
        }
    }

    fn unlink(&mut self, key: Key) {
        if let Some(parent) = self.nodes[key].parent.take() {
            self.nodes[parent].children.retain(|own| *own != key);
        }
    }

    fn link(&mut self, parent: Key, key: Key, at: usize) {
        let at = at.min(self.nodes[parent].children.len());
        self.nodes[parent].children.insert(at, key);
        self.nodes[key].parent = Some(parent);
    }

    fn key(&self, op: &RawOp, position: usize) -> Result<Key, ReplicaError> {
        let id = op.arg(position)?;
        self.by_id.get(&id).copied().ok_or(ReplicaError::Op {
            code: op.code,
            at: op.at,
            why: "an unknown node",
        })
    }

    /// Of a node that is not a slot: these stand where the page has them.
    fn movable(&self, op: &RawOp, position: usize) -> Result<Key, ReplicaError> {
        let key = self.key(op, position)?;
        match self.nodes[key].content {
            Content::Slot => {
                Err(ReplicaError::Op { code: op.code, at: op.at, why: "a slot stays where it is" })
            }
            _ => Ok(key),
        }
    }

    /// Whether the node is `outer` or stands below it.
    fn is_in(&self, node: Key, outer: Key) -> bool {
        let mut at = Some(node);
        while let Some(key) = at {
            if key == outer {
                return true;
            }
            at = self.nodes[key].parent;
        }
        false
    }

    fn form_mut(&mut self, id: u32) -> Option<&mut Form> {
        let key = *self.by_id.get(&id)?;
        Some(self.nodes[key].form.get_or_insert_default())
    }

    fn attributes(&mut self, key: Key) -> Option<&mut BTreeMap<u16, String>> {
        match &mut self.nodes[key].content {
            Content::Element { attributes, .. } => Some(attributes),
            _ => None,
        }
    }

    fn local(&self, name: u16) -> &str {
        self.names.get(&name).map_or("?", |(_, local)| local)
    }

    fn listener_words(&self, key: Key) -> Vec<String> {
        let listeners = self.nodes[key].listeners.iter();
        listeners.map(|(name, (flags, filter))| format!("{}:{flags}:{filter}", self.local(*name))).collect()
    }

    /// The nodes below `root` in document order, with their depth (children of the root: 1).
    fn visit<'a>(&'a self, root: Key, see: &mut dyn FnMut(&'a Node, usize)) {
        let mut open: Vec<(Key, usize)> = vec![(root, 0)];
        while let Some((key, depth)) = open.pop() {
            see(&self.nodes[key], depth);
            open.extend(self.nodes[key].children.iter().rev().map(|child| (*child, depth + 1)));
        }
    }
}

impl Tree {
    /// The slot's nodes, a line each: elements with their attributes in order of name, then their listeners.
    pub fn outline(&self, slot: SlotId) -> String {
        let mut out = String::new();
        let root = self.slot_root(slot);
        outline_listeners(0, self.listeners(root).collect(), &mut out);
        let mut open: Vec<_> = self.children(root).map(|id| (id, 1)).collect();
        open.reverse();
        while let Some((id, depth)) = open.pop() {
            let line = match self.view(id) {
                Some(View::Element { local, .. }) => {
                    element_line(local, self.attributes(id).map(|(_, name, value)| (name, value)))
                }
                Some(View::Text(data)) => format!("{data:?}"),
                Some(View::Comment(data)) => format!("<!--{data}-->"),
                Some(View::Slot { .. }) | None => continue,
            };
            let _ = writeln!(out, "{:indent$}{line}", "", indent = (depth - 1) * 2);
            outline_listeners(depth, self.listeners(id).collect(), &mut out);
            let children: Vec<_> = self.children(id).map(|child| (child, depth + 1)).collect();
            open.extend(children.into_iter().rev());
        }
        out
    }
}

fn element_line<'a>(local: &str, attributes: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut attributes: Vec<_> = attributes.collect();
    attributes.sort_unstable();
    let mut line = format!("<{local}");
    for (name, value) in attributes {
        let _ = write!(line, " {name}={value:?}");
    }
    line.push('>');
    line
}

fn outline_listeners(depth: usize, mut words: Vec<String>, out: &mut String) {
    words.sort_unstable();
    for word in words {
        let _ = writeln!(out, "{:indent$}@{word}", "", indent = depth * 2);
    }
}
