//! Reads tables strictly: each key is asked for by name and type, what nobody asked for is a problem.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::time::Duration;

use toml::de::{DeTable, DeValue};

use super::problem::{Problem, Source, listed, nearest};
use super::units;

/// A file being read, and what was found wrong with it so far.
pub(crate) struct Document {
    pub(crate) source: Source,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct At<T> {
    pub(crate) value: T,
    pub(crate) span: Range<usize>,
}

/// One table of the document.
pub(crate) struct Section<'d> {
    document: &'d Document,
    /// `module.chat`, or empty for the document itself.
    pub(crate) path: String,
    pub(crate) span: Range<usize>,
    entries: &'d DeTable<'d>,
    known: RefCell<Vec<&'static str>>,
}

impl Document {
    pub(crate) fn new(path: &Path, text: String) -> Self {
        Self { source: Source::new(path, text), problems: RefCell::default(), warnings: RefCell::default() }
    }

    pub(crate) fn problem(&self, span: &Range<usize>, object: &str, cause: impl Into<String>, next: &str) {
        self.problems.borrow_mut().push(self.make(span, object, cause.into(), next));
    }

    pub(crate) fn warning(&self, span: &Range<usize>, object: &str, cause: impl Into<String>, next: &str) {
        self.warnings.borrow_mut().push(self.make(span, object, cause.into(), next));
    }

    /// Nothing is wrong so far.
    pub(crate) fn is_sound(&self) -> bool {
        self.problems.borrow().is_empty()
    }

    /// The table of the whole file. Broken syntax is a problem and gives nothing.
    pub(crate) fn parse(&self) -> Option<toml::Spanned<DeTable<'_>>> {
        DeTable::parse(self.source.text())
            .map_err(|error| {
                let span = error.span().unwrap_or(0..0);
                let cause = error.message().lines().collect::<Vec<_>>().join(", ");
                self.problem(&span, "", cause, "correct the TOML here");
            })
            .ok()
    }

    pub(crate) fn root<'d>(&'d self, table: &'d toml::Spanned<DeTable<'d>>) -> Section<'d> {
        Section {
            document: self,
            path: String::new(),
            span: table.span(),
            entries: table.get_ref(),
            known: RefCell::default(),
        }
    }

    /// Problems and warnings, in the order of the file.
    pub(crate) fn into_findings(self) -> (Vec<Problem>, Vec<Problem>) {
        let order = |problem: &Problem| match &problem.place {
            super::Place::File { line, column, .. } => (*line, *column),
            super::Place::Whole { .. } | super::Place::Variable(_) => (0, 0),
        };
        let (mut problems, mut warnings) = (self.problems.into_inner(), self.warnings.into_inner());
        problems.sort_by_key(order);
        warnings.sort_by_key(order);
        (problems, warnings)
    }

    fn make(&self, span: &Range<usize>, object: &str, cause: String, next: &str) -> Problem {
        Problem { place: self.source.place(span), object: object.to_owned(), cause, next: next.to_owned() }
    }
}

impl<'d> Section<'d> {
    pub(crate) fn string(&self, key: &'static str) -> Option<At<String>> {
        self.typed(key, "a string", |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn boolean(&self, key: &'static str) -> Option<At<bool>> {
        self.typed(key, "true or false", |value| value.as_bool())
    }

    /// A string, a whole number or a list of strings, as the text that an environment variable would have.
    pub(crate) fn text(&self, key: &'static str) -> Option<At<String>> {
        self.typed(key, "a string, a whole number or a list of strings", |value| match value {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(integer) => Some(integer.to_string()),
            DeValue::Array(items) => {
                let items = items.iter().map(|item| item.get_ref().as_str());
                Some(items.collect::<Option<Vec<_>>>()?.join(","))
            }
            _ => None,
        })
    }

    pub(crate) fn required_string(&self, key: &'static str, next: &str) -> Option<At<String>> {
        if !self.has(key) {
            let path = self.key(key);
            self.document.problem(&self.span, &path, "is missing", next);
        }
        self.string(key)
    }

    /// A string that `parse` accepts; its error is the rest of a sentence about the value.
    pub(crate) fn parsed<T>(
        &self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<At<T>> {
        let text = self.string(key)?;
        match parse(&text.value) {
            Ok(value) => Some(At { value, span: text.span }),
            Err(cause) => {
                let cause = format!("\"{}\" {cause}", text.value.escape_debug());
                self.document.problem(&text.span, &self.key(key), cause, "");
                None
            }
        }
    }

    /// A size in bytes.
    pub(crate) fn bytes(&self, key: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let show = |bytes: &u64| units::show_bytes(*bytes);
        self.parsed(key, |text| within(units::bytes(text)?, &range, show)).map(|at| at.value)
    }

    /// Bytes per second.
    pub(crate) fn rate(&self, key: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let show = |bytes: &u64| format!("{}/s", units::show_bytes(*bytes));
        self.parsed(key, |text| within(units::bytes_per_second(text)?, &range, show)).map(|at| at.value)
    }

    pub(crate) fn duration(&self, key: &'static str, range: RangeInclusive<Duration>) -> Option<Duration> {
        let show = |time: &Duration| units::show_duration(*time);
        self.parsed(key, |text| within(units::duration(text)?, &range, show)).map(|at| at.value)
    }

    pub(crate) fn integer(&self, key: &'static str, range: RangeInclusive<u32>) -> Option<u32> {
        let number = self.typed(key, "a whole number", |value| {
            let integer = value.as_integer()?;
            i64::from_str_radix(integer.as_str(), integer.radix()).ok()
        })?;
        u32::try_from(number.value)
            .map_err(|_| ())
            .and_then(|value| within(value, &range, u32::to_string).map_err(|_| ()))
            .map_err(|()| {
                let cause = format!("{} is not between {} and {}", number.value, range.start(), range.end());
                self.document.problem(&number.span, &self.key(key), cause, "");
            })
            .ok()
    }

    pub(crate) fn fraction(&self, key: &'static str) -> Option<At<f64>> {
        let number = self.typed(key, "a number from 0 to 1", |value| match value {
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            DeValue::Integer(integer) => integer.as_str().parse::<f64>().ok(),
            _ => None,
        })?;
        if !(0.0..=1.0).contains(&number.value) {
            let cause = format!("{} is not between 0 and 1", number.value);
            self.document.problem(&number.span, &self.key(key), cause, "");
            return None;
        }
        Some(number)
    }

    /// One of a few words.
    pub(crate) fn choice<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<At<T>> {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        let text = self.string(key)?;
        let found = choices.iter().find(|(name, _)| *name == text.value);
        if found.is_none() {
            let cause = format!("\"{}\" is not one of {}", text.value.escape_debug(), listed(&names));
            let next = nearest(&text.value, &names).map(|name| format!("did you mean `{name}`?"));
            self.document.problem(&text.span, &self.key(key), cause, &next.unwrap_or_default());
        }
        found.map(|(_, value)| At { value: *value, span: text.span })
    }

    pub(crate) fn strings(&self, key: &'static str) -> Vec<At<String>> {
        let list = self.typed(key, "a list of strings", |value| {
            let items = value
                .as_array()?
                .iter()
                .map(|item| Some(At { value: item.get_ref().as_str()?.to_owned(), span: item.span() }));
            items.collect::<Option<Vec<_>>>()
        });
        list.map(|at| at.value).unwrap_or_default()
    }

    /// A table as JSON, for values that are the module's own business.
    pub(crate) fn json(&self, key: &'static str) -> serde_json::Map<String, serde_json::Value> {
        let Some(section) = self.table(key) else { return serde_json::Map::new() };
        match json_object(section.entries) {
            Ok(object) => object,
            Err((span, cause)) => {
                self.document.problem(&span, &section.path, cause, "");
                serde_json::Map::new()
            }
        }
    }

    pub(crate) fn table(&self, key: &'static str) -> Option<Section<'d>> {
        let value = self.typed(key, "a table", |value| value.as_table())?;
        Some(self.section(key, value.span, value.value))
    }

    /// The tables below `[key.NAME]`, in the order of the file.
    pub(crate) fn named_tables(&self, key: &'static str) -> Vec<(At<String>, Section<'d>)> {
        let Some(parent) = self.table(key) else { return Vec::new() };
        let mut tables = Vec::new();
        for (name, value) in parent.entries {
            let own = name.get_ref().as_ref();
            match value.get_ref().as_table() {
                Some(entries) => {
                    let name = At { value: name.get_ref().to_string(), span: name.span() };
                    tables.push((name, parent.section(own, value.span(), entries)));
                }
                None => {
                    let path = parent.key(own);
                    let next = format!("write [{path}]");
                    self.document.problem(&value.span(), &path, "must be a table", &next);
                }
            }
        }
        tables.sort_by_key(|(name, _)| name.span.start);
        tables
    }

    /// The tables of `[[key]]`.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Section<'d>> {
        let list = self.typed(key, "a list of tables", |value| {
            let items = value.as_array()?.iter();
            items.map(|item| Some((item.span(), item.get_ref().as_table()?))).collect::<Option<Vec<_>>>()
        });
        let list = list.map(|at| at.value).unwrap_or_default();
        list.into_iter().map(|(span, entries)| self.section(key, span, entries)).collect()
    }

    /// A key that the manifest's language has and this version does not do.
    pub(crate) fn unsupported(&self, key: &'static str, what: &str) {
        self.known.borrow_mut().push(key);
        if let Some((name, _)) = self.entries.get_key_value(key) {
            let cause = format!("{what} not supported by this version");
            self.document.problem(&name.span(), &self.key(key), cause, "remove the key");
        }
    }

    /// Where the keys stand that this table has, each of them known.
    pub(crate) fn keys(&self) -> Vec<Range<usize>> {
        self.entries.keys().map(toml::Spanned::span).collect()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    pub(crate) fn problem(&self, span: &Range<usize>, key: &str, cause: impl Into<String>, next: &str) {
        self.document.problem(span, &self.key(key), cause, next);
    }

    pub(crate) fn warning(&self, key: &'static str, cause: &str, next: &str) {
        self.document.warning(&self.span, &self.key(key), cause, next);
    }

    /// To be called when every key has been asked for: what is left is unknown.
    pub(crate) fn finish(self) {
        let known = self.known.borrow();
        for name in self.entries.keys() {
            let key = name.get_ref().as_ref();
            if known.contains(&key) {
                continue;
            }
            let next = match nearest(key, &known) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("known here: {}", listed(&known)),
            };
            self.document.problem(&name.span(), &self.key(key), "unknown key", &next);
        }
    }

    fn typed<T>(
        &self,
        key: &'static str,
        expected: &str,
        convert: impl FnOnce(&'d DeValue<'d>) -> Option<T>,
    ) -> Option<At<T>> {
        self.known.borrow_mut().push(key);
        let value = self.entries.get(key)?;
        let converted = convert(value.get_ref());
        if converted.is_none() {
            let cause = format!("must be {expected}, not {}", described(value.get_ref()));
            self.document.problem(&value.span(), &self.key(key), cause, "");
        }
        converted.map(|converted| At { value: converted, span: value.span() })
    }

    fn key(&self, key: &str) -> String {
        match (self.path.as_str(), key) {
            (path, "") => path.to_owned(),
            ("", key) => key.to_owned(),
            (path, key) => format!("{path}.{key}"),
        }
    }

    fn section(&self, key: &str, span: Range<usize>, entries: &'d DeTable<'d>) -> Section<'d> {
        Section { document: self.document, path: self.key(key), span, entries, known: RefCell::default() }
    }
}

fn within<T: PartialOrd>(
    value: T,
    range: &RangeInclusive<T>,
    show: impl Fn(&T) -> String,
) -> Result<T, String> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(format!("is not between {} and {}", show(range.start()), show(range.end())))
}

fn described(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(array) if array.iter().any(|item| item.get_ref().is_table()) => "a list of tables",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

type JsonError = (Range<usize>, String);

fn json_object(table: &DeTable<'_>) -> Result<serde_json::Map<String, serde_json::Value>, JsonError> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries.into_iter().map(|(name, value)| Ok((name.get_ref().to_string(), json(value)?))).collect()
}

/// The parser bounds nesting, and with it this recursion.
fn json(value: &toml::Spanned<DeValue<'_>>) -> Result<serde_json::Value, JsonError> {
    use serde_json::Value;
    let wrong = |cause: &str| (value.span(), cause.to_owned());
    Ok(match value.get_ref() {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(integer) => i64::from_str_radix(integer.as_str(), integer.radix())
            .map(Value::from)
            .map_err(|_| wrong("the number is too large"))?,
        DeValue::Float(float) => {
            let number = float.as_str().parse::<f64>().ok().and_then(serde_json::Number::from_f64);
            Value::Number(number.ok_or_else(|| wrong("JSON has no such number"))?)
        }
        DeValue::Boolean(truth) => Value::Bool(*truth),
        DeValue::Datetime(date) => Value::String(date.to_string()),
        DeValue::Array(items) => Value::Array(items.iter().map(json).collect::<Result<_, _>>()?),
        DeValue::Table(table) => Value::Object(json_object(table)?),
    })
}
