//! `protocol/vectors/streams.json`: the bytes of operations, read and written.

use playconnect_dom::batch::{Batch, BatchWriter, MAGIC, Malformed, Op};
use playconnect_dom::op::PropertyValue;
use playconnect_dom::stream::{StreamError, StreamReader};
use playconnect_dom::{BatchLimits, Limits, Namespace};
use serde_json::{Value, json};
use std::collections::HashMap;

fn vectors() -> Value {
    let path = format!("{}/../../protocol/vectors/streams.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("vectors")).expect("JSON")
}

/// The vector's stream as a batch.
fn batch(vector: &Value) -> Vec<u8> {
    let hex = vector["hex"].as_str().expect("hex").as_bytes().chunks_exact(2);
    let bytes =
        hex.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex"));
    MAGIC.to_le_bytes().into_iter().chain(bytes).collect()
}

fn decode(bytes: &[u8]) -> Result<Batch<'_>, Malformed> {
    Batch::decode(bytes, BatchLimits::default(), &Limits::default())
}

#[test]
fn accepted_streams_are_read_and_written_to_the_same_bytes() {
    let mut seen = 0;
    for vector in vectors()["accepted"].as_array().expect("a list") {
        let (name, bytes) = (&vector["name"], batch(vector));
        let ops = vector["ops"].as_array().expect("a list");
        // What only frames hold is read by `Replica`, and written by `Tree`.
        if ops.iter().any(|op| matches!(op[0].as_str(), Some("slot" | "tree" | "status"))) {
            StreamReader::new(&bytes[4..]).unwrap_or_else(|error| panic!("{name}: {error}"));
            continue;
        }
        seen += 1;
        let batch = decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (mut names, mut writer) = (HashMap::new(), BatchWriter::default());
        let known = batch.ops().iter().filter(|op| !matches!(op, Op::Unknown { .. }));
        let read: Vec<Value> = known.map(|op| to_json(op, &mut names, &mut writer)).collect();
        assert_eq!(read, *ops, "{name}");
        if vector["readOnly"] != true && !ops.is_empty() {
            assert_eq!(writer.finish(), bytes, "{name}");
        }
    }
    assert!(seen >= 10);
}

#[test]
fn refused_streams_are_refused_for_their_reason() {
    for vector in vectors()["refused"].as_array().expect("a list") {
        let bytes = batch(vector);
        let why = match decode(&bytes).err() {
            Some(Malformed::Stream(StreamError::Length { .. })) => "length",
            Some(Malformed::Stream(StreamError::Cut { .. } | StreamError::Arguments { .. })) => "arguments",
            Some(Malformed::Stream(StreamError::String { .. })) => "string",
            Some(Malformed::Stream(StreamError::Utf8 { .. })) => "utf8",
            other => panic!("{}: {other:?}", vector["name"]),
        };
        assert_eq!(vector["error"], why, "{}", vector["name"]);
    }
}

/// The operation in the form of the vectors, and written again.
fn to_json<'a>(
    op: &Op<'a>,
    names: &mut HashMap<u16, (Namespace, &'a str)>,
    writer: &mut BatchWriter,
) -> Value {
    if let Op::Name { id, namespace, local } = *op {
        names.insert(id, (namespace, local));
    }
    let name = |id: u16| match names[&id] {
        (Namespace::None, local) => json!(local),
        (namespace, local) => json!([local, namespace.to_wire()]),
    };
    match *op {
        Op::Name { id, namespace, local } => {
            writer.name(id, namespace, local);
            json!(["name", id, namespace.to_wire(), local])
        }
        Op::Create { name: id, node } => {
            writer.create(node, id);
            json!(["create", node, name(id)])
        }
        Op::Text { node, data } => {
            writer.text(node, data);
            json!(["text", node, data])
        }
        Op::Comment { node, data } => {
            writer.comment(node, data);
            json!(["comment", node, data])
        }
        Op::SetText { node, data } => {
            writer.set_text(node, data);
            json!(["setText", node, data])
        }
        Op::Attr { name: id, node, value } => {
            writer.attr(node, id, value);
            json!(["attr", node, name(id), value])
        }
        Op::RemoveAttr { name: id, node } => {
            writer.remove_attr(node, id);
            json!(["attr", node, name(id), null])
        }
        Op::Prop { property, node, answers, ref value } => {
            writer.prop(node, property, answers, value.clone());
            let word = format!("{property:?}");
            let word = format!("{}{}", word[..1].to_lowercase(), &word[1..]);
            let value = match *value {
                PropertyValue::Text(text) => json!(text),
                PropertyValue::Flag(flag) => json!(u8::from(flag)),
                PropertyValue::Range(start, end) => json!([start, end]),
                PropertyValue::Number(number) => json!(number),
            };
            json!(["prop", node, word, value, answers])
        }
        Op::Insert { parent, child, before } => {
            writer.insert(parent, child, before);
            json!(["insert", parent, child, before])
        }
        Op::Detach { node } => {
            writer.detach(node);
            json!(["detach", node])
        }
        Op::Remove { node } => {
            writer.remove(node);
            json!(["remove", node])
        }
        Op::Listen { kind, node, flags, filter } => {
            writer.listen(node, kind, flags, filter);
            match filter {
                Some(filter) => json!(["listen", node, name(kind), flags.0, filter]),
                None => json!(["listen", node, name(kind), flags.0]),
            }
        }
        Op::Unlisten { kind, node } => {
            writer.unlisten(node, kind);
            json!(["unlisten", node, name(kind)])
        }
        Op::Call { command, node } => {
            writer.call(node, command);
            let word = format!("{command:?}");
            json!(["call", node, format!("{}{}", word[..1].to_lowercase(), &word[1..])])
        }
        Op::Template { id } => {
            writer.template(id);
            json!(["template", id])
        }
        Op::Open { name: id, marked } => {
            writer.open(id, marked);
            json!(["open", u8::from(marked), name(id)])
        }
        Op::OpenAttr { name: id, value } => {
            writer.open_attr(id, value);
            json!(["openAttr", name(id), value])
        }
        Op::OpenText { marked, data } => {
            writer.open_text(marked, data);
            json!(["openText", u8::from(marked), data, 0])
        }
        Op::OpenComment { marked, data } => {
            writer.open_comment(marked, data);
            json!(["openComment", u8::from(marked), data])
        }
        Op::Close => {
            writer.close();
            json!(["close"])
        }
        Op::Clone { template, ref nodes } => {
            let nodes: Vec<u32> = nodes.iter().collect();
            writer.clone_template(template, &nodes);
            json!(["clone", template, nodes])
        }
        Op::Unknown { .. } | Op::Unsupported { .. } => json!(null),
    }
}
