#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    playconnect_attacks::attack("frames", input);
});
