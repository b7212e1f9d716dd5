use playconnect_host::{Config, Host, HostError};

use crate::guests::config;

fn refused(config: Config) -> HostError {
    Host::new(config).expect_err("refused")
}

#[test]
fn a_machine_that_is_too_small_is_told_before_anything_is_mapped() {
    let error = refused(Config { instances_max: 50_000_000, ..config() });
    let HostError::Machine { needed, available, possible, .. } = &error else { panic!("{error}") };
    assert!(needed > available && *possible < 50_000_000);
    let text = error.to_string();
    assert!(text.starts_with("[modules] instances_max = 50000000 needs "), "{text}");
    assert!(
        text.contains(&format!("set instances_max to {possible} or less, or raise the machine's limit: "))
    );
}

#[test]
fn settings_that_cannot_be() {
    assert!(matches!(refused(Config { instances_max: 0, ..config() }), HostError::Config { .. }));
    assert!(matches!(refused(Config { quantum_us: 0, ..config() }), HostError::Config { .. }));
    let text = refused(Config { widget_memory_bytes: 100_000, ..config() }).to_string();
    assert_eq!(text, "[modules] widget_memory = 100000 cannot be: a multiple of 64 KiB, at most 4 GiB");
    let error = refused(Config { cache_dir: Some("/proc/no/such".into()), ..config() });
    assert!(matches!(error, HostError::CacheFolder { .. }), "{error}");
}
