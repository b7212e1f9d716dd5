//! What has changed since a browser was told, by node: for a browser that takes frames more slowly than they are made.
//!
//! Operations are folded in as they come, and only *where* they changed something is kept. What is written is the tree
//! as it is then. So a node that changed a thousand times is told of once, and what waits is bounded by the page.

use super::{Content, NameId, PageId, Tree, View};
use crate::op::{Property, TreeMode, code};
use crate::stream::PartWriter;
use std::collections::{BTreeSet, VecDeque};

/// Changes that wait for a frame.
#[derive(Debug, Default)]
pub struct Changes {
    /// Nodes that the browser does not have. Those of a template that no mark names are not listed: they are new with the
    /// node above them.
    created: BTreeSet<PageId>,
    /// Inserted or detached.
    placed: BTreeSet<PageId>,
    /// In this order; the browser has them.
    removed: Vec<PageId>,
    /// Slots that were emptied for a new start of their module.
    emptied: BTreeSet<PageId>,
    texts: BTreeSet<PageId>,
    attributes: BTreeSet<(PageId, NameId)>,
    listeners: BTreeSet<(PageId, NameId)>,
    properties: BTreeSet<(PageId, u16)>,
    /// The newest, at most [`CALLS_MAX`].
    calls: VecDeque<(PageId, u16)>,
    statuses: bool,
    /// A nested slot stands elsewhere.
    mounts: bool,
}

/// Commands that wait. Of those before them (`focus`, `scrollIntoView`) nothing would be seen.
const CALLS_MAX: usize = 64;

impl Changes {
    pub fn is_empty(&self) -> bool {
        self.len() == 0 && !self.statuses && !self.mounts
    }

    /// How many changes are kept.
    pub fn len(&self) -> usize {
        self.created.len()
            + self.placed.len()
            + self.removed.len()
            + self.emptied.len()
            + self.texts.len()
            + self.attributes.len()
            + self.listeners.len()
            + self.properties.len()
            + self.calls.len()
    }

    /// Whether the state of a slot's module is to be told.
    pub fn has_statuses(&self) -> bool {
        self.statuses
    }

    pub fn clear(&mut self) {
        *self = Changes::default();
    }

    /// Takes in the operations of a frame that is not sent, and empties it. False: it holds one that cannot be kept in
    /// this way, so that only the whole page will do.
    #[must_use]
    pub fn fold(&mut self, log: &mut PartWriter, tree: &mut Tree) -> bool {
        let known =
            log.take().iter().all(|part| part.ops().all(|(code, aux, args)| self.op(code, aux, args, tree)));
        log.clear();
        known
    }

    fn op(&mut self, code: u8, aux: u16, args: &[u32], tree: &mut Tree) -> bool {
        let id = PageId(args.first().copied().unwrap_or(0));
        let name = NameId(aux);
        let is_new = self.created.contains(&id);
        match code {
            code::CREATE | code::TEXT | code::COMMENT => {
                self.created.insert(id);
            }
            code::CLONE => self.created.extend(args.iter().map(|id| PageId(*id))),
            // The browser will not hear of it: the next frame that clones it defines it.
            code::TEMPLATE => tree.forget_sent_template(aux),
            code::INSERT => {
                self.placed.insert(PageId(args[1]));
            }
            code::DETACH => {
                self.placed.insert(id);
            }
            code::REMOVE if !is_new => self.removed.push(id),
            code::SET_TEXT if !is_new => {
                self.texts.insert(id);
            }
            code::ATTR | code::REMOVE_ATTR if !is_new => {
                self.attributes.insert((id, name));
            }
            code::LISTEN | code::UNLISTEN if !is_new => {
                self.listeners.insert((id, name));
            }
            code::PROP if !is_new => {
                self.properties.insert((id, aux));
            }
            code::CALL => {
                self.calls.retain(|own| *own != (id, aux));
                self.calls.push_back((id, aux));
                self.calls.drain(..self.calls.len().saturating_sub(CALLS_MAX));
            }
            // Only a slot that is emptied is told of in this way between snapshots.
            code::TREE => {
                self.emptied.insert(id);
            }
            code::STATUS => self.statuses = true,
            code::MOUNT => self.mounts = true,
            code::OPEN | code::OPEN_ATTR | code::OPEN_TEXT | code::OPEN_COMMENT | code::CLOSE => {}
            code::REMOVE
            | code::SET_TEXT
            | code::ATTR
            | code::REMOVE_ATTR
            | code::LISTEN
            | code::UNLISTEN
            | code::PROP => {}
            _ => return false,
        }
        true
    }
}

impl Tree {
    /// What leads from what the browser had when `changes` was empty to the tree as it is now.
    ///
    /// Nodes that were moved are taken out first. Whatever stands in the browser's page from then on stands there in the
    /// end too, so no step makes a cycle, and the nodes that were not moved are in their order.
    pub fn write_changes(&self, changes: &Changes, out: &mut PartWriter) {
        let moved = changes.placed.iter().copied().filter(|id| !changes.created.contains(id));
        moved.clone().for_each(|id| out.op(code::DETACH, 0, &[id.0]));
        // Those that were moved first have left the others' trees; what they hold themselves was removed before them.
        let removed: BTreeSet<PageId> = changes.removed.iter().copied().collect();
        let gone = moved.filter(|id| self.view(*id).is_none() && !removed.contains(id));
        for id in changes.removed.iter().copied().chain(gone) {
            out.op(code::REMOVE, 0, &[id.0]);
        }
        for root in &changes.emptied {
            out.op(code::TREE, TreeMode::Replace as u16, &[root.0]);
            out.op(code::CLOSE, 0, &[]);
        }
        for id in self.live(&changes.created) {
            if !self.parent(id).is_some_and(|parent| self.is_new(parent, changes)) {
                self.write_new_subtree(id, changes, out);
            }
        }
        self.write_changed_content(changes, out);
        self.write_changed_children(changes, out);
        for (id, property) in &changes.properties {
            self.write_property(*id, *property, out);
        }
        for (id, command) in &changes.calls {
            if self.view(*id).is_some() {
                out.op(code::CALL, *command, &[id.0]);
            }
        }
        if changes.mounts {
            self.write_mounts(out);
        }
    }

    fn live<'a>(&'a self, ids: &'a BTreeSet<PageId>) -> impl Iterator<Item = PageId> + 'a {
        ids.iter().copied().filter(|id| self.view(*id).is_some())
    }

    /// Whether the browser does not have the node. One that no mark names came with the nearest above that has an index.
    fn is_new(&self, id: PageId, changes: &Changes) -> bool {
        let mut at = id;
        while self.node(at).index == 0 && self.node(at).parent.is_some() {
            at = self.node(at).parent;
        }
        changes.created.contains(&at)
    }

    /// The node and all below it. It stands nowhere yet.
    fn write_new_subtree(&self, root: PageId, changes: &Changes, out: &mut PartWriter) {
        let mut open = vec![(root, PageId::NONE)];
        while let Some((id, parent)) = open.pop() {
            let enters = id == root || self.is_new(id, changes);
            if enters {
                self.write_new(id, out);
                let children: Vec<_> = self.children(id).map(|child| (child, id)).collect();
                open.extend(children.into_iter().rev());
            }
            if parent.is_some() {
                out.op(code::INSERT, 0, &[parent.0, id.0, 0]);
            }
        }
    }

    fn write_new(&self, id: PageId, out: &mut PartWriter) {
        match &self.node(id).content {
            Content::Free | Content::SlotRoot { .. } => {}
            Content::Text(data) => out.op_string(code::TEXT, 0, &[id.0], data),
            Content::Comment(data) => out.op_string(code::COMMENT, 0, &[id.0], data),
            Content::Element(element) => {
                out.op(code::CREATE, element.name.0, &[id.0]);
                for (name, value) in &element.attributes {
                    out.op_string(code::ATTR, name.0, &[id.0], value);
                }
                element.listeners.iter().for_each(|listener| out.listen(id, listener));
                for live in &element.properties {
                    out.property(id, live.property, live.answers, &live.value);
                }
            }
        }
    }

    fn write_changed_content(&self, changes: &Changes, out: &mut PartWriter) {
        for id in self.live(&changes.texts) {
            if let Some(View::Text(data) | View::Comment(data)) = self.view(id) {
                out.op_string(code::SET_TEXT, 0, &[id.0], data);
            }
        }
        for (id, name) in &changes.attributes {
            if let Content::Element(element) = &self.node(*id).content {
                match element.attributes.iter().find(|(own, _)| own == name) {
                    Some((_, value)) => out.op_string(code::ATTR, name.0, &[id.0], value),
                    None => out.op(code::REMOVE_ATTR, name.0, &[id.0]),
                }
            }
        }
        for (id, kind) in changes.listeners.iter().filter(|(id, _)| self.view(*id).is_some()) {
            match self.node(*id).listeners().iter().find(|listener| listener.kind == *kind) {
                Some(listener) => out.listen(*id, listener),
                None => out.op(code::UNLISTEN, kind.0, &[id.0]),
            }
        }
    }

    fn write_changed_children(&self, changes: &Changes, out: &mut PartWriter) {
        let changed = self.live(&changes.placed).chain(self.live(&changes.created));
        let parents: BTreeSet<PageId> =
            changed.filter_map(|id| self.parent(id)).filter(|id| !self.is_new(*id, changes)).collect();
        for parent in parents {
            let children: Vec<PageId> = self.children(parent).collect();
            let mut before = PageId::NONE;
            for child in children.into_iter().rev() {
                if changes.placed.contains(&child) {
                    out.op(code::INSERT, 0, &[parent.0, child.0, before.0]);
                }
                before = child;
            }
        }
    }

    fn write_property(&self, id: PageId, property: u16, out: &mut PartWriter) {
        let Content::Element(element) = &self.node(id).content else { return };
        let is_it = |own: Property| own.to_wire() == property;
        if let Some(live) = element.properties.iter().find(|live| is_it(live.property)) {
            out.property(id, live.property, live.answers, &live.value);
        }
    }
}
