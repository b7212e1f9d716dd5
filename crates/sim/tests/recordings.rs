//! `protocol/vectors/recordings.json`: what a browser took and gave in simulated sessions. The browser's machine in
//! TypeScript replays them (`packages/client/test/recordings.test.ts`).
//!
//! They follow from the code. When a change of it is meant: `PLAYCONNECT_UPDATE_VECTORS=1` writes them anew.

use playconnect_frame::ToEdge;
use playconnect_session::{ClientInput, ClientOutput};
use playconnect_sim::{Options, Seen, SeenWhat, World};
use std::collections::BTreeMap;
use std::fmt::Write;

const HOW_TO_UPDATE: &str = "if the change is meant, run this test with PLAYCONNECT_UPDATE_VECTORS=1";

#[test]
fn recordings_are_what_the_simulator_does() {
    let short = Options { sessions: 1, modules: 1, duration_us: 2_500_000, ..Options::default() };
    let cut = Options { cut_every_us: Some(150_000), ..short.clone() };
    let failing = Options { failing_turn_in: Some(25), ..short.clone() };
    let runs = [("quiet", 1, short), ("cut", 2, cut.clone()), ("cut again", 3, cut), ("failing", 4, failing)];
    let mut text = String::from("[\n");
    for (position, (name, seed, options)) in runs.into_iter().enumerate() {
        let mut world = World::new(seed, options);
        world.watch();
        world.run().unwrap_or_else(|violation| panic!("{name}: {violation}"));
        let comma = if position == 0 { "" } else { ",\n" };
        let session = world.session();
        writeln!(text, "{comma}{{\"name\":\"{name}\",\"session\":\"{session}\",\"steps\":[").unwrap();
        text += &steps(world.seen()).join(",\n");
        text += "\n]}";
    }
    text += "\n]\n";

    let path = format!("{}/../../protocol/vectors/recordings.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("PLAYCONNECT_UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &text).expect("the vectors can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some(line) = golden.lines().zip(text.lines()).position(|(golden, now)| golden != now) {
        panic!("recordings.json differs from line {} on; {HOW_TO_UPDATE}", line + 1);
    }
    assert_eq!(golden.len(), text.len(), "recordings.json is longer or shorter; {HOW_TO_UPDATE}");
}

fn steps(seen: &[Seen]) -> Vec<String> {
    // Name ids of the events' types, by sequence: an event is sent at once, or when the socket is back.
    let kinds: BTreeMap<u32, u16> = seen
        .iter()
        .filter_map(|seen| match &seen.what {
            SeenWhat::Gave(ClientOutput::Send(bytes)) => ToEdge::decode(bytes).ok(),
            _ => None,
        })
        .filter_map(|message| match message {
            ToEdge::Event(event) => Some((event.sequence, event.kind)),
            _ => None,
        })
        .collect();
    let mut acts = 0;
    seen.iter().filter_map(|seen| step(seen, &kinds, &mut acts)).collect()
}

/// None for what says nothing to the other machine: when it wants to connect is its own affair.
fn step(seen: &Seen, kinds: &BTreeMap<u32, u16>, acts: &mut u32) -> Option<String> {
    let what = match &seen.what {
        SeenWhat::Took(ClientInput::Opened(_)) => "\"opened\":true".to_owned(),
        SeenWhat::Took(ClientInput::Received(bytes)) => format!("\"received\":\"{}\"", hex(bytes)),
        SeenWhat::Took(ClientInput::Closed(code)) => format!("\"closed\":{}", code.unwrap_or(1006)),
        SeenWhat::Took(ClientInput::Act { node, .. }) => {
            *acts += 1;
            format!("\"act\":{node},\"name\":{}", kinds[acts])
        }
        SeenWhat::Gave(ClientOutput::Send(bytes)) => {
            let kind = match ToEdge::decode(bytes).expect("an honest browser") {
                ToEdge::Hello(_) => "hello",
                _ => "sent",
            };
            format!("\"{kind}\":\"{}\"", hex(bytes))
        }
        SeenWhat::Gave(ClientOutput::Applied(frame)) => format!("\"applied\":{frame}"),
        SeenWhat::Gave(ClientOutput::Connect | ClientOutput::Disconnect | ClientOutput::Stopped(_)) => {
            return None;
        }
    };
    Some(format!("{{\"at\":{},{what}}}", seen.at_us))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
