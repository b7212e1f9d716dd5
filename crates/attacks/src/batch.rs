//! A module's batches, decoded, checked against a tree and applied: whole or not at all, and the browser stays in step.
//!
//! The input is a list of batches, each behind its length, so that one run can define names and templates first and use
//! them wrongly later.

use playconnect_dom::op::TreeMode;
use playconnect_dom::replica::Replica;
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::SlotId;
use playconnect_dom::{BatchLimits, Limits, Tree};

const SLOT: &str = "here";
const PART_BYTES_MAX: usize = 1 << 20;

pub fn attack(input: &[u8]) -> bool {
    let mut tree = Tree::new(Limits::default());
    let slot = tree.add_slot(SLOT, BatchLimits::default());
    let mut browser = Browser { replica: Replica::default(), names_sent: 1 };
    let mut out = PartWriter::new(PART_BYTES_MAX);
    tree.write_slot(slot, TreeMode::Replace, &mut out);
    browser.follow(&tree, out);

    let mut rest = input;
    let mut accepted = false;
    while let Some((batch, more)) = crate::part(rest) {
        rest = more;
        accepted = commit(&mut tree, slot, batch, &mut browser);
    }
    accepted
}

fn commit(tree: &mut Tree, slot: SlotId, batch: &[u8], browser: &mut Browser) -> bool {
    let before = tree.outline(slot);
    let mut out = PartWriter::new(PART_BYTES_MAX);
    let committed = tree.commit(slot, batch, &mut out);
    if committed.is_err() {
        assert_eq!(tree.outline(slot), before, "a refused batch leaves no trace");
    }
    browser.follow(tree, out);
    assert_eq!(browser.replica.outline(SLOT), tree.outline(slot), "the browser is in step");
    committed.is_ok()
}

struct Browser {
    replica: Replica,
    names_sent: u16,
}

impl Browser {
    fn follow(&mut self, tree: &Tree, mut out: PartWriter) {
        let mut names = PartWriter::new(PART_BYTES_MAX);
        for (id, namespace, local) in tree.names().since(self.names_sent) {
            names.name(id.0, namespace, local);
        }
        self.names_sent = tree.names().next_id();
        for part in names.take().into_iter().chain(out.take()) {
            let mut bytes = Vec::new();
            part.finish_into(&mut bytes);
            self.replica.apply(&bytes, false).expect("a browser can follow");
        }
        self.replica.finish_frame().expect("a frame is whole");
    }
}
