//! A module sleeps as the pages that it changed, and wakes in another instance, in this process or another.

use std::path::Path;
use std::process::Command;

use crate::harness::*;

/// State in closures, maps and typed arrays, a pending timer, listeners, a pending promise, randomness from the seed.
const LIVELY: &str = "
    let count = 0, timerAt = null, incarnation = 0, seed = null, resolve;
    const listeners = new Map(), bytes = new Uint8Array(100000);
    const waiting = new Promise((done) => { resolve = done; });
    waiting.then(() => say('the promise was kept'));
    guest.init = guest.restored = (start) => { incarnation = start.incarnation; seed = start.seed[0]; say(`now ${Date.now()}`); };
    guest.turn = (nowUs, inputs) => {
        for (const input of inputs) {
            if (input.kind === 'mount') {
                listeners.set(7, () => { count++; bytes[count] = count; });
                timerAt = nowUs + 1000000;
            } else if (input.kind === 'event') {
                listeners.get(input.target)?.();
            } else if (input.kind === 'timer' && timerAt <= nowUs) {
                timerAt = null;
                resolve();
            }
        }
        say(`count ${count} bytes ${bytes.reduce((a, b) => a + b, 0)} incarnation ${incarnation} seed ${seed}`);
    };
    guest.finish = () => ({ ...outcome, nextTimerUs: timerAt });";

fn click() -> Input {
    Input::Event(Event {
        sequence: 1,
        target: 7,
        type_: "click".into(),
        modifiers: Modifiers::empty(),
        detail: Detail::None,
        form: None,
    })
}

fn fresh_memory(module: &Module) -> Vec<u8> {
    module.instantiate().view(<[u8]>::to_vec)
}

/// Mounted and clicked three times; its timer is still to come.
fn put_to_sleep(module: &Module) -> Sleeping {
    let mut instance = module.start();
    instance.turn(&[Input::Mount]);
    for _ in 0..3 {
        instance.turn(&[click()]);
    }
    instance.sleep(&fresh_memory(module))
}

fn check_awake(mut instance: Instance) {
    assert_eq!(
        instance.said(&[click()]),
        ["now 2000".to_owned(), "count 4 bytes 10 incarnation 2 seed 2".to_owned()]
    );
    let outcome = instance.try_turn(2_500_000, &[]).unwrap().unwrap();
    assert_eq!(outcome.next_timer_us, Some(3_000_000));
    let outcome = instance.try_turn(3_000_000, &[Input::Timer]).unwrap().unwrap();
    assert_eq!(texts(&outcome.batch), ["count 4 bytes 10 incarnation 2 seed 2", "the promise was kept"]);
    assert_eq!(outcome.next_timer_us, None);
}

#[test]
fn goes_on_in_another_instance() {
    let module = Module::new(LIVELY);
    let sleeping = put_to_sleep(&module);
    let mut instance = module.instantiate();
    instance.wake(&sleeping, &start(2));
    check_awake(instance);
}

#[test]
fn put_to_sleep_before_its_first_turn_it_starts_where_it_wakes() {
    // The other bundle gets its body with `init`, and waking brings none.
    let module = Module::from_bundle(&bundle(LIVELY));
    let sleeping = module.start().sleep(&fresh_memory(&module));
    let mut instance = module.instantiate();
    instance.wake(&sleeping, &start(2));
    assert_eq!(
        instance.said(&[]),
        ["now 2000".to_owned(), "count 0 bytes 0 incarnation 2 seed 2".to_owned()]
    );
}

#[test]
fn goes_on_in_another_process() {
    const FILE: &str = "PLAYCONNECT_TEST_SLEEPING";
    let module = Module::new(LIVELY);
    if let Some(path) = std::env::var_os(FILE) {
        let bytes = std::fs::read(path).unwrap();
        let (size, records) = bytes.split_at(4);
        let memory_bytes = u32::from_le_bytes(size.try_into().unwrap());
        let mut instance = module.instantiate();
        instance.wake(&Sleeping { memory_bytes, records: records.to_vec() }, &start(2));
        check_awake(instance);
        println!("awake in another process");
        return;
    }
    let sleeping = put_to_sleep(&module);
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sleeping-{}", std::process::id()));
    std::fs::write(&path, [&sleeping.memory_bytes.to_le_bytes(), sleeping.records.as_slice()].concat())
        .unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sleep::goes_on_in_another_process", "--nocapture"])
        .env(FILE, &path)
        .output()
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("awake in another process"), "{text}");
}

#[test]
fn a_hundred_times_without_growth() {
    let module = Module::new(LIVELY);
    let fresh = fresh_memory(&module);
    let mut sleeping = put_to_sleep(&module);
    let mut sizes = Vec::new();
    let mut pages = Vec::new();
    for cycle in 0..100 {
        let mut instance = module.instantiate();
        instance.wake(&sleeping, &start(2 + cycle));
        instance.turn(&[click()]);
        sleeping = instance.sleep(&fresh);
        sizes.push(sleeping.memory_bytes);
        pages.push(sleeping.pages());
    }
    assert_eq!(sizes[0], sizes[99], "{sizes:?}");
    assert!(pages[99] <= pages[10] + 2, "{pages:?}");
}

/// A module that slept is, in every page outside of the reserved region, the module that did not.
#[test]
fn sleeping_changes_nothing() {
    let module = Module::new(LIVELY);
    let fresh = fresh_memory(&module);
    let sleeping = put_to_sleep(&module);
    let mut instance = module.instantiate();
    let memory = instance.try_wake(&sleeping, &start(2)).map(|()| instance.view(<[u8]>::to_vec)).unwrap();
    let mut other = module.instantiate();
    other.wake(&sleeping, &start(2));
    let again = other.sleep(&fresh);
    let reserved = other.reserved();
    for (page, bytes) in
        memory.chunks(PAGE_BYTES).enumerate().filter(|(page, _)| !reserved.contains(&(page * PAGE_BYTES)))
    {
        let kept =
            again.records.chunks(4 + PAGE_BYTES).find(|record| record[..4] == (page as u32).to_le_bytes());
        let expect = kept.map_or_else(
            || fresh.get(page * PAGE_BYTES..).unwrap_or(&[0; PAGE_BYTES]),
            |record| &record[4..],
        );
        assert_eq!(bytes, &expect[..PAGE_BYTES], "page {page}");
    }
}

/// Every page of the heap is overwritten while records arrive, malloc's own included.
#[test]
fn a_memory_that_grew_by_megabytes() {
    let module = Module::new(
        "let blocks = [];
         guest.turn = (nowUs, inputs) => {
             if (inputs[0]?.kind === 'mount') for (let i = 0; i < 200; i++) blocks.push(new Uint8Array(50000 + i * 100).fill(i));
             say(String(blocks.reduce((sum, block) => sum + block.reduce((a, b) => a + b, 0), 0)));
             blocks.splice(0, 10);
         };",
    );
    let fresh = fresh_memory(&module);
    let mut instance = module.start();
    instance.turn(&[Input::Mount]);
    let mut sleeping = instance.sleep(&fresh);
    for cycle in 0..5 {
        let expect = instance.said(&[]);
        let mut woken = module.instantiate();
        woken.wake(&sleeping, &start(2 + cycle));
        assert_eq!(woken.said(&[]), expect);
        sleeping = woken.sleep(&fresh);
        instance = woken;
    }
}

#[test]
fn large_properties_at_waking() {
    let module = Module::new(
        "let bytes; guest.restored = (start) => { bytes = start.properties.length; }; guest.turn = () => say(String(bytes));",
    );
    let sleeping = put_to_sleep(&module);
    let mut instance = module.instantiate();
    instance.wake(&sleeping, &Start { properties: "x".repeat(600_000), ..start(2) });
    assert_eq!(instance.said(&[]), ["600000"]);
}

#[test]
fn what_a_host_must_not_do_ends_in_a_message() {
    let module = Module::new(LIVELY);
    let sleeping = put_to_sleep(&module);
    let page = |page: u32| Sleeping {
        memory_bytes: sleeping.memory_bytes,
        records: [page.to_le_bytes().as_slice(), &[0; PAGE_BYTES]].concat(),
    };
    let cut = Sleeping { records: sleeping.records[..100].to_vec(), ..sleeping };
    let small = Sleeping { memory_bytes: 65536, records: Vec::new() };
    let odd = Sleeping { memory_bytes: sleeping.memory_bytes + 1, records: Vec::new() };
    for (bad, expect) in [
        (page(3), "restore-pages: page 3 is not between 256 and "),
        (page(1 << 19), "restore-pages: page 524288 is not between 256 and "),
        (cut, "restore-pages: 100 bytes are not records of 4100"),
        (small, "restore-begin: 65536 bytes are not a memory of this module"),
        (odd, "restore-begin: "),
    ] {
        let mut instance = module.instantiate();
        instance.try_wake(&bad, &start(2)).unwrap_err();
        let log = instance.log();
        assert!(log[0].1.starts_with(expect), "{log:?}");
    }
}

#[test]
fn a_snapshot_larger_than_the_limit_ends_in_a_message() {
    let sleeping = Sleeping { memory_bytes: 32 << 20, records: Vec::new() };
    let mut instance = Module::new(LIVELY).with_memory(16 << 20).instantiate();
    instance.try_wake(&sleeping, &start(2)).unwrap_err();
    assert!(instance.log()[0].1.starts_with("out of memory: the snapshot needs 32 MiB"));
}

#[test]
fn an_exception_at_waking_ends_in_a_message() {
    let module = Module::new("guest.restored = () => { throw new Error('cannot'); };");
    let sleeping = put_to_sleep(&module);
    let mut instance = module.instantiate();
    instance.try_wake(&sleeping, &start(2)).unwrap_err();
    assert!(instance.log()[0].1.starts_with("restored: Error: cannot\n    at "));
}
