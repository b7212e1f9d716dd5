//! What one module costs: `host_bench COMPONENT.wasm [ROUNDS]`.
//!
//! One JSON object a line, for `cargo xtask bench`: medians and 99th percentiles of thread CPU in microseconds (the
//! machine is shared, so wall time compares nothing), and resident memory for each live instance.

use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use playconnect_host::types::{ColorScheme, Environment, Input, Seed, Start, Viewport};
use playconnect_host::{Config, Host, Instance, Labels, Limits, Report};

const ROUNDS: usize = 200;
/// Rounds before the measured ones: the first touch pages in.
const WARM_UP: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: host_bench COMPONENT.wasm [ROUNDS]")?;
    let rounds = arguments.next().map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let bytes = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;

    let host = Host::new(Config { instances_max: (rounds + WARM_UP + 2).try_into()?, ..Config::default() })?;
    let (module, compile_us) = timed(|| host.load(&path, &bytes));
    let module = module?;
    println!(r#"{{"what":"compile","cpu_us":{compile_us},"module_bytes":{}}}"#, bytes.len());

    let mut measured = Measured::default();
    let mut all: Vec<Instance> = Vec::new();
    let (mut slept, mut pages) = (Vec::new(), 0);
    let (mut resident_kib, mut mapped) = (0, 0);
    for round in 0..rounds + WARM_UP {
        if round == WARM_UP {
            measured = Measured::default();
            (resident_kib, mapped) = (resident(), mappings());
        }
        let labels = || Labels::new("bench", "bench");
        let (instance, us) =
            timed(|| block_on(host.instantiate(&module, labels(), Limits::default(), start(1))));
        measured.instantiate.push(us);
        let mut instance = finished(instance)?;
        let mut turn = |now_us, inputs: &[Input], into: &mut Vec<u64>| {
            let (report, us) = timed(|| block_on(instance.turn(now_us, inputs)));
            into.push(us);
            finished(report)
        };
        turn(2_000_000, &[Input::Mount], &mut measured.mount)?;
        turn(3_000_000, &[Input::Timer], &mut measured.turn)?;
        turn(3_000_000, &[], &mut measured.empty_turn)?;
        if module.can_sleep() {
            let (snapshot, us) = timed(|| block_on(instance.snapshot()));
            measured.snapshot.push(us);
            let snapshot = finished(snapshot)?;
            pages = snapshot.pages();
            slept.push(snapshot);
        }
        all.push(instance);
    }
    let each_kib = resident().saturating_sub(resident_kib) / rounds;
    let each_mapped = mappings().saturating_sub(mapped) as f64 / rounds as f64;
    drop(all);
    for snapshot in &slept {
        let labels = Labels::new("bench", "bench");
        let (woken, us) =
            timed(|| block_on(host.restore(&module, labels, Limits::default(), snapshot, start(2))));
        measured.restore.push(us);
        finished(woken)?;
    }
    measured.print();
    // With the snapshot of each, which the bench holds on to.
    println!(r#"{{"what":"resident","kib_per_instance":{each_kib},"snapshot_pages":{pages}}}"#);
    println!(r#"{{"what":"mappings","per_instance":{each_mapped:.2}}}"#);
    Ok(())
}

#[derive(Default)]
struct Measured {
    instantiate: Vec<u64>,
    mount: Vec<u64>,
    turn: Vec<u64>,
    empty_turn: Vec<u64>,
    snapshot: Vec<u64>,
    restore: Vec<u64>,
}

impl Measured {
    fn print(self) {
        let Measured { instantiate, mount, turn, empty_turn, snapshot, restore } = self;
        for (what, mut times) in [
            ("instantiate and init", instantiate),
            ("mount", mount),
            ("timer turn", turn),
            ("empty turn", empty_turn),
            ("snapshot", snapshot),
            ("restore", restore),
        ] {
            times.sort_unstable();
            let Some(last) = times.len().checked_sub(1) else { continue };
            let (median, p99) = (times[last / 2], times[last * 99 / 100]);
            println!(r#"{{"what":"{what}","median_us":{median},"p99_us":{p99}}}"#);
        }
    }
}

fn finished<T>(report: Report<T>) -> Result<T, Box<dyn Error>> {
    for line in &report.log {
        eprintln!("{:?}: {}", line.level, line.text);
    }
    Ok(report.result?)
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let cpu = || {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        time.tv_sec as u64 * 1_000_000 + time.tv_nsec as u64 / 1_000
    };
    let began = cpu();
    let value = work();
    (value, cpu() - began)
}

/// Resident memory of this process in KiB.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok());
    pages.unwrap_or(0) * rustix::param::page_size() / 1_024
}

/// Memory mappings of this process, of which the system allows `vm.max_map_count`.
fn mappings() -> usize {
    std::fs::read_to_string("/proc/self/maps").unwrap_or_default().lines().count()
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

fn start(incarnation: u32) -> Start {
    Start {
        module: "bench".into(),
        slot: "bench".into(),
        incarnation,
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
