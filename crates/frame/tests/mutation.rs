//! The decoders of messages, attacked with messages that were right once. What they accept, they write back the same.

use fastrand::Rng;
use playconnect_frame::{ToBrowser, ToEdge};
use serde_json::Value;

const ROUNDS: usize = 200_000;

fn messages() -> Vec<(bool, Vec<u8>)> {
    let path = format!("{}/../../protocol/vectors/messages.json", env!("CARGO_MANIFEST_DIR"));
    let vectors: Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("vectors")).expect("JSON");
    let messages = vectors["messages"].as_array().expect("a list").iter().map(|vector| {
        let hex = vector["hex"].as_str().expect("hex").as_bytes().chunks_exact(2);
        let bytes =
            hex.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex"));
        (vector["direction"] == "to-edge", bytes.collect())
    });
    messages.collect()
}

#[test]
fn no_bytes_break_the_decoders() {
    let messages = messages();
    let mut random = Rng::with_seed(0x5eed);
    let mut accepted = 0;
    for _ in 0..ROUNDS {
        let (to_edge, mut bytes) = messages[random.usize(0..messages.len())].clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(0..bytes.len().max(1));
            match random.u8(0..4) {
                0 if at < bytes.len() => bytes[at] = random.u8(..),
                1 => bytes.truncate(at),
                2 => bytes.insert(at.min(bytes.len()), random.u8(..)),
                _ if at / 4 * 4 + 4 <= bytes.len() => {
                    let extreme = [0_u32, u32::MAX, 1 << 31, 1 << 20][random.usize(0..4)];
                    bytes[at / 4 * 4..at / 4 * 4 + 4].copy_from_slice(&extreme.to_le_bytes());
                }
                _ => {}
            }
        }
        if to_edge {
            if let Ok(message) = ToEdge::decode(&bytes) {
                accepted += 1;
                // Floats that are no numbers are not equal to themselves: the bytes are compared.
                let again = ToEdge::decode(&message.encode()).expect("what was written is read");
                assert_eq!(again.encode(), message.encode());
            }
        } else if let Ok(message) = ToBrowser::decode(&bytes) {
            accepted += 1;
            assert_eq!(ToBrowser::decode(&message.encode()), Ok(message));
        }
    }
    assert!(accepted > ROUNDS / 50, "{accepted} accepted");
}
