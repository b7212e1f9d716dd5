//! The decoder and the two passes behind it, attacked with batches that were right once. Seeded, so that a failure comes
//! again; `fuzz/` does the same with coverage, for hours.

use crate::page::{CLASS, CLICK, DIV, KEYDOWN, Page, SPAN, TITLE, names};
use fastrand::Rng;
use playconnect_dom::op::PropertyValue;
use playconnect_dom::{BatchWriter, Command, ListenFlags, Property};

const ROUNDS: usize = 40_000;

/// A batch that defines the names and writes something with few indices, so that operations meet.
fn batch(random: &mut Rng) -> Vec<u8> {
    let mut batch = BatchWriter::default();
    names(&mut batch);
    batch.template(0);
    batch.open(DIV, true);
    batch.open_attr(CLASS, "row");
    batch.open_text(true, "text");
    batch.close();
    let mut clones = 0;
    for _ in 0..random.usize(0..24) {
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
                clones += 2;
                batch.clone_template(0, &[20 + clones, 21 + clones]);
            }
            _ => {
                batch.prop(a, Property::ScrollTop, 1, PropertyValue::Number(7));
                batch.call(a, Command::Focus);
            }
        }
    }
    batch.finish()
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
