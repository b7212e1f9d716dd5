use std::time::Duration;

use crate::guests::{host, instantiate_with, spinner, turn};

#[test]
fn the_clock_stands_still_while_no_guest_runs() {
    let host = host();
    let limits = playconnect_host::Limits { event_stop_us: 10_000, ..Default::default() };
    let module = spinner().load(&host);
    let mut ticks = host.ticks();
    for _ in 0..3 {
        let mut instance = instantiate_with(&host, &module, limits.clone()).result.expect("an instance");
        assert!(turn(&mut instance).result.is_err());
        assert!(host.ticks() > ticks, "it ends slices, so it ran");
        // It parks after some idle ticks; how long they take is the machine's affair.
        ticks = (0..1_000)
            .find_map(|_| {
                let before = host.ticks();
                std::thread::sleep(Duration::from_millis(50));
                (host.ticks() == before).then_some(before)
            })
            .expect("the clock parks");
    }
}
