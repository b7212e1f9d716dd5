//! Small guests, written by hand in WAT against the canonical ABI, and what tests need to run them.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::task::{Context, Poll, Wake};
use std::time::Duration;

use playconnect_host::types::{ColorScheme, Environment, Input, Outcome, Seed, Start, Viewport};
use playconnect_host::{
    Config, Event, Executor, Failure, Host, Instance, Labels, Limits, Module, Origin, Report, Running,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

const WIT: &str = include_str!("../../../../protocol/wit/module.wit");

/// A guest's parts in WAT. `Default` returns empty outcomes.
pub struct Guest {
    pub init: &'static str,
    /// Has `$now`, `$inputs`, `$count`; must give the address of a `result<outcome, string>`.
    pub turn: &'static str,
    pub extra: &'static str,
    pub memory: &'static str,
    pub world: &'static str,
}

impl Default for Guest {
    fn default() -> Self {
        Guest {
            init: "(i32.const 0)",
            turn: "(call $outcome (i32.const 0) (i32.const 0))",
            extra: "",
            memory: "4",
            world: "widget",
        }
    }
}

impl Guest {
    /// Addresses: 0 a zero result, 64 the outcome, 1024.. the guest's own, 65536.. reserved for waking, 131072 heap.
    pub fn core(&self) -> String {
        let Guest { init, turn, extra, memory, .. } = self;
        format!(
            r#"(module $guest
  (import "playconnect:module/host@0.1.0" "log" (func $log (param i32 i32 i32)))
  (import "playconnect:module/intl@0.1.0" "format-number" (func $format-number
    (param i32 i32 f64 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))
  (memory $memory (export "memory") {memory})
  (global $heap (mut i32) (i32.const 131072))
  (func (export "cabi_realloc") (param $old i32) (param i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and
      (i32.sub (i32.add (global.get $heap) (local.get $align)) (i32.const 1))
      (i32.sub (i32.const 0) (local.get $align))))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (global.get $heap) (i32.shl (memory.size) (i32.const 16)))
      (then (drop (memory.grow (i32.shr_u
        (i32.add (i32.sub (global.get $heap) (i32.shl (memory.size) (i32.const 16))) (i32.const 65535))
        (i32.const 16))))))
    (local.get $at))
  ;; ok(outcome) with this batch
  (func $outcome (param $batch i32) (param $bytes i32) (result i32)
    (i32.store8 (i32.const 64) (i32.const 0))
    (i32.store (i32.const 72) (local.get $batch))
    (i32.store (i32.const 76) (local.get $bytes))
    (i32.const 64))
  ;; err(string)
  (func $error (param $at i32) (param $text i32) (param $bytes i32) (result i32)
    (i32.store8 (local.get $at) (i32.const 1))
    (i32.store (i32.add (local.get $at) (i32.const 4)) (local.get $text))
    (i32.store (i32.add (local.get $at) (i32.const 8)) (local.get $bytes))
    (local.get $at))
  (func $turn (export "playconnect:module/guest@0.1.0#turn")
    (param $now i64) (param $inputs i32) (param $count i32) (result i32) {turn})
  (func (export "cabi_post_playconnect:module/guest@0.1.0#turn") (param i32)
    (global.set $heap (i32.const 131072)))
  (func $init (export "playconnect:module/guest@0.1.0#init") (param $start i32) (result i32) {init})
  {extra})"#
        )
    }

    pub fn component(&self) -> Vec<u8> {
        encode(&self.core(), WIT, self.world)
    }

    pub fn load(&self, host: &Host) -> Module {
        host.load("guest", &self.component()).expect("a guest of the tests")
    }
}

pub fn encode(core: &str, wit: &str, world: &str) -> Vec<u8> {
    let mut core = wat::parse_str(core).expect("WAT of the tests");
    let mut resolve = Resolve::default();
    let package = resolve.push_str("module.wit", wit).expect("WIT of the tests");
    let world = resolve.select_world(&[package], Some(world)).expect("a world of the tests");
    embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8).expect("metadata");
    ComponentEncoder::default()
        .validate(true)
        .module(&core)
        .expect("core module")
        .encode()
        .expect("component")
}

/// The current WIT with another version in it.
pub fn wit_of_version(version: &str) -> String {
    WIT.replace("0.1.0", version)
}

/// Counts its turns at 1024, answers with the count, and can sleep.
pub fn counter() -> Guest {
    Guest {
        world: "sleeping-widget",
        turn: "(i32.store (i32.const 1024) (i32.add (i32.load (i32.const 1024)) (i32.const 1)))
            (call $outcome (i32.const 1024) (i32.const 4))",
        extra: r#"
  (func (export "playconnect:module/memory@0.1.0#snapshot") (result i32)
    (i32.store (i32.const 128) (i32.const 0))
    (i32.store (i32.const 132) (i32.shl (memory.size) (i32.const 16)))
    (i32.const 128))
  (func (export "playconnect:module/memory@0.1.0#reserved") (result i32)
    (i32.store (i32.const 136) (i32.const 65536))
    (i32.store (i32.const 140) (i32.const 131072))
    (i32.const 136))
  (func (export "playconnect:module/memory@0.1.0#restore-begin") (param $bytes i32)
    (drop (memory.grow (i32.sub (i32.shr_u (local.get $bytes) (i32.const 16)) (memory.size))))
    (global.set $heap (i32.const 65536)))
  (func (export "playconnect:module/memory@0.1.0#restore-pages") (param $at i32) (param $bytes i32)
    (local $end i32)
    (local.set $end (i32.add (local.get $at) (local.get $bytes)))
    (loop $next
      (memory.copy (i32.shl (i32.load (local.get $at)) (i32.const 12)) (i32.add (local.get $at) (i32.const 4))
        (i32.const 4096))
      (local.set $at (i32.add (local.get $at) (i32.const 4100)))
      (br_if $next (i32.lt_u (local.get $at) (local.get $end))))
    (global.set $heap (i32.const 65536)))
  ;; keeps the incarnation at 1028: `start` lies at the address given, the incarnation is its fifth word
  (func (export "playconnect:module/memory@0.1.0#restore-end") (param $start i32)
    (i32.store (i32.const 1028) (i32.load (i32.add (local.get $start) (i32.const 16))))
    (global.set $heap (i32.const 131072)))"#,
        ..Guest::default()
    }
}

/// Never returns from a turn.
pub fn spinner() -> Guest {
    Guest { turn: "(loop $forever (br $forever)) (unreachable)", ..Guest::default() }
}

pub fn host() -> Host {
    Host::new(config()).expect("a host for tests")
}

pub fn config() -> Config {
    Config { instances_max: 32, ..Config::default() }
}

pub fn labels() -> Labels {
    Labels::new("s1", "menu")
}

pub fn start() -> Start {
    Start {
        module: "menu".into(),
        slot: "menu".into(),
        incarnation: 1,
        now_us: 1_000_000,
        seed: Seed { a: 1, b: 2, c: 3, d: 4 },
        environment: Environment {
            locale: "de-CH".into(),
            time_zone: "Europe/Zurich".into(),
            color_scheme: ColorScheme::Light,
            reduced_motion: false,
            viewport: Viewport { width: 800, height: 600 },
            url: "/".into(),
            visible: true,
        },
        properties: "{}".into(),
        timers_max: 256,
    }
}

pub fn instantiate(host: &Host, module: &Module) -> Instance {
    instantiate_with(host, module, Limits::default()).result.expect("an instance")
}

pub fn instantiate_with(host: &Host, module: &Module, limits: Limits) -> Report<Instance> {
    block_on(host.instantiate(module, labels(), limits, start()))
}

pub fn turn(instance: &mut Instance) -> Report<Outcome> {
    block_on(instance.turn(1_000_000, &[Input::Mount]))
}

/// A turn that must fail.
pub fn failing_turn(guest: &Guest, limits: Limits) -> Failure {
    let host = host();
    let mut instance = instantiate_with(&host, &guest.load(&host), limits).result.expect("an instance");
    turn(&mut instance).result.expect_err("a failure")
}

pub fn count(outcome: &Outcome) -> u32 {
    u32::from_le_bytes(outcome.batch[..4].try_into().expect("four bytes"))
}

pub fn run(
    executor: &Executor,
    shard: usize,
    host: &Host,
    module: &Module,
    limits: Limits,
) -> (Running, Receiver<Event>) {
    let (sender, receiver) = channel();
    let origin = Origin::Fresh(start());
    let running =
        Running::start(executor.shard(shard), host, module, labels(), limits, origin, move |event| {
            // A test that has ended listens no more.
            let _ = sender.send(event);
        });
    (running, receiver)
}

/// The next event. The time is only there so that a broken test ends.
pub fn next(events: &Receiver<Event>) -> Event {
    events.recv_timeout(Duration::from_secs(60)).expect("an event")
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Unpark(std::thread::current())).into();
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}
