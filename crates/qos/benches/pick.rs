//! What choosing costs: `cargo bench --package playconnect-qos`.

use playconnect_qos::{Config, Scheduler, Share};
use std::hint::black_box;
use std::time::Instant;

fn main() {
    const ROUNDS: u32 = 200_000;
    println!("{:>8}  pick, two charges, must_yield, done", "sessions");
    for sessions in [1, 10, 100, 1_000, 10_000] {
        let mut scheduler = Scheduler::new(Config { urgent_ahead_ns: 5_000_000 });
        let class = scheduler.add(scheduler.root(), Share::EQUAL);
        for _ in 0..sessions {
            let session = scheduler.add(class, Share::EQUAL);
            for _ in 0..3 {
                let module = scheduler.add(session, Share::EQUAL);
                scheduler.wake(module, false, 0);
            }
        }
        let start = Instant::now();
        for round in 0..u64::from(ROUNDS) {
            let task = scheduler.pick(round).expect("all wait");
            scheduler.charge(task, 1_000_000, round);
            black_box(scheduler.must_yield(task, round));
            scheduler.charge(task, 300_000, round);
            scheduler.done(task, true, round);
        }
        println!("{sessions:>8}  {:.0} ns", start.elapsed().as_nanos() as f64 / f64::from(ROUNDS));
    }
}
