//! What a page holds, in bytes, as [`Limits::page_bytes`](crate::Limits::page_bytes) counts it.

use super::{Content, Listener, NameId, Node, SlotId, Template, TemplateNode, Tree};
use crate::batch::Op;

/// What an attribute, a listener or a live property counts besides its strings.
const ENTRY_BYTES: usize = 32;

/// What a template's node counts besides what it holds.
const TEMPLATE_NODE_BYTES: usize = 64;

const _: () = assert!(
    size_of::<(NameId, Box<str>)>() <= ENTRY_BYTES
        && size_of::<Listener>() <= ENTRY_BYTES
        && size_of::<TemplateNode>() <= TEMPLATE_NODE_BYTES
);

impl Tree {
    /// What the slot's nodes and templates hold, in bytes, as [`Limits::page_bytes`](crate::Limits::page_bytes) counts.
    pub fn slot_bytes(&self, slot: SlotId) -> usize {
        self.slots[usize::from(slot.0)].bytes
    }

    /// Of what an operation of the slot's module brings. Templates are counted when they are defined.
    pub(super) fn op_bytes(&self, slot: SlotId, op: &Op) -> usize {
        match *op {
            Op::Text { data, .. } | Op::Comment { data, .. } | Op::SetText { data, .. } => data.len(),
            Op::Attr { value, .. } => attribute_bytes(value),
            Op::Prop { ref value, .. } => ENTRY_BYTES + value.bytes(),
            Op::Listen { filter, .. } => ENTRY_BYTES + filter.map_or(0, str::len),
            Op::Clone { template, .. } => {
                let own = self.slots[usize::from(slot.0)].templates.get(usize::from(template));
                let number = own.and_then(|number| usize::from(*number).checked_sub(1));
                let template = number.and_then(|number| self.templates[number].as_ref());
                template.map_or(0, |template| template.clone_bytes)
            }
            _ => 0,
        }
    }
}

impl Node {
    /// Of what it holds.
    pub(super) fn bytes(&self) -> usize {
        let listeners = self.listeners().iter().map(Listener::bytes);
        listeners.sum::<usize>()
            + match &self.content {
                Content::Free | Content::SlotRoot { .. } => 0,
                Content::Text(data) | Content::Comment(data) => data.len(),
                Content::Element(element) => {
                    let attributes = element.attributes.iter().map(|(_, value)| attribute_bytes(value));
                    let properties = element.properties.iter().map(|live| ENTRY_BYTES + live.value.bytes());
                    attributes.chain(properties).sum()
                }
            }
    }
}

impl Listener {
    fn bytes(&self) -> usize {
        ENTRY_BYTES + self.filter.as_ref().map_or(0, |filter| filter.len())
    }
}

impl Template {
    /// Of the definition; a clone's nodes are counted among those of the page.
    pub(super) fn bytes(&self) -> usize {
        self.clone_bytes + self.nodes.len() * TEMPLATE_NODE_BYTES
    }
}

pub(super) fn attribute_bytes(value: &str) -> usize {
    ENTRY_BYTES + value.len()
}
