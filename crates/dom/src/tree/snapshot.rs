//! The tree as tree operations: for a browser that has no nodes of it, or not the right ones.

use super::{Content, Listener, PageId, SlotId, Template, TemplateContent, Tree};
use crate::op::{Property, PropertyValue, TreeMode, code};
use crate::stream::PartWriter;

impl Tree {
    /// SLOT and TREE for a slot: its children completely.
    pub fn write_slot(&self, slot: SlotId, mode: TreeMode, out: &mut PartWriter) {
        let root = self.slot_root(slot);
        out.op_string(code::SLOT, 0, &[root.0], self.slot_name(slot));
        out.op(code::TREE, mode as u16, &[root.0]);
        for listener in self.node(root).listeners() {
            out.listen(root, listener);
        }
        self.write_children(root, mode, out);
        out.op(code::CLOSE, 0, &[]);
    }

    /// TREE for the nodes of a slot that stand nowhere and are kept for a later turn.
    pub fn write_detached(&self, slot: SlotId, out: &mut PartWriter) {
        let detached = self.nodes.iter().enumerate().filter(|(_, node)| {
            node.slot == slot
                && !node.parent.is_some()
                && !matches!(node.content, Content::Free | Content::SlotRoot { .. })
        });
        for (id, _) in detached {
            let root = PageId(id as u32);
            out.op(code::TREE, TREE_DETACHED, &[0]);
            if self.write_node(root, TreeMode::Replace, out) {
                self.write_children(root, TreeMode::Replace, out);
                out.op(code::CLOSE, 0, &[]);
            }
            out.op(code::CLOSE, 0, &[]);
        }
    }

    /// The next frame that clones a template defines it again: the browser has forgotten all definitions.
    pub fn forget_sent_templates(&mut self) {
        for template in self.templates.iter_mut().flatten() {
            template.sent = false;
        }
    }

    /// As [`forget_sent_templates`](Self::forget_sent_templates), for one.
    pub(super) fn forget_sent_template(&mut self, number: u16) {
        if let Some(Some(template)) = self.templates.get_mut(usize::from(number)) {
            template.sent = false;
        }
    }

    fn write_children(&self, root: PageId, mode: TreeMode, out: &mut PartWriter) {
        let mut at = self.node(root).first;
        while at.is_some() {
            let entered = self.write_node(at, mode, out);
            if entered && let Some(first) = self.node(at).first.some() {
                at = first;
                continue;
            }
            if entered {
                out.op(code::CLOSE, 0, &[]);
            }
            // On to the next sibling, or up and on.
            loop {
                if let Some(next) = self.node(at).next.some() {
                    at = next;
                    break;
                }
                at = self.node(at).parent;
                if at == root {
                    return;
                }
                out.op(code::CLOSE, 0, &[]);
            }
        }
    }

    /// Whether the node was an element, and is open now.
    fn write_node(&self, id: PageId, mode: TreeMode, out: &mut PartWriter) -> bool {
        match &self.node(id).content {
            Content::Free | Content::SlotRoot { .. } => false,
            Content::Text(data) => {
                let (aux, data) = match mode {
                    TreeMode::Replace => (0, &**data),
                    TreeMode::Adopt if self.live_text(self.node(id).parent).is_some() => (0, &**data),
                    TreeMode::Adopt => {
                        let sent = if crate::html::text_survives(data) { "" } else { &**data };
                        (TextInHtml::of(data, self.is_behind_text(id)) as u16, sent)
                    }
                };
                out.op_string(code::OPEN_TEXT, aux, &[id.0], data);
                false
            }
            Content::Comment(data) => {
                let is_there = mode == TreeMode::Adopt
                    && crate::html::comment_survives(data)
                    && self.live_text(self.node(id).parent).is_none();
                let data = if is_there { "" } else { &**data };
                out.op_string(code::OPEN_COMMENT, 0, &[id.0], data);
                false
            }
            Content::Element(element) => {
                out.op(code::OPEN, element.name.0, &[id.0]);
                for (name, value) in &element.attributes {
                    if mode == TreeMode::Replace || !crate::html::text_survives(value) {
                        out.op_string(code::OPEN_ATTR, name.0, &[], value);
                    }
                }
                for listener in &element.listeners {
                    out.listen(id, listener);
                }
                for live in element.properties.iter().filter(|live| live.frame >= self.properties_from) {
                    out.property(id, live.property, live.answers, &live.value);
                }
                true
            }
        }
    }
}

/// TREE's third mode: what follows stands nowhere.
const TREE_DETACHED: u16 = 2;

/// How a text stands in first HTML: `aux` of OPEN_TEXT when adopting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum TextInHtml {
    Plain = 0,
    /// A comment stands for it.
    Empty = 1,
    /// A comment keeps it apart from the text before.
    BehindText = 2,
}

impl TextInHtml {
    pub(crate) fn of(data: &str, behind_text: bool) -> Self {
        match (data.is_empty(), behind_text) {
            (true, _) => TextInHtml::Empty,
            (false, true) => TextInHtml::BehindText,
            (false, false) => TextInHtml::Plain,
        }
    }
}

/// Operations that tell of a node's listeners, properties and templates.
impl PartWriter {
    pub(super) fn listen(&mut self, id: PageId, listener: &Listener) {
        let args = [id.0, listener.flags.0];
        match &listener.filter {
            Some(filter) => self.op_string(code::LISTEN, listener.kind.0, &args, filter),
            None => self.op(code::LISTEN, listener.kind.0, &args),
        }
    }

    pub(super) fn property<S: AsRef<str>>(
        &mut self,
        id: PageId,
        property: Property,
        answers: u32,
        value: &PropertyValue<S>,
    ) {
        let aux = property.to_wire();
        match value {
            PropertyValue::Text(text) => self.op_string(code::PROP, aux, &[id.0, answers], text.as_ref()),
            PropertyValue::Flag(flag) => self.op(code::PROP, aux, &[id.0, answers, u32::from(*flag)]),
            PropertyValue::Range(start, end) => self.op(code::PROP, aux, &[id.0, answers, *start, *end]),
            PropertyValue::Number(number) => self.op(code::PROP, aux, &[id.0, answers, *number as u32]),
        }
    }

    pub(super) fn template(&mut self, number: u16, template: &Template) {
        self.op(code::TEMPLATE, number, &[0]);
        let mut open: Vec<usize> = Vec::new();
        for (position, node) in template.nodes.iter().enumerate() {
            while position > 0 && open.last() != Some(&node.parent) {
                open.pop();
                self.op(code::CLOSE, 0, &[]);
            }
            let mark = u32::from(node.marked);
            match &node.content {
                TemplateContent::Element { name, attributes } => {
                    self.op(code::OPEN, name.0, &[mark]);
                    for (name, value) in attributes {
                        self.op_string(code::OPEN_ATTR, name.0, &[], value);
                    }
                    open.push(position);
                }
                TemplateContent::Text(data) => self.op_string(code::OPEN_TEXT, 0, &[mark], data),
                TemplateContent::Comment(data) => self.op_string(code::OPEN_COMMENT, 0, &[mark], data),
            }
        }
        for _ in open {
            self.op(code::CLOSE, 0, &[]);
        }
    }
}

impl<S: AsRef<str>> PropertyValue<S> {
    pub(super) fn bytes(&self) -> usize {
        match self {
            PropertyValue::Text(text) => text.as_ref().len(),
            PropertyValue::Flag(_) | PropertyValue::Range(..) | PropertyValue::Number(_) => 0,
        }
    }
}

impl<S> PropertyValue<S> {
    pub(super) fn map_text<T>(&self, f: impl FnOnce(&S) -> T) -> PropertyValue<T> {
        match self {
            PropertyValue::Text(text) => PropertyValue::Text(f(text)),
            PropertyValue::Flag(flag) => PropertyValue::Flag(*flag),
            PropertyValue::Range(start, end) => PropertyValue::Range(*start, *end),
            PropertyValue::Number(number) => PropertyValue::Number(*number),
        }
    }
}
