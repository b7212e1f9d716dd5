//! What a module lays over the page: only with a grant, and shown whenever it comes to stand there.

use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{Committed, SlotId};
use playconnect_dom::{BatchLimits, BatchWriter, Command, Limits, Namespace, Tree};

const DIV: u16 = 0;
const DIALOG: u16 = 1;
const OVERLAY: u16 = 2;
const SLOT: u16 = 3;
const NAME: u16 = 4;

struct Page {
    tree: Tree,
    slot: SlotId,
}

impl Page {
    fn new(granted: bool) -> Self {
        let mut tree = Tree::new(Limits::default());
        let slot = tree.add_slot("here", BatchLimits::default());
        if granted {
            tree.grant_overlay(slot);
        }
        let mut page = Page { tree, slot };
        page.commit(|batch| {
            for (id, name) in ["div", "dialog", "pc-overlay", "pc-slot", "name"].into_iter().enumerate() {
                batch.name(id as u16, Namespace::None, name);
            }
        });
        page
    }

    /// What was left out, and the nodes on which the browser is told to call a command, by the module's indices.
    fn commit(&mut self, write: impl FnOnce(&mut BatchWriter)) -> (Committed, Vec<(Command, u32)>) {
        self.commit_in(self.slot, write)
    }

    fn commit_in(
        &mut self,
        slot: SlotId,
        write: impl FnOnce(&mut BatchWriter),
    ) -> (Committed, Vec<(Command, u32)>) {
        let (mut batch, mut out) = (BatchWriter::default(), PartWriter::new(1 << 20));
        write(&mut batch);
        let committed = self.tree.commit(slot, &batch.finish(), &mut out).expect("a sound batch");
        self.tree.mount(&mut out);
        (committed, self.calls(out))
    }

    fn calls(&self, mut out: PartWriter) -> Vec<(Command, u32)> {
        let mut calls = Vec::new();
        for part in out.take() {
            let mut bytes = Vec::new();
            part.finish_into(&mut bytes);
            let words: Vec<u32> = bytes
                .chunks_exact(4)
                .map(|word| u32::from_le_bytes(word.try_into().expect("4 bytes")))
                .collect();
            let mut at = 2;
            while at < 2 + words[0] as usize {
                let head = words[at];
                if head & 255 == 14 {
                    let command = Command::from_wire((head >> 16) as u16).expect("a command of ours");
                    let is = |index: &u32| {
                        self.tree.by_index(self.slot, *index).map(|id| id.0) == Some(words[at + 1])
                    };
                    calls.push((command, (0..200).find(is).expect("a node of the module")));
                }
                at += 1 + (head >> 8 & 255) as usize;
            }
        }
        calls
    }
}

fn shown(nodes: impl IntoIterator<Item = u32>) -> Vec<(Command, u32)> {
    nodes.into_iter().map(|node| (Command::ShowPopover, node)).collect()
}

#[test]
fn without_the_grant_it_is_left_out_and_the_author_is_told() {
    let mut page = Page::new(false);
    let (committed, calls) = page.commit(|batch| {
        batch.create(1, DIALOG);
        batch.insert(0, 1, 0);
        batch.call(1, Command::ShowModal);
        batch.call(1, Command::Close);
        batch.create(2, OVERLAY);
        batch.insert(0, 2, 0);
        batch.call(2, Command::ShowPopover);
    });
    assert_eq!(calls, [(Command::Close, 1)]);
    assert_eq!(page.tree.outline(page.slot), "<dialog>\n<pc-stripped>\n");
    let told: Vec<_> =
        committed.first_strips.iter().map(|strip| (strip.what.as_str(), strip.why.as_str())).collect();
    let why = "nothing of this module may stand over the page: write overlay = true in its section of playconnect.toml";
    assert_eq!(told[..2], [("command ShowModal on dialog", why), ("element pc-overlay", why)]);
    assert_eq!(committed.stripped, 3);
}

#[test]
fn with_the_grant_dialogs_and_overlays_are_shown() {
    let mut page = Page::new(true);
    let (committed, calls) = page.commit(|batch| {
        batch.create(1, DIALOG);
        batch.insert(0, 1, 0);
        batch.create(2, OVERLAY);
        batch.insert(0, 2, 0);
        batch.call(1, Command::ShowModal);
    });
    assert_eq!(committed.stripped, 0);
    // Before what the module calls, so that it can give the focus to what stands in the overlay.
    assert_eq!(calls[..2], [(Command::ShowPopover, 2), (Command::ShowModal, 1)]);

    let (_, calls) = page.commit(|batch| batch.call(1, Command::Close));
    assert_eq!(calls, [(Command::Close, 1)], "where nothing moves, nothing is shown again");
}

#[test]
fn what_moves_and_what_a_new_browser_has_is_shown_again() {
    let mut page = Page::new(true);
    page.commit(|batch| {
        batch.template(0);
        batch.open(DIV, true);
        batch.open(OVERLAY, true);
        batch.close();
        batch.close();
        batch.clone_template(0, &[1, 3]);
        batch.create(2, OVERLAY);
        batch.insert(0, 1, 0);
        batch.insert(0, 2, 0);
    });
    assert_eq!(page.commit(|batch| batch.insert(0, 2, 1)).1, shown([3, 2]));
    let mut out = PartWriter::new(1 << 20);
    page.tree.write_overlays(&mut out);
    assert_eq!(page.calls(out), shown([3, 2]));
}

#[test]
fn the_oldest_are_shown_and_no_more() {
    let mut page = Page::new(true);
    let (_, calls) = page.commit(|batch| {
        for node in 1..=65 {
            batch.create(node, OVERLAY);
        }
    });
    assert_eq!(calls, shown(1..=64));
    let insert = |batch: &mut BatchWriter| (1..=65).for_each(|node| batch.insert(0, node, 0));
    assert_eq!(page.commit(insert).1, shown(1..=64));
    assert_eq!(page.commit(|batch| batch.remove(1)).1, shown(2..=65), "the next one takes its place");
    let mut out = PartWriter::new(1 << 20);
    page.tree.write_overlays(&mut out);
    assert_eq!(page.calls(out), shown(2..=65));
    page.tree.reset_slot(page.slot);
    let mut out = PartWriter::new(1 << 20);
    page.tree.write_overlays(&mut out);
    assert_eq!(page.calls(out), []);
}

#[test]
fn what_the_same_batch_has_freed_takes_no_place() {
    let mut page = Page::new(true);
    page.commit(|batch| (1..=64).for_each(|node| batch.create(node, OVERLAY)));
    let (_, calls) = page.commit(|batch| {
        batch.remove(64);
        batch.create(65, OVERLAY);
        batch.create(66, OVERLAY);
        (1..=66).filter(|node| *node != 64).for_each(|node| batch.insert(0, node, 0));
    });
    let standing = shown((1..=63).chain([65]));
    assert_eq!(calls, [shown([65]), standing].concat(), "made, and come to stand");
}

#[test]
fn one_that_stands_nowhere_is_not_shown_again() {
    let mut page = Page::new(true);
    page.commit(|batch| {
        batch.create(1, DIV);
        batch.create(2, OVERLAY);
        batch.insert(1, 2, 0);
    });
    let (_, calls) = page.commit(|batch| {
        batch.create(3, OVERLAY);
        batch.insert(0, 3, 0);
    });
    assert_eq!(calls, shown([3, 3]), "made, and come to stand");
    assert_eq!(page.commit(|batch| batch.insert(0, 1, 0)).1, shown([2, 3]));
}

#[test]
fn with_a_nested_slot_its_overlays_move() {
    let mut page = Page::new(false);
    let inner = page.tree.add_slot("here/aside", BatchLimits::default());
    page.tree.grant_overlay(inner);
    page.tree.nest(inner, page.slot, "aside");
    let outer = std::mem::replace(&mut page.slot, inner);
    page.commit(|batch| {
        batch.name(0, Namespace::None, "pc-overlay");
        batch.create(1, 0);
        batch.insert(0, 1, 0);
    });
    let offer = |batch: &mut BatchWriter| {
        batch.create(1, SLOT);
        batch.attr(1, NAME, "aside");
        batch.insert(0, 1, 0);
    };
    assert_eq!(page.commit_in(outer, offer).1, shown([1]));
}
