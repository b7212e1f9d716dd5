//! The scoreboard of the lobby, built for wasm32 and wrapped as a component, runs in the host: it renders, ticks,
//! answers clicks, and goes on in another instance from its pages of memory.
//!
//! `cargo test --release -p playconnect-guest --test component -- --nocapture` prints the figures of
//! `docs/decisions/0003-snapshots-rust.md`.

use playconnect_dom::limits::BatchLimits;
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::{PageId, SlotId, View};
use playconnect_dom::{Limits as PageLimits, Tree};
use playconnect_host::types::{
    ColorScheme, Detail, Environment, Event, Input, Modifiers, Outcome, Seed, Start, Viewport,
};
use playconnect_host::{Config, Host, Instance, Labels, Limits, Module, Report, Snapshot};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

const START_US: u64 = 1_800_000_000_000_000;
const TICK_US: u64 = 250_000;

#[test]
fn the_scoreboard_runs_and_sleeps() {
    let host = Host::new(Config { instances_max: 8, ..Config::default() }).expect("a host");
    let component = component();
    let module = host.load("scoreboard", &component).expect("a module of the world");
    assert!(module.can_sleep());

    let begun = Instant::now();
    let mut page = Page::start(&host, &module);
    println!("instantiate and init {:?}", begun.elapsed());

    let (first, took) = page.turn(START_US, Input::Mount);
    println!("first turn {took:?}, batch {} bytes", first.batch.len());
    println!("{}", page.tree.html(page.slot).html);
    assert_eq!(first.next_timer_us, Some(START_US + TICK_US));
    assert_eq!(page.rows().len(), 8);

    let mut turns = Vec::new();
    let mut bytes = 0;
    let mut orders = std::collections::BTreeSet::new();
    for tick in 1..=200 {
        let now_us = START_US + tick * TICK_US;
        let (outcome, took) = page.turn(now_us, Input::Timer);
        assert_eq!(outcome.next_timer_us, Some(now_us + TICK_US));
        bytes += outcome.batch.len();
        turns.push(took);
        orders.insert(page.rows());
    }
    turns.sort();
    println!("tick: median {:?}, slowest {:?}, {} bytes on average", turns[100], turns[199], bytes / 200);
    assert!(orders.len() > 5, "ranks change");

    let mut now_us = START_US + 201 * TICK_US;
    let (outcome, took) = page.click(now_us);
    println!("click {took:?}, {} bytes", outcome.batch.len());
    assert_eq!(outcome.next_timer_us, None, "a paused board wants no timer");
    assert!(page.text().contains("Paused"));
    page.click(now_us);

    // Two ways from here: the sleeper itself goes on, and its snapshot does in an instance of another host.
    let begun = Instant::now();
    let snapshot = run(page.instance.snapshot());
    println!("first snapshot, with a fresh instance to compare with: {:?}", begun.elapsed());
    let begun = Instant::now();
    let again = run(page.instance.snapshot());
    println!("snapshot {:?}: {} pages, {} KiB", begun.elapsed(), again.pages(), again.pages() * 4);
    assert_eq!(again, snapshot);
    let bytes = snapshot.encode();

    let other = Host::new(Config { instances_max: 8, ..Config::default() }).expect("a host");
    let module = other.load("scoreboard", &component).expect("the same module");
    let snapshot = Snapshot::decode(&bytes).expect("a snapshot that was just encoded");
    let limits = Limits::default();
    let mut took = Vec::new();
    for _ in 0..20 {
        let begun = Instant::now();
        run(other.restore(&module, labels(), limits.clone(), &snapshot, start(2, now_us)));
        took.push(begun.elapsed());
    }
    took.sort();
    println!("instantiate and restore: median {:?}", took[10]);
    let woken = run(other.restore(&module, labels(), limits, &snapshot, start(2, now_us)));
    let sleeper = std::mem::replace(&mut page.instance, woken);

    // The woken one writes to the page that the sleeper wrote: templates, names and nodes are known to both.
    let wanted_us = now_us + TICK_US;
    for _ in 0..200 {
        now_us += TICK_US;
        let (outcome, _) = page.turn(now_us, Input::Timer);
        assert_eq!(outcome.next_timer_us, Some(now_us + TICK_US));
        assert!(!outcome.batch.is_empty());
    }
    page.click(now_us);
    assert!(page.text().contains("Paused"));

    page.instance = sleeper;
    let outcome = run(page.instance.turn(wanted_us, &[Input::Timer]));
    assert_eq!(outcome.next_timer_us, Some(wanted_us + TICK_US), "the sleeper was not harmed");
}

/// An instance and the page that it writes.
struct Page {
    instance: Instance,
    tree: Tree,
    slot: SlotId,
    events: u32,
}

impl Page {
    fn start(host: &Host, module: &Module) -> Self {
        let instance = run(host.instantiate(module, labels(), Limits::default(), start(1, START_US)));
        let mut tree = Tree::new(PageLimits::default());
        let slot = tree.add_slot("scores", BatchLimits::default());
        Page { instance, tree, slot, events: 0 }
    }

    fn turn(&mut self, now_us: u64, input: Input) -> (Outcome, Duration) {
        let begun = Instant::now();
        let outcome = run(self.instance.turn(now_us, &[input]));
        let took = begun.elapsed();
        let committed = self.tree.commit(self.slot, &outcome.batch, &mut PartWriter::new(1 << 20));
        let committed = committed.expect("a batch that the page takes");
        assert_eq!(committed.stripped, 0, "all of it is on the allow-list: {:?}", committed.first_strips);
        (outcome, took)
    }

    /// Clicks the button.
    fn click(&mut self, now_us: u64) -> (Outcome, Duration) {
        let button = self.find("button")[0];
        let (_, target) = self.tree.owner(button).expect("a node of the module");
        self.events += 1;
        let event = Event {
            sequence: self.events,
            target,
            type_: "click".to_owned(),
            modifiers: Modifiers::empty(),
            detail: Detail::None,
            form: None,
        };
        self.turn(now_us, Input::Event(event))
    }

    /// The players' names from the first row to the last.
    fn rows(&self) -> Vec<String> {
        let names = self.find("span").into_iter().filter(|id| {
            self.tree.attributes(*id).any(|(_, name, value)| name == "class" && value == "name")
        });
        names.map(|id| self.text_below(id)).collect()
    }

    fn text(&self) -> String {
        self.text_below(self.tree.slot_root(self.slot))
    }

    fn find(&self, tag: &str) -> Vec<PageId> {
        let mut found = self.below(self.tree.slot_root(self.slot));
        found.retain(|id| matches!(self.tree.view(*id), Some(View::Element { local, .. }) if local == tag));
        found
    }

    fn text_below(&self, id: PageId) -> String {
        let below = self.below(id).into_iter();
        below
            .filter_map(|id| match self.tree.view(id) {
                Some(View::Text(data)) => Some(data),
                _ => None,
            })
            .collect()
    }

    /// In document order.
    fn below(&self, id: PageId) -> Vec<PageId> {
        let children = self.tree.children(id);
        children.flat_map(|child| [vec![child], self.below(child)].concat()).collect()
    }
}

fn start(incarnation: u32, now_us: u64) -> Start {
    let seed = u64::from(incarnation);
    Start {
        module: "scoreboard".to_owned(),
        slot: "scores".to_owned(),
        incarnation,
        now_us,
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
        timers_max: 256,
    }
}

fn labels() -> Labels {
    Labels::new("session", "scoreboard")
}

/// The scoreboard, built and wrapped.
fn component() -> Vec<u8> {
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
    let module = std::fs::read(target.join("wasm32-unknown-unknown/release/scoreboard.wasm"));
    let module = module.expect("the module that was just built");
    let component = wit_component::ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|mut encoder| encoder.encode())
        .expect("a component of the world, with no import but the world's");
    println!("module {} KiB, component {} KiB", module.len() / 1024, component.len() / 1024);
    component
}

/// What the future gives; log lines are printed.
fn run<T>(future: impl Future<Output = Report<T>>) -> T {
    let mut future = pin!(future);
    let report = loop {
        // A guest that is not ready has used up its slice, and goes on at once.
        if let Poll::Ready(report) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            break report;
        }
    };
    for line in report.log {
        println!("{line:?}");
    }
    report.result.expect("no failure")
}
