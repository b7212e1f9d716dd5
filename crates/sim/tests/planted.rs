//! The oracles are tested: each bug that is put in is found within the seeds of `seeds.rs`.

use playconnect_sim::{Planted, Profile, World};

const SEEDS: u64 = 200;

/// `by`: words of the oracle that is meant to see it. Others may see what follows from it, in other seeds.
fn is_found(planted: Planted, by: &[&str]) {
    let mut others = Vec::new();
    let found = (0..SEEDS).find_map(|seed| {
        let mut options = Profile::of(seed).options(seed);
        options.planted = Some(planted);
        let what = World::new(seed, options).run().err()?.what;
        if by.iter().any(|words| what.contains(words)) {
            return Some((seed, what));
        }
        others.push((seed, what));
        None
    });
    let (seed, what) = found.unwrap_or_else(|| panic!("{planted} was not seen, or by chance: {others:?}"));
    println!("{planted}: seed {seed}: {what}");
}

macro_rules! planted {
    ($($name:ident: $bug:ident, by $by:expr;)*) => {
        $(#[test] fn $name() { is_found(Planted::$bug, &$by); })*

        #[test]
        fn each_bug_has_its_test() {
            let tested = [$(Planted::$bug),*];
            for planted in Planted::ALL {
                assert!(tested.contains(&planted), "{planted}");
            }
        }
    };
}

planted! {
    an_ack_is_dropped: DropAck, by ["differs", "never acknowledged", "not live", "no effect"];
    frames_are_applied_out_of_order: ApplyOutOfOrder, by ["Replica", "differs"];
    a_listener_is_forgotten: ForgetListener, by ["differs"];
    an_id_is_given_out_early: ReuseIdEarly, by ["was told to", "was typed", "no effect", "made of it"];
    a_part_is_lost: LosePart, by ["Replica", "differs"];
    a_frame_is_lost: LoseFrame, by ["Number"];
    an_event_is_lost: LoseEvent, by ["where"];
    what_was_typed_is_written_over: OverwriteTyped, by ["was typed", "any more", "made of it"];
    an_older_socket_is_heard: HearOlderSocket, by ["no effect", "was due", "the last", "events that wait"];
    a_resync_is_dropped: DropResync, by ["differs"];
    a_socket_is_never_read_again: NeverReadAgain, by ["never acknowledged", "differs", "not live"];
    a_full_socket_is_ignored: IgnoreBacklog, by ["full"];
    an_attribute_is_forgotten: ForgetAttribute, by ["differs"];
}
