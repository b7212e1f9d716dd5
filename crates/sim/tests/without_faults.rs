use playconnect_sim::{Options, World};

#[test]
fn every_browser_shows_what_the_edge_has() {
    for seed in 0..20 {
        if let Err(violation) = World::new(seed, Options::default()).run() {
            panic!("{violation}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    let run = |seed| World::new(seed, Options::default()).run().expect("no violation");
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn modules_that_fail_are_restarted_and_the_page_follows() {
    let options = Options { failing_turn_in: Some(40), ..Options::default() };
    for seed in 0..20 {
        if let Err(violation) = World::new(seed, options.clone()).run() {
            panic!("{violation}");
        }
    }
}

#[test]
fn a_page_goes_on_where_it_was_after_its_socket_was_cut() {
    let options = Options { cut_every_us: Some(400_000), ..Options::default() };
    for seed in 0..20 {
        if let Err(violation) = World::new(seed, options.clone()).run() {
            panic!("{violation}");
        }
    }
}
