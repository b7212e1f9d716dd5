use playconnect_host::{Config, FailureKind, Host};

use crate::guests::{config, count, counter, instantiate, instantiate_with, turn};

#[test]
fn a_thousand_instances_live_at_once() {
    let host = Host::new(Config { instances_max: 1_000, ..config() }).expect("a host");
    let module = counter().load(&host);
    let mappings = || std::fs::read_to_string("/proc/self/maps").expect("Linux").lines().count();
    let before = mappings();
    let mut all: Vec<_> = (0..1_000).map(|_| instantiate(&host, &module)).collect();
    for expected in 1..=2 {
        for instance in &mut all {
            assert_eq!(count(&turn(instance).result.expect("outcome")), expected);
        }
    }
    // What the check at the start counts with. (Other tests run in this process meanwhile.)
    let each = (mappings() - before) as f64 / 1_000.0;
    assert!(each < 6.0, "{each} mappings for an instance");

    let failure = instantiate_with(&host, &module, Default::default()).result.expect_err("full");
    assert_eq!(failure.kind, FailureKind::Capacity { instances_max: 1_000 });
    assert_eq!(
        failure.to_string(),
        "module menu of session s1: no place left: all 1000 instances of this node are in use; raise [modules] \
         instances_max in node.toml"
    );
    all.pop();
    instantiate(&host, &module);
}
