//! Shares, whatever the weights, the costs and the order.

mod machine;

use machine::Machine;
use playconnect_qos::{Config, Scheduler, Share};

const MS: u64 = 1_000_000;

/// |W_f/r_f − W_m/r_m| ≤ (D+1)·(l_f/r_f + l_m/r_m) at any time, for flows that always have something to run.
#[test]
fn shares_stay_within_the_bound_of_the_papers() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let servers = random.usize(1..=3);
        let mut machine = Machine::new(servers, Config { urgent_ahead_ns: 0 });
        let flows: Vec<(u32, u64)> =
            (0..random.usize(2..=6)).map(|_| (random.u32(1..=10_000), random.u64(1..=5 * MS))).collect();
        for (weight, cost_max) in &flows {
            let root = machine.scheduler.root();
            let flow = machine.scheduler.add(root, Share::new(*weight).expect("a weight"));
            for _ in 0..2 * servers {
                machine.spinner(flow, *cost_max);
            }
        }
        for step in 0..2_000 {
            machine.step(&mut random);
            let used = |flow: usize| -> f64 {
                machine.used[flow * 2 * servers..][..2 * servers].iter().sum::<u64>() as f64
            };
            for (f, (weight_f, cost_f)) in flows.iter().enumerate() {
                for (m, (weight_m, cost_m)) in flows.iter().enumerate().skip(f + 1) {
                    let (weight_f, weight_m) = (f64::from(*weight_f), f64::from(*weight_m));
                    let apart = (used(f) / weight_f - used(m) / weight_m).abs();
                    let bound =
                        (servers + 1) as f64 * (*cost_f as f64 / weight_f + *cost_m as f64 / weight_m);
                    assert!(apart <= bound, "seed {seed}, step {step}: {apart} > {bound} of {flows:?}");
                }
            }
        }
    }
}

#[test]
fn weights_divide_the_time_to_five_in_a_hundred() {
    for servers in [1, 2] {
        for weight in [100, 300, 1_000] {
            let mut random = fastrand::Rng::with_seed(u64::from(weight));
            let mut machine = Machine::new(servers, Config { urgent_ahead_ns: 5 * MS });
            let root = machine.scheduler.root();
            for weight in [weight, 100] {
                let flow = machine.scheduler.add(root, Share::new(weight).expect("a weight"));
                for _ in 0..2 * servers {
                    machine.spinner(flow, MS);
                }
            }
            machine.run_until(10_000 * MS, &mut random);
            let (first, second) = machine.used.split_at(2 * servers);
            let ratio = first.iter().sum::<u64>() as f64 / second.iter().sum::<u64>() as f64;
            let wanted = f64::from(weight) / 100.0;
            assert!((ratio / wanted - 1.0).abs() < 0.05, "{ratio} instead of {wanted}");
        }
    }
}

#[test]
fn one_task_cannot_use_two_servers() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut machine = Machine::new(2, Config { urgent_ahead_ns: 0 });
    let root = machine.scheduler.root();
    let (heavy, light) = (
        machine.scheduler.add(root, Share::new(1_000).expect("a weight")),
        machine.scheduler.add(root, Share::EQUAL),
    );
    machine.spinner(heavy, MS);
    for _ in 0..4 {
        machine.spinner(light, MS);
    }
    machine.run_until(1_000 * MS, &mut random);
    // A core, and the others have all of the other one.
    assert!(machine.used[0] > 990 * MS, "{:?}", machine.used);
    assert!(machine.used[1..].iter().sum::<u64>() > 990 * MS, "{:?}", machine.used);
}

#[test]
fn a_session_of_ten_modules_gets_no_more_than_one_of_one() {
    let mut random = fastrand::Rng::with_seed(2);
    let mut machine = Machine::new(1, Config { urgent_ahead_ns: 5 * MS });
    let root = machine.scheduler.root();
    let class = machine.scheduler.add(root, Share::EQUAL);
    let many = machine.scheduler.add(class, Share::EQUAL);
    let one = machine.scheduler.add(class, Share::EQUAL);
    machine.spinner(one, MS);
    for _ in 0..10 {
        machine.spinner(many, MS);
    }
    machine.run_until(2_000 * MS, &mut random);
    let ratio = machine.used[0] as f64 / machine.used[1..].iter().sum::<u64>() as f64;
    assert!((ratio - 1.0).abs() < 0.05, "{ratio}");
    let (least, most) = (machine.used[1..].iter().min(), machine.used[1..].iter().max());
    assert!(most.expect("ten") - least.expect("ten") <= 4 * MS, "{:?}", machine.used);
}

#[test]
fn who_was_idle_has_saved_nothing() {
    for seed in 0..50 {
        let mut random = fastrand::Rng::with_seed(seed);
        let mut machine = Machine::new(1, Config { urgent_ahead_ns: 5 * MS });
        let root = machine.scheduler.root();
        let (busy, idle) =
            (machine.scheduler.add(root, Share::EQUAL), machine.scheduler.add(root, Share::EQUAL));
        machine.spinner(busy, MS);
        machine.run_until(random.u64(1..=1_000) * MS, &mut random);
        machine.spinner(idle, MS);
        let (before, from) = (machine.used[0], machine.clock);
        machine.run_until(from + 100 * MS, &mut random);
        let apart = (machine.used[0] - before).abs_diff(machine.used[1]);
        assert!(apart <= 4 * MS, "seed {seed}: {apart} ns apart");
    }
}

#[test]
fn a_burst_is_not_held_against_anybody_once_all_were_idle() {
    let mut scheduler = Scheduler::new(Config { urgent_ahead_ns: 0 });
    let (first, second) =
        (scheduler.add(scheduler.root(), Share::EQUAL), scheduler.add(scheduler.root(), Share::EQUAL));
    scheduler.wake(first, false, 0);
    assert_eq!(scheduler.pick(0), Some(first));
    scheduler.charge(first, 1_000 * MS, 0);
    scheduler.done(first, false, 0);
    assert_eq!(scheduler.pick(0), None);
    scheduler.wake(second, false, 0);
    scheduler.wake(first, false, 0);
    for round in 0..10 {
        for expected in [first, second] {
            assert_eq!(scheduler.pick(0), Some(expected), "round {round}");
            scheduler.charge(expected, MS, 0);
            scheduler.done(expected, true, 0);
        }
    }
}

#[test]
fn an_urgent_task_goes_first_and_is_never_more_ahead_than_the_bound() {
    for seed in 0..50 {
        let mut random = fastrand::Rng::with_seed(seed);
        let ahead = random.u64(1..=20) * MS;
        let mut machine = Machine::new(1, Config { urgent_ahead_ns: ahead });
        let root = machine.scheduler.root();
        let class = machine.scheduler.add(root, Share::EQUAL);
        for session in 0..4 {
            let session_flow = machine.scheduler.add(class, Share::EQUAL);
            let task = machine.spinner(session_flow, MS);
            machine.urgent[task] = session == 0;
        }
        for _ in 0..1_000 {
            machine.step(&mut random);
            // Urgent always, and endless: it is ahead by what is allowed and one step, and no more.
            let others = machine.used[1..].iter().max().expect("three");
            assert!(machine.used[0] <= others + ahead + 2 * MS, "seed {seed}: {:?}", machine.used);
        }
        let others = machine.used[1..].iter().min().expect("three");
        assert!(*others > 0 && machine.used[0] >= *others, "seed {seed}: {:?}", machine.used);
    }
}

#[test]
fn an_urgent_task_makes_the_others_yield() {
    let mut scheduler = Scheduler::new(Config { urgent_ahead_ns: 5 * MS });
    let class = scheduler.add(scheduler.root(), Share::EQUAL);
    let session = scheduler.add(class, Share::EQUAL);
    let (table, chat) = (scheduler.add(session, Share::EQUAL), scheduler.add(session, Share::EQUAL));
    // The chat has used more than the table.
    scheduler.wake(chat, false, 0);
    scheduler.wake(table, false, 0);
    assert_eq!(scheduler.pick(0), Some(table));
    scheduler.charge(table, MS, 0);
    assert!(scheduler.must_yield(table, 0));
    scheduler.done(table, true, 0);
    assert_eq!(scheduler.pick(0), Some(chat));
    scheduler.charge(chat, 3 * MS, 0);
    scheduler.done(chat, false, 0);
    assert_eq!(scheduler.pick(0), Some(table));
    scheduler.wake(chat, false, 0);
    assert!(!scheduler.must_yield(table, 0), "two milliseconds behind");
    scheduler.set_urgent(chat, true, 0);
    assert!(scheduler.must_yield(table, 0));
    scheduler.done(table, true, 0);
    assert_eq!(scheduler.pick(0), Some(chat));
    // By so much and no further.
    scheduler.charge(chat, 3 * MS, 0);
    assert!(!scheduler.must_yield(chat, 0), "five ahead of the table");
    scheduler.charge(chat, 1, 0);
    assert!(scheduler.must_yield(chat, 0));
}

#[test]
fn a_floor_is_kept_and_no_more_is_given_by_it() {
    let mut random = fastrand::Rng::with_seed(4);
    let mut machine = Machine::new(1, Config { urgent_ahead_ns: 0 });
    let root = machine.scheduler.root();
    let ui = machine.scheduler.add(root, Share::new(10_000).expect("a weight"));
    let background = Share::new(1).expect("a weight").with_floor(150_000).expect("a floor");
    let background = machine.scheduler.add(root, background);
    machine.spinner(ui, MS);
    machine.spinner(background, MS);
    machine.run_until(10_000 * MS, &mut random);
    let part = machine.used[1] as f64 / machine.clock as f64;
    assert!((0.145..0.16).contains(&part), "{part}");
    // Where its weight gives it more than its floor, the weight counts.
    let share = Share::new(10_000).expect("a weight").with_floor(150_000).expect("a floor");
    machine.scheduler.set_share(background, share, machine.clock);
    let (before, from) = (machine.used[1], machine.clock);
    machine.run_until(from + 10_000 * MS, &mut random);
    let part = (machine.used[1] - before) as f64 / (machine.clock - from) as f64;
    assert!((0.48..0.52).contains(&part), "{part}");
}

#[test]
fn a_limit_holds_also_for_one_alone() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut machine = Machine::new(1, Config { urgent_ahead_ns: 0 });
    let root = machine.scheduler.root();
    let limited = machine.scheduler.add(root, Share::EQUAL.with_limit(200_000).expect("a limit"));
    machine.spinner(limited, MS);
    machine.run_until(5_000 * MS, &mut random);
    let part = machine.used[0] as f64 / machine.clock as f64;
    assert!((0.19..0.21).contains(&part), "{part}");
    assert!(machine.idled > 3_900 * MS);
    // What it leaves is another's.
    let other = machine.scheduler.add(root, Share::EQUAL);
    machine.spinner(other, MS);
    let (before, from) = (machine.used[0], machine.clock);
    machine.run_until(from + 5_000 * MS, &mut random);
    let part = (machine.used[0] - before) as f64 / (machine.clock - from) as f64;
    assert!((0.19..0.21).contains(&part), "{part}");
}

#[test]
fn shares_that_make_no_sense_are_refused() {
    let refused = |share: Result<Share, playconnect_qos::ShareError>| share.expect_err("refused").to_string();
    assert_eq!(refused(Share::new(0)), "weight 0; it is 1 to 10000");
    assert_eq!(refused(Share::new(10_001)), "weight 10001; it is 1 to 10000");
    assert_eq!(
        refused(Share::EQUAL.with_floor(1_000_001)),
        "floor 1000001 ppm; it is at most 1000000 ppm, all there is"
    );
    assert_eq!(
        refused(Share::EQUAL.with_limit(999)),
        "limit 999 ppm; it is 1000 to 1000000 ppm, all there is"
    );
    let floor = Share::EQUAL.with_floor(500_000).expect("a floor");
    assert_eq!(refused(floor.with_limit(400_000)), "floor 500000 ppm is over limit 400000 ppm");
}
