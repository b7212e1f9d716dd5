//! The scoreboard of the lobby, built for wasm32 and wrapped as a component, runs in Wasmtime: it renders, ticks,
//! answers clicks, and goes on in another instance from its pages of memory.
//!
//! Figures (`cargo test -p playconnect-guest --test component -- --nocapture`) are for the decision records.

use playconnect_dom::batch::Op;
use playconnect_dom::{Batch, Limits};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Store};

mod bindings {
    wasmtime::component::bindgen!({ path: "../../protocol/wit", world: "sleeping-widget" });
}

use bindings::SleepingWidgetPre;
use bindings::exports::playconnect::module::memory::Guest as Memory;
use bindings::playconnect::module::types::{
    ColorScheme, Detail, Environment, Event, FormState, Input, Modifiers, Outcome, Seed, Start, Viewport,
};

const PAGE: usize = 4096;
const START_US: u64 = 1_800_000_000_000_000;

#[test]
fn the_scoreboard_runs_and_sleeps() {
    let module = build_scoreboard();
    let bytes = std::fs::read(&module).expect("the module that was just built");
    let component = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(&bytes)
        .and_then(|encoder| encoder.encode())
        .expect("the module is a component of the world, with no import but the world's");
    println!("module {} KB, component {} KB", bytes.len() / 1024, component.len() / 1024);

    let host = TestHost::new(&component);
    let (mut awake, init) = host.start(1);
    let fresh = awake.memory();
    let (first, mount) = awake.turn(0, &[Input::Mount]);
    println!("instantiate + init {init:?}, first turn {mount:?}, first batch {} bytes", first.batch.len());
    show(&first.batch);
    assert_eq!(first.next_timer_us, Some(START_US + 250_000));
    assert!(strings(&first.batch).iter().any(|text| text == "Amara"));

    let mut ticks = Vec::new();
    let mut bytes = 0;
    for tick in 1..=200 {
        let (outcome, took) = awake.turn(tick * 250_000, &[Input::Timer]);
        assert_eq!(outcome.next_timer_us, Some(START_US + (tick + 1) * 250_000));
        bytes += outcome.batch.len();
        ticks.push(took);
    }
    ticks.sort();
    println!("tick: median {:?}, slowest {:?}, {} bytes each", ticks[100], ticks[199], bytes / 200);

    let pause = button(&first.batch);
    let (outcome, took) = awake.turn(50_100_000, &[click(1, pause)]);
    println!("click {took:?}, {} bytes", outcome.batch.len());
    assert_eq!(outcome.next_timer_us, None, "a paused board wants no timer");
    assert!(strings(&outcome.batch).iter().any(|text| text == "Resume"));
    awake.turn(50_200_000, &[click(2, pause)]);

    let (pages, took) = awake.dirty_pages(&fresh);
    println!(
        "snapshot: {} pages dirty = {} KB, {took:?} with comparing",
        pages.len(),
        pages.len() * PAGE / 1024
    );
    let size = awake.memory().len();
    let (mut woken, _) = host.start(2);
    let took = woken.restore(&pages, size);
    println!("restore: {took:?} without instantiating");
    let mut host_lag = START_US + 51_000_000;
    for _ in 0..400 {
        let expected = awake.turn_at(host_lag, &[Input::Timer]).0;
        let found = woken.turn_at(host_lag, &[Input::Timer]).0;
        // Another seed, so other points; the same board, timers and listeners.
        assert_eq!(expected.next_timer_us, found.next_timer_us);
        assert!(!found.batch.is_empty());
        host_lag = found.next_timer_us.expect("a running board wants its next tick");
    }
    let (outcome, _) = woken.turn_at(host_lag, &[click(3, pause)]);
    assert!(strings(&outcome.batch).iter().any(|text| text == "Resume"));
    assert_eq!(woken.turn_at(host_lag, &[Input::Timer]).0.next_timer_us, None);
}

struct TestHost {
    engine: Engine,
    pre: SleepingWidgetPre<Log>,
}

struct Instance {
    store: Store<Log>,
    widget: bindings::SleepingWidget,
}

struct Log;

impl bindings::playconnect::module::host::Host for Log {
    fn log(&mut self, level: bindings::playconnect::module::host::Level, message: String) {
        println!("{level:?}: {message}");
    }
}

impl bindings::playconnect::module::types::Host for Log {}

impl bindings::playconnect::module::intl::Host for Log {
    fn format_number(
        &mut self,
        _locale: String,
        _value: f64,
        _options: bindings::playconnect::module::intl::NumberOptions,
    ) -> Result<String, String> {
        Err("not asked for by the scoreboard".to_owned())
    }

    fn format_date(
        &mut self,
        _locale: String,
        _time_ms: f64,
        _options: bindings::playconnect::module::intl::DateOptions,
    ) -> Result<String, String> {
        Err("not asked for by the scoreboard".to_owned())
    }
}

impl TestHost {
    fn new(component: &[u8]) -> Self {
        let engine = Engine::new(&Config::new()).expect("an engine with the usual settings");
        let component = Component::new(&engine, component).expect("a valid component");
        let mut linker = Linker::new(&engine);
        bindings::SleepingWidget::add_to_linker::<_, HasSelf<Log>>(&mut linker, |log| log)
            .expect("a fresh linker");
        let pre = linker.instantiate_pre(&component).expect("all imports are the world's");
        TestHost { engine, pre: SleepingWidgetPre::new(pre).expect("the world's exports") }
    }

    fn start(&self, incarnation: u32) -> (Instance, Duration) {
        let begun = Instant::now();
        let mut store = Store::new(&self.engine, Log);
        let widget = self.pre.instantiate(&mut store).expect("the component instantiates");
        widget
            .playconnect_module_guest()
            .call_init(&mut store, &start(incarnation))
            .expect("init does not trap")
            .expect("init succeeds");
        (Instance { store, widget }, begun.elapsed())
    }
}

impl Instance {
    fn turn(&mut self, after_us: u64, inputs: &[Input]) -> (Outcome, Duration) {
        self.turn_at(START_US + after_us, inputs)
    }

    fn turn_at(&mut self, now_us: u64, inputs: &[Input]) -> (Outcome, Duration) {
        let begun = Instant::now();
        let guest = self.widget.playconnect_module_guest();
        let outcome = guest.call_turn(&mut self.store, now_us, inputs).expect("no trap").expect("no error");
        (outcome, begun.elapsed())
    }

    fn memory(&mut self) -> Vec<u8> {
        self.exports().0.call_snapshot(&mut self.store).expect("snapshot does not trap")
    }

    /// Page number and content of each page that is not as in a fresh instance and not reserved.
    fn dirty_pages(&mut self, fresh: &[u8]) -> (Vec<(u32, Vec<u8>)>, Duration) {
        let begun = Instant::now();
        let reserved = self.exports().0.call_reserved(&mut self.store).expect("reserved does not trap");
        let memory = self.memory();
        let zero = [0; PAGE];
        let mut pages = Vec::new();
        for (number, page) in memory.chunks(PAGE).enumerate() {
            let at = (number * PAGE) as u32;
            let before = fresh.get(number * PAGE..(number + 1) * PAGE).unwrap_or(&zero);
            if page != before && !(reserved.0..reserved.1).contains(&at) {
                pages.push((number as u32, page.to_vec()));
            }
        }
        (pages, begun.elapsed())
    }

    fn restore(&mut self, pages: &[(u32, Vec<u8>)], size: usize) -> Duration {
        let begun = Instant::now();
        let memory = self.widget.playconnect_module_memory();
        memory.call_restore_begin(&mut self.store, size as u32).expect("restore-begin does not trap");
        for part in pages.chunks(14) {
            let mut records = Vec::new();
            for (number, page) in part {
                records.extend_from_slice(&number.to_le_bytes());
                records.extend_from_slice(page);
            }
            memory.call_restore_pages(&mut self.store, &records).expect("restore-pages does not trap");
        }
        memory.call_restore_end(&mut self.store, &start(2)).expect("restore-end does not trap");
        begun.elapsed()
    }

    fn exports(&mut self) -> (&Memory, ()) {
        (self.widget.playconnect_module_memory(), ())
    }
}

fn start(incarnation: u32) -> Start {
    let seed = u64::from(incarnation);
    Start {
        module: "scoreboard".to_owned(),
        slot: "scores".to_owned(),
        incarnation,
        now_us: START_US,
        seed: Seed { a: seed, b: seed + 1, c: seed + 2, d: seed + 3 },
        environment: Environment {
            locale: "en-GB".to_owned(),
            time_zone: "UTC".to_owned(),
            color_scheme: ColorScheme::Light,
            reduced_motion: false,
            viewport: Viewport { width: 1280, height: 800 },
            url: "/".to_owned(),
            visible: true,
        },
        properties: "{}".to_owned(),
    }
}

fn click(sequence: u32, target: u32) -> Input {
    let form: Option<FormState> = None;
    Input::Event(Event {
        sequence,
        target,
        type_: "click".to_owned(),
        modifiers: Modifiers::empty(),
        detail: Detail::None,
        form,
    })
}

fn build_scoreboard() -> PathBuf {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/lobby/scoreboard");
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("wasm"), PathBuf::from);
    let status = Command::new(env!("CARGO"))
        .args(["build", "--release", "--quiet", "--target", "wasm32-unknown-unknown", "--target-dir"])
        .arg(&target)
        .current_dir(example)
        .status()
        .expect("cargo runs");
    assert!(status.success(), "the scoreboard does not build; `rustup target add wasm32-unknown-unknown`?");
    target.join("wasm32-unknown-unknown/release/scoreboard.wasm")
}

/// The node that listens for the first `click` of the batch.
fn button(batch: &[u8]) -> u32 {
    let batch = Batch::decode(batch, &Limits::default()).expect("a well-formed batch");
    let kind = batch.ops().iter().find_map(|op| match op {
        Op::Name { id, local: "click", .. } => Some(*id),
        _ => None,
    });
    let listens = batch.ops().iter().find_map(|op| match op {
        Op::Listen { kind: found, node, .. } if Some(*found) == kind => Some(*node),
        _ => None,
    });
    listens.expect("the board has a button")
}

fn strings(batch: &[u8]) -> Vec<String> {
    let batch = Batch::decode(batch, &Limits::default()).expect("a well-formed batch");
    let texts = batch.ops().iter().filter_map(|op| match op {
        Op::Text { data, .. } | Op::SetText { data, .. } => Some((*data).to_owned()),
        _ => None,
    });
    texts.collect()
}

fn show(batch: &[u8]) {
    let batch = Batch::decode(batch, &Limits::default()).expect("a well-formed batch");
    println!("{} operations:", batch.ops().len());
    for op in batch.ops() {
        println!("  {op:?}");
    }
}
