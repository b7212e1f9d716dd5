//! What a module lays over the page: dialogs that are modal, and `pc-overlay` elements. Both stand in the browser's top
//! layer, which no containment holds back, so a module needs a grant for them.
//!
//! An overlay is an element like any other of the module's, in its place in the module's tree: its events go along that
//! tree, and the module's stylesheet reaches it. The browser shows it in the top layer because the edge calls
//! `showPopover` on it, whenever it has come to stand in the page: also in a browser that is new.

use super::{PageId, SlotId, Tree};
use crate::names::NameId;
use crate::op::{Command, code};
use crate::stream::PartWriter;
use crate::{Namespace, allow};

/// The element that stands over the page.
const OVERLAY: &str = "pc-overlay";

/// Of a module's overlays so many are shown, the oldest first.
const OVERLAYS_MAX: usize = 64;

/// For the author of a module without the grant.
pub(super) const NOT_GRANTED: &str =
    "nothing of this module may stand over the page: write overlay = true in its section of playconnect.toml";

impl Tree {
    /// The slot's module may show modal dialogs and overlays.
    pub fn grant_overlay(&mut self, slot: SlotId) {
        self.slots[usize::from(slot.0)].covers = true;
    }

    pub(super) fn covers(&self, slot: SlotId) -> bool {
        self.slots[usize::from(slot.0)].covers
    }

    pub(super) fn is_overlay(&self, name: NameId) -> bool {
        self.names.known(name) == (Namespace::None, OVERLAY)
    }

    /// To be called for each new element, behind the operation that makes it: the browser calls commands when all nodes
    /// are in their places, in this order, so what stands in the overlay can take the focus then.
    pub(super) fn note_overlay(&mut self, slot: SlotId, name: NameId, id: PageId, out: &mut PartWriter) {
        if !self.is_overlay(name) {
            return;
        }
        let slot = &mut self.slots[usize::from(slot.0)];
        slot.overlays.push(id);
        if slot.overlays.len() - slot.overlays_freed <= OVERLAYS_MAX {
            write_show(id, out);
        }
    }

    /// To be called for each element that is freed.
    pub(super) fn note_freed_overlay(&mut self, slot: SlotId, name: NameId) {
        if self.is_overlay(name) {
            let slot = &mut self.slots[usize::from(slot.0)];
            slot.overlays_freed += 1;
            slot.overlays_moved = true;
        }
    }

    /// To be called when nodes of a slot have come to stand elsewhere: what moves is not shown any more.
    pub(super) fn move_overlays(&mut self, slot: SlotId) {
        let slot = &mut self.slots[usize::from(slot.0)];
        slot.overlays_moved |= !slot.overlays.is_empty();
    }

    /// Shows again what may have moved. One that is shown already stays as it is.
    pub(super) fn show_moved_overlays(&mut self, out: &mut PartWriter) {
        for slot in self.slots() {
            if std::mem::take(&mut self.slots[usize::from(slot.0)].overlays_moved) {
                self.write_overlays_of(slot, out);
            }
        }
    }

    /// Shows all overlays, in a browser that has the page anew.
    pub fn write_overlays(&self, out: &mut PartWriter) {
        self.slots().for_each(|slot| self.write_overlays_of(slot, out));
    }

    fn write_overlays_of(&self, slot: SlotId, out: &mut PartWriter) {
        let overlays = self.slots[usize::from(slot.0)].overlays.iter().take(OVERLAYS_MAX);
        overlays.filter(|id| self.stands(**id)).for_each(|id| write_show(*id, out));
    }
}

fn write_show(id: PageId, out: &mut PartWriter) {
    debug_assert!(allow::command(Namespace::None, OVERLAY, Command::ShowPopover));
    out.op(code::CALL, Command::ShowPopover.to_wire(), &[id.0]);
}
