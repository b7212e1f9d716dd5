//! What a page holds is bounded, and no module can use up what is another's.

use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{Committed, SlotId};
use playconnect_dom::{BatchLimits, BatchWriter, Limits, ListenFlags, Namespace, Tree, TreeError};

fn tree(slots: usize, limits: Limits) -> (Tree, Vec<SlotId>) {
    let mut tree = Tree::new(limits);
    let slots =
        (0..slots).map(|slot| tree.add_slot(&format!("slot-{slot}"), BatchLimits::default())).collect();
    (tree, slots)
}

fn commit(
    tree: &mut Tree,
    slot: SlotId,
    write: impl FnOnce(&mut BatchWriter),
) -> Result<Committed, TreeError> {
    let mut batch = BatchWriter::default();
    write(&mut batch);
    tree.commit(slot, &batch.finish(), &mut PartWriter::new(1 << 20))
}

fn refused(result: Result<Committed, TreeError>) -> String {
    let error = result.expect_err("over a limit");
    format!("{error}; {}", error.limit_key().expect("a limit").advice("menu"))
}

#[test]
fn the_bytes_of_a_page_are_counted_until_they_are_gone() {
    let (mut tree, slots) = tree(1, Limits { page_bytes: 132, ..Limits::default() });
    let menu = slots[0];
    commit(&mut tree, menu, |batch| {
        batch.name(0, Namespace::None, "p");
        batch.name(1, Namespace::None, "title");
        batch.create(1, 0);
        batch.attr(1, 1, &"t".repeat(40));
        batch.text(2, &"x".repeat(40));
        batch.insert(1, 2, 0);
        batch.insert(0, 1, 0);
    })
    .expect("112 bytes: 40, 40 and 32 for an attribute");
    let error = refused(commit(&mut tree, menu, |batch| batch.comment(3, &"c".repeat(21))));
    assert_eq!(
        error,
        "operation 0: bytes of texts, attributes and listeners of the page: 133 used, 132 allowed; raise [limits] bytes"
    );
    // What is replaced, taken off or freed counts no more.
    commit(&mut tree, menu, |batch| batch.set_text(2, "short")).expect("77");
    commit(&mut tree, menu, |batch| batch.attr(1, 1, "too")).expect("40");
    commit(&mut tree, menu, |batch| batch.text(3, &"y".repeat(92))).expect("132");
    commit(&mut tree, menu, |batch| batch.remove(3)).expect("40");
    commit(&mut tree, menu, |batch| batch.remove_attr(1, 1)).expect("5");
    commit(&mut tree, menu, |batch| batch.comment(3, &"c".repeat(127))).expect("132");
    tree.reset_slot(menu);
    commit(&mut tree, menu, |batch| batch.text(1, &"x".repeat(132))).expect("a new start has all of it");
}

#[test]
fn every_clone_counts_with_all_that_its_template_holds() {
    let (mut tree, slots) = tree(1, Limits { page_bytes: 1_448, ..Limits::default() });
    let menu = slots[0];
    let define = |batch: &mut BatchWriter| {
        batch.name(0, Namespace::None, "p");
        batch.name(1, Namespace::None, "title");
        batch.template(0);
        batch.open(0, true);
        batch.open_attr(1, &"t".repeat(60));
        batch.open_text(false, &"x".repeat(40));
        batch.close();
    };
    let clones = |batch: &mut BatchWriter, count: u32| {
        define(batch);
        (1..=count).for_each(|index| batch.clone_template(0, &[index]));
    };
    let error = refused(commit(&mut tree, menu, |batch| clones(batch, 10)));
    assert!(error.contains("1580 used, 1448 allowed"), "{error}");
    commit(&mut tree, menu, |batch| clones(batch, 9)).expect("the definition and nine clones");
    assert_eq!(tree.slot_bytes(menu), 2 * 64 + 10 * (60 + 32 + 40));
}

#[test]
fn what_holds_empty_strings_counts_too() {
    let (mut tree, slots) = tree(1, Limits::default());
    let define = |batch: &mut BatchWriter| {
        batch.name(0, Namespace::None, "p");
        (1..=256).for_each(|name| batch.name(name, Namespace::None, &format!("data-{name}")));
        batch.template(0);
        batch.open(0, true);
        for _ in 1..350 {
            batch.open(0, false);
            (1..=256).for_each(|name| batch.open_attr(name, ""));
            batch.close();
        }
        batch.close();
    };
    commit(&mut tree, slots[0], define).expect("a template of 89,344 attributes");
    // 2.8 MB for each clone.
    commit(&mut tree, slots[0], |batch| (1..=10).for_each(|node| batch.clone_template(0, &[node])))
        .expect("with the definition 31 MB");
    let error = refused(commit(&mut tree, slots[0], |batch| batch.clone_template(0, &[11])));
    assert!(error.ends_with("34330496 used, 33554432 allowed; raise [limits] bytes"), "{error}");
}

#[test]
fn listeners_and_their_filters_count_until_they_are_gone() {
    let (mut tree, slots) = tree(1, Limits { page_bytes: 100, ..Limits::default() });
    let menu = slots[0];
    let listen = |node: u32, kind: u16, filter: &'static str| {
        move |batch: &mut BatchWriter| batch.listen(node, kind, ListenFlags(0), Some(filter))
    };
    commit(&mut tree, menu, |batch| {
        for (id, name) in ["p", "keydown", "keyup"].into_iter().enumerate() {
            batch.name(id as u16, Namespace::None, name);
        }
        batch.create(1, 0);
        batch.insert(0, 1, 0);
    })
    .expect("none");
    commit(&mut tree, menu, listen(1, 1, "Enter")).expect("37");
    commit(&mut tree, menu, listen(0, 1, "Tab")).expect("35 of the slot's own");
    assert_eq!(tree.slot_bytes(menu), 72);
    let error = refused(commit(&mut tree, menu, listen(1, 2, "")));
    assert!(error.contains("listeners of the page: 104 used, 100 allowed"), "{error}");
    commit(&mut tree, menu, |batch| batch.unlisten(0, 1)).expect("35 less");
    commit(&mut tree, menu, listen(1, 1, "F1")).expect("in place of the other");
    assert_eq!(tree.slot_bytes(menu), 34);
    commit(&mut tree, menu, |batch| batch.remove(1)).expect("the last");
    assert_eq!(tree.slot_bytes(menu), 0);
}

#[test]
fn a_page_has_a_number_for_each_of_its_templates() {
    let (mut tree, slots) = tree(2, Limits { templates: 1 << 16, ..Limits::default() });
    let define = |numbers: std::ops::Range<u32>| {
        move |batch: &mut BatchWriter| {
            for number in numbers {
                batch.template(number as u16);
                batch.open(0, true);
                batch.close();
            }
        }
    };
    for slot in &slots {
        commit(&mut tree, *slot, |batch| batch.name(0, Namespace::None, "p")).expect("a name");
    }
    let (menu, chat) = (slots[0], slots[1]);
    commit(&mut tree, menu, define(0..33_000)).expect("33,000 templates");
    commit(&mut tree, menu, define(33_000..65_000)).expect("65,000 templates");
    let error = refused(commit(&mut tree, chat, define(0..536)));
    assert!(error.contains("templates of the page: 65536 used, 65535 allowed"), "{error}");
    // The refused batch has taken none, and what goes makes room.
    commit(&mut tree, chat, define(0..535)).expect("as many as there are numbers");
    tree.reset_slot(menu);
    commit(&mut tree, chat, define(535..30_000)).expect("the numbers of the other slot");
}

#[test]
fn a_batch_makes_no_more_nodes_than_a_page_could_hold_twice() {
    let (mut tree, slots) = tree(1, Limits { page_nodes: 10, ..Limits::default() });
    let make = |count: u32| {
        move |batch: &mut BatchWriter| {
            for index in 1..=count {
                batch.text(index, "");
                batch.remove(index);
            }
        }
    };
    commit(&mut tree, slots[0], make(20)).expect("none of them stays");
    let error = refused(commit(&mut tree, slots[0], make(21)));
    assert_eq!(error, "operation 40: nodes made by one batch: 21 used, 20 allowed; raise [limits] nodes");
}

#[test]
fn a_module_that_takes_all_it_gets_leaves_the_others_their_shares() {
    let (mut tree, slots) = tree(2, Limits { page_nodes: 100, page_bytes: 1_000, ..Limits::default() });
    let texts = |count: u32, bytes: usize| {
        move |batch: &mut BatchWriter| (1..=count).for_each(|index| batch.text(index, &"x".repeat(bytes)))
    };
    // A half is kept in shares: 25 nodes and 250 bytes for each.
    let error = refused(commit(&mut tree, slots[0], texts(76, 0)));
    assert!(error.ends_with("nodes of the page: 76 used, 75 allowed; raise [limits] nodes"), "{error}");
    let error = refused(commit(&mut tree, slots[0], texts(1, 751)));
    assert!(error.contains("751 used, 750 allowed"), "{error}");
    commit(&mut tree, slots[0], texts(75, 10)).expect("all but the other's share");
    commit(&mut tree, slots[1], texts(25, 10)).expect("its share");
    let error = refused(commit(&mut tree, slots[1], |batch| batch.text(26, "")));
    assert!(error.contains("26 used, 25 allowed"), "{error}");
    // What the first gives back, the second may have.
    tree.reset_slot(slots[0]);
    commit(&mut tree, slots[1], |batch| batch.text(26, "")).expect("nobody else has it");
}

#[test]
fn names_that_a_module_brings_with_each_start_use_up_only_its_own_share() {
    let (mut tree, slots) = tree(2, Limits::default());
    let share = 65_535 / 2;
    let (mut made, mut error) = (0, None);
    for start in 0.. {
        let result = commit(&mut tree, slots[0], |batch| {
            (0..4_096).for_each(|id| batch.name(id, Namespace::None, &format!("n{start}-{id}")));
        });
        match result {
            Ok(_) => made += 4_096,
            Err(refusal) => {
                error = Some(refusal.to_string());
                break;
            }
        }
        tree.reset_slot(slots[0]);
    }
    assert!(made <= share && made + 4_096 > share, "{made}");
    let error = error.expect("it ends");
    assert!(error.contains("names that this module has brought to the page"), "{error}");
    commit(&mut tree, slots[1], |batch| {
        (0..4_096).for_each(|id| batch.name(id, Namespace::None, &format!("other-{id}")));
    })
    .expect("the other has its own");
}

#[test]
fn a_comment_holds_no_markup_where_the_parser_might_take_it_for_text() {
    let (mut tree, slots) = tree(1, Limits::default());
    commit(&mut tree, slots[0], |batch| {
        batch.name(0, Namespace::None, "textarea");
        batch.create(1, 0);
        batch.comment(2, "</textarea></template><meta http-equiv=refresh>");
        batch.insert(1, 2, 0);
        batch.insert(0, 1, 0);
    })
    .expect("right");
    assert_eq!(tree.html(slots[0]).html, "<textarea data-pc-live=\"text\"></textarea>");
}
