//! What a module knows of its own nodes: indices, parents, order.
//!
//! Only *named* nodes stand here: those that an operation, an event or another node may have to point at. What
//! follows a changing place is always named (see `templates.rs`), so "the node behind this one" can be answered.

use crate::attributes::static_value;
use dioxus::dioxus_core::{ElementId, TemplateAttribute};

/// Index 0: the slot, the root of everything that the module writes.
pub(crate) const SLOT: u32 = 0;

/// The nodes of a module. Links are indices; 0 means none, for the slot is nobody's child.
pub(crate) struct Nodes {
    nodes: Vec<Node>,
    /// `ElementId` → index. Dioxus gives ids again; the entry of a removed node is 0.
    elements: Vec<u32>,
    free: Vec<u32>,
    /// Freed in this turn: given out from the next turn on, so that an event of this turn cannot reach a node that
    /// came after the one it was raised on.
    freed: Vec<u32>,
}

#[derive(Default)]
pub(crate) struct Node {
    pub kind: Kind,
    /// 0: none that Dioxus knows.
    pub element: usize,
    /// The nearest named ancestor.
    pub parent: u32,
    previous: u32,
    next: u32,
    first: u32,
    last: u32,
    /// The attributes that the template gives to this element.
    pub attributes: &'static [TemplateAttribute],
    pub extra: Option<Box<Extra>>,
    live: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    #[default]
    Text,
    Comment,
    Element(Control),
}

/// Which live form state an element has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    None,
    /// An `input` with a live value.
    Input,
    /// An `input` of type `checkbox`, whose value is an attribute.
    Checkbox,
    /// So is that of type `radio`.
    Radio,
    /// An `input` whose value is an attribute, and that cannot be checked.
    Button,
    TextArea,
    Select,
    Option,
    Media,
    /// A `pc-slot`: what happens in it happens in another module's slot.
    Place,
}

/// What few nodes have.
#[derive(Default)]
pub(crate) struct Extra {
    pub listeners: Vec<&'static str>,
    /// `pc-…` attributes with a value that is made at run time.
    pub declarations: Vec<(&'static str, String)>,
    pub style: Option<Style>,
    /// The `value` of an option that was set at run time; `Some(None)`: that was taken away.
    pub value: Option<Option<String>>,
    /// What a text of an option says.
    pub text: String,
}

/// Dioxus sets style properties one by one; the page has one attribute.
#[derive(Clone, Default)]
pub(crate) struct Style {
    pub text: String,
    pub properties: Vec<(&'static str, String)>,
}

impl Nodes {
    pub fn new() -> Self {
        let slot = Node { live: true, kind: Kind::Element(Control::None), ..Node::default() };
        Nodes { nodes: vec![slot], elements: vec![SLOT], free: Vec::new(), freed: Vec::new() }
    }

    /// A new node, in no tree.
    pub fn add(&mut self, kind: Kind, attributes: &'static [TemplateAttribute]) -> u32 {
        let node = Node { kind, attributes, live: true, ..Node::default() };
        match self.free.pop() {
            Some(index) => {
                self.nodes[index as usize] = node;
                index
            }
            None => {
                self.nodes.push(node);
                (self.nodes.len() - 1) as u32
            }
        }
    }

    pub fn name(&mut self, index: u32, element: ElementId) {
        if element.0 >= self.elements.len() {
            self.elements.resize(element.0 + 1, 0);
        }
        self.elements[element.0] = index;
        self.nodes[index as usize].element = element.0;
    }

    /// The node that Dioxus calls so.
    pub fn find(&self, element: ElementId) -> Option<u32> {
        if element.0 == 0 {
            return Some(SLOT);
        }
        self.elements.get(element.0).copied().filter(|index| *index != 0)
    }

    pub fn get(&self, index: u32) -> &Node {
        &self.nodes[index as usize]
    }

    pub fn get_mut(&mut self, index: u32) -> &mut Node {
        &mut self.nodes[index as usize]
    }

    pub fn is_live(&self, index: u32) -> bool {
        self.nodes.get(index as usize).is_some_and(|node| node.live)
    }

    pub fn next_sibling(&self, index: u32) -> u32 {
        self.nodes[index as usize].next
    }

    /// Puts a node that has no parent before another child of `parent`; 0: at the end.
    pub fn link(&mut self, parent: u32, child: u32, before: u32) {
        let previous = if before == 0 { self.get(parent).last } else { self.get(before).previous };
        let node = self.get_mut(child);
        (node.parent, node.previous, node.next) = (parent, previous, before);
        if previous == 0 {
            self.get_mut(parent).first = child
        } else {
            self.get_mut(previous).next = child
        }
        if before == 0 { self.get_mut(parent).last = child } else { self.get_mut(before).previous = child }
    }

    /// Takes a node out of its parent. The slot and nodes without a parent stay as they are.
    pub fn unlink(&mut self, child: u32) {
        let Node { parent, previous, next, .. } = *self.get(child);
        if child == SLOT || (previous == 0 && next == 0 && self.get(parent).first != child) {
            return;
        }
        if previous == 0 {
            self.get_mut(parent).first = next
        } else {
            self.get_mut(previous).next = next
        }
        if next == 0 {
            self.get_mut(parent).last = previous
        } else {
            self.get_mut(next).previous = previous
        }
        let node = self.get_mut(child);
        (node.parent, node.previous, node.next) = (0, 0, 0);
    }

    /// Frees a node and all below it, and calls `gone` for each.
    pub fn remove(&mut self, index: u32, mut gone: impl FnMut(u32)) {
        self.unlink(index);
        let mut open = vec![index];
        while let Some(index) = open.pop() {
            let mut child = self.get(index).first;
            while child != 0 {
                open.push(child);
                child = self.get(child).next;
            }
            let node = std::mem::take(self.get_mut(index));
            if self.elements.get(node.element) == Some(&index) {
                self.elements[node.element] = 0;
            }
            self.freed.push(index);
            gone(index);
        }
    }

    /// What was freed in this turn may be given out again.
    pub fn end_turn(&mut self) {
        self.free.append(&mut self.freed);
    }

    /// The values of the options of a `select` at these positions.
    pub fn option_values(&self, select: u32, positions: &[u32]) -> Vec<String> {
        let is_option = |index: &u32| self.get(*index).kind == Kind::Element(Control::Option);
        let options: Vec<u32> = self.below(select).filter(is_option).collect();
        let option = |position: &u32| options.get(*position as usize);
        positions.iter().filter_map(option).map(|index| self.option_value(*index)).collect()
    }

    fn option_value(&self, option: u32) -> String {
        let node = self.get(option);
        let set = node.extra.as_deref().and_then(|extra| extra.value.clone());
        let value = set.unwrap_or_else(|| static_value(node.attributes, "value").map(str::to_owned));
        value.unwrap_or_else(|| {
            let texts = self.below(option).filter_map(|index| self.get(index).extra.as_deref());
            let text: String = texts.map(|extra| extra.text.as_str()).collect();
            // As HTML's attribute-less options: stripped, and with one space for many.
            text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
        })
    }

    /// The nodes below this one, in document order.
    fn below(&self, root: u32) -> impl Iterator<Item = u32> {
        let mut at = root;
        std::iter::from_fn(move || {
            if self.get(at).first != 0 {
                at = self.get(at).first;
                return Some(at);
            }
            while at != root {
                if self.get(at).next != 0 {
                    at = self.get(at).next;
                    return Some(at);
                }
                at = self.get(at).parent;
            }
            None
        })
    }

    /// Nodes in use, without the slot.
    pub fn live_count(&self) -> usize {
        self.nodes.len() - 1 - self.free.len() - self.freed.len()
    }
}
