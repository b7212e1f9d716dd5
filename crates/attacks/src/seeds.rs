//! Where an attack begins: the golden vectors, the project's own manifests, and what earlier searches found interesting
//! (`fuzz/seeds/TARGET.hex`, a line each).

use crate::{events, manifest, push_part};
use playconnect_dom::op::PropertyValue;
use playconnect_dom::{BatchWriter, Command, ListenFlags, Namespace, Property};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// A stream of operations is a batch behind it: protocol/wire.md.
const BATCH_MAGIC: &[u8] = b"PCB1";

/// Inputs for the target, in the same order each time. `root` is the project's folder.
///
/// # Errors
/// A file is missing or is not what it should be: a sentence.
pub fn of(root: &Path, target: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut seeds = match target {
        "batch" => batches(root)?,
        "frames" => frames(root)?,
        "events" => events(root)?,
        "manifest" => manifests(root)?,
        _ => return Err(format!("there is no target {target}")),
    };
    let found = root.join("fuzz/seeds").join(target).with_extension("hex");
    for (number, line) in text(&found)?.lines().enumerate() {
        seeds.push(bytes(line).ok_or_else(|| format!("{}:{}: is not hex", found.display(), number + 1))?);
    }
    Ok(seeds)
}

fn batches(root: &Path) -> Result<Vec<Vec<u8>>, String> {
    let vectors = vectors(root, "streams.json")?;
    let page = page();
    let mut batches = vec![page.clone()];
    for vector in ["accepted", "refused"].iter().filter_map(|list| vectors[list].as_array()).flatten() {
        let batch = [BATCH_MAGIC, &hex(&vector["hex"])?].concat();
        let mut alone = Vec::new();
        push_part(&mut alone, &batch);
        batches.push([&page[..], &alone].concat());
        batches.push(alone);
    }
    Ok(batches)
}

/// What a module writes first: something of everything, with indices and names that the vectors use too. A second batch
/// changes all of it.
fn page() -> Vec<u8> {
    let mut input = Vec::new();
    let mut batch = BatchWriter::default();
    let names = ["div", "span", "class", "title", "click", "keydown", "input", "pc-slot", "name"];
    for (id, name) in names.into_iter().enumerate() {
        batch.name(id as u16, Namespace::None, name);
    }
    for (node, name) in [(1, 0), (2, 1), (3, 6), (4, 7)] {
        batch.create(node, name);
        batch.insert(0, node, 0);
    }
    batch.attr(4, 8, "door");
    batch.attr(1, 2, "a b");
    batch.text(5, "täxt");
    batch.comment(6, "note");
    batch.insert(1, 5, 0);
    batch.insert(1, 6, 5);
    batch.listen(1, 4, ListenFlags(2), None);
    batch.listen(3, 5, ListenFlags(0), Some("Enter"));
    batch.template(0);
    batch.open(0, true);
    batch.open_attr(2, "row");
    batch.open_text(true, "text");
    batch.open_comment(false, "end");
    batch.close();
    batch.clone_template(0, &[7, 8]);
    batch.insert(2, 7, 0);
    push_part(&mut input, &batch.finish());
    batch.prop(3, Property::Value, 1, PropertyValue::Text("typed"));
    batch.prop(1, Property::ScrollTop, 1, PropertyValue::Number(7));
    batch.call(3, Command::Focus);
    batch.set_text(8, "filled");
    batch.clone_template(0, &[9, 10]);
    batch.insert(0, 9, 1);
    batch.detach(7);
    batch.insert(9, 7, 10);
    batch.remove_attr(1, 2);
    batch.unlisten(1, 4);
    batch.remove(2);
    push_part(&mut input, &batch.finish());
    input
}

/// Each message alone, and what the browsers of simulated sessions were sent, from the first message on.
fn frames(root: &Path) -> Result<Vec<Vec<u8>>, String> {
    const SESSION_BYTES_MAX: usize = 8 << 10;
    let mut inputs = messages(root, "from-edge", push_part)?;
    for session in vectors(root, "recordings.json")?.as_array().into_iter().flatten() {
        let mut input = Vec::new();
        for step in session["steps"].as_array().into_iter().flatten() {
            let Ok(message) = hex(&step["received"]) else { continue };
            if input.len() + message.len() > SESSION_BYTES_MAX {
                break;
            }
            push_part(&mut input, &message);
        }
        inputs.push(input);
    }
    Ok(inputs)
}

/// Each message alone, behind a HELLO, and all together with time between them.
fn events(root: &Path) -> Result<Vec<Vec<u8>>, String> {
    let message = |input: &mut Vec<u8>, message: &[u8]| {
        input.push(events::step::MESSAGE);
        push_part(input, message);
    };
    let alone = messages(root, "to-edge", message)?;
    let hello = alone.first().cloned().ok_or("messages.json has no HELLO")?;
    let mut together = hello.clone();
    let between = [events::step::TIME, events::step::CONGESTED, events::step::FREE, events::step::SOCKET];
    for (number, message) in alone.iter().enumerate() {
        together.extend(message);
        together.push(between[number % between.len()]);
        push_part(&mut together, &[0; 20]);
    }
    let mut inputs: Vec<Vec<u8>> = alone.iter().map(|message| [&hello[..], message].concat()).collect();
    inputs.push(together);
    Ok(inputs)
}

fn messages(
    root: &Path,
    direction: &str,
    push: impl Fn(&mut Vec<u8>, &[u8]),
) -> Result<Vec<Vec<u8>>, String> {
    let vectors = vectors(root, "messages.json")?;
    let all = vectors["messages"].as_array().ok_or("messages.json has no list `messages`")?;
    let of_it = all.iter().filter(|vector| vector["direction"] == direction);
    of_it
        .map(|vector| {
            let mut input = Vec::new();
            push(&mut input, &hex(&vector["hex"])?);
            Ok(input)
        })
        .collect()
}

/// Those of the examples, each with its shell, settings of a node, and a few addresses.
fn manifests(root: &Path) -> Result<Vec<Vec<u8>>, String> {
    let mut inputs = Vec::new();
    for example in ["lobby", "rows"] {
        let folder = root.join("examples").join(example);
        let mut input = vec![manifest::kind::MANIFEST];
        push_part(&mut input, text(&folder.join("playconnect.toml"))?.as_bytes());
        push_part(&mut input, text(&folder.join("pages").join(example).with_extension("html"))?.as_bytes());
        inputs.push(input);
    }
    let mut whole = vec![manifest::kind::MANIFEST];
    push_part(&mut whole, examples(&root.join("docs/manifest.md"))?.as_bytes());
    push_part(&mut whole, b"<main><pc-slot name=\"tables\"></pc-slot></main>");
    inputs.push(whole);
    inputs.push([&[manifest::kind::NODE], examples(&root.join("docs/node.md"))?.as_bytes()].concat());
    for address in [
        "api.example.com\nhttps://api.example.com/a?b#c",
        "*.example.com:8443\nhttps://a.EXAMPLE.com:8443/",
        "http://127.0.0.1:9000\nhttp://0x7f.1:9000/",
        "http://[::1]:80\nhttp://[::1]/",
        "bücher.example\nhttps://xn--bcher-kva.example",
    ] {
        inputs.push([&[manifest::kind::URL], address.as_bytes()].concat());
    }
    Ok(inputs)
}

/// All that stands in the blocks of TOML of a page of the documentation: every key, which a test of theirs sees to.
fn examples(page: &Path) -> Result<String, String> {
    let text = text(page)?;
    let blocks = text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next());
    Ok(blocks.collect::<Vec<_>>().join("\n"))
}

fn vectors(root: &Path, name: &str) -> Result<Value, String> {
    let path = root.join("protocol/vectors").join(name);
    serde_json::from_str(&text(&path)?).map_err(|error| format!("{}: {error}", path.display()))
}

fn text(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn hex(value: &Value) -> Result<Vec<u8>, String> {
    value.as_str().and_then(bytes).ok_or_else(|| format!("{value} is not hex"))
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    let pairs = digits.as_bytes().chunks(2);
    pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}
