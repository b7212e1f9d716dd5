//! The page tree: all nodes of a session's page, by page id, each owned by a slot.

mod apply;
mod bytes;
mod changes;
mod check;
mod nested;
mod overlay;
mod snapshot;

pub use changes::Changes;
pub use check::{Judgement, Refusal, Strip};
pub(crate) use snapshot::TextInHtml;

use crate::allow;
use crate::batch::Malformed;
use crate::limits::{BatchLimits, LimitKey};
use crate::names::{NameId, Names};
use crate::op::{ListenFlags, Property, PropertyValue};
use crate::{Limits, Namespace};
use check::Scratch;
use nested::Nested;
use std::collections::HashMap;

/// A node's number on the page and on the wire to the browser. 0 is no node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub u32);

impl PageId {
    pub const NONE: PageId = PageId(0);
    /// Page ids are below this.
    pub const MAX: u32 = 1 << 24;

    pub fn is_some(self) -> bool {
        self.0 != 0
    }

    /// The id, unless it is none.
    pub fn some(self) -> Option<PageId> {
        self.is_some().then_some(self)
    }
}

/// A slot's position among the page's slots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SlotId(pub u16);

/// The tree of one page.
///
/// Ids of freed nodes are not given out again before [`release`](Tree::release) brings them back: the browser may
/// still know them.
#[derive(Debug)]
pub struct Tree {
    limits: Limits,
    nodes: Vec<Node>,
    /// Ids that are nobody's and that no browser knows.
    free: Vec<PageId>,
    /// Ids freed since [`take_freed`](Tree::take_freed).
    freed: Vec<PageId>,
    live: usize,
    names: Names,
    slots: Vec<Slot>,
    nested: Vec<Nested>,
    templates: Vec<Option<Template>>,
    /// Positions in `templates` that hold none.
    free_templates: Vec<u16>,
    /// Number of the frame that will tell the browser what is changed now.
    frame: u32,
    /// Snapshots leave out live properties that frames before this one have told.
    properties_from: u32,
    /// The node that was focused last by a module. First HTML says so by an attribute, as no command reaches it.
    focused: PageId,
    /// Which attributes an element may have, asked once per pair.
    allowed_attributes: HashMap<(NameId, NameId), Option<&'static allow::Kind>>,
    scratch: Scratch,
}

/// What became of a batch that was not refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Operations in the batch.
    pub ops: usize,
    /// Operations left out because the allow-list does not have what they ask for.
    pub stripped: usize,
    /// The first of each kind, for the module and the operator; at most 16.
    pub first_strips: Vec<Strip>,
    /// Operations of unknown codes, or without effect.
    pub skipped: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

impl TreeError {
    /// The setting to raise, if a limit was exceeded.
    pub fn limit_key(&self) -> Option<LimitKey> {
        match self {
            TreeError::Malformed(Malformed::Limit { key, .. })
            | TreeError::Refused(Refusal::Limit { key, .. }) => Some(*key),
            _ => None,
        }
    }
}

/// A node as others see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View<'a> {
    Slot { name: &'a str },
    Element { namespace: Namespace, local: &'a str },
    Text(&'a str),
    Comment(&'a str),
}

#[derive(Debug)]
struct Slot {
    name: String,
    batch: BatchLimits,
    root: PageId,
    generation: u32,
    /// Page id by the module's index.
    indices: Vec<PageId>,
    /// Page-wide name by the module's number; 0: not defined.
    names: Vec<NameId>,
    /// Position in `Tree::templates` plus 1 by the module's number; 0: not defined.
    templates: Vec<u16>,
    /// Elements by which its module offers places for other slots, in the order in which they were made.
    offers: Vec<PageId>,
    /// Some of these are freed: see [`Tree::forget_freed`].
    offers_freed: bool,
    /// Whether its module may lay something over the page.
    covers: bool,
    /// Elements by which it does, in the order in which they were made.
    overlays: Vec<PageId>,
    /// So many of these are freed: see [`Tree::forget_freed`].
    overlays_freed: usize,
    /// Some of these may have to be shown again.
    overlays_moved: bool,
    nodes: usize,
    /// Of what nodes and templates hold.
    bytes: usize,
    /// Page-wide names that this slot's modules were the first to use. They are never given back.
    names_made: usize,
}

#[derive(Debug)]
struct Node {
    parent: PageId,
    previous: PageId,
    next: PageId,
    first: PageId,
    last: PageId,
    slot: SlotId,
    /// The owner's index; 0: a node of a template that no mark names.
    index: u32,
    /// Steps down to the deepest node that ever stood below this one.
    height: u16,
    /// The frame that tells of it first.
    born: u32,
    content: Content,
}

#[derive(Debug)]
enum Content {
    /// Nobody's, or freed and not released yet.
    Free,
    SlotRoot {
        listeners: Vec<Listener>,
    },
    Element(Element),
    Text(Box<str>),
    Comment(Box<str>),
}

#[derive(Debug, Default)]
struct Element {
    name: NameId,
    attributes: Vec<(NameId, Box<str>)>,
    listeners: Vec<Listener>,
    properties: Vec<LiveProperty>,
}

#[derive(Debug, Clone)]
struct Listener {
    kind: NameId,
    flags: ListenFlags,
    filter: Option<Box<str>>,
}

#[derive(Debug, Clone)]
struct LiveProperty {
    property: Property,
    answers: u32,
    value: PropertyValue<Box<str>>,
    /// The frame that tells of it first.
    frame: u32,
}

#[derive(Debug)]
struct Template {
    /// In document order; the root is the first.
    nodes: Vec<TemplateNode>,
    marks: usize,
    /// Of what the nodes of a clone hold.
    clone_bytes: usize,
    /// Whether the browser has the definition.
    sent: bool,
}

#[derive(Debug)]
struct TemplateNode {
    /// Position of the parent; the root's own for the root.
    parent: usize,
    marked: bool,
    height: u16,
    content: TemplateContent,
}

#[derive(Debug)]
enum TemplateContent {
    Element { name: NameId, attributes: Vec<(NameId, Box<str>)> },
    Text(Box<str>),
    Comment(Box<str>),
}

impl Tree {
    pub fn new(limits: Limits) -> Self {
        let nobody = Node::new(SlotId(0), 0, Content::Free);
        Tree {
            limits,
            nodes: vec![nobody],
            free: Vec::new(),
            freed: Vec::new(),
            live: 0,
            names: Names::default(),
            slots: Vec::new(),
            nested: Vec::new(),
            templates: Vec::new(),
            free_templates: Vec::new(),
            frame: 0,
            properties_from: 0,
            focused: PageId::NONE,
            allowed_attributes: HashMap::new(),
            scratch: Scratch::default(),
        }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A new slot, empty, and what a batch for it may be. Slots live as long as the page.
    pub fn add_slot(&mut self, name: &str, batch: BatchLimits) -> SlotId {
        let slot = SlotId(self.slots.len() as u16);
        let root = PageId(self.nodes.len() as u32);
        self.nodes.push(Node::new(slot, 0, Content::SlotRoot { listeners: Vec::new() }));
        self.slots.push(Slot {
            name: name.to_owned(),
            batch,
            root,
            generation: 1,
            indices: vec![root],
            names: Vec::new(),
            templates: Vec::new(),
            offers: Vec::new(),
            offers_freed: false,
            covers: false,
            overlays: Vec::new(),
            overlays_freed: 0,
            overlays_moved: false,
            nodes: 0,
            bytes: 0,
            names_made: 0,
        });
        slot
    }

    pub fn slots(&self) -> impl Iterator<Item = SlotId> + use<> {
        (0..self.slots.len() as u16).map(SlotId)
    }

    pub fn slot_name(&self, slot: SlotId) -> &str {
        &self.slots[usize::from(slot.0)].name
    }

    /// Whether a module focused the node, and no other one since.
    pub fn is_focused(&self, id: PageId) -> bool {
        self.focused == id
    }

    pub fn slot_root(&self, slot: SlotId) -> PageId {
        self.slots[usize::from(slot.0)].root
    }

    /// Counts the times that the slot was emptied for a new start of its module.
    pub fn generation(&self, slot: SlotId) -> u32 {
        self.slots[usize::from(slot.0)].generation
    }

    pub fn names(&self) -> &Names {
        &self.names
    }

    /// Nodes of all slots, without the slots themselves.
    pub fn node_count(&self) -> usize {
        self.live
    }

    /// What is changed from now on will be told to the browser by the frame of this number.
    pub fn set_frame(&mut self, number: u32) {
        self.frame = number;
    }

    /// Snapshots are for a browser that has applied this frame (0: none), and keeps its nodes. The live properties that
    /// it was told of by then are left out: a person may have changed what no module listens to.
    pub fn set_snapshot_base(&mut self, frame: u32) {
        self.properties_from = if frame == 0 { 0 } else { frame + 1 };
    }

    /// The ids freed since the last call. They stay reserved until they are released.
    pub fn take_freed(&mut self) -> Vec<PageId> {
        std::mem::take(&mut self.freed)
    }

    /// No browser knows these ids any more.
    pub fn release(&mut self, ids: &[PageId]) {
        debug_assert!(ids.iter().all(|id| matches!(self.nodes[id.0 as usize].content, Content::Free)));
        self.free.extend_from_slice(ids);
    }

    /// Empties the slot for a new start of its module: nodes, names and templates go.
    pub fn reset_slot(&mut self, slot: SlotId) {
        let root = self.slot_root(slot);
        for id in (1..self.nodes.len() as u32).map(PageId) {
            let node = &self.nodes[id.0 as usize];
            if node.slot == slot && id != root && !matches!(node.content, Content::Free) {
                self.free_id(id);
                self.live -= 1;
            }
        }
        self.nodes[root.0 as usize] = Node::new(slot, 0, Content::SlotRoot { listeners: Vec::new() });
        let state = &mut self.slots[usize::from(slot.0)];
        state.generation += 1;
        (state.nodes, state.bytes) = (0, 0);
        state.indices = vec![root];
        state.names = Vec::new();
        state.offers = Vec::new();
        state.overlays = Vec::new();
        for template in std::mem::take(&mut state.templates).into_iter().filter(|number| *number != 0) {
            self.templates[usize::from(template) - 1] = None;
            self.free_templates.push(template - 1);
        }
    }

    /// The node is nobody's. An id that no frame has told of is free at once.
    fn free_id(&mut self, id: PageId) {
        let is_unheard_of = self.frame > 0 && self.node(id).born == self.frame;
        *self.node_mut(id) = Node::new(SlotId(0), 0, Content::Free);
        if is_unheard_of { &mut self.free } else { &mut self.freed }.push(id);
    }

    /// Number of the frame that told a browser of the node first, or will.
    pub fn born(&self, id: PageId) -> Option<u32> {
        Some(self.live_node(id)?.born)
    }

    /// What the node is, if there is a live node of this id.
    pub fn view(&self, id: PageId) -> Option<View<'_>> {
        let node = self.live_node(id)?;
        Some(match &node.content {
            Content::Free => return None,
            Content::SlotRoot { .. } => View::Slot { name: self.slot_name(node.slot) },
            Content::Element(element) => {
                let (namespace, local) = self.names.known(element.name);
                View::Element { namespace, local }
            }
            Content::Text(data) => View::Text(data),
            Content::Comment(data) => View::Comment(data),
        })
    }

    pub fn parent(&self, id: PageId) -> Option<PageId> {
        self.live_node(id)?.parent.some()
    }

    /// The node's children in order.
    pub fn children(&self, id: PageId) -> impl Iterator<Item = PageId> {
        let first = self.live_node(id).and_then(|node| node.first.some());
        std::iter::successors(first, |id| self.node(*id).next.some())
    }

    /// The attributes of an element in the order in which they were first set.
    pub fn attributes(&self, id: PageId) -> impl Iterator<Item = (Namespace, &str, &str)> {
        let element = self.live_node(id).and_then(|node| match &node.content {
            Content::Element(element) => Some(element),
            _ => None,
        });
        element.into_iter().flat_map(|element| &element.attributes).map(|(name, value)| {
            let (namespace, local) = self.names.known(*name);
            (namespace, local, &**value)
        })
    }

    /// The live form state that the module wrote.
    pub fn properties(&self, id: PageId) -> impl Iterator<Item = (Property, &PropertyValue<Box<str>>)> {
        let element = self.live_node(id).and_then(|node| match &node.content {
            Content::Element(element) => Some(element),
            _ => None,
        });
        element.into_iter().flat_map(|element| &element.properties).map(|live| (live.property, &live.value))
    }

    /// The node's listeners as `type:flags:filter`.
    pub fn listeners(&self, id: PageId) -> impl Iterator<Item = String> {
        let listeners = self.live_node(id).map_or(&[][..], Node::listeners);
        listeners.iter().map(|listener| {
            let (_, kind) = self.names.known(listener.kind);
            format!("{kind}:{}:{}", listener.flags.0, listener.filter.as_deref().unwrap_or(""))
        })
    }

    pub fn next_sibling(&self, id: PageId) -> Option<PageId> {
        self.live_node(id)?.next.some()
    }

    pub(crate) fn is_behind_text(&self, id: PageId) -> bool {
        let previous = self.live_node(id).and_then(|node| node.previous.some());
        previous.is_some_and(|previous| matches!(self.node(previous).content, Content::Text(_)))
    }

    /// The owner of a node and the index by which the owner knows it (0 for the slot itself), if the node has one.
    /// For a node without an index of its own: the nearest above it that has one.
    pub fn owner(&self, id: PageId) -> Option<(SlotId, u32)> {
        let mut node = self.live_node(id)?;
        while node.index == 0 && node.parent.is_some() {
            node = self.node(node.parent);
        }
        Some((node.slot, node.index))
    }

    /// Whether the node, or one above it in its slot, listens for the event type.
    pub fn path_listens(&self, id: PageId, kind: NameId) -> bool {
        let mut at = id;
        while let Some(node) = self.live_node(at) {
            if node.listeners().iter().any(|listener| listener.kind == kind) {
                return true;
            }
            at = node.parent;
        }
        false
    }

    /// Page id by the module's index, if there is such a node.
    pub fn by_index(&self, slot: SlotId, index: u32) -> Option<PageId> {
        self.slots[usize::from(slot.0)].indices.get(index as usize).copied().and_then(PageId::some)
    }

    /// How much of `total` the slot may have: all but what the others have, and at least their shares of one half.
    fn allowed(&self, slot: SlotId, total: usize, used: impl Fn(&Slot) -> usize) -> usize {
        let share = total / (2 * self.slots.len());
        let others = self.slots.iter().enumerate().filter(|(position, _)| *position != usize::from(slot.0));
        total.saturating_sub(others.map(|(_, other)| used(other).max(share)).sum())
    }

    fn node(&self, id: PageId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    fn node_mut(&mut self, id: PageId) -> &mut Node {
        &mut self.nodes[id.0 as usize]
    }

    fn live_node(&self, id: PageId) -> Option<&Node> {
        self.nodes.get(id.0 as usize).filter(|node| !matches!(node.content, Content::Free))
    }
}

impl Node {
    fn new(slot: SlotId, index: u32, content: Content) -> Self {
        Node {
            parent: PageId::NONE,
            previous: PageId::NONE,
            next: PageId::NONE,
            first: PageId::NONE,
            last: PageId::NONE,
            slot,
            index,
            height: 0,
            born: 0,
            content,
        }
    }

    fn listeners(&self) -> &[Listener] {
        match &self.content {
            Content::SlotRoot { listeners } => listeners,
            Content::Element(element) => &element.listeners,
            Content::Free | Content::Text(_) | Content::Comment(_) => &[],
        }
    }

    fn listeners_mut(&mut self) -> Option<&mut Vec<Listener>> {
        match &mut self.content {
            Content::SlotRoot { listeners } => Some(listeners),
            Content::Element(element) => Some(&mut element.listeners),
            Content::Free | Content::Text(_) | Content::Comment(_) => None,
        }
    }
}
