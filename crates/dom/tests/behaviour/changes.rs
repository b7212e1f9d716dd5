//! Batches that no browser was told of singly: what is written of them leads it to the same page.

use playconnect_dom::replica::Replica;
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{Changes, SlotId};
use playconnect_dom::{BatchLimits, BatchWriter, Limits, ListenFlags, Namespace, Tree};

struct Late {
    tree: Tree,
    slot: SlotId,
    replica: Replica,
    names_sent: u16,
    changes: Changes,
}

impl Late {
    /// The browser has what the first batch makes.
    fn behind(write: impl FnOnce(&mut BatchWriter)) -> Self {
        let mut tree = Tree::new(Limits::default());
        let slot = tree.add_slot("here", BatchLimits::default());
        let (replica, changes) = (Replica::default(), Changes::default());
        let mut late = Late { tree, slot, replica, names_sent: 1, changes };
        let mut out = PartWriter::new(1 << 20);
        late.tree.write_slot(slot, playconnect_dom::op::TreeMode::Replace, &mut out);
        late.apply(out);
        let mut batch = BatchWriter::default();
        for (id, name) in ["div", "p", "click", "title"].iter().enumerate() {
            batch.name(id as u16, Namespace::None, name);
        }
        write(&mut batch);
        let mut out = PartWriter::new(1 << 20);
        late.tree.commit(slot, &batch.finish(), &mut out).expect("a batch that is right");
        late.apply(out);
        late
    }

    fn misses(mut self, write: impl FnOnce(&mut BatchWriter)) -> Self {
        let mut batch = BatchWriter::default();
        write(&mut batch);
        let mut log = PartWriter::new(1 << 20);
        self.tree.commit(self.slot, &batch.finish(), &mut log).expect("a batch that is right");
        assert!(self.changes.fold(&mut log, &mut self.tree) && log.is_empty());
        self
    }

    /// It is told of all at once, and shows this.
    fn then_shows(mut self, expected: &str) {
        let mut out = PartWriter::new(1 << 20);
        self.tree.write_changes(&self.changes, &mut out);
        self.apply(out);
        assert_eq!(self.tree.outline(self.slot), expected, "the edge");
        assert_eq!(self.replica.outline("here"), expected, "the browser");
    }

    fn apply(&mut self, mut out: PartWriter) {
        let mut names = PartWriter::new(1 << 20);
        for (id, namespace, local) in self.tree.names().since(self.names_sent) {
            names.name(id.0, namespace, local);
        }
        self.names_sent = self.tree.names().next_id();
        for part in names.take().into_iter().chain(out.take()) {
            let mut bytes = Vec::new();
            part.finish_into(&mut bytes);
            self.replica.apply(&bytes, false).expect("a browser can follow");
        }
        self.replica.finish_frame().expect("whole");
    }
}

/// `<div 1><p 2>"3"`, and `<p 4>` behind it.
fn page(batch: &mut BatchWriter) {
    batch.create(1, 0);
    batch.create(2, 1);
    batch.text(3, "three");
    batch.create(4, 1);
    batch.insert(2, 3, 0);
    batch.insert(1, 2, 0);
    batch.insert(0, 1, 0);
    batch.insert(0, 4, 0);
}

#[test]
fn what_was_above_stands_below() {
    let late = Late::behind(page).misses(|batch| {
        batch.insert(0, 2, 0);
        batch.insert(2, 1, 0);
    });
    late.then_shows("<p>\n<p>\n  \"three\"\n  <div>\n");
}

#[test]
fn what_was_moved_out_stays_when_its_old_place_goes() {
    let late = Late::behind(page).misses(|batch| batch.insert(4, 3, 0)).misses(|batch| batch.remove(1));
    late.then_shows("<p>\n  \"three\"\n");
}

#[test]
fn what_was_moved_and_then_went_with_its_new_place_is_gone() {
    let late = Late::behind(page).misses(|batch| batch.insert(4, 2, 0)).misses(|batch| batch.remove(4));
    late.then_shows("<div>\n");
}

#[test]
fn what_was_made_and_removed_meanwhile_is_not_told() {
    let late = Late::behind(page).misses(|batch| {
        batch.create(5, 1);
        batch.insert(0, 5, 1);
        batch.insert(5, 3, 0);
    });
    late.misses(|batch| batch.remove(5)).then_shows("<div>\n  <p>\n<p>\n");
}

#[test]
fn new_nodes_stand_between_those_that_were_there() {
    let late = Late::behind(page).misses(|batch| {
        for (index, before) in [(5, 1), (6, 4), (7, 0)] {
            batch.text(index, &index.to_string());
            batch.insert(0, index, before);
        }
    });
    late.then_shows("\"5\"\n<div>\n  <p>\n    \"three\"\n\"6\"\n<p>\n\"7\"\n");
}

#[test]
fn contents_are_told_as_they_are_in_the_end() {
    let late = Late::behind(page).misses(|batch| {
        batch.attr(4, 3, "soon");
        batch.listen(4, 2, ListenFlags(0), None);
        batch.attr(1, 3, "stays");
        batch.listen(1, 2, ListenFlags(1), None);
        batch.set_text(3, "once");
    });
    let late = late.misses(|batch| {
        batch.remove_attr(4, 3);
        batch.unlisten(4, 2);
        batch.set_text(3, "twice");
    });
    late.then_shows("<div title=\"stays\">\n  @click:1:\n  <p>\n    \"twice\"\n<p>\n");
}

#[test]
fn a_template_that_was_not_told_of_is_defined_when_it_is_next_used() {
    let late = Late::behind(page).misses(|batch| {
        batch.template(0);
        batch.open(0, true);
        batch.open(1, false);
        batch.open_text(true, "row");
        batch.close();
        batch.close();
        batch.clone_template(0, &[5, 6]);
        batch.set_text(6, "first");
        batch.insert(0, 5, 0);
    });
    let late = late.misses(|batch| batch.remove(1));
    late.then_shows("<p>\n<div>\n  <p>\n    \"first\"\n");
}

#[test]
fn a_slot_that_was_emptied_shows_what_its_module_made_since() {
    let mut late = Late::behind(page).misses(|batch| batch.insert(4, 3, 0));
    late.tree.reset_slot(late.slot);
    let mut log = PartWriter::new(1 << 20);
    let root = late.tree.slot_root(late.slot);
    log.op(playconnect_dom::op::code::TREE, 0, &[root.0]);
    log.op(playconnect_dom::op::code::CLOSE, 0, &[]);
    assert!(late.changes.fold(&mut log, &mut late.tree));
    let late = late.misses(|batch| {
        batch.name(0, Namespace::None, "span");
        batch.create(1, 0);
        batch.insert(0, 1, 0);
    });
    late.then_shows("<span>\n");
}

#[test]
fn an_operation_of_another_kind_asks_for_the_whole_page() {
    let mut late = Late::behind(page);
    let mut log = PartWriter::new(1 << 20);
    log.op(200, 0, &[1]);
    assert!(!late.changes.fold(&mut log, &mut late.tree));
}
