//! `protocol/vectors/recordings.json`: what a browser took and gave in simulated sessions. The browser's machine in
//! TypeScript replays them (`packages/client/test/recordings.test.ts`).
//!
//! They follow from the code. When a change of it is meant: `PLAYCONNECT_UPDATE_VECTORS=1` writes them anew.

use playconnect_frame::{Detail, Event, FormState, ToEdge};
use playconnect_session::{ClientInput, ClientOutput};
use playconnect_sim::{Options, Seen, SeenWhat, World};
use std::collections::BTreeMap;
use std::fmt::Write;

const HOW_TO_UPDATE: &str = "if the change is meant, run this test with PLAYCONNECT_UPDATE_VECTORS=1";

#[test]
fn recordings_are_what_the_simulator_does() {
    let short = Options { sessions: 1, modules: 1, duration_us: 2_500_000, ..Options::default() };
    let cut = Options { cut_every_us: Some(150_000), silent_cut_in: Some(6), ..short.clone() };
    let failing = Options { failing_turn_in: Some(25), ..short.clone() };
    let disturbed = Options { disturb_every_us: Some(200_000), cut_every_us: Some(300_000), ..short.clone() };
    let hidden = Options { hide_every_us: Some(150_000), cut_every_us: Some(500_000), ..short.clone() };
    let runs = [
        ("quiet", 1, short),
        ("cut", 2, cut.clone()),
        ("cut again", 3, cut),
        ("failing", 4, failing),
        ("disturbed", 5, disturbed),
        ("hidden", 6, hidden),
    ];
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
    // By the name that its maker gave it: an event is sent at once, or when the socket is back.
    let events: BTreeMap<String, Event> = seen
        .iter()
        .filter_map(|seen| match &seen.what {
            SeenWhat::Gave(ClientOutput::Send(bytes)) => ToEdge::decode(bytes).ok(),
            _ => None,
        })
        .filter_map(|message| match message {
            ToEdge::Event(event) => match &event.detail {
                Detail::Key { key, .. } => Some((key.clone(), event)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    seen.iter().filter_map(|seen| step(seen, &events)).collect()
}

/// None for what says nothing to the other machine: when it wants to connect is its own affair.
fn step(seen: &Seen, events: &BTreeMap<String, Event>) -> Option<String> {
    let what = match &seen.what {
        SeenWhat::Took(ClientInput::Opened(_)) => "\"opened\":true".to_owned(),
        SeenWhat::Took(ClientInput::Received(bytes)) => format!("\"received\":\"{}\"", hex(bytes)),
        SeenWhat::Took(ClientInput::Closed(code)) => format!("\"closed\":{}", code.unwrap_or(1006)),
        SeenWhat::Took(ClientInput::Act { detail: Detail::Key { key, .. }, .. }) => {
            // What nobody listens to is no event.
            let Event { node, kind, detail, form, .. } = events.get(key)?;
            let Detail::Key { key, code } = detail else { return None };
            if !matches!(&seen.what, SeenWhat::Took(ClientInput::Act { detail: own, .. }) if own == detail) {
                return None;
            }
            let form = form.as_ref().map_or(String::new(), |form| {
                let FormState { value, checked, selection, .. } = form;
                let (start, end) = selection.unwrap_or_default();
                format!(
                    ",\"form\":{{\"value\":{value:?},\"checked\":{checked},\"selection\":[{start},{end}]}}"
                )
            });
            format!("\"act\":{node},\"name\":{kind},\"key\":{key:?},\"code\":{code:?}{form}")
        }
        SeenWhat::Took(ClientInput::AnimationFrame) => "\"animationFrame\":true".to_owned(),
        SeenWhat::Took(ClientInput::Environment(environment)) => {
            format!("\"visible\":{}", environment.visible)
        }
        SeenWhat::Took(ClientInput::Resync { node }) => format!("\"resync\":{node}"),
        SeenWhat::Took(ClientInput::Wake) => "\"wake\":true".to_owned(),
        SeenWhat::Tick => "\"tick\":true".to_owned(),
        SeenWhat::Took(ClientInput::Act { .. }) => return None,
        SeenWhat::Gave(ClientOutput::Send(bytes)) => {
            let kind = match ToEdge::decode(bytes).expect("an honest browser") {
                ToEdge::Hello(_) => "hello",
                _ => "sent",
            };
            format!("\"{kind}\":\"{}\"", hex(bytes))
        }
        SeenWhat::Gave(ClientOutput::Applied(frame)) => format!("\"applied\":{frame}"),
        SeenWhat::Gave(_) => return None,
    };
    Some(format!("{{\"at\":{},{what}}}", seen.at_us))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
