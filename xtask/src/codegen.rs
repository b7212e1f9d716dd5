//! Writes the two allow-list tables, Rust and TypeScript, from `protocol/allow.json`.
//!
//! The JSON is the only place where a name is allowed. What its kinds mean is said in [`README`], which
//! stands at the top of both files; `protocol/vectors/allow.json` holds both checks to it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

const SOURCE: &str = "protocol/allow.json";
const RUST: &str = "crates/dom/src/allow/table.rs";
const TYPESCRIPT: &str = "packages/client/src/allow.ts";

/// In the order of the wire's namespaces of elements.
const NAMESPACES: [&str; 3] = ["html", "svg", "mathml"];
/// In the order of `UrlClass`.
const URL_CLASSES: [&str; 4] = ["navigate", "image", "media", "form"];

const README: &str = "\
Made from protocol/allow.json by `cargo xtask codegen`: change that file, not this one.

An attribute of an element is allowed when the element is in the table and the attribute is in the element's
own list, or in the global list of the element's namespace, or starts with one of its prefixes; the rest of a
prefixed name is one or more of a-z 0-9 . _ -. Names are compared exactly, so `SCRIPT` and `onClick` are not in
it. The attribute's name in the table is the qualified one: `xlink:href` is the local name `href` in namespace 3,
`xml:` is 4, `xmlns` and `xmlns:` are 5; `xmlns` may also be in namespace 0. A name of namespace 0 that holds a
colon is refused: the HTML parser would read it back as another attribute.

Kinds of values:
text      anything. The table has no `target` but `_self` and `_blank`, and no `rel` token `opener`: with
          `_blank` a browser then gives no opener. Also of this kind: idref, idrefs.
url       C0 controls and spaces are cut off at both ends, tab, LF and CR are removed everywhere. A scheme
          (`[A-Za-z][A-Za-z0-9+.-]*:`) must be one of the class, in any case; `data:` must go on with `image/`,
          one of data_images, and `;` or `,`. Without a scheme the URL is relative and fine, but where the
          class has no `https`, it must not begin with two of `/` and `\\`, which name another host.
srcset    as the HTML standard splits it; each URL is a url of the class.
fragment  after cutting as for url: begins with `#`.
enum      one of the words, ASCII case ignored; the empty word may be one of them.
tokens    words split at ASCII white space, each one of the list, ASCII case ignored.
css       in lower case it holds none of style_refused, and each `url(` in it begins a reference into the same tree:
          `url(#a)`, `url(\"#a\")` or `url('#a')`, with white space inside the parentheses at both ends if one
          likes, and no quote, parenthesis or white space in the `#a`.
style     css as a whole; split at `;` outside of quotes and parentheses, each part that is not blank is
          `name: value`: the name, trimmed and in lower case, is in the style list, or is `--` and something; a
          name in style_values has one of those values, without `!important` and trimmed, in lower case. A quote
          or parenthesis left open at the end, or a quote at a line's end, refuses the value: a browser would
          close it elsewhere than the split does.
White space is ASCII's, case is ASCII's.

An event type or command that is not listed is refused. A page adds nothing to these lists.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Allow {
    version: u32,
    urls: BTreeMap<String, Vec<String>>,
    data_images: Vec<String>,
    prefixes: BTreeMap<String, Vec<String>>,
    global: BTreeMap<String, Attributes>,
    elements: BTreeMap<String, BTreeMap<String, Attributes>>,
    style_values: BTreeMap<String, Vec<String>>,
    style_refused: Vec<String>,
    style: Vec<String>,
    events: Vec<String>,
    commands: Vec<String>,
}

type Attributes = BTreeMap<String, String>;

/// The files that belong to `protocol/allow.json`, with their paths below `root`.
///
/// # Errors
/// The JSON is missing, is not of the form above, or names a kind or a class that does not exist.
pub fn generate(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let path = root.join(SOURCE);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let allow: Allow = serde_json::from_str(&text).with_context(|| format!("{SOURCE} is malformed"))?;
    validate(&allow)?;
    Ok(vec![(root.join(RUST), rust(&allow)?), (root.join(TYPESCRIPT), typescript(&allow)?)])
}

/// Writes the files that differ and names them.
///
/// # Errors
/// As [`generate`], or a file cannot be written.
pub fn write(root: &Path) -> Result<Vec<PathBuf>> {
    let mut written = Vec::new();
    for (path, text) in generate(root)? {
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
        written.push(path);
    }
    Ok(written)
}

/// Fails when a file in the tree is not the one that the JSON gives.
///
/// # Errors
/// As [`generate`], or a file differs.
pub fn check(root: &Path) -> Result<()> {
    for (path, text) in generate(root)? {
        let old = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(old == text, "{} does not follow from {SOURCE}: run `cargo xtask codegen`", path.display());
    }
    Ok(())
}

fn validate(allow: &Allow) -> Result<()> {
    ensure!(allow.version == 1, "{SOURCE}: version {} is not known, only 1", allow.version);
    for class in allow.urls.keys() {
        ensure!(
            URL_CLASSES.contains(&class.as_str()),
            "{SOURCE}: urls.{class} is not one of {URL_CLASSES:?}"
        );
    }
    for (what, keys) in [
        ("prefixes", allow.prefixes.keys().collect::<Vec<_>>()),
        ("global", allow.global.keys().collect()),
        ("elements", allow.elements.keys().collect()),
    ] {
        ensure!(
            keys.len() == 3 && keys.iter().all(|key| NAMESPACES.contains(&key.as_str())),
            "{SOURCE}: {what} has to have the keys {NAMESPACES:?}"
        );
    }
    let lists = allow.global.iter().map(|(namespace, list)| (namespace.as_str(), "*", list)).chain(
        allow.elements.iter().flat_map(|(namespace, elements)| {
            elements.iter().map(move |(name, list)| (namespace.as_str(), name.as_str(), list))
        }),
    );
    for (namespace, element, attributes) in lists {
        for (attribute, kind) in attributes {
            ensure!(
                !attribute.starts_with("on") && !attribute.contains([' ', '=', '\n', '`', '\\']),
                "{SOURCE}: {namespace} {element} {attribute}: this name may not be in the table"
            );
            kind_in_rust(kind).with_context(|| format!("{SOURCE}: {namespace} {element} {attribute}"))?;
        }
    }
    for forbidden in ["script", "iframe", "object", "embed", "base", "meta", "link", "style"] {
        for (namespace, elements) in &allow.elements {
            ensure!(
                !elements.contains_key(forbidden),
                "{SOURCE}: {namespace} {forbidden} may never be allowed"
            );
        }
    }
    Ok(())
}

fn rust(allow: &Allow) -> Result<String> {
    let mut out = String::new();
    for line in README.lines() {
        // Indented lines would be a code block.
        writeln!(out, "//! {}", line.trim_start())?;
    }
    out.push_str(RUST_TYPES);
    let version = allow.version;
    writeln!(out, "/// Of `protocol/allow.json`.\npub const VERSION: u32 = {version};\n")?;

    out.push_str("/// (namespace, name, attributes), sorted by both and by attribute.\n#[rustfmt::skip]\n");
    out.push_str("pub static ELEMENTS: &[(u8, &str, &[(&str, Kind)])] = &[\n");
    for (number, namespace) in NAMESPACES.iter().enumerate() {
        for (name, attributes) in &allow.elements[*namespace] {
            write!(out, "    ({number}, {name:?}, &[")?;
            write_attributes(&mut out, attributes)?;
            out.push_str("]),\n");
        }
    }
    out.push_str("];\n\n/// Attributes of every element, by namespace, sorted.\n#[rustfmt::skip]\n");
    out.push_str("pub static GLOBAL: [&[(&str, Kind)]; 3] = [\n");
    for namespace in NAMESPACES {
        out.push_str("    &[");
        write_attributes(&mut out, &allow.global[namespace])?;
        out.push_str("],\n");
    }
    out.push_str("];\n\n/// Beginnings of allowed attribute names, by namespace; all of kind text.\n#[rustfmt::skip]\n");
    out.push_str("pub static PREFIXES: [&[&str]; 3] = [\n");
    for namespace in NAMESPACES {
        writeln!(out, "    &{:?},", allow.prefixes[namespace])?;
    }
    out.push_str("];\n\n/// By `UrlClass as usize`, sorted, in lower case.\n#[rustfmt::skip]\n");
    out.push_str("pub static URL_SCHEMES: [&[&str]; 4] = [\n");
    for class in URL_CLASSES {
        writeln!(out, "    &{:?},", sorted(allow.urls.get(class).map_or(&[][..], Vec::as_slice)))?;
    }
    out.push_str("];\n\n");
    write_list(&mut out, "Image types of `data:` URLs, sorted.", "DATA_IMAGES", &sorted(&allow.data_images))?;
    write_list(
        &mut out,
        "CSS properties of a `style` value, sorted.",
        "STYLE_PROPERTIES",
        &sorted(&allow.style),
    )?;
    out.push_str("/// CSS properties that have only these values.\n#[rustfmt::skip]\n");
    out.push_str("pub static STYLE_VALUES: &[(&str, &[&str])] = &[\n");
    for (name, values) in &allow.style_values {
        writeln!(out, "    ({name:?}, &{values:?}),")?;
    }
    out.push_str("];\n\n");
    write_list(
        &mut out,
        "Strings that no css value holds, in lower case.",
        "STYLE_REFUSED",
        &allow.style_refused,
    )?;
    write_list(
        &mut out,
        "Event types that a module may listen to, sorted.",
        "EVENTS",
        &sorted(&allow.events),
    )?;
    write_list(&mut out, "Names of the commands 1, 2, … of `CALL`.", "COMMANDS", &allow.commands)?;
    out.truncate(out.trim_end().len());
    out.push('\n');
    Ok(out)
}

const RUST_TYPES: &str = "
/// What a value of an attribute may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Url(UrlClass),
    SourceSet(UrlClass),
    Fragment,
    /// One of these words, in lower case.
    OneOf(&'static [&'static str]),
    /// Any of these words, in lower case.
    Tokens(&'static [&'static str]),
    Css,
    Style,
}

/// What a URL is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlClass {
    Navigate,
    Image,
    Media,
    Form,
}

";

fn write_attributes(out: &mut String, attributes: &Attributes) -> Result<()> {
    for (at, (name, kind)) in attributes.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        write!(out, "{comma}({name:?}, {})", kind_in_rust(kind)?)?;
    }
    Ok(())
}

fn write_list(out: &mut String, doc: &str, name: &str, items: &[impl std::fmt::Debug]) -> Result<()> {
    writeln!(out, "/// {doc}\n#[rustfmt::skip]\npub static {name}: &[&str] = &[")?;
    for line in items.chunks(8) {
        let words: Vec<String> = line.iter().map(|item| format!("{item:?}")).collect();
        writeln!(out, "    {},", words.join(", "))?;
    }
    out.push_str("];\n\n");
    Ok(())
}

fn kind_in_rust(kind: &str) -> Result<String> {
    let (name, argument) = kind.split_once(':').unwrap_or((kind, ""));
    let words = || {
        let words: Vec<String> = argument.split('|').map(str::to_ascii_lowercase).collect();
        format!("&{words:?}")
    };
    let class = || match argument {
        "navigate" => Ok("UrlClass::Navigate"),
        "image" => Ok("UrlClass::Image"),
        "media" => Ok("UrlClass::Media"),
        "form" => Ok("UrlClass::Form"),
        other => bail!("`{other}` is not a class of URLs; known are {URL_CLASSES:?}"),
    };
    Ok(match name {
        "text" | "idref" | "idrefs" => "Kind::Text".into(),
        "url" => format!("Kind::Url({})", class()?),
        "srcset" => format!("Kind::SourceSet({})", class()?),
        "fragment" => "Kind::Fragment".into(),
        "enum" => format!("Kind::OneOf({})", words()),
        "tokens" => format!("Kind::Tokens({})", words()),
        "css" => "Kind::Css".into(),
        "style" => "Kind::Style".into(),
        other => bail!("`{other}` is not a kind of values; see xtask/src/codegen.rs"),
    })
}

fn sorted(items: &[String]) -> Vec<&str> {
    let mut items: Vec<&str> = items.iter().map(String::as_str).collect();
    items.sort_unstable();
    items.dedup();
    items
}

/// Strings that the client splits when it is loaded: an element with its attributes is a line
/// `name attribute attribute=kind`, where `kind` is a position in KINDS and is left out for text.
fn typescript(allow: &Allow) -> Result<String> {
    let mut kinds: Vec<&str> = vec!["text"];
    let mut position = |kind: &'_ str| -> usize {
        let kind = if kind.starts_with("idref") { "text" } else { kind };
        kinds.iter().position(|known| *known == kind).unwrap_or_else(|| {
            // The table lives as long as this process: a few dozen short strings.
            kinds.push(String::leak(kind.to_owned()));
            kinds.len() - 1
        })
    };
    let mut attributes = |attributes: &Attributes| -> String {
        let words: Vec<String> = attributes
            .iter()
            .map(|(name, kind)| match position(kind) {
                0 => name.clone(),
                kind => format!("{name}={kind}"),
            })
            .collect();
        words.join(" ")
    };
    let global: Vec<String> =
        NAMESPACES.iter().map(|namespace| attributes(&allow.global[*namespace])).collect();
    let mut elements = Vec::new();
    for namespace in NAMESPACES {
        let lines: Vec<String> = allow.elements[namespace]
            .iter()
            .map(|(name, list)| format!("{name} {}", attributes(list)).trim_end().to_owned())
            .collect();
        elements.push(lines.join("\n"));
    }
    let prefixes: Vec<String> =
        NAMESPACES.iter().map(|namespace| allow.prefixes[*namespace].join(" ")).collect();
    let schemes: Vec<String> = URL_CLASSES
        .iter()
        .map(|class| allow.urls.get(*class).map_or(String::new(), |list| list.join(" ")))
        .collect();

    let mut out = String::from("/*\n");
    for line in README.lines() {
        writeln!(out, "{}", format!(" * {line}").trim_end())?;
    }
    writeln!(out, " */\n")?;
    writeln!(out, "export const VERSION = {};", allow.version)?;
    writeln!(out, "/** Kinds of values, `name:argument`; attributes below name them by position. */")?;
    writeln!(out, "export const KINDS = {};", serde_json::to_string(&kinds.join(" "))?)?;
    writeln!(out, "/** By namespace (HTML, SVG, MathML): the attributes of every element. */")?;
    writeln!(out, "export const GLOBAL = {};", serde_json::to_string_pretty(&global)?)?;
    writeln!(out, "/** By namespace: one element a line, with its attributes. */")?;
    writeln!(out, "export const ELEMENTS = [")?;
    for lines in &elements {
        writeln!(out, "`{lines}`,")?;
    }
    writeln!(out, "];")?;
    writeln!(out, "export const PREFIXES = {};", serde_json::to_string(&prefixes)?)?;
    writeln!(out, "/** By class: navigate, image, media, form. */")?;
    writeln!(out, "export const URL_CLASSES = {};", serde_json::to_string(&URL_CLASSES.join(" "))?)?;
    writeln!(out, "export const URL_SCHEMES = {};", serde_json::to_string(&schemes)?)?;
    writeln!(out, "export const DATA_IMAGES = {};", serde_json::to_string(&allow.data_images.join(" "))?)?;
    let values: Vec<String> =
        allow.style_values.iter().map(|(name, values)| format!("{name} {}", values.join(" "))).collect();
    writeln!(out, "/** A property and its values, one a line. */")?;
    writeln!(out, "export const STYLE_VALUES = {};", serde_json::to_string(&values.join("\n"))?)?;
    writeln!(out, "export const STYLE_REFUSED = {};", serde_json::to_string(&allow.style_refused)?)?;
    for (name, list) in [("STYLE", &allow.style), ("EVENTS", &allow.events)] {
        writeln!(out, "export const {name} =\n  `{}`;", sorted(list).join(" "))?;
    }
    writeln!(out, "/** Names of the commands 1, 2, … of CALL. */")?;
    writeln!(out, "export const COMMANDS = {};", serde_json::to_string(&allow.commands.join(" "))?)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask has a parent folder")
    }

    #[test]
    fn the_tables_in_the_tree_follow_from_the_json() {
        check(root()).unwrap();
    }

    #[test]
    fn an_unknown_kind_is_named() {
        let error = kind_in_rust("url:elsewhere").unwrap_err().to_string();
        assert!(error.contains("`elsewhere`"), "{error}");
    }

    #[test]
    fn an_event_handler_attribute_cannot_be_allowed() {
        let text = fs::read_to_string(root().join(SOURCE)).unwrap();
        let mut allow: Allow = serde_json::from_str(&text).unwrap();
        allow.global.get_mut("html").unwrap().insert("onclick".into(), "text".into());
        let error = validate(&allow).unwrap_err().to_string();
        assert!(error.contains("onclick"), "{error}");
    }
}
