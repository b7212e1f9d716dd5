//! The module behind operations that are broken on purpose: a test of the test, as `src/faults.ts` for those in
//! JavaScript. Which fault it is, the page's path says.
//!
//! What the guest crate writes is a batch, and the fault is done to its bytes: an operation that is to be forgotten gets
//! a code that nobody knows, which a host skips (`protocol/wire.md`). A node that was not removed keeps its index, so that
//! the host refuses the next node of that index: then the page shows that the module was stopped.
#![cfg(target_arch = "wasm32")]

use playconnect_dom::op::code;
use playconnect_dom::stream::HEAD_BYTES;
use playconnect_guest::bindings;
use playconnect_guest::bindings::exports::playconnect::module::{guest, memory};
use playconnect_guest::bindings::playconnect::module::types::{Input, Outcome, Start};
use playconnect_guest::module::{App, Element, Exported};
use std::cell::RefCell;

/// No operation has it.
const UNKNOWN: u8 = 0xff;
const MAGIC_BYTES: usize = 4;
const WORD_BYTES: usize = 4;

struct Module;

impl App for Module {
    const APP: fn() -> Element = conformance_scenarios::App;
}

type Sound = Exported<Module>;

struct Broken;

#[derive(Default)]
struct State {
    fault: String,
    turns: u32,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

impl guest::Guest for Broken {
    fn init(start: Start) -> Result<(), String> {
        let fault = start.environment.url.split(['/', '?', '#']).nth(3).unwrap_or_default().to_owned();
        STATE.set(State { fault, turns: 0 });
        <Sound as guest::Guest>::init(start)
    }

    fn turn(now_us: u64, inputs: Vec<Input>) -> Result<Outcome, String> {
        let mut outcome = <Sound as guest::Guest>::turn(now_us, inputs)?;
        STATE.with_borrow_mut(|State { fault, turns }| {
            *turns += 1;
            // The page begins as it should: the first turn is spared.
            if *turns > 1 {
                do_fault(fault, &mut outcome.batch);
            }
        });
        Ok(outcome)
    }
}

impl memory::Guest for Broken {
    fn restore_begin(memory_bytes: u32) {
        <Sound as memory::Guest>::restore_begin(memory_bytes);
    }

    fn restore_end(start: Start) {
        <Sound as memory::Guest>::restore_end(start);
    }

    fn reserved() -> (u32, u32) {
        <Sound as memory::Guest>::reserved()
    }
}

bindings::export_world!(Broken with_types_in bindings);
playconnect_guest::export_memory!();

fn do_fault(fault: &str, batch: &mut [u8]) {
    let forgotten: &[u8] = match fault {
        "attributes" => &[code::ATTR, code::REMOVE_ATTR],
        "texts" => &[code::SET_TEXT],
        "insertion" => &[code::INSERT],
        "removal" => &[code::REMOVE],
        "state" => &[code::PROP],
        "focus" => &[code::CALL],
        "order" => &[],
        other => panic!("there is no fault `{other}`"),
    };
    // The magic; the head: how many words, how many bytes of texts; the words; the texts.
    let Some(stream) = batch.get_mut(MAGIC_BYTES..) else { return };
    let (head, rest) = stream.split_at_mut(HEAD_BYTES);
    let words = u32::from_le_bytes([head[0], head[1], head[2], head[3]]) as usize;
    let mut operations = &mut rest[..words * WORD_BYTES];
    // Each operation: its code, how many words follow, two bytes more.
    while let [_, argument_count, ..] = *operations {
        let words = 1 + usize::from(argument_count);
        let (operation, behind) = operations.split_at_mut(words * WORD_BYTES);
        if forgotten.contains(&operation[0]) {
            operation[0] = UNKNOWN;
        }
        if fault == "order" && operation[0] == code::INSERT {
            // Parent, child, and the sibling that it is to stand before.
            operation[3 * WORD_BYTES..].fill(0);
        }
        operations = behind;
    }
}
