//! Tasks that come, wait, run and go in any order: nobody is lost or starved, and the same calls give the same order.

use playconnect_qos::{Config, FlowId, Scheduler, Share};
use std::collections::BTreeSet;

const MS: u64 = 1_000_000;

#[derive(Clone, Copy, PartialEq, Debug)]
enum State {
    Idle,
    Waiting { since: usize },
    Running,
}

fn walk(seed: u64) -> Vec<FlowId> {
    let mut random = fastrand::Rng::with_seed(seed);
    let servers = random.usize(1..=3);
    let mut scheduler = Scheduler::new(Config { urgent_ahead_ns: 5 * MS });
    let mut order = Vec::new();
    let mut clock = 0;
    let classes: Vec<_> = (0..3)
        .map(|_| {
            let floor =
                Share::new(random.u32(50..=400)).and_then(|share| share.with_floor(random.u32(0..=300_000)));
            scheduler.add(scheduler.root(), floor.expect("a share"))
        })
        .collect();
    let sessions: Vec<_> = (0..8).map(|_| scheduler.add(classes[random.usize(..3)], Share::EQUAL)).collect();
    let mut tasks: Vec<(FlowId, State)> = Vec::new();
    for step in 0..3_000 {
        match random.u32(..10) {
            0 if tasks.len() < 30 => {
                tasks.push((scheduler.add(sessions[random.usize(..8)], Share::EQUAL), State::Idle));
            }
            1 if !tasks.is_empty() => {
                let at = random.usize(..tasks.len());
                if tasks[at].1 != State::Running {
                    scheduler.remove(tasks.swap_remove(at).0, clock);
                }
            }
            2..=5 if !tasks.is_empty() => {
                let at = random.usize(..tasks.len());
                if tasks[at].1 == State::Idle {
                    scheduler.wake(tasks[at].0, random.bool(), clock);
                    tasks[at].1 = State::Waiting { since: step };
                }
            }
            _ => {
                let running = tasks.iter().filter(|(_, state)| *state == State::Running).count();
                if running < servers {
                    let picked = scheduler.pick(clock);
                    let waits = tasks.iter().any(|(_, state)| matches!(state, State::Waiting { .. }));
                    assert_eq!(picked.is_some(), waits, "seed {seed}, step {step}: the server stands still");
                    if let Some(picked) = picked {
                        let task =
                            tasks.iter_mut().find(|(flow, _)| *flow == picked).expect("one that is there");
                        assert!(matches!(task.1, State::Waiting { .. }), "seed {seed}: {task:?}");
                        task.1 = State::Running;
                        order.push(picked);
                    }
                }
                if running > 0 && random.bool() {
                    let at = tasks.iter().position(|(_, state)| *state == State::Running).expect("one");
                    let used = random.u64(1..=5 * MS);
                    clock += used;
                    scheduler.charge(tasks[at].0, used, clock);
                    scheduler.must_yield(tasks[at].0, clock);
                    let goes_on = random.bool();
                    scheduler.done(tasks[at].0, goes_on, clock);
                    tasks[at].1 = if goes_on { State::Waiting { since: step } } else { State::Idle };
                }
            }
        }
        for (flow, state) in &tasks {
            if let State::Waiting { since } = state {
                // About one step in six is a pick, thirty tasks in classes of weights up to 1:8, and floors.
                assert!(step - since < 2_500, "seed {seed}: {flow:?} starves");
            }
        }
    }
    let ids: BTreeSet<FlowId> = tasks.iter().map(|(flow, _)| *flow).collect();
    assert_eq!(ids.len(), tasks.len(), "a number was given twice");
    order
}

#[test]
fn nobody_is_lost_and_no_server_stands_still() {
    for seed in 0..200 {
        assert!(!walk(seed).is_empty());
    }
}

#[test]
fn the_same_calls_give_the_same_order() {
    for seed in 0..20 {
        assert_eq!(walk(seed), walk(seed));
    }
}

/// A panic ends a program in Wasm.
#[cfg(not(target_family = "wasm"))]
#[test]
#[should_panic(expected = "is not in service")]
fn what_does_not_run_cannot_be_charged() {
    let mut scheduler = Scheduler::new(Config { urgent_ahead_ns: 0 });
    let task = scheduler.add(scheduler.root(), Share::EQUAL);
    scheduler.charge(task, 1, 0);
}
