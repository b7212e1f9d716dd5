//! The decoder and the two passes behind it, attacked with batches that were right once. Seeded, so that a failure comes
//! again; `fuzz/` does the same with coverage, for hours.

use crate::page::{CLASS, CLICK, DIV, KEYDOWN, Page, SPAN, TITLE, names};
use fastrand::Rng;
use playconnect_dom::op::PropertyValue;
use playconnect_dom::tree::{PageId, View};
use playconnect_dom::{BatchWriter, Command, ListenFlags, Namespace, Property};

const ROUNDS: usize = 40_000;

/// Defined where live properties with a text are wanted.
const INPUT: u16 = 6;

/// Above all indices that are used here.
const INDICES_MAX: u32 = 2_000;

/// A batch that defines the names and writes something with few indices, so that operations meet.
fn batch(random: &mut Rng) -> Vec<u8> {
    let mut batch = BatchWriter::default();
    define(&mut batch);
    let mut clones = 0;
    for _ in 0..random.usize(0..24) {
        operation(&mut batch, random, &mut clones);
    }
    batch.finish()
}

fn define(batch: &mut BatchWriter) {
    names(batch);
    batch.template(0);
    batch.open(DIV, true);
    batch.open_attr(CLASS, "row");
    batch.open_text(true, "text");
    batch.close();
}

fn operation(batch: &mut BatchWriter, random: &mut Rng, clones: &mut u32) {
    let (a, b, c) = (random.u32(1..12), random.u32(0..12), random.u32(0..12));
    match random.u8(0..14) {
        0 | 1 => batch.create(a, if random.bool() { DIV } else { SPAN }),
        2 => batch.text(a, "täxt"),
        3 => batch.comment(a, ""),
        4 => batch.set_text(a, "other"),
        5 => batch.attr(a, TITLE, "value"),
        6 => batch.remove_attr(a, CLASS),
        7 | 8 => batch.insert(b, a, c),
        9 => batch.detach(a),
        10 => batch.remove(a),
        11 => batch.listen(b, if random.bool() { CLICK } else { KEYDOWN }, ListenFlags(2), Some("Enter")),
        12 => {
            *clones += 2;
            batch.clone_template(0, &[20 + *clones, 21 + *clones]);
        }
        _ => {
            batch.prop(a, Property::ScrollTop, 1, PropertyValue::Number(7));
            batch.call(a, Command::Focus);
        }
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Rng) {
    for _ in 0..random.usize(1..4) {
        let at = random.usize(0..bytes.len());
        match random.u8(0..6) {
            0 => bytes[at] = random.u8(..),
            1 => bytes[at] ^= 1 << random.u8(0..8),
            2 => bytes.truncate(at.max(1)),
            3 => bytes.insert(at, random.u8(..)),
            4 => {
                let word = at / 4 * 4;
                if let Some(word) = bytes.get_mut(word..word + 4) {
                    let extreme = [0, 1, u32::MAX, 1 << 31, 0xffff, 1 << 24];
                    word.copy_from_slice(&extreme[random.usize(0..extreme.len())].to_le_bytes());
                }
            }
            _ => {
                let (from, to) = (at / 4 * 4, random.usize(0..bytes.len()) / 4 * 4);
                let word: Vec<u8> = bytes.iter().skip(from).take(4).copied().collect();
                bytes.splice(to..to, word);
            }
        }
    }
}

#[test]
fn whatever_a_batch_holds_it_is_applied_whole_or_not_at_all() {
    let mut random = Rng::with_seed(0x5eed);
    let (mut applied, mut refused) = (0, 0);
    for _ in 0..ROUNDS {
        let mut page = Page::new();
        let first = batch(&mut random);
        let mut second = if random.bool() { batch(&mut random) } else { first.clone() };
        if random.u8(0..4) > 0 {
            mutate(&mut second, &mut random);
        }
        for bytes in [first, second] {
            let before = page.outline();
            match page.commit_bytes(&bytes) {
                Ok(_) => applied += 1,
                Err(_) => {
                    refused += 1;
                    assert_eq!(page.outline(), before);
                }
            }
            // The browser is in step with the edge.
            let outline = page.outline();
            page.is(&outline);
        }
    }
    assert!(applied > ROUNDS / 20 && refused > ROUNDS / 20, "{applied} applied, {refused} refused");
}

/// What the slot's nodes hold, looked at one by one, and its template.
fn recount(page: &Page) -> usize {
    let tree = &page.tree;
    let roots = (0..INDICES_MAX).filter_map(|index| tree.by_index(page.slot, index));
    let mut to_see: Vec<PageId> = roots.filter(|id| tree.parent(*id).is_none()).collect();
    let mut bytes = 2 * 64 + 32 + "row".len() + "text".len();
    while let Some(id) = to_see.pop() {
        to_see.extend(tree.children(id));
        bytes += match tree.view(id).expect("it is live") {
            View::Text(data) | View::Comment(data) => data.len(),
            View::Element { .. } | View::Slot { .. } => 0,
        };
        bytes += tree.attributes(id).map(|(_, _, value)| 32 + value.len()).sum::<usize>();
        bytes += tree.properties(id).map(|(_, value)| 32 + text_of(value).len()).sum::<usize>();
        let filter = |listener: &String| listener.splitn(3, ':').nth(2).map_or(0, str::len);
        bytes += tree.listeners(id).map(|listener| 32 + filter(&listener)).sum::<usize>();
    }
    bytes
}

fn text_of(value: &PropertyValue<Box<str>>) -> &str {
    match value {
        PropertyValue::Text(text) => text,
        _ => "",
    }
}

#[test]
fn the_bytes_that_are_counted_are_those_that_are_there() {
    let mut random = Rng::with_seed(0xb17e5);
    let (mut applied, mut refused, mut most) = (0, 0, 0);
    for _ in 0..200 {
        let mut page = Page::new();
        let first = |batch: &mut BatchWriter| {
            define(batch);
            batch.name(INPUT, Namespace::None, "input");
        };
        page.commit(first).expect("names and a template");
        let mut clones = 0;
        for _ in 0..100 {
            let mut batch = BatchWriter::default();
            for _ in 0..random.usize(1..4) {
                match random.u8(0..8) {
                    0 => batch.unlisten(random.u32(0..12), if random.bool() { CLICK } else { KEYDOWN }),
                    1 => {
                        let value = PropertyValue::Text(["", "some", "something"][random.usize(0..3)]);
                        batch.create(12, INPUT);
                        batch.prop(12, Property::Value, 0, value);
                    }
                    2 => batch.remove(12),
                    _ => operation(&mut batch, &mut random, &mut clones),
                }
            }
            match page.commit_bytes(&batch.finish()) {
                Ok(_) => applied += 1,
                Err(_) => refused += 1,
            }
            let counted = page.tree.slot_bytes(page.slot);
            assert_eq!(counted, recount(&page));
            most = most.max(counted);
        }
        page.tree.reset_slot(page.slot);
        assert_eq!(page.tree.slot_bytes(page.slot), 0);
    }
    assert!(
        applied > 2_000 && refused > 2_000 && most > 500,
        "{applied} applied, {refused} refused, {most} bytes"
    );
}
