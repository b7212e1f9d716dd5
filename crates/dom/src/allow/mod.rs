//! The allow-list as questions. The browser's applier asks the same ones again, in TypeScript, over the same table
//! (`packages/client/src/check.ts`); `protocol/vectors/allow.json` holds both to the same answers. What the kinds of
//! values mean stands at the top of [`table`].

#[rustfmt::skip]
#[expect(clippy::type_complexity, reason = "its types are described where they stand, and used once each")]
pub mod table;

pub use table::{Kind, UrlClass};

use crate::{Command, Namespace, Property};
use table::{
    COMMANDS, DATA_IMAGES, ELEMENTS, EVENTS, GLOBAL, PREFIXES, STYLE_PROPERTIES, STYLE_REFUSED, STYLE_VALUES,
    URL_SCHEMES,
};

/// Attributes of ours: a module has none of this prefix.
const OWN_PREFIX: &str = "data-pc-";

/// Whether such an element may be made.
pub fn element(namespace: Namespace, local: &str) -> bool {
    element_attributes(namespace, local).is_some()
}

/// What kind of value the attribute takes, if the element may have it. `local` is the attribute's local name.
pub fn attribute(
    element_namespace: Namespace,
    element: &str,
    namespace: Namespace,
    local: &str,
) -> Option<&'static Kind> {
    static TEXT: Kind = Kind::Text;
    let own = element_attributes(element_namespace, element)?;
    let qualified = qualified_name(namespace, local)?;
    let position = usize::from(element_namespace.to_wire());
    find(own, &qualified).or_else(|| find(GLOBAL.get(position)?, &qualified)).or_else(|| {
        let rest = PREFIXES.get(position)?.iter().find_map(|prefix| local.strip_prefix(prefix))?;
        let named = !rest.is_empty()
            && rest.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'));
        (namespace == Namespace::None && named && !local.starts_with(OWN_PREFIX)).then_some(&TEXT)
    })
}

/// Whether an attribute of this kind may have the value.
pub fn value(kind: &Kind, value: &str) -> bool {
    match kind {
        Kind::Text => true,
        Kind::Url(class) => url(*class, value),
        Kind::SourceSet(class) => sources(value).iter().all(|source| url(*class, source)),
        Kind::Fragment => cut_url(value).starts_with('#'),
        Kind::OneOf(words) => words.contains(&value.to_ascii_lowercase().as_str()),
        Kind::Tokens(words) => value
            .split(is_white_space)
            .filter(|word| !word.is_empty())
            .all(|word| words.contains(&word.to_ascii_lowercase().as_str())),
        Kind::Css => css(value),
        Kind::Style => style(value),
    }
}

/// Why an attribute is not allowed, for the module's author.
pub fn attribute_rule(local: &str) -> &'static str {
    if local.starts_with("on") {
        "handlers written as text are not run: listen for the event"
    } else if local.starts_with(OWN_PREFIX) {
        "names that start with data-pc- are PlayConnect's own"
    } else {
        "the allow-list has no such attribute for this element"
    }
}

/// What the values of a kind are, for the module's author.
pub fn value_rule(kind: &Kind) -> String {
    match kind {
        Kind::Text => "any text is allowed".to_owned(),
        Kind::Url(class) | Kind::SourceSet(class) => match URL_SCHEMES[*class as usize] {
            [] => "a URL here is relative: a path of the page's own origin".to_owned(),
            schemes => format!("a URL here is relative, or of one of the schemes {}", schemes.join(", ")),
        },
        Kind::Fragment => "only a reference into the same tree is allowed: #id".to_owned(),
        Kind::OneOf(words) | Kind::Tokens(words) => {
            let words: Vec<&str> = words.iter().filter(|word| !word.is_empty()).copied().collect();
            format!("allowed are only {}", words.join(", "))
        }
        Kind::Css => "CSS here has no url() but url(#id), and nothing else that loads or runs".to_owned(),
        Kind::Style => {
            "a style has only properties and values of the allow-list, and no url() but url(#id)".to_owned()
        }
    }
}

/// Whether a module may listen to events of this type.
pub fn event(kind: &str) -> bool {
    EVENTS.binary_search(&kind).is_ok()
}

/// Whether the element has this live property.
pub fn property(namespace: Namespace, local: &str, property: Property) -> bool {
    let html = namespace == Namespace::None;
    match property {
        Property::Value => html && matches!(local, "input" | "textarea" | "select"),
        Property::Checked | Property::Indeterminate => html && local == "input",
        Property::Selected => html && local == "option",
        Property::Selection => html && matches!(local, "input" | "textarea"),
        Property::Muted => html && matches!(local, "audio" | "video"),
        Property::ScrollTop | Property::ScrollLeft => true,
    }
}

/// Whether the command may be called on the element.
pub fn command(namespace: Namespace, local: &str, command: Command) -> bool {
    let known = COMMANDS.len() >= usize::from(command.to_wire());
    known
        && match command {
            Command::Focus | Command::Blur | Command::ScrollIntoView => true,
            Command::Select => namespace == Namespace::None && matches!(local, "input" | "textarea"),
            Command::ShowModal | Command::Close => namespace == Namespace::None && local == "dialog",
            Command::ShowPopover => namespace == Namespace::None && local == "pc-overlay",
        }
}

fn element_attributes(namespace: Namespace, local: &str) -> Option<&'static [(&'static str, Kind)]> {
    let key = (namespace.to_wire(), local);
    let position = ELEMENTS.binary_search_by(|(namespace, name, _)| (*namespace, *name).cmp(&key)).ok()?;
    Some(ELEMENTS[position].2)
}

fn find(attributes: &'static [(&str, Kind)], qualified: &str) -> Option<&'static Kind> {
    let position = attributes.binary_search_by(|(name, _)| (*name).cmp(qualified)).ok()?;
    Some(&attributes[position].1)
}

/// `href` in the XLink namespace is `xlink:href`; none where no attribute can be named so.
fn qualified_name(namespace: Namespace, local: &str) -> Option<String> {
    if local.contains(':') {
        return None;
    }
    Some(match namespace {
        Namespace::None => local.to_owned(),
        Namespace::XLink => format!("xlink:{local}"),
        Namespace::Xml => format!("xml:{local}"),
        Namespace::Xmlns if local == "xmlns" => local.to_owned(),
        Namespace::Xmlns => format!("xmlns:{local}"),
        Namespace::Svg | Namespace::MathMl => return None,
    })
}

fn is_white_space(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\u{c}' | '\r' | ' ')
}

/// What the URL parser does first: <https://url.spec.whatwg.org/#concept-basic-url-parser>.
fn cut_url(url: &str) -> String {
    url.trim_matches(|character| character <= ' ').replace(['\t', '\n', '\r'], "")
}

fn url(class: UrlClass, value: &str) -> bool {
    let allowed = URL_SCHEMES[class as usize];
    let url = cut_url(value);
    let Some(scheme) = scheme(&url) else {
        return allowed.contains(&"https")
            || !url.starts_with(['/', '\\'])
            || !url[1..].starts_with(['/', '\\']);
    };
    let name = scheme.to_ascii_lowercase();
    allowed.contains(&name.as_str()) && (name != "data" || is_data_image(&url[scheme.len() + 1..]))
}

fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let mut bytes = scheme.bytes();
    let named = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'));
    named.then_some(scheme)
}

fn is_data_image(rest: &str) -> bool {
    let rest = rest.to_ascii_lowercase();
    let Some(kind) = rest.strip_prefix("image/") else { return false };
    DATA_IMAGES.iter().any(|own| kind.strip_prefix(own).is_some_and(|rest| rest.starts_with([';', ','])))
}

/// The URLs of a srcset: <https://html.spec.whatwg.org/#parsing-a-srcset-attribute>.
fn sources(value: &str) -> Vec<&str> {
    let mut urls = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_start_matches(|character| is_white_space(character) || character == ',');
        if rest.is_empty() {
            return urls;
        }
        let (url, behind) = rest.split_at(rest.find(is_white_space).unwrap_or(rest.len()));
        rest = behind;
        let bare = url.trim_end_matches(',');
        urls.push(bare);
        if bare.len() != url.len() {
            continue;
        }
        let mut in_parentheses = false;
        let end = rest.find(|character| {
            match character {
                '(' => in_parentheses = true,
                ')' => in_parentheses = false,
                _ => {}
            }
            character == ',' && !in_parentheses
        });
        rest = &rest[end.unwrap_or(rest.len())..];
    }
}

fn css(value: &str) -> bool {
    let text = value.to_ascii_lowercase();
    !STYLE_REFUSED.iter().any(|part| text.contains(part))
        && text.match_indices("url(").all(|(at, part)| is_own_reference(&text[at + part.len()..]))
}

/// Whether what stands behind `url(` is a reference into the same tree: `#a)`, `"#a")`, `'#a')`.
fn is_own_reference(text: &str) -> bool {
    let text = text.trim_start_matches(is_white_space);
    let (quote, text) = match text.chars().next() {
        Some(quote @ ('"' | '\'')) => (Some(quote), &text[1..]),
        _ => (None, text),
    };
    let Some(text) = text.strip_prefix('#') else { return false };
    let ends = |character: char| matches!(character, '"' | '\'' | '(' | ')') || is_white_space(character);
    let mut text = &text[text.find(ends).unwrap_or(text.len())..];
    if let Some(quote) = quote {
        match text.strip_prefix(quote) {
            Some(rest) => text = rest,
            None => return false,
        }
    }
    text.trim_start_matches(is_white_space).starts_with(')')
}

fn style(value: &str) -> bool {
    css(value) && declarations(value).is_some_and(|parts| parts.into_iter().all(is_declaration_allowed))
}

/// What is left of a style without the declarations that are not allowed, and the names of those. None: nothing is, or it
/// cannot be told where its declarations end.
pub fn reduced_style(value: &str) -> Option<(String, Vec<String>)> {
    let is_allowed = |part: &&str| css(part) && is_declaration_allowed(part);
    let (kept, dropped): (Vec<_>, Vec<_>) = declarations(value)?.into_iter().partition(is_allowed);
    let kept = kept.join(";");
    let holds_some = !kept.trim_matches(|character| character == ';' || is_white_space(character)).is_empty();
    let name = |part: &str| part.split(':').next().unwrap_or(part).trim_matches(is_white_space).to_owned();
    // Together they are looked at once more: it is the browser's parser that counts in the end.
    (holds_some && style(&kept)).then(|| (kept, dropped.into_iter().map(name).collect()))
}

/// What a property of styles may be, if that is bounded.
fn style_rule(property: &str) -> String {
    let bounded = STYLE_VALUES.iter().find(|(name, _)| *name == property.to_ascii_lowercase());
    match bounded {
        Some((_, values)) => format!("allowed are only {}", values.join(", ")),
        None => value_rule(&Kind::Style),
    }
}

/// What was left out of an element's style, and why, for the module's author.
pub fn style_strip(element: &str, properties: &[String]) -> (String, String) {
    let names: Vec<&str> = properties.iter().map(|name| cut(name)).collect();
    let why = match properties {
        [one] => style_rule(one),
        _ => value_rule(&Kind::Style),
    };
    (format!("{} in attribute style of {element}", names.join(", ")), why)
}

/// Names are short; what is not is not one.
fn cut(name: &str) -> &str {
    let end = name.char_indices().nth(40).map_or(name.len(), |(at, _)| at);
    &name[..end]
}

/// The value split at `;` outside of quotes and parentheses. None if one is left open, or a line ends inside quotes:
/// CSS takes such a string as ended there and would see declarations where this function sees text.
fn declarations(value: &str) -> Option<Vec<&str>> {
    let mut parts = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_usize, None);
    for (at, character) in value.char_indices() {
        match (quote, character) {
            (Some(open), character) if character == open => quote = None,
            (Some(_), '\n' | '\u{c}' | '\r') => return None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ';') if depth == 0 => {
                parts.push(&value[start..at]);
                start = at + 1;
            }
            (None, _) => {}
        }
    }
    parts.push(&value[start..]);
    (quote.is_none() && depth == 0).then_some(parts)
}

fn is_declaration_allowed(declaration: &str) -> bool {
    if declaration.trim_matches(is_white_space).is_empty() {
        return true;
    }
    let Some((name, value)) = declaration.split_once(':') else { return false };
    let name = name.trim_matches(is_white_space).to_ascii_lowercase();
    if name.starts_with("--") {
        return name.len() > 2;
    }
    if STYLE_PROPERTIES.binary_search(&name.as_str()).is_err() {
        return false;
    }
    let Some((_, values)) = STYLE_VALUES.iter().find(|(own, _)| *own == name) else { return true };
    let value = value.trim_matches(is_white_space).to_ascii_lowercase();
    let bare = value
        .strip_suffix("important")
        .and_then(|rest| rest.trim_end_matches(is_white_space).strip_suffix('!'));
    values.contains(&bare.unwrap_or(&value).trim_matches(is_white_space))
}
