//! The second pass: changes the tree and writes the frame's operations. The check has seen to it that nothing fails.

use super::check::{Checked, Verdict};
use super::{
    Committed, Content, Element, Listener, LiveProperty, Node, PageId, SlotId, TemplateContent, Tree,
    TreeError,
};
use crate::Namespace;
use crate::batch::{Batch, CloneNodes, Op};
use crate::names::NameId;
use crate::op::{Command, ListenFlags, Property, PropertyValue, code};
use crate::stream::PartWriter;

impl Tree {
    /// Checks a batch of the slot's module and applies it, all of it or nothing. What the browser has to do for it is
    /// appended to `out`, in page ids and page-wide names; definitions of names are not (see [`Tree::names`]).
    pub fn commit(
        &mut self,
        slot: SlotId,
        batch: &[u8],
        out: &mut PartWriter,
    ) -> Result<Committed, TreeError> {
        let batch = Batch::decode(batch, self.slots[usize::from(slot.0)].batch, &self.limits)?;
        let checked = self.check(slot, &batch)?;
        let committed = Committed {
            ops: batch.ops().len(),
            stripped: checked.stripped,
            first_strips: Vec::new(),
            skipped: checked.skipped,
        };
        self.reserve_ids(slot, &checked);
        let mut apply = Apply { ids: checked.ids.iter().copied(), committed, slot, tree: self, out };
        let mut reduced = checked.reduced.iter();
        for (op, verdict) in batch.ops().iter().zip(&checked.verdicts) {
            match (verdict, op) {
                (Verdict::LeaveOut, _) => {}
                (Verdict::Reduce, Op::Attr { name, node, .. }) => {
                    let value = reduced.next().expect("a value for each");
                    apply.op(&Op::Attr { name: *name, node: *node, value }, Verdict::Apply);
                }
                _ => apply.op(op, *verdict),
            }
        }
        let mut committed = apply.committed;
        self.forget_freed(slot);
        committed.first_strips = checked.strips;
        Ok(committed)
    }

    /// Takes the ids that the check has promised.
    fn reserve_ids(&mut self, slot: SlotId, checked: &Checked) {
        let reused = checked.ids.len().min(self.free.len());
        self.free.truncate(self.free.len() - reused);
        self.nodes.resize_with(self.nodes.len() + checked.ids.len() - reused, || {
            Node::new(SlotId(0), 0, Content::Free)
        });
        self.live += checked.ids.len();
        self.slots[usize::from(slot.0)].nodes += checked.ids.len();
    }

    pub(super) fn unlink(&mut self, id: PageId) {
        let node = self.node_mut(id);
        let (parent, previous, next) = (node.parent, node.previous, node.next);
        (node.parent, node.previous, node.next) = (PageId::NONE, PageId::NONE, PageId::NONE);
        if !parent.is_some() {
            return;
        }
        match previous.some() {
            Some(previous) => self.node_mut(previous).next = next,
            None => self.node_mut(parent).first = next,
        }
        match next.some() {
            Some(next) => self.node_mut(next).previous = previous,
            None => self.node_mut(parent).last = previous,
        }
    }

    fn link(&mut self, parent: PageId, id: PageId, before: PageId) {
        let previous = match before.some() {
            Some(before) => std::mem::replace(&mut self.node_mut(before).previous, id),
            None => std::mem::replace(&mut self.node_mut(parent).last, id),
        };
        match previous.some() {
            Some(previous) => self.node_mut(previous).next = id,
            None => self.node_mut(parent).first = id,
        }
        let node = self.node_mut(id);
        (node.parent, node.previous, node.next) = (parent, previous, before);
        let (mut at, mut height) = (parent, node.height + 1);
        while at.is_some() && self.node(at).height < height {
            let node = self.node_mut(at);
            node.height = height;
            (at, height) = (node.parent, height + 1);
        }
    }

    /// To be called for each node that a batch frees, while it is still there.
    fn note_freed(&mut self, slot: SlotId, id: PageId) {
        if let Content::Element(Element { name, .. }) = self.node(id).content {
            self.note_freed_offer(slot, name);
            self.note_freed_overlay(slot, name);
        }
    }

    /// Takes what the batch has freed off the slot's lists, all of it at once: both may be thousands. No id that a batch
    /// frees is given out again before its end.
    fn forget_freed(&mut self, slot: SlotId) {
        let nodes = &self.nodes;
        let is_live = |id: &PageId| !matches!(nodes[id.0 as usize].content, Content::Free);
        let slot = &mut self.slots[usize::from(slot.0)];
        if std::mem::take(&mut slot.offers_freed) {
            slot.offers.retain(is_live);
        }
        if std::mem::take(&mut slot.overlays_freed) > 0 {
            slot.overlays.retain(is_live);
        }
    }

    /// Frees the node and all below it.
    fn free_subtree(&mut self, slot: SlotId, root: PageId) {
        self.unlink(root);
        let mut at = root;
        loop {
            // Down to a leaf, free it, on to its sibling or up.
            if let Some(first) = self.node(at).first.some() {
                at = first;
                continue;
            }
            let (parent, next, index) = (self.node(at).parent, self.node(at).next, self.node(at).index);
            if index != 0 {
                let own = &mut self.slots[usize::from(slot.0)].indices[index as usize];
                if *own == at {
                    *own = PageId::NONE;
                }
            }
            let bytes = self.node(at).bytes();
            let owner = &mut self.slots[usize::from(slot.0)];
            owner.bytes -= bytes;
            owner.nodes -= 1;
            if self.focused == at {
                self.focused = PageId::NONE;
            }
            self.note_freed(slot, at);
            self.free_id(at);
            self.live -= 1;
            if at == root {
                return;
            }
            match next.some() {
                Some(next) => at = next,
                None => {
                    self.node_mut(parent).first = PageId::NONE;
                    at = parent;
                }
            }
        }
    }
}

struct Apply<'t, I> {
    tree: &'t mut Tree,
    slot: SlotId,
    ids: I,
    committed: Committed,
    out: &'t mut PartWriter,
}

impl<I: Iterator<Item = PageId>> Apply<'_, I> {
    fn op(&mut self, op: &Op, verdict: Verdict) {
        match *op {
            Op::Create { name, node } => {
                let name = match verdict {
                    Verdict::Substitute => self.stripped_element(),
                    _ => self.name(name),
                };
                let id = self.make(node, Content::Element(Element { name, ..Element::default() }));
                self.out.op(code::CREATE, name.0, &[id.0]);
                self.tree.note_overlay(self.slot, name, id, self.out);
            }
            Op::Text { node, data } => {
                let id = self.make(node, Content::Text(data.into()));
                self.out.op_string(code::TEXT, 0, &[id.0], data);
            }
            Op::Comment { node, data } => {
                let id = self.make(node, Content::Comment(data.into()));
                self.out.op_string(code::COMMENT, 0, &[id.0], data);
            }
            Op::SetText { node, data } => {
                let id = self.id(node);
                self.change(id, |node| {
                    if let Content::Text(own) | Content::Comment(own) = &mut node.content {
                        *own = data.into();
                    }
                });
                self.out.op_string(code::SET_TEXT, 0, &[id.0], data);
            }
            Op::Attr { name, node, value } => {
                let (id, name) = (self.id(node), self.name(name));
                let limit = self.tree.limits.node_attributes;
                let set = |node: &mut Node| match &mut node.content {
                    Content::Element(element) => set_attribute(&mut element.attributes, name, value, limit),
                    _ => false,
                };
                if self.change(id, set) {
                    self.out.op_string(code::ATTR, name.0, &[id.0], value);
                } else {
                    self.committed.stripped += 1;
                }
            }
            Op::RemoveAttr { name, node } => {
                let (id, name) = (self.id(node), self.name(name));
                self.change(id, |node| {
                    if let Content::Element(element) = &mut node.content {
                        element.attributes.retain(|(own, _)| *own != name);
                    }
                });
                self.out.op(code::REMOVE_ATTR, name.0, &[id.0]);
            }
            Op::Prop { property, node, answers, ref value } => self.property(node, property, answers, value),
            Op::Insert { parent, child, before } => {
                let (parent, child) = (self.id(parent), self.id(child));
                let before = if before == 0 { PageId::NONE } else { self.id(before) };
                self.tree.unlink(child);
                self.tree.link(parent, child, before);
                self.out.op(code::INSERT, 0, &[parent.0, child.0, before.0]);
                self.tree.move_overlays(self.slot);
            }
            Op::Detach { node } => {
                let id = self.id(node);
                self.tree.unlink(id);
                self.out.op(code::DETACH, 0, &[id.0]);
            }
            Op::Remove { node } => {
                let id = self.id(node);
                self.tree.free_subtree(self.slot, id);
                self.out.op(code::REMOVE, 0, &[id.0]);
            }
            Op::Listen { kind, node, flags, filter } => self.listen(node, kind, flags, filter),
            Op::Unlisten { kind, node } => {
                let (id, kind) = (self.id(node), self.name(kind));
                self.change(id, |node| {
                    if let Some(listeners) = node.listeners_mut() {
                        listeners.retain(|listener| listener.kind != kind);
                    }
                });
                self.out.op(code::UNLISTEN, kind.0, &[id.0]);
            }
            Op::Call { command, node } => {
                let id = self.id(node);
                match command {
                    Command::Focus => self.tree.focused = id,
                    Command::Blur if self.tree.focused == id => self.tree.focused = PageId::NONE,
                    _ => {}
                }
                self.out.op(code::CALL, command.to_wire(), &[id.0]);
            }
            Op::Clone { template, ref nodes } => self.clone_template(template, nodes),
            // Names and templates were defined by the check.
            Op::Name { .. }
            | Op::Template { .. }
            | Op::Open { .. }
            | Op::OpenAttr { .. }
            | Op::OpenText { .. }
            | Op::OpenComment { .. }
            | Op::Close
            | Op::Unknown { .. }
            | Op::Unsupported { .. } => {}
        }
    }

    fn property(&mut self, node: u32, property: Property, answers: u32, value: &PropertyValue<&str>) {
        let id = self.id(node);
        let value = value.map_text(|text| Box::<str>::from(*text));
        self.out.property(id, property, answers, &value);
        let live = LiveProperty { property, answers, value, frame: self.tree.frame };
        self.change(id, |node| {
            let Content::Element(Element { properties, .. }) = &mut node.content else { return };
            match properties.iter_mut().find(|own| own.property == property) {
                Some(own) => *own = live,
                None => properties.push(live),
            }
        });
    }

    /// Changes what a node holds, and keeps the count of bytes.
    fn change<T>(&mut self, id: PageId, change: impl FnOnce(&mut Node) -> T) -> T {
        let node = self.tree.node_mut(id);
        let before = node.bytes();
        let result = change(node);
        let after = node.bytes();
        let bytes = &mut self.tree.slots[usize::from(self.slot.0)].bytes;
        *bytes = *bytes - before + after;
        result
    }

    fn listen(&mut self, node: u32, kind: u16, flags: ListenFlags, filter: Option<&str>) {
        let (id, kind) = (self.id(node), self.name(kind));
        let limit = self.tree.limits.node_listeners;
        let listener = Listener { kind, flags, filter: filter.map(Box::from) };
        let has_room = self.change(id, |node| {
            let Some(listeners) = node.listeners_mut() else { return false };
            match listeners.iter().position(|own| own.kind == kind) {
                Some(position) => listeners[position] = listener.clone(),
                None if listeners.len() < limit => listeners.push(listener.clone()),
                None => return false,
            }
            true
        });
        if has_room {
            self.out.listen(id, &listener);
        } else {
            self.committed.stripped += 1;
        }
    }

    fn clone_template(&mut self, template: u16, nodes: &CloneNodes) {
        let slot = usize::from(self.slot.0);
        let number = usize::from(self.tree.slots[slot].templates[usize::from(template)]) - 1;
        let mut definition = self.tree.templates[number].take().expect("the check has seen the template");
        if !definition.sent {
            self.out.template(number as u16, &definition);
            definition.sent = true;
        }
        let mut indices = nodes.iter();
        let mut ids: Vec<PageId> = Vec::with_capacity(definition.nodes.len());
        let mut marked = Vec::with_capacity(definition.marks);
        for (position, node) in definition.nodes.iter().enumerate() {
            let content = match &node.content {
                TemplateContent::Element { name, attributes } => Content::Element(Element {
                    name: *name,
                    attributes: attributes.clone(),
                    ..Element::default()
                }),
                TemplateContent::Text(data) => Content::Text(data.clone()),
                TemplateContent::Comment(data) => Content::Comment(data.clone()),
            };
            let index = if node.marked { indices.next().unwrap_or(0) } else { 0 };
            let id = self.make(index, content);
            if node.marked {
                marked.push(id.0);
            }
            if position > 0 {
                self.tree.link(ids[node.parent], id, PageId::NONE);
            }
            ids.push(id);
        }
        self.out.op(code::CLONE, number as u16, &marked);
        for (node, id) in definition.nodes.iter().zip(&ids) {
            if let TemplateContent::Element { name, .. } = node.content {
                self.tree.note_overlay(self.slot, name, *id, self.out);
            }
        }
        self.tree.templates[number] = Some(definition);
    }

    fn make(&mut self, index: u32, content: Content) -> PageId {
        let id = self.ids.next().expect("the check has given an id to every new node");
        if let Content::Element(Element { name, .. }) = &content {
            self.tree.note_offer(self.slot, *name, id);
        }
        let node = Node { born: self.tree.frame, ..Node::new(self.slot, index, content) };
        self.tree.slots[usize::from(self.slot.0)].bytes += node.bytes();
        self.tree.nodes[id.0 as usize] = node;
        if index != 0 {
            let indices = &mut self.tree.slots[usize::from(self.slot.0)].indices;
            if indices.len() <= index as usize {
                indices.resize(index as usize + 1, PageId::NONE);
            }
            indices[index as usize] = id;
        }
        id
    }

    fn id(&self, index: u32) -> PageId {
        self.tree.slots[usize::from(self.slot.0)].indices[index as usize]
    }

    fn name(&self, name: u16) -> NameId {
        self.tree.slots[usize::from(self.slot.0)].names[usize::from(name)]
    }

    fn stripped_element(&mut self) -> NameId {
        self.tree
            .names
            .intern(Namespace::None, super::check::STRIPPED_ELEMENT)
            .expect("the check has interned it")
    }
}

/// Whether there was room.
fn set_attribute(attributes: &mut Vec<(NameId, Box<str>)>, name: NameId, value: &str, limit: usize) -> bool {
    match attributes.iter().position(|(own, _)| *own == name) {
        Some(position) => attributes[position].1 = value.into(),
        None if attributes.len() < limit => attributes.push((name, value.into())),
        None => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BatchLimits, BatchWriter, Limits};

    #[test]
    fn lists_of_places_and_overlays_are_gone_through_once_for_a_batch() {
        let mut tree = Tree::new(Limits::default());
        let slot = tree.add_slot("here", BatchLimits::default());
        tree.grant_overlay(slot);
        let mut batch = BatchWriter::default();
        batch.name(0, Namespace::None, "pc-slot");
        batch.name(1, Namespace::None, "pc-overlay");
        (1..=200).for_each(|node| batch.create(node, (node % 2) as u16));
        tree.commit(slot, &batch.finish(), &mut PartWriter::new(1 << 20)).expect("a sound batch");
        let lists = |tree: &Tree| (tree.slots[0].offers.len(), tree.slots[0].overlays.len());
        for node in 1..=190 {
            let id = tree.by_index(slot, node).expect("it is there");
            tree.free_subtree(slot, id);
        }
        assert_eq!(lists(&tree), (100, 100), "untouched for each node");
        tree.forget_freed(slot);
        assert_eq!(lists(&tree), (5, 5));
        assert_eq!((tree.slots[0].offers_freed, tree.slots[0].overlays_freed), (false, 0));
    }
}
