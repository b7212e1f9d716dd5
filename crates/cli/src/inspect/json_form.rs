//! The JSON form of a batch (`protocol/wire.md`), written as the batch that a module would have written.

use std::collections::HashMap;

use playconnect_dom::op::{ListenFlags, PropertyValue};
use playconnect_dom::{BatchWriter, Command, Namespace, Property};
use serde_json::Value;

/// The batch's bytes.
///
/// # Errors
/// Where the text is not of the form, and what belongs there.
pub fn encode(text: &[u8]) -> Result<Vec<u8>, String> {
    let ops: Vec<Vec<Value>> = serde_json::from_slice(text).map_err(|error| {
        format!("{error}; write a list of operations, each a list: [[\"create\", 1, \"p\"]]")
    })?;
    let mut form = Form::default();
    for (position, words) in ops.iter().enumerate() {
        form.op(words).map_err(|why| format!("operation {position}: {why}"))?;
    }
    Ok(form.batch.finish())
}

pub fn property_name(property: Property) -> &'static str {
    match property {
        Property::Value => "value",
        Property::Checked => "checked",
        Property::Indeterminate => "indeterminate",
        Property::Selected => "selected",
        Property::Selection => "selection",
        Property::Muted => "muted",
        Property::ScrollTop => "scrollTop",
        Property::ScrollLeft => "scrollLeft",
    }
}

pub fn command_name(command: Command) -> &'static str {
    match command {
        Command::Focus => "focus",
        Command::Blur => "blur",
        Command::Select => "select",
        Command::ScrollIntoView => "scrollIntoView",
        Command::ShowModal => "showModal",
        Command::Close => "close",
        Command::ShowPopover => "showPopover",
    }
}

#[derive(Default)]
struct Form {
    batch: BatchWriter,
    names: HashMap<(Namespace, String), u16>,
}

impl Form {
    fn op(&mut self, words: &[Value]) -> Result<(), String> {
        let Some(Value::String(verb)) = words.first() else {
            return Err("begins with its name, as in [\"create\", 1, \"p\"]".to_owned());
        };
        let word = |at: usize| words.get(at).ok_or_else(|| format!("`{verb}` lacks its word {at}"));
        let id = |at: usize| {
            let number = word(at)?.as_u64().and_then(|number| u32::try_from(number).ok());
            number.ok_or_else(|| format!("`{verb}`: word {at} is the number of a node, like 1"))
        };
        let text = |at: usize| word(at)?.as_str().ok_or_else(|| format!("`{verb}`: word {at} is a text"));
        let namespace = |at: usize| match words.get(at) {
            None => Ok(Namespace::None),
            Some(word) => {
                let number = word.as_u64().and_then(|number| u8::try_from(number).ok());
                let known = number.and_then(Namespace::from_wire);
                known.ok_or_else(|| format!("`{verb}`: word {at} is a namespace, 0 to 5"))
            }
        };
        match verb.as_str() {
            "create" => {
                let (node, name) = (id(1)?, self.name(namespace(3)?, text(2)?)?);
                self.batch.create(node, name);
            }
            "text" => self.batch.text(id(1)?, text(2)?),
            "comment" => self.batch.comment(id(1)?, text(2)?),
            "setText" => self.batch.set_text(id(1)?, text(2)?),
            "attr" => {
                let (node, name) = (id(1)?, self.name(namespace(4)?, text(2)?)?);
                match word(3)? {
                    Value::Null => self.batch.remove_attr(node, name),
                    _ => self.batch.attr(node, name, text(3)?),
                }
            }
            "prop" => {
                let (node, name) = (id(1)?, text(2)?);
                let found = Property::ALL.iter().find(|property| property_name(**property) == name);
                let property = *found.ok_or_else(|| {
                    let known: Vec<_> =
                        Property::ALL.iter().map(|property| property_name(*property)).collect();
                    format!("there is no property \"{name}\": there are {}", known.join(", "))
                })?;
                self.batch.prop(node, property, 0, property_value(property, word(3)?)?);
            }
            "insert" => {
                let before = if words.len() > 3 { id(3)? } else { 0 };
                self.batch.insert(id(1)?, id(2)?, before);
            }
            "detach" => self.batch.detach(id(1)?),
            "remove" => self.batch.remove(id(1)?),
            "listen" => {
                let (node, kind) = (id(1)?, self.name(Namespace::None, text(2)?)?);
                let flags = if words.len() > 3 { id(3)? } else { 0 };
                let filter = if words.len() > 4 { Some(text(4)?) } else { None };
                self.batch.listen(node, kind, ListenFlags(flags), filter);
            }
            "unlisten" => {
                let (node, kind) = (id(1)?, self.name(Namespace::None, text(2)?)?);
                self.batch.unlisten(node, kind);
            }
            "call" => {
                let (node, name) = (id(1)?, text(2)?);
                let found = Command::ALL.iter().find(|command| command_name(**command) == name);
                let command = *found.ok_or_else(|| {
                    let known: Vec<_> = Command::ALL.iter().map(|command| command_name(*command)).collect();
                    format!("there is no command \"{name}\": there are {}", known.join(", "))
                })?;
                self.batch.call(node, command);
            }
            "template" => {
                let mut steps = Vec::new();
                steps_of(word(2)?, true, &mut steps)?;
                let number = template_number(id(1)?)?;
                // Names first: none may stand inside of a definition.
                let steps =
                    steps.into_iter().map(|step| self.named(step)).collect::<Result<Vec<_>, String>>()?;
                self.batch.template(number);
                for step in steps {
                    self.step(&step);
                }
            }
            "clone" => {
                let nodes = match word(1)? {
                    Value::Array(list) => {
                        let number =
                            |word: &Value| word.as_u64().and_then(|number| u32::try_from(number).ok());
                        let nodes: Option<Vec<u32>> = list.iter().map(number).collect();
                        nodes.ok_or("`clone`: word 1 is the number of a node, or a list of such")?
                    }
                    _ => vec![id(1)?],
                };
                self.batch.clone_template(template_number(id(2)?)?, &nodes);
            }
            other => {
                return Err(format!(
                    "there is no operation `{other}`: there are create, text, comment, setText, attr, prop, insert, detach, \
                     remove, listen, unlisten, call, template and clone"
                ));
            }
        }
        Ok(())
    }

    /// The number of a name; it is defined when it is first used.
    fn name(&mut self, namespace: Namespace, local: &str) -> Result<u16, String> {
        if let Some(id) = self.names.get(&(namespace, local.to_owned())) {
            return Ok(*id);
        }
        let id =
            u16::try_from(self.names.len()).map_err(|_| "more names than a module may have".to_owned())?;
        self.batch.name(id, namespace, local);
        self.names.insert((namespace, local.to_owned()), id);
        Ok(id)
    }

    fn named<'a>(&mut self, step: Step<'a>) -> Result<(Step<'a>, u16), String> {
        let name = match step {
            Step::Open(name, _) | Step::Attribute(name, _) => self.name(Namespace::None, name)?,
            Step::Text(_) | Step::Comment(_) | Step::Close => 0,
        };
        Ok((step, name))
    }

    fn step(&mut self, (step, name): &(Step, u16)) {
        match *step {
            Step::Open(_, marked) => self.batch.open(*name, marked),
            Step::Attribute(_, value) => self.batch.open_attr(*name, value),
            Step::Text(data) => self.batch.open_text(false, data),
            Step::Comment(data) => self.batch.open_comment(false, data),
            Step::Close => self.batch.close(),
        }
    }
}

enum Step<'a> {
    Open(&'a str, bool),
    Attribute(&'a str, &'a str),
    Text(&'a str),
    Comment(&'a str),
    Close,
}

/// `["p", {"class": "note"}, "text", ["b"], ["!", "comment"]]`. The root and each `pc-slot` are marked.
fn steps_of<'a>(tree: &'a Value, is_root: bool, steps: &mut Vec<Step<'a>>) -> Result<(), String> {
    let wrong = || {
        "a template is like [\"p\", {\"class\": \"note\"}, \"text\", [\"b\"], [\"!\", \"comment\"]]"
            .to_owned()
    };
    let words = match tree {
        Value::String(text) if !is_root => {
            steps.push(Step::Text(text));
            return Ok(());
        }
        Value::Array(words) => words,
        _ => return Err(wrong()),
    };
    let (tag, rest) = words.split_first().ok_or_else(wrong)?;
    let tag = tag.as_str().ok_or_else(wrong)?;
    if tag == "!" && !is_root {
        let data = rest.first().and_then(Value::as_str).ok_or_else(wrong)?;
        steps.push(Step::Comment(data));
        return Ok(());
    }
    steps.push(Step::Open(tag, is_root || tag == "pc-slot"));
    let (attributes, children) = match rest.split_first() {
        Some((Value::Object(attributes), children)) => (Some(attributes), children),
        _ => (None, rest),
    };
    for (name, value) in attributes.into_iter().flatten() {
        steps.push(Step::Attribute(name, value.as_str().ok_or_else(wrong)?));
    }
    for child in children {
        steps_of(child, false, steps)?;
    }
    steps.push(Step::Close);
    Ok(())
}

fn template_number(number: u32) -> Result<u16, String> {
    u16::try_from(number).map_err(|_| format!("there is no template {number}: numbers are below 1,024"))
}

fn property_value(property: Property, value: &Value) -> Result<PropertyValue<&str>, String> {
    let found = match property {
        Property::Value => value.as_str().map(PropertyValue::Text),
        Property::Selection => {
            let number = |at: usize| value.get(at)?.as_u64().and_then(|number| u32::try_from(number).ok());
            number(0).zip(number(1)).map(|(start, end)| PropertyValue::Range(start, end))
        }
        Property::ScrollTop | Property::ScrollLeft => {
            value.as_i64().and_then(|number| i32::try_from(number).ok()).map(PropertyValue::Number)
        }
        Property::Checked | Property::Indeterminate | Property::Selected | Property::Muted => {
            value.as_bool().map(PropertyValue::Flag)
        }
    };
    found.ok_or_else(|| {
        let kind = match property {
            Property::Value => "a text",
            Property::Selection => "[start, end]",
            Property::ScrollTop | Property::ScrollLeft => "a whole number",
            _ => "true or false",
        };
        format!("the property {} is {kind}", property_name(property))
    })
}
