//! `playconnect inspect batch`: each operation of a batch in readable form, with the host's verdict on it.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use playconnect_dom::batch::{Batch, Op};
use playconnect_dom::op::PropertyValue;
use playconnect_dom::stream::PartWriter;
use playconnect_dom::tree::Judgement;
use playconnect_dom::{BatchLimits, Limits, Namespace, Tree};
use serde_json::{Value, json};

use super::json_form;
use crate::failure::Failure;
use crate::output::Output;

/// JSON is longer than what it stands for.
const FILE_BYTES_MAX: u64 = 32 << 20;
/// Of a text or value in a line for people.
const SHOWN_CHARACTERS_MAX: usize = 60;

pub fn run(file: &Path, output: &Output) -> Result<(), Failure> {
    let bytes = read(file)?;
    let is_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[');
    let bytes = if is_json {
        json_form::encode(&bytes).map_err(|why| Failure::usage(format!("{}: {why}", file.display())))?
    } else {
        bytes
    };
    let inspected = Inspected::of(&bytes)
        .map_err(|why| Failure::run_time(&format!("{}: no batch: {why}", file.display())))?;
    if output.is_json() {
        output.line(&inspected.json().to_string())?;
    } else {
        output.line(&inspected.text())?;
    }
    match inspected.refused {
        None => Ok(()),
        Some((_, why)) => Err(Failure::run_time(&format!("{}: refused: {why}", file.display()))),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let cannot = |error: std::io::Error| {
        Failure::usage(format!("{} cannot be read: {error}; name a file, or - for stdin", file.display()))
    };
    let source: Box<dyn Read> = if file.as_os_str() == "-" {
        Box::new(std::io::stdin().lock())
    } else {
        Box::new(File::open(file).map_err(cannot)?)
    };
    let mut bytes = Vec::new();
    source.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(cannot)?;
    if bytes.len() as u64 > FILE_BYTES_MAX {
        let why = format!("is larger than {} MiB, which no batch is", FILE_BYTES_MAX >> 20);
        return Err(Failure::usage(format!("{} {why}", file.display())));
    }
    Ok(bytes)
}

struct Inspected {
    /// In the JSON form, and the verdict on it.
    ops: Vec<(Value, Said)>,
    refused: Option<(usize, String)>,
    html: String,
}

/// What the host says of an operation.
enum Said {
    Ok,
    Stripped {
        what: String,
        why: String,
    },
    Skipped,
    Refused(String),
    /// Behind the one for which the batch was refused.
    NotLookedAt,
}

impl Inspected {
    /// # Errors
    /// The bytes are no batch.
    fn of(bytes: &[u8]) -> Result<Self, String> {
        let limits = Limits::default();
        let mut tree = Tree::new(limits.clone());
        let slot = tree.add_slot("slot", BatchLimits::default());
        let batch =
            Batch::decode(bytes, BatchLimits::default(), &limits).map_err(|error| error.to_string())?;
        let (judgements, refusal) = tree.judge(slot, &batch);
        let refused = refusal.map(|refusal| (refusal.op(), refusal.to_string()));
        let html = match refused {
            Some(_) => String::new(),
            None => {
                tree.commit(slot, bytes, &mut PartWriter::new(1 << 20)).map_err(|error| error.to_string())?;
                tree.html(slot).html
            }
        };
        let mut judgements = judgements.into_iter();
        let mut names = Names::default();
        let ops = batch.ops().iter().enumerate().map(|(position, op)| {
            let said = match (&refused, judgements.next()) {
                (Some((at, why)), _) if *at == position => Said::Refused(why.clone()),
                (_, None) => Said::NotLookedAt,
                (_, Some(Judgement::Applied)) => Said::Ok,
                (_, Some(Judgement::Skipped)) => Said::Skipped,
                (_, Some(Judgement::Stripped { what, why })) => Said::Stripped { what, why },
            };
            (names.json(op), said)
        });
        Ok(Self { ops: ops.collect(), refused, html })
    }

    fn verdict(&self) -> &'static str {
        let is_stripped = |(_, said): &(Value, Said)| matches!(said, Said::Stripped { .. } | Said::Skipped);
        match self.refused {
            Some(_) => "refused",
            None if self.ops.iter().any(is_stripped) => "safe",
            None => "ok",
        }
    }

    fn json(&self) -> Value {
        let ops = self.ops.iter().map(|(op, said)| match said {
            Said::Ok => json!({ "op": op, "verdict": "ok" }),
            Said::Skipped => json!({ "op": op, "verdict": "skipped" }),
            Said::NotLookedAt => json!({ "op": op, "verdict": "unchecked" }),
            Said::Stripped { what, why } => {
                json!({ "op": op, "verdict": "stripped", "what": what, "why": why })
            }
            Said::Refused(why) => json!({ "op": op, "verdict": "refused", "why": why }),
        });
        json!({ "verdict": self.verdict(), "ops": ops.collect::<Vec<_>>(), "html": self.html })
    }

    fn text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (position, (op, said)) in self.ops.iter().enumerate() {
            let (mark, why) = match said {
                Said::Ok => ("ok", String::new()),
                Said::Skipped => ("skipped", String::new()),
                Said::NotLookedAt => ("-", String::new()),
                Said::Stripped { what, why } => ("stripped", format!("  {what}: {why}")),
                Said::Refused(why) => ("refused", format!("  {why}")),
            };
            lines.push(format!("{position:>6}  {mark:<8}  {}{why}", shown(op)));
        }
        let counted = |verdict: &str, count: usize| (count > 0).then(|| format!("{count} {verdict}"));
        let count = |is: fn(&Said) -> bool| self.ops.iter().filter(|(_, said)| is(said)).count();
        let counts = [
            counted("ok", count(|said| matches!(said, Said::Ok))),
            counted("stripped", count(|said| matches!(said, Said::Stripped { .. }))),
            counted("skipped", count(|said| matches!(said, Said::Skipped))),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        lines.push(format!("{}: {} operations, {}", self.verdict(), self.ops.len(), counts.join(", ")));
        if self.refused.is_none() {
            lines.push(self.html.clone());
        }
        lines.join("\n")
    }
}

/// An operation as words: `attr 1 class "note"`.
fn shown(op: &Value) -> String {
    let words = op.as_array().into_iter().flatten().enumerate().map(|(position, word)| match word {
        Value::String(text) if position == 0 => text.clone(),
        Value::String(text) if text.chars().count() > SHOWN_CHARACTERS_MAX => {
            let start: String = text.chars().take(SHOWN_CHARACTERS_MAX).collect();
            format!("{start:?}… ({} bytes)", text.len())
        }
        other => other.to_string(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The batch's own names, as its operations define them.
#[derive(Default)]
struct Names<'a>(HashMap<u16, (Namespace, &'a str)>);

impl<'a> Names<'a> {
    /// The operation in JSON form, with names in the place of their numbers. What has no such form has a word of its own.
    fn json(&mut self, op: &Op<'a>) -> Value {
        match op {
            Op::Name { id, namespace, local } => {
                self.0.insert(*id, (*namespace, local));
                json!(["name", id, local, namespace.to_wire()])
            }
            Op::Create { name, node } => self.with_namespace(json!(["create", node]), *name, None),
            Op::Text { node, data } => json!(["text", node, data]),
            Op::Comment { node, data } => json!(["comment", node, data]),
            Op::SetText { node, data } => json!(["setText", node, data]),
            Op::Attr { name, node, value } => {
                self.with_namespace(json!(["attr", node]), *name, Some(json!(value)))
            }
            Op::RemoveAttr { name, node } => {
                self.with_namespace(json!(["attr", node]), *name, Some(Value::Null))
            }
            Op::Prop { property, node, value, .. } => {
                let value = match value {
                    PropertyValue::Text(text) => json!(text),
                    PropertyValue::Flag(flag) => json!(flag),
                    PropertyValue::Range(start, end) => json!([start, end]),
                    PropertyValue::Number(number) => json!(number),
                };
                json!(["prop", node, json_form::property_name(*property), value])
            }
            Op::Insert { parent, child, before: 0 } => json!(["insert", parent, child]),
            Op::Insert { parent, child, before } => json!(["insert", parent, child, before]),
            Op::Detach { node } => json!(["detach", node]),
            Op::Remove { node } => json!(["remove", node]),
            Op::Listen { kind, node, flags, filter: None } => {
                json!(["listen", node, self.local(*kind), flags.0])
            }
            Op::Listen { kind, node, flags, filter: Some(filter) } => {
                json!(["listen", node, self.local(*kind), flags.0, filter])
            }
            Op::Unlisten { kind, node } => json!(["unlisten", node, self.local(*kind)]),
            Op::Call { command, node } => json!(["call", node, json_form::command_name(*command)]),
            Op::Template { id } => json!(["template", id]),
            Op::Open { name, marked } => json!(["open", self.local(*name), marked]),
            Op::OpenAttr { name, value } => json!(["openAttr", self.local(*name), value]),
            Op::OpenText { marked, data } => json!(["openText", data, marked]),
            Op::OpenComment { marked, data } => json!(["openComment", data, marked]),
            Op::Close => json!(["close"]),
            Op::Clone { template, nodes } => json!(["clone", nodes.iter().collect::<Vec<_>>(), template]),
            Op::Unknown { code } => json!(["unknown", code]),
            Op::Unsupported { what, number } => json!(["unsupported", what, number]),
        }
    }

    /// Appends the name, `value` and, if it is not the first one, the namespace.
    fn with_namespace(&self, mut op: Value, name: u16, value: Option<Value>) -> Value {
        if let Value::Array(words) = &mut op {
            words.push(json!(self.local(name)));
            words.extend(value);
            if let Some((namespace, _)) =
                self.0.get(&name).filter(|(namespace, _)| *namespace != Namespace::None)
            {
                words.push(json!(namespace.to_wire()));
            }
        }
        op
    }

    fn local(&self, name: u16) -> String {
        self.0.get(&name).map_or_else(|| format!("name {name}"), |(_, local)| (*local).to_owned())
    }
}
