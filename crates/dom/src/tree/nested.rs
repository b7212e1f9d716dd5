//! Slots inside slots: the module of one slot offers a place by a `pc-slot` element with a name, the host puts another
//! slot there. The nodes of neither are children of the other's.

use super::{Content, PageId, SlotId, Tree, View};
use crate::Namespace;
use crate::names::NameId;
use crate::op::code;
use crate::stream::PartWriter;

/// The element by which a module offers a place, and the attribute that names it.
const OFFER: &str = "pc-slot";
const KEY: &str = "name";

/// Of the elements by which a slot's module offers places, so many are looked at, the oldest first.
const OFFERS_MAX: usize = 64;

/// Elements in which HTML's parser would take another element for a fault, and put it elsewhere or drop it.
const CLOSED: [&str; 12] = [
    "colgroup", "datalist", "optgroup", "option", "select", "table", "tbody", "textarea", "tfoot", "thead",
    "title", "tr",
];

/// A slot that stands where the module of another one offers a place.
#[derive(Debug)]
pub(super) struct Nested {
    slot: SlotId,
    parent: SlotId,
    key: Box<str>,
    /// The element in which the browser has it, or will have it with the next frame.
    place: Option<PageId>,
}

impl Tree {
    /// The slot is no slot of the page: it stands where the module of `parent` offers a place of this name.
    pub fn nest(&mut self, slot: SlotId, parent: SlotId, key: &str) {
        self.nested.push(Nested { slot, parent, key: key.into(), place: None });
    }

    /// Finds the places of all nested slots, after batches have been applied, and writes what has changed. Whether
    /// anything has. Then overlays that have moved are shown again.
    pub fn mount(&mut self, out: &mut PartWriter) -> bool {
        let mut nested = std::mem::take(&mut self.nested);
        let mut changed = false;
        for own in &mut nested {
            let place = self.offer(own.parent, &own.key);
            if place != own.place {
                own.place = place;
                changed = true;
                self.write_mount(own, out);
            }
        }
        self.nested = nested;
        if changed {
            // With a slot, all that stands in it has moved.
            self.slots().for_each(|slot| self.move_overlays(slot));
        }
        self.show_moved_overlays(out);
        changed
    }

    /// MOUNT for all nested slots.
    pub fn write_mounts(&self, out: &mut PartWriter) {
        self.nested.iter().for_each(|own| self.write_mount(own, out));
    }

    /// The element in which a nested slot stands. `None` for slots of the page, too.
    pub fn place(&self, slot: SlotId) -> Option<PageId> {
        self.nested.iter().find(|own| own.slot == slot)?.place
    }

    /// Whether the slot stands in the page, as far up as slots are nested.
    pub fn is_mounted(&self, slot: SlotId) -> bool {
        let mut at = slot;
        // No slot is nested in itself, so this ends.
        while let Some(own) = self.nested.iter().find(|own| own.slot == at) {
            if own.place.is_none() {
                return false;
            }
            at = own.parent;
        }
        true
    }

    /// The slot whose place in first HTML is inside this element.
    pub(crate) fn html_place(&self, element: PageId) -> Option<SlotId> {
        let own = self.nested.iter().find(|own| own.place == Some(element))?;
        let mut at = self.parent(element);
        while let Some(id) = at {
            match self.view(id) {
                Some(View::Element { namespace: Namespace::None, local }) if !CLOSED.contains(&local) => {}
                Some(View::Slot { .. }) => return Some(own.slot),
                _ => return None,
            }
            at = self.parent(id);
        }
        None
    }

    /// Whether elements of this name offer places.
    pub(super) fn is_offer(&self, name: NameId) -> bool {
        self.names.known(name) == (Namespace::None, OFFER)
    }

    /// To be called for each new element.
    pub(super) fn note_offer(&mut self, slot: SlotId, name: NameId, id: PageId) {
        if self.is_offer(name) {
            self.slots[usize::from(slot.0)].offers.push(id);
        }
    }

    /// To be called for each element that is freed.
    pub(super) fn note_freed_offer(&mut self, slot: SlotId, name: NameId) {
        if self.is_offer(name) {
            self.slots[usize::from(slot.0)].offers_freed = true;
        }
    }

    /// The oldest element in the slot's tree that offers a place of this name.
    fn offer(&self, slot: SlotId, key: &str) -> Option<PageId> {
        let offers = self.slots[usize::from(slot.0)].offers.iter().copied().take(OFFERS_MAX);
        offers.into_iter().find(|id| {
            let mut attributes = self.attributes(*id);
            attributes.any(|(namespace, name, value)| (namespace, name, value) == (Namespace::None, KEY, key))
                && self.stands(*id)
        })
    }

    /// Whether the node is below its slot, and not kept for later.
    pub(super) fn stands(&self, id: PageId) -> bool {
        let mut at = id;
        while let Some(parent) = self.parent(at) {
            at = parent;
        }
        matches!(self.node(at).content, Content::SlotRoot { .. })
    }

    fn write_mount(&self, own: &Nested, out: &mut PartWriter) {
        let place = own.place.unwrap_or(PageId::NONE);
        out.op(code::MOUNT, 0, &[self.slot_root(own.slot).0, place.0]);
    }
}
