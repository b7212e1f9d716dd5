//! A host as small as it can be: one store per instance, a log, an intl that says what it was asked.

use std::path::PathBuf;
use std::sync::OnceLock;

use playconnect_host::componentize;
use wasmtime::component::{Component, HasSelf, Linker, WasmList};
use wasmtime::{Config, Engine, Store, StoreLimits, StoreLimitsBuilder};

mod bindings {
    wasmtime::component::bindgen!({
        path: "../../protocol/wit",
        world: "sleeping-widget",
        imports: { default: trappable },
    });
}

pub use bindings::SleepingWidget;
pub use bindings::playconnect::module::host::Level;
pub use bindings::playconnect::module::types::*;
use bindings::playconnect::module::{host, intl, types};

pub const PAGE_BYTES: usize = 4096;

pub struct State {
    pub log: Vec<(Level, String)>,
    limits: StoreLimits,
}

impl types::Host for State {}

impl host::Host for State {
    fn log(&mut self, level: Level, message: String) -> wasmtime::Result<()> {
        self.log.push((level, message));
        Ok(())
    }
}

impl intl::Host for State {
    fn format_number(
        &mut self,
        locale: String,
        value: f64,
        options: intl::NumberOptions,
    ) -> wasmtime::Result<Result<String, String>> {
        if locale == "xx-invalid" {
            return Ok(Err(format!("no such locale: {locale}")));
        }
        Ok(Ok(format!("{locale} {value} {options:?}")))
    }

    fn format_date(
        &mut self,
        locale: String,
        time_ms: f64,
        options: intl::DateOptions,
    ) -> wasmtime::Result<Result<String, String>> {
        Ok(Ok(format!("{locale} {time_ms} {options:?}")))
    }
}

/// `cargo xtask engine` writes it; `PLAYCONNECT_ENGINE` names another.
pub fn engine_wasm() -> &'static [u8] {
    static ENGINE: OnceLock<Vec<u8>> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let path = std::env::var_os("PLAYCONNECT_ENGINE").map(PathBuf::from).unwrap_or_else(|| {
            // This test is `<target>/<profile>/deps/javascript-…`.
            let test = std::env::current_exe().unwrap();
            test.ancestors().nth(3).unwrap().join("playconnect-engine/engine.wasm")
        });
        std::fs::read(&path).unwrap_or_else(|error| {
            panic!("{}: {error}. Run `cargo xtask engine`, or set PLAYCONNECT_ENGINE.", path.display())
        })
    })
}

/// What every body has in scope.
const PRELUDE: &str = "
    const { emit, batchSize, log, formatNumber, formatDate, utf8Encode, utf8Decode } = __playconnect;
    const outcome = { lane: 2, nextTimerUs: null, animationFrame: false, requests: [] };
    const guest = { init() {}, turn() {}, pump() { return false; }, finish() { return outcome; }, restored() {} };
    const say = (value) => emit(3, 0, 1, typeof value === 'string' ? value : JSON.stringify(value));
";

/// A guest whose functions `body` replaces; the others do nothing.
pub fn bundle(body: &str) -> String {
    format!("(() => {{ {PRELUDE} {body}\n__playconnect.guest = guest; }})();")
}

/// A guest that gets its body with `init`: one component serves most tests, for compiling one takes seconds.
fn bundle_of_any_body() -> String {
    let prelude = serde_json::to_string(PRELUDE).unwrap();
    format!(
        "{{
            let guest;
            __playconnect.guest = {{
                init(start) {{
                    const [body, properties] = JSON.parse(start.properties);
                    guest = new Function({prelude} + body + '\\nreturn guest;')();
                    guest.init({{ ...start, properties }});
                }},
                turn: (nowUs, inputs) => guest.turn(nowUs, inputs),
                pump: () => guest.pump(),
                finish: () => guest.finish(),
                restored: (start) => guest.restored(start),
            }};
        }}"
    )
}

pub struct Module {
    component: Component,
    linker: Linker<State>,
    /// Of a module made of [`bundle_of_any_body`].
    body: Option<String>,
    memory_bytes_max: usize,
}

impl Module {
    pub fn new(body: &str) -> Module {
        static COMPONENT: OnceLock<Component> = OnceLock::new();
        let component = COMPONENT.get_or_init(|| compile(&bundle_of_any_body()));
        Module::with_component(component.clone(), Some(body.to_owned()))
    }

    /// Of a bundle of its own.
    pub fn from_bundle(bundle: &str) -> Module {
        Module::with_component(compile(bundle), None)
    }

    fn with_component(component: Component, body: Option<String>) -> Module {
        let mut linker = Linker::new(component.engine());
        SleepingWidget::add_to_linker::<_, HasSelf<State>>(&mut linker, |state| state).unwrap();
        Module { component, linker, body, memory_bytes_max: 64 << 20 }
    }

    pub fn with_memory(mut self, bytes: usize) -> Module {
        self.memory_bytes_max = bytes;
        self
    }

    pub fn instantiate(&self) -> Instance {
        let limits = StoreLimitsBuilder::new().memory_size(self.memory_bytes_max).build();
        let mut store = Store::new(self.component.engine(), State { log: Vec::new(), limits });
        store.limiter(|state| &mut state.limits);
        let instance = self.linker.instantiate(&mut store, &self.component).unwrap();
        let widget = SleepingWidget::new(&mut store, &instance).unwrap();
        Instance { store, instance, widget, body: self.body.clone() }
    }

    /// Instantiated, and `init` called.
    pub fn start(&self) -> Instance {
        let mut instance = self.instantiate();
        instance.init(&start(1)).unwrap();
        instance
    }
}

fn compile(bundle: &str) -> Component {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    let engine = ENGINE.get_or_init(|| {
        let mut config = Config::new();
        config.max_wasm_stack(componentize::WASM_STACK_BYTES);
        Engine::new(&config).unwrap()
    });
    let component = componentize::javascript(engine_wasm(), bundle.as_bytes()).unwrap();
    Component::new(engine, component).unwrap()
}

pub struct Instance {
    pub store: Store<State>,
    instance: wasmtime::component::Instance,
    widget: SleepingWidget,
    body: Option<String>,
}

impl Instance {
    pub fn init(&mut self, start: &Start) -> Result<(), String> {
        let mut start = start.clone();
        if let Some(body) = &self.body {
            start.properties = serde_json::to_string(&[body, &start.properties]).unwrap();
        }
        self.widget.playconnect_module_guest().call_init(&mut self.store, &start).unwrap()
    }

    pub fn try_turn(&mut self, now_us: u64, inputs: &[Input]) -> wasmtime::Result<Result<Outcome, String>> {
        self.widget.playconnect_module_guest().call_turn(&mut self.store, now_us, inputs)
    }

    pub fn turn(&mut self, inputs: &[Input]) -> Outcome {
        self.try_turn(2_000_000, inputs).unwrap().unwrap()
    }

    /// The strings of the TEXT operations of a turn.
    pub fn said(&mut self, inputs: &[Input]) -> Vec<String> {
        let batch = self.turn(inputs).batch;
        texts(&batch)
    }

    pub fn log(&mut self) -> Vec<(Level, String)> {
        std::mem::take(&mut self.store.data_mut().log)
    }

    /// Calls `see` with the whole memory.
    pub fn view<T>(&mut self, see: impl FnOnce(&[u8]) -> T) -> T {
        let interface =
            self.instance.get_export_index(&mut self.store, None, "playconnect:module/memory@0.1.0");
        let index = self.instance.get_export_index(&mut self.store, interface.as_ref(), "snapshot").unwrap();
        let snapshot = self.instance.get_typed_func::<(), (WasmList<u8>,)>(&mut self.store, index).unwrap();
        let (memory,) = snapshot.call(&mut self.store, ()).unwrap();
        see(memory.as_le_slice(&self.store))
    }

    pub fn memory_bytes(&mut self) -> usize {
        self.view(|memory| memory.len())
    }

    pub fn reserved(&mut self) -> std::ops::Range<usize> {
        let (start, end) = self.widget.playconnect_module_memory().call_reserved(&mut self.store).unwrap();
        start as usize..end as usize
    }

    /// The pages that differ from `fresh`, as `restore-pages` takes them.
    pub fn sleep(&mut self, fresh: &[u8]) -> Sleeping {
        let reserved = self.reserved();
        self.view(|memory| {
            let mut records = Vec::new();
            for (page, bytes) in memory.chunks(PAGE_BYTES).enumerate() {
                let start = page * PAGE_BYTES;
                let before = fresh.get(start..start + PAGE_BYTES).unwrap_or(&[0; PAGE_BYTES]);
                if bytes != before && !reserved.contains(&start) {
                    records.extend_from_slice(&(page as u32).to_le_bytes());
                    records.extend_from_slice(bytes);
                }
            }
            Sleeping { memory_bytes: memory.len() as u32, records }
        })
    }

    pub fn wake(&mut self, sleeping: &Sleeping, start: &Start) {
        self.try_wake(sleeping, start).unwrap();
    }

    pub fn try_wake(&mut self, sleeping: &Sleeping, start: &Start) -> wasmtime::Result<()> {
        let memory = self.widget.playconnect_module_memory();
        memory.call_restore_begin(&mut self.store, sleeping.memory_bytes)?;
        for records in sleeping.records.chunks(14 * (4 + PAGE_BYTES)) {
            memory.call_restore_pages(&mut self.store, records)?;
        }
        memory.call_restore_end(&mut self.store, start)
    }
}

pub struct Sleeping {
    pub memory_bytes: u32,
    pub records: Vec<u8>,
}

impl Sleeping {
    pub fn pages(&self) -> usize {
        self.records.len() / (4 + PAGE_BYTES)
    }
}

pub fn environment() -> Environment {
    Environment {
        locale: "de-CH".into(),
        time_zone: "Europe/Zurich".into(),
        color_scheme: ColorScheme::Dark,
        reduced_motion: true,
        viewport: Viewport { width: 1280, height: 720 },
        url: "/a?b=ü#c".into(),
        visible: true,
    }
}

pub fn start(incarnation: u32) -> Start {
    let seed = u64::from(incarnation);
    Start {
        module: "menu".into(),
        slot: "left".into(),
        incarnation,
        now_us: 1_000_000 * u64::from(incarnation),
        seed: Seed { a: seed, b: 0x0000_0002_ffff_ffff, c: 3, d: u64::MAX },
        environment: environment(),
        properties: r#"{"title":"Menü"}"#.into(),
        timers_max: 7,
    }
}

/// The strings of a batch whose operations are all TEXT 1.
pub fn texts(batch: &[u8]) -> Vec<String> {
    if batch.is_empty() {
        return Vec::new();
    }
    let word =
        |index: usize| u32::from_le_bytes(batch[4 * index..4 * index + 4].try_into().unwrap()) as usize;
    assert_eq!(&batch[..4], b"PCB1");
    let strings = &batch[12 + 4 * word(1)..][..word(2)];
    std::str::from_utf8(strings).expect("the strings are UTF-8 as a whole");
    (3..3 + word(1))
        .step_by(4)
        .map(|at| {
            assert_eq!(word(at), 3 | 3 << 8, "not a TEXT of three words");
            String::from_utf8(strings[word(at + 2)..][..word(at + 3)].to_vec()).unwrap()
        })
        .collect()
}
