//! Slots inside slots: where they stand, as the modules around them change.

use playconnect_dom::op::TreeMode;
use playconnect_dom::replica::Replica;
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{Changes, SlotId};
use playconnect_dom::{BatchLimits, BatchWriter, Limits, Namespace, Tree};

const OUTER: SlotId = SlotId(0);
const INNER: SlotId = SlotId(1);

/// Two slots, the second nested in the first as `aside`, and a browser that follows.
struct Page {
    tree: Tree,
    replica: Replica,
    names_sent: u16,
}

impl Page {
    fn new() -> Self {
        let mut tree = Tree::new(Limits::default());
        tree.add_slot("outer", BatchLimits::default());
        tree.add_slot("outer/aside", BatchLimits::default());
        tree.nest(INNER, OUTER, "aside");
        let mut page = Page { tree, replica: Replica::default(), names_sent: 1 };
        page.snapshot();
        page.commit(OUTER, |batch| {
            for (id, name) in ["div", "pc-slot", "name", "table"].into_iter().enumerate() {
                batch.name(id as u16, Namespace::None, name);
            }
        });
        page
    }

    /// Commits, mounts and lets the browser follow.
    fn commit(&mut self, slot: SlotId, write: impl FnOnce(&mut BatchWriter)) {
        let (mut batch, mut out) = (BatchWriter::default(), PartWriter::new(1 << 20));
        write(&mut batch);
        self.tree.commit(slot, &batch.finish(), &mut out).expect("a sound batch");
        self.tree.mount(&mut out);
        self.follow(out, false);
    }

    fn snapshot(&mut self) {
        let mut out = PartWriter::new(1 << 20);
        for slot in [OUTER, INNER] {
            self.tree.write_slot(slot, TreeMode::Replace, &mut out);
            self.tree.write_detached(slot, &mut out);
        }
        self.tree.write_mounts(&mut out);
        self.follow(out, true);
    }

    fn follow(&mut self, mut out: PartWriter, fresh: bool) {
        let mut names = PartWriter::new(1 << 20);
        if fresh {
            self.names_sent = 1;
        }
        for (id, namespace, local) in self.tree.names().since(self.names_sent) {
            names.name(id.0, namespace, local);
        }
        self.names_sent = self.tree.names().next_id();
        for (at, part) in names.take().into_iter().chain(out.take()).enumerate() {
            let mut bytes = Vec::new();
            part.finish_into(&mut bytes);
            self.replica.apply(&bytes, fresh && at == 0).expect("a sound frame");
        }
        assert_eq!(self.replica.place("outer/aside"), self.place(), "the browser");
    }

    fn place(&self) -> Option<u32> {
        assert_eq!(self.tree.is_mounted(INNER), self.tree.place(INNER).is_some());
        self.tree.place(INNER).map(|id| id.0)
    }

    /// The place is the outer module's node of this index.
    fn stands_in(&self, index: u32) -> bool {
        self.place() == self.tree.by_index(OUTER, index).map(|id| id.0)
    }
}

fn offer(batch: &mut BatchWriter, node: u32, key: &str) {
    batch.create(node, 1);
    batch.attr(node, 2, key);
}

#[test]
fn a_slot_stands_where_a_place_of_its_name_is_offered() {
    let mut page = Page::new();
    assert_eq!(page.place(), None);
    page.commit(OUTER, |batch| {
        offer(batch, 1, "other");
        batch.insert(0, 1, 0);
        offer(batch, 2, "aside");
    });
    assert_eq!(page.place(), None, "the element is not in the tree yet");
    page.commit(OUTER, |batch| batch.insert(0, 2, 0));
    assert!(page.stands_in(2));
    // Of several the oldest; where it goes, the next has it.
    page.commit(OUTER, |batch| {
        offer(batch, 3, "aside");
        batch.insert(0, 3, 2);
    });
    assert!(page.stands_in(2));
    page.snapshot();
    page.commit(OUTER, |batch| batch.remove(2));
    assert!(page.stands_in(3));
    page.commit(OUTER, |batch| batch.detach(3));
    assert_eq!(page.place(), None);
    page.commit(OUTER, |batch| batch.insert(0, 3, 0));
    assert!(page.stands_in(3), "the same name came back");
    page.commit(OUTER, |batch| batch.attr(3, 2, "another"));
    assert_eq!(page.place(), None);
    page.commit(OUTER, |batch| batch.attr(1, 2, "aside"));
    assert!(page.stands_in(1));
}

#[test]
fn a_place_goes_with_what_it_stands_in() {
    let mut page = Page::new();
    page.commit(OUTER, |batch| {
        batch.create(1, 0);
        offer(batch, 2, "aside");
        batch.insert(1, 2, 0);
        batch.insert(0, 1, 0);
    });
    assert!(page.stands_in(2));
    page.commit(OUTER, |batch| batch.remove(1));
    assert_eq!(page.place(), None);
    page.commit(OUTER, |batch| {
        offer(batch, 4, "aside");
        batch.insert(0, 4, 0);
    });
    assert!(page.stands_in(4));
    page.tree.reset_slot(OUTER);
    page.tree.mount(&mut PartWriter::new(1 << 20));
    assert_eq!(page.place(), None, "a new start of the outer module");
}

#[test]
fn a_browser_that_is_told_late_has_the_slot_where_it_is_then() {
    let mut page = Page::new();
    let (mut changes, mut out) = (Changes::default(), PartWriter::new(1 << 20));
    for node in 1..=3 {
        let (mut batch, mut log) = (BatchWriter::default(), PartWriter::new(1 << 20));
        offer(&mut batch, node, "aside");
        batch.insert(0, node, 0);
        if node > 1 {
            batch.remove(node - 1);
        }
        page.tree.commit(OUTER, &batch.finish(), &mut log).expect("a sound batch");
        page.tree.mount(&mut log);
        assert!(changes.fold(&mut log, &mut page.tree) && !changes.is_empty());
    }
    page.tree.write_changes(&changes, &mut out);
    page.follow(out, false);
    assert!(page.stands_in(3));
}

#[test]
fn clones_of_a_template_offer_places_too() {
    let mut page = Page::new();
    page.commit(OUTER, |batch| {
        batch.template(0);
        batch.open(0, true);
        batch.open(1, true);
        batch.open_attr(2, "aside");
        batch.close();
        batch.close();
        batch.clone_template(0, &[1, 2]);
        batch.insert(0, 1, 0);
    });
    assert!(page.stands_in(2));
    let mut batch = BatchWriter::default();
    batch.template(1);
    batch.open(0, true);
    batch.open(1, false);
    let refused =
        page.tree.commit(OUTER, &batch.finish(), &mut PartWriter::new(1 << 20)).expect_err("not marked");
    assert_eq!(refused.to_string(), "operation 2: a pc-slot in a template must be marked");
}

#[test]
fn the_first_64_places_that_a_module_offers_are_looked_at() {
    let mut page = Page::new();
    page.commit(OUTER, |batch| {
        for node in 1..=64 {
            offer(batch, node, "other");
            batch.insert(0, node, 0);
        }
        offer(batch, 65, "aside");
        batch.insert(0, 65, 0);
    });
    assert_eq!(page.place(), None);
    page.commit(OUTER, |batch| batch.remove(7));
    assert!(page.stands_in(65));
}

/// Were the list of places gone through for each node that is freed, this would be 700 million steps.
#[test]
fn a_page_full_of_places_goes_at_once() {
    let mut page = Page::new();
    page.commit(OUTER, |batch| {
        batch.template(0);
        batch.open(0, true);
        (1..254).for_each(|_| {
            batch.open(1, true);
            batch.close();
        });
        batch.close();
        batch.create(1, 0);
        batch.insert(0, 1, 0);
        for clone in 0..147 {
            let nodes: Vec<u32> = (0..254).map(|at| 2 + clone * 254 + at).collect();
            batch.clone_template(0, &nodes);
            batch.insert(1, nodes[0], 0);
        }
        batch.attr(3, 2, "aside");
        offer(batch, 60_000, "aside");
        batch.insert(0, 60_000, 0);
    });
    assert!(page.tree.node_count() > 37_000 && page.stands_in(3));
    page.commit(OUTER, |batch| batch.remove(1));
    assert_eq!(page.tree.node_count(), 1);
    assert!(page.stands_in(60_000), "the only one that is left");
}

#[test]
fn html_has_the_slot_where_a_parser_leaves_it() {
    let mut page = Page::new();
    page.commit(OUTER, |batch| {
        batch.create(1, 0);
        offer(batch, 2, "aside");
        batch.text(3, "waiting");
        batch.insert(2, 3, 0);
        batch.insert(1, 2, 0);
        batch.insert(0, 1, 0);
    });
    let markup = page.tree.html(OUTER);
    assert_eq!(markup.html, "<div><pc-slot name=\"aside\">waiting</pc-slot></div>");
    assert_eq!(markup.places, [("<div><pc-slot name=\"aside\">".len(), INNER)]);
    // A table would hand it on to what stands before it.
    page.commit(OUTER, |batch| {
        batch.create(4, 3);
        batch.insert(0, 4, 0);
        batch.insert(4, 1, 0);
    });
    assert_eq!(page.tree.html(OUTER).places, []);
    assert!(page.stands_in(2), "the browser puts it there when it is live");
}
