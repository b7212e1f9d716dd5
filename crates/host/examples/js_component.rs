//! One bundle in two engines, in turn: `js_component ENGINE.wasm PROTOTYPE.wasm BUNDLE.js [ROUNDS]`.
//!
//! Ours goes through everything that a node has (typed inputs, limits, epochs, the log); the prototype is as bare as
//! `benches/yardsticks/js-component` says. Medians of thread CPU in microseconds, one JSON object a line.

use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use playconnect_host::types::{
    ColorScheme, Detail, Environment, Event, Input, Modifiers, Seed, Start, Viewport,
};
use playconnect_host::{Config, Host, Labels, Limits, Report, componentize};
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Store, Val};
use wasmtime_wizer::{InstanceState, SnapshotVal, ValType, Wizer};

mod prototype {
    wasmtime::component::bindgen!({
        path: "../../benches/yardsticks/js-component/widget.wit",
        world: "widget",
        imports: { default: trappable },
        exports: { default: async },
    });
}

const ROUNDS: usize = 200;
const WARM_UP: usize = 50;
/// The counter, in the app's own numbering: React makes its two texts first.
const BUTTON: u32 = 1002;
const RATIO_MAX: f64 = 1.5;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, prototype, bundle, rest @ ..] = &arguments[..] else {
        return Err("usage: js_component ENGINE.wasm PROTOTYPE.wasm BUNDLE.js [ROUNDS]".into());
    };
    let rounds = rest.first().map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let read = |path: &String| std::fs::read(path).map_err(|error| format!("{path}: {error}"));
    let bundle = read(bundle)?;

    let mut ours = Ours::new(&componentize::javascript(&read(engine)?, &bundle)?, rounds + WARM_UP)?;
    let mut peer = Prototype::new(&read(prototype)?, &bundle, rounds + WARM_UP)?;
    let (mut times, mut peer_times) = (Times::default(), Times::default());
    for round in 0..rounds + WARM_UP {
        if round == WARM_UP {
            (times, peer_times) = Default::default();
        }
        ours.round(&mut times)?;
        peer.round(&mut peer_times)?;
    }
    for (what, ours, peer) in [
        ("instantiate and init", times.instantiate, peer_times.instantiate),
        ("first render", times.render, peer_times.render),
        ("click", times.click, peer_times.click),
    ] {
        let (ours, peer) = (median(ours), median(peer));
        let ratio = ours / peer;
        let verdict = if ratio <= RATIO_MAX { "pass" } else { "FAIL" };
        println!(
            r#"{{"what":"{what}","ours_us":{ours:.1},"prototype_us":{peer:.1},"ratio":{ratio:.2},"at_most":{RATIO_MAX},"verdict":"{verdict}"}}"#
        );
    }
    Ok(())
}

#[derive(Default)]
struct Times {
    instantiate: Vec<u64>,
    render: Vec<u64>,
    click: Vec<u64>,
}

struct Ours {
    host: Host,
    module: playconnect_host::Module,
    live: Vec<playconnect_host::Instance>,
}

impl Ours {
    fn new(component: &[u8], instances: usize) -> Result<Self, Box<dyn Error>> {
        let host = Host::new(Config { instances_max: (instances + 2).try_into()?, ..Config::default() })?;
        let module = host.load("bench", component)?;
        Ok(Self { host, module, live: Vec::new() })
    }

    fn round(&mut self, times: &mut Times) -> Result<(), Box<dyn Error>> {
        let labels = Labels::new("bench", "bench");
        let (instance, ns) =
            timed(|| block_on(self.host.instantiate(&self.module, labels, Limits::default(), start())));
        times.instantiate.push(ns);
        let mut instance = finished(instance)?;
        let (rendered, ns) = timed(|| block_on(instance.turn(2_000_000, &[Input::Mount])));
        times.render.push(ns);
        assert!(!finished(rendered)?.batch.is_empty(), "the app renders");
        let event = Input::Event(Event {
            sequence: 1,
            target: BUTTON,
            type_: "click".into(),
            modifiers: Modifiers::empty(),
            detail: Detail::None,
            form: None,
        });
        let (clicked, ns) = timed(|| block_on(instance.turn(2_000_000, &[event])));
        times.click.push(ns);
        assert!(!finished(clicked)?.batch.is_empty(), "the app answers");
        self.live.push(instance);
        Ok(())
    }
}

struct State;

impl prototype::playconnect::module::host::Host for State {
    fn log(&mut self, _: u8, message: String) -> wasmtime::Result<()> {
        Err(wasmtime::Error::msg(message))
    }
}

struct Prototype {
    engine: Engine,
    module: prototype::WidgetPre<State>,
    live: Vec<Store<State>>,
}

impl Prototype {
    fn new(core: &[u8], bundle: &[u8], instances: usize) -> Result<Self, Box<dyn Error>> {
        let mut config = wasmtime::Config::new();
        config.max_wasm_stack(2 << 20).async_stack_size(4 << 20).epoch_interruption(true);
        let count = u32::try_from(instances + 2)?;
        let mut pool = PoolingAllocationConfig::new();
        // The component has small core modules for its imports beside the engine.
        pool.total_core_instances(4 * count)
            .total_component_instances(count)
            .total_memories(count)
            .total_tables(4 * count)
            .total_stacks(count)
            .max_memory_size(64 << 20)
            .table_elements(20_000)
            .linear_memory_keep_resident(64 << 10);
        config.memory_reservation(64 << 20).memory_guard_size(64 << 10);
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        let engine = Engine::new(&config)?;
        let evaluated = evaluate(core, bundle)?;
        let component = wit_component::ComponentEncoder::default()
            .validate(true)
            .module(&evaluated)
            .and_then(|mut encoder| encoder.encode())
            .map_err(|error| format!("{error:#}"))?;
        let component = Component::new(&engine, component)?;
        let mut linker = Linker::new(&engine);
        prototype::Widget::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state)?;
        let module = prototype::WidgetPre::new(linker.instantiate_pre(&component)?)?;
        Ok(Self { engine, module, live: Vec::new() })
    }

    fn round(&mut self, times: &mut Times) -> Result<(), Box<dyn Error>> {
        let mut store = Store::new(&self.engine, State);
        store.epoch_deadline_async_yield_and_update(5);
        store.set_epoch_deadline(5);
        let (widget, ns) = timed(|| block_on(self.instantiate(&mut store)));
        times.instantiate.push(ns);
        let widget = widget?;
        let guest = widget.playconnect_module_guest();
        let (rendered, ns) = timed(|| block_on(guest.call_turn(&mut store, 2_000_000, br#"{"start":1}"#)));
        times.render.push(ns);
        assert!(!rendered?.batch.is_empty(), "the app renders");
        let event = format!(r#"{{"id":{BUTTON},"type":"click"}}"#);
        let (clicked, ns) = timed(|| block_on(guest.call_turn(&mut store, 2_000_000, event.as_bytes())));
        times.click.push(ns);
        assert!(!clicked?.batch.is_empty(), "the app answers");
        self.live.push(store);
        Ok(())
    }
}

impl Prototype {
    async fn instantiate(&self, store: &mut Store<State>) -> wasmtime::Result<prototype::Widget> {
        let widget = self.module.instantiate_async(&mut *store).await?;
        let started = widget.playconnect_module_guest().call_init(store, "{}", 7).await?;
        started.map_err(wasmtime::Error::msg)?;
        Ok(widget)
    }
}

/// The prototype's core module with the bundle evaluated in it.
fn evaluate(core: &[u8], bundle: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut config = wasmtime::Config::new();
    config.max_wasm_stack(2 << 20).async_stack_size(4 << 20);
    let mut store = Store::new(&Engine::new(&config)?, ());
    let mut wizer = Wizer::new();
    wizer.init_func("pre-init");
    let (context, instrumented) = wizer.instrument(core)?;
    let module = wasmtime::Module::new(store.engine(), instrumented)?;
    let mut linker: wasmtime::Linker<()> = wasmtime::Linker::new(store.engine());
    linker.define_unknown_imports_as_traps(&module)?;
    let instance = linker.instantiate(&mut store, &module)?;
    instance.get_typed_func::<(), ()>(&mut store, "_initialize")?.call(&mut store, ())?;
    let allocate = instance.get_typed_func::<u32, u32>(&mut store, "pre-alloc")?;
    let address = allocate.call(&mut store, bundle.len() as u32)?;
    let memory = instance.get_memory(&mut store, "memory").expect("the prototype exports its memory");
    memory.write(&mut store, address as usize, bundle)?;
    instance.get_typed_func::<(), ()>(&mut store, "pre-init")?.call(&mut store, ())?;
    Ok(block_on(wizer.snapshot(&context, &mut Evaluated { store, instance }))?)
}

struct Evaluated {
    store: Store<()>,
    instance: wasmtime::Instance,
}

impl InstanceState for Evaluated {
    async fn global_get(&mut self, name: &str, _: ValType) -> SnapshotVal {
        let global = self.instance.get_global(&mut self.store, name).expect("wizer exports the globals");
        match global.get(&mut self.store) {
            Val::I32(value) => SnapshotVal::I32(value),
            other => unreachable!("the prototype has no such global: {other:?}"),
        }
    }

    async fn memory_contents(&mut self, name: &str, contents: impl FnOnce(&[u8]) + Send) {
        let memory = self.instance.get_memory(&mut self.store, name).expect("wizer exports the memory");
        contents(memory.data(&self.store));
    }
}

fn median(mut ns: Vec<u64>) -> f64 {
    ns.sort_unstable();
    ns[ns.len() / 2] as f64 / 1_000.0
}

fn finished<T>(report: Report<T>) -> Result<T, Box<dyn Error>> {
    for line in &report.log {
        eprintln!("{:?}: {}", line.level, line.text);
    }
    Ok(report.result?)
}

/// With the thread's CPU in nanoseconds.
fn timed<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let cpu = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
    };
    let began = cpu();
    let value = work();
    (value, cpu() - began)
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        // A guest is pending only between two slices.
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

fn start() -> Start {
    Start {
        module: "bench".into(),
        slot: "bench".into(),
        incarnation: 1,
        now_us: 1_000_000,
        seed: Seed { a: 1, b: 2, c: 3, d: 4 },
        environment: Environment {
            locale: "en-US".into(),
            time_zone: "UTC".into(),
            color_scheme: ColorScheme::Light,
            reduced_motion: false,
            viewport: Viewport { width: 1_280, height: 720 },
            url: "/".into(),
            visible: true,
        },
        properties: "{}".into(),
        timers_max: 256,
    }
}
