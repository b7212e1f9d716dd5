//! The messages between browser and edge: what a decoder accepts, it writes back the same.
//!
//! The first byte of the input says for whom the message is.

#![no_main]

use libfuzzer_sys::fuzz_target;
use playconnect_frame::{ToBrowser, ToEdge};

fuzz_target!(|input: &[u8]| {
    let Some((direction, bytes)) = input.split_first() else { return };
    if direction & 1 == 0 {
        if let Ok(message) = ToEdge::decode(bytes) {
            // Floats that are no numbers are not equal to themselves: the bytes are compared.
            let again = ToEdge::decode(&message.encode()).expect("what was written is read");
            assert_eq!(again.encode(), message.encode());
        }
    } else if let Ok(message) = ToBrowser::decode(bytes) {
        assert_eq!(ToBrowser::decode(&message.encode()), Ok(message));
    }
});
