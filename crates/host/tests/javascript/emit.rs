//! `emit` writes the stream of protocol/wire.md, byte for byte.

use crate::harness::*;

/// The words of a stream, then its strings.
fn stream(words: &[u32], strings: &str) -> Vec<u8> {
    let mut bytes = b"PCB1".to_vec();
    for word in [words.len() as u32, strings.len() as u32].iter().chain(words) {
        bytes.extend_from_slice(&word.to_le_bytes());
    }
    bytes.extend_from_slice(strings.as_bytes());
    bytes.resize(bytes.len().next_multiple_of(4), 0);
    bytes
}

fn emitted(statements: &str) -> Vec<u8> {
    let mut instance = Module::new(&format!("guest.turn = () => {{ {statements} }};")).start();
    let batch = instance.turn(&[Input::Mount]).batch;
    assert_eq!(instance.log().iter().map(|(_, line)| line.as_str()).collect::<Vec<_>>(), [""; 0]);
    batch
}

#[test]
fn nothing_emitted_is_an_empty_batch() {
    assert_eq!(emitted(""), b"");
}

#[test]
fn operations_words_and_strings() {
    assert_eq!(
        emitted(
            "emit(1, 5, 0, 'div'); emit(2, 5, 1); emit(6, 6, 1, 'grün'); emit(9, 0, 0, 1, 0); emit(20, 0);"
        ),
        stream(
            &[
                1 | 3 << 8 | 5 << 16,
                0,
                0,
                3,
                2 | 1 << 8 | 5 << 16,
                1,
                6 | 3 << 8 | 6 << 16,
                1,
                3,
                5,
                9 | 3 << 8,
                0,
                1,
                0,
                20,
            ],
            "divgrün",
        )
    );
}

#[test]
fn integers_of_both_signs_however_they_were_computed() {
    assert_eq!(
        emitted("emit(7, 65535, -1, 4294967295, 6 / 2, 2 ** 31, -(2 ** 31), -0);"),
        stream(&[7 | 6 << 8 | 65535 << 16, u32::MAX, u32::MAX, 3, 1 << 31, 1 << 31, 0], "")
    );
}

#[test]
fn every_kind_of_string() {
    // Latin-1, wide, a rope, a slice of a long string, empty, with a zero.
    assert_eq!(
        texts(&emitted(
            "say('ÿ'); say('\\u2603'); say('x'.repeat(9000) + 'é'.repeat(9000)); say(('a'.repeat(3000) + 'b').slice(2, 3001));
             say(''); say('a\\0b');"
        )),
        ["ÿ".into(), "☃".into(), "x".repeat(9000) + &"é".repeat(9000), "a".repeat(2998) + "b", "".into(), "a\0b".into()]
    );
}

#[test]
fn lone_surrogates_become_replacement_characters() {
    assert_eq!(
        texts(&emitted("say('a\\ud800'); say('\\udc00\\ud83d\\ude00\\ud83d'); say('\\ud7ff\\ue000');")),
        ["a\u{fffd}", "\u{fffd}😀\u{fffd}", "\u{d7ff}\u{e000}"]
    );
}

#[test]
fn what_is_neither_integer_nor_string_is_refused_and_leaves_no_trace() {
    let batch = emitted(
        "const errors = [];
         for (const bad of [1.5, NaN, Infinity, 2 ** 32, -(2 ** 31) - 1, null, undefined, true, 1n, {}, Symbol()])
             try { emit(6, 1, 7, 'lost', bad); } catch (error) { errors.push(error.constructor.name + ': ' + error.message); }
         try { emit(256, 0); } catch (error) { errors.push(error.message); }
         try { emit(1.5, 0); } catch (error) { errors.push(error.message); }
         try { emit(1, 65536); } catch (error) { errors.push(error.message); }
         try { emit(1); } catch (error) { errors.push(error.message); }
         try { emit(1, 0, ...Array(128).fill('x')); } catch (error) { errors.push(error.constructor.name); }
         try { emit(1, 0, ...Array(300).fill(1)); } catch (error) { errors.push(error.constructor.name); }
         say(String(batchSize()));
         for (const error of errors) say(error);
         say(String(batchSize()));",
    );
    let said = texts(&batch);
    assert_eq!(said[0], "0");
    assert_eq!(
        said[1],
        "TypeError: emit: argument 2 of operation 6 is 1.5; integers and strings are possible"
    );
    let kinds: Vec<_> = said[2..12].iter().map(|error| error.split(" is ").nth(1).unwrap()).collect();
    assert_eq!(
        kinds.iter().map(|kind| kind.split(';').next().unwrap()).collect::<Vec<_>>(),
        [
            "NaN",
            "Infinity",
            "4294967296",
            "-2147483649",
            "null",
            "undefined",
            "a boolean",
            "a BigInt",
            "an object",
            "a symbol"
        ]
    );
    assert_eq!(said[12..16], ["emit: op is a number below 256, aux a number below 65536"; 4]);
    assert_eq!(said[16..18], ["RangeError"; 2]);
    assert_eq!(said[18], "18");
}

#[test]
fn each_turn_has_its_own_batch() {
    let mut instance = Module::new("let n = 0; guest.turn = () => { say(`turn ${++n}`); };").start();
    assert_eq!(instance.said(&[]), ["turn 1"]);
    assert_eq!(instance.said(&[]), ["turn 2"]);
}

#[test]
fn a_large_batch() {
    let batch = emitted("for (let i = 0; i < 50000; i++) emit(3, 0, i, 'row ' + i);");
    let word = |index: usize| u32::from_le_bytes(batch[4 * index..4 * index + 4].try_into().unwrap());
    assert_eq!(word(1), 200_000);
    assert_eq!(&batch[12 + 800_000 + word(2) as usize - 9..][..9], b"row 49999");
}
