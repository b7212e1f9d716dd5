//! A module's stylesheet as it is served.
//!
//! It is passed on as it was written, but for two things that a stylesheet in a shadow root cannot do by itself:
//!
//! - Browsers take no `@font-face` from a shadow root (https://wiki.csswg.org/spec/css-scoping). So these rules go into
//!   a stylesheet of the page, under names that have the module's in front: no module's font is in the page's way, or in
//!   another's. The module's own declarations are rewritten to those names.
//! - Files that it names relatively to itself are served by their hash.
//!
//! The scan follows the tokenizer of CSS Syntax 3 (section 4.3) as far as it takes for that. The crates that do it in
//! whole, cssparser and lightningcss, are not under a permissive licence.

use crate::module_assets::Refused;
use std::collections::BTreeMap;
use std::ops::Range;

/// What becomes of a stylesheet.
#[derive(Debug, PartialEq, Eq)]
pub struct Prepared {
    /// For the module's slot.
    pub text: String,
    /// For the page: rules of its fonts.
    pub fonts: Option<String>,
}

/// What cannot be served.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Byte of the text.
    pub at: usize,
    pub cause: String,
    pub next: String,
}

/// `asset` takes the file of a relative URL and gives its path on the page, or why there is none.
///
/// # Errors
/// What `asset` says, and relative `@import`s, which nothing follows.
pub fn prepare(
    module: &str,
    text: &str,
    asset: &mut dyn FnMut(&str) -> Result<String, Refused>,
) -> Result<Prepared, Vec<Wrong>> {
    let tokens = tokens(text);
    let sheet = Sheet { text, tokens: &tokens };
    let faces = sheet.faces();
    let urls = sheet.relative_urls(asset)?;
    let mut families = BTreeMap::new();
    let fonts: Vec<_> =
        faces.iter().filter_map(|face| sheet.face(face, module, &urls, &mut families)).collect();

    let in_face = |at: usize| faces.iter().any(|face| face.contains(&at));
    let mut edits: Vec<Edit> = faces.iter().map(|face| (sheet.bytes(face), String::new())).collect();
    let urls = urls.iter().filter(|(at, _)| !in_face(**at));
    edits.extend(urls.map(|(at, path)| (sheet.tokens[*at].range.clone(), sheet.url(*at, path))));
    edits.extend(sheet.uses(&families).filter(|(at, _)| !in_face(*at)).map(|(_, edit)| edit));
    edits.sort_by_key(|(range, _)| range.start);
    let fonts = (!fonts.is_empty()).then(|| fonts.join("\n"));
    Ok(Prepared { text: edited(text, &edits), fonts })
}

/// What CSS does before anything else (section 3.3), so that a line's end is one character.
pub fn normalised(text: &str) -> String {
    text.trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace(['\r', '\u{c}'], "\n")
        .replace('\0', "\u{fffd}")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// White space or a comment.
    Space,
    Ident,
    /// With its `(`.
    Function,
    AtKeyword,
    String,
    /// `url(x)`, without quotes.
    Url,
    /// `(`, `[` or `{`.
    Open(u8),
    Close(u8),
    Colon,
    Semicolon,
    Comma,
    Other,
}

#[derive(Clone, Debug)]
struct Token {
    kind: Kind,
    range: Range<usize>,
}

struct Sheet<'t> {
    text: &'t str,
    tokens: &'t [Token],
}

/// Of `@font-face`, but for `font-family`: CSS Fonts 4 and 5.
const DESCRIPTORS: [&str; 15] = [
    "ascent-override",
    "descent-override",
    "font-display",
    "font-feature-settings",
    "font-language-override",
    "font-named-instance",
    "font-stretch",
    "font-style",
    "font-variation-settings",
    "font-weight",
    "font-width",
    "line-gap-override",
    "size-adjust",
    "src",
    "unicode-range",
];

/// What names no family unless it is in quotes: generic ones, and words of every property.
const KEYWORDS: [&str; 19] = [
    "cursive",
    "default",
    "emoji",
    "fangsong",
    "fantasy",
    "inherit",
    "initial",
    "math",
    "monospace",
    "revert",
    "revert-layer",
    "sans-serif",
    "serif",
    "system-ui",
    "ui-monospace",
    "ui-rounded",
    "ui-sans-serif",
    "ui-serif",
    "unset",
];

type Edit = (Range<usize>, String);

impl Sheet<'_> {
    /// The `@font-face` rules, as tokens. One that does not end is none.
    fn faces(&self) -> Vec<Range<usize>> {
        let mut faces = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let is_face =
                self.tokens[at].kind == Kind::AtKeyword && self.value(at).eq_ignore_ascii_case("font-face");
            let open = self.skip_space(at + 1);
            let end =
                if is_face && self.kind(open) == Some(Kind::Open(b'{')) { self.end_of(open) } else { None };
            match end {
                Some(end) => {
                    faces.push(at..end);
                    at = end;
                }
                None => at += 1,
            }
        }
        faces
    }

    /// A rule as it stands on the page: written anew, token by token, so that it holds nothing but descriptors. `families`
    /// learns of the new name of the rule's family.
    fn face(
        &self,
        face: &Range<usize>,
        module: &str,
        urls: &BTreeMap<usize, String>,
        families: &mut BTreeMap<String, String>,
    ) -> Option<String> {
        let mut family = None;
        let mut out = String::new();
        for (name, value) in self.declarations(face) {
            if name.eq_ignore_ascii_case("font-family") {
                family = self.family(&value).map(|(family, _)| family);
            } else if is_descriptor(&name)
                && let Some(value) = self.descriptor(&value, urls)
            {
                out.push_str(&format!(";{name}:{}", value.trim()));
            }
        }
        let family = family?;
        let own = quoted(&format!("{module}: {family}"));
        families.insert(family.to_lowercase(), own.clone());
        Some(format!("@font-face{{font-family:{own}{out}}}"))
    }

    /// None where anything stands that no descriptor of a font has.
    fn descriptor(&self, value: &Range<usize>, urls: &BTreeMap<usize, String>) -> Option<String> {
        let mut out = String::new();
        let mut open = 0_usize;
        for at in value.clone() {
            let written = &self.text[self.tokens[at].range.clone()];
            match self.tokens[at].kind {
                Kind::Space => out.push(' '),
                Kind::String => out.push_str(&quoted(urls.get(&at).unwrap_or(&self.value(at)))),
                Kind::Url => {
                    out.push_str(&format!("url({})", quoted(urls.get(&at).unwrap_or(&self.value(at)))))
                }
                Kind::Comma => out.push(','),
                Kind::Function | Kind::Open(b'(') => {
                    open += 1;
                    out.push_str(written);
                }
                Kind::Close(b')') => {
                    open = open.checked_sub(1)?;
                    out.push(')');
                }
                Kind::Ident | Kind::Other => out.push_str(written),
                _ => return None,
            }
            let is_text = matches!(self.tokens[at].kind, Kind::Space | Kind::String | Kind::Url);
            let is_known = |letter: char| letter.is_ascii_alphanumeric() || "%.+-/#?_,()".contains(letter);
            if !is_text && !written.chars().all(is_known) {
                return None;
            }
        }
        (open == 0).then_some(out)
    }

    /// Where the module's own families are asked for: the token with which the name begins, and the edit.
    fn uses<'f>(
        &self,
        families: &'f BTreeMap<String, String>,
    ) -> impl Iterator<Item = (usize, Edit)> + use<'_, 'f> {
        let all = if families.is_empty() { Vec::new() } else { self.declarations(&(0..self.tokens.len())) };
        all.into_iter().flat_map(move |(name, value)| {
            let is_shorthand = name.eq_ignore_ascii_case("font");
            let is_family = name.eq_ignore_ascii_case("font-family") || name.starts_with("--");
            let parts = if is_shorthand || is_family { self.parts(&value) } else { Vec::new() };
            parts.into_iter().filter_map(move |part| {
                let found = if is_shorthand { self.last_family(&part, families) } else { self.family(&part) };
                let (family, range) = found?;
                let own = families.get(&family.to_lowercase())?;
                Some((part.start, (range, own.clone())))
            })
        })
    }

    /// The tokens of relative URLs, and the paths of what they name.
    fn relative_urls(
        &self,
        asset: &mut dyn FnMut(&str) -> Result<String, Refused>,
    ) -> Result<BTreeMap<usize, String>, Vec<Wrong>> {
        let mut found = BTreeMap::new();
        let mut wrong = Vec::new();
        for at in 0..self.tokens.len() {
            let url = self.value(at);
            let is_import = self.is_import(at);
            if !(self.is_url(at) || is_import) || !is_relative(&url) {
                continue;
            }
            let place = self.tokens[at].range.start;
            if is_import {
                let cause = format!("@import \"{url}\" is not followed");
                let next = "put its rules into this file, or import it where a bundler makes the stylesheet"
                    .to_owned();
                wrong.push(Wrong { at: place, cause, next });
                continue;
            }
            let (file, suffix) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
            match asset(file) {
                Ok(path) => drop(found.insert(at, format!("{path}{suffix}"))),
                Err(Refused { cause, next }) => wrong.push(Wrong { at: place, cause, next }),
            }
        }
        if wrong.is_empty() { Ok(found) } else { Err(wrong) }
    }

    /// `url(x)`, or the string in `url("x")`.
    fn is_url(&self, at: usize) -> bool {
        let before = || self.before(at).filter(|before| self.kind(*before) == Some(Kind::Function));
        match self.tokens[at].kind {
            Kind::Url => true,
            Kind::String => before().is_some_and(|before| self.value(before).eq_ignore_ascii_case("url")),
            _ => false,
        }
    }

    /// How the URL at a token is written.
    fn url(&self, at: usize, path: &str) -> String {
        match self.tokens[at].kind {
            Kind::Url => format!("url({})", quoted(path)),
            _ => quoted(path),
        }
    }

    fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        self.tokens[tokens.start].range.start..self.tokens[tokens.end - 1].range.end
    }

    /// What an `@import` names.
    fn is_import(&self, at: usize) -> bool {
        let mut before = self.before(at);
        if let Some(function) = before.filter(|before| self.kind(*before) == Some(Kind::Function)) {
            before = self.before(function);
        }
        let is_text = matches!(self.tokens[at].kind, Kind::String | Kind::Url);
        let is_import = |at: usize| {
            self.tokens[at].kind == Kind::AtKeyword && self.value(at).eq_ignore_ascii_case("import")
        };
        is_text && before.is_some_and(is_import)
    }

    /// The token before this one that is no space.
    fn before(&self, at: usize) -> Option<usize> {
        self.tokens[..at].iter().rposition(|token| token.kind != Kind::Space)
    }

    /// Names and values (as tokens) of all that has the form of a declaration.
    fn declarations(&self, within: &Range<usize>) -> Vec<(String, Range<usize>)> {
        let mut found = Vec::new();
        // A declaration may begin.
        let mut begins = true;
        let mut at = within.start;
        while at < within.end {
            let kind = self.tokens[at].kind;
            let colon = self.skip_space(at + 1);
            if begins && kind == Kind::Ident && self.kind(colon) == Some(Kind::Colon) {
                let (end, is_declaration) = self.end_of_value(colon + 1, within.end);
                if is_declaration {
                    found.push((self.value(at), colon + 1..end));
                    at = end;
                    continue;
                }
            }
            begins = match kind {
                Kind::Open(b'{') | Kind::Close(b'}') | Kind::Semicolon => true,
                Kind::Space => begins,
                _ => false,
            };
            at += 1;
        }
        found
    }

    /// Where the value that begins here ends, and whether it is one: what has a block is a rule (`a:hover { … }`).
    fn end_of_value(&self, start: usize, end: usize) -> (usize, bool) {
        let mut at = start;
        while at < end {
            match self.tokens[at].kind {
                Kind::Semicolon | Kind::Close(b'}') => return (at, true),
                Kind::Open(b'{') => return (at, false),
                Kind::Open(_) | Kind::Function => at = self.end_of(at).unwrap_or(end),
                _ => at += 1,
            }
        }
        (end, true)
    }

    /// Split at commas and parentheses: the fallback of a `var()` is a part of its own.
    fn parts(&self, value: &Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let mut start = value.start;
        for at in value.clone() {
            if matches!(self.tokens[at].kind, Kind::Comma | Kind::Open(_) | Kind::Close(_) | Kind::Function) {
                parts.push(start..at);
                start = at + 1;
            }
        }
        parts.push(start..value.end);
        parts
    }

    /// The name of a family and where it stands, if that is all there is: a string, or words. `!important` may follow.
    fn family(&self, part: &Range<usize>) -> Option<(String, Range<usize>)> {
        let is_mark = |at: &usize| self.text[self.tokens[*at].range.clone()] == *"!";
        let end = part.clone().find(is_mark).unwrap_or(part.end);
        let words: Vec<_> = (part.start..end).filter(|at| self.tokens[*at].kind != Kind::Space).collect();
        let (first, last) = (*words.first()?, *words.last()?);
        let is_ident = |at: &usize| self.tokens[*at].kind == Kind::Ident;
        let is_keyword =
            || words.len() == 1 && KEYWORDS.contains(&self.value(first).to_ascii_lowercase().as_str());
        let is_name = words.len() == 1 && self.tokens[first].kind == Kind::String
            || words.iter().all(is_ident) && !is_keyword();
        let name = words.iter().map(|at| self.value(*at)).collect::<Vec<_>>().join(" ");
        is_name.then(|| (name, self.tokens[first].range.start..self.tokens[last].range.end))
    }

    /// Of the shorthand `font`: the longest known family that the part ends with.
    fn last_family(
        &self,
        part: &Range<usize>,
        families: &BTreeMap<String, String>,
    ) -> Option<(String, Range<usize>)> {
        part.clone()
            .filter(|start| self.tokens[*start].kind != Kind::Space)
            .filter_map(|start| self.family(&(start..part.end)))
            .find(|(family, _)| families.contains_key(&family.to_lowercase()))
    }

    /// Behind the token that closes what this one opens.
    fn end_of(&self, open: usize) -> Option<usize> {
        let mut closing = Vec::new();
        for (at, token) in self.tokens.iter().enumerate().skip(open) {
            match token.kind {
                Kind::Open(letter) => closing.push(closes(letter)),
                Kind::Function => closing.push(b')'),
                Kind::Close(letter) if closing.last() == Some(&letter) => {
                    closing.pop();
                    if closing.is_empty() {
                        return Some(at + 1);
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    fn skip_space(&self, mut at: usize) -> usize {
        while self.kind(at) == Some(Kind::Space) {
            at += 1;
        }
        at
    }

    /// What a token means: without escapes, quotes, `@`, `(` and `url(…)`.
    fn value(&self, at: usize) -> String {
        let token = &self.tokens[at];
        let text = &self.text[token.range.clone()];
        match token.kind {
            Kind::AtKeyword => unescaped(&text[1..]),
            Kind::Function => unescaped(&text[..text.len() - 1]),
            Kind::String => {
                let quote = &text[..1];
                unescaped(text[1..].strip_suffix(quote).unwrap_or(&text[1..]))
            }
            Kind::Url => {
                let open = text.find('(').map_or(0, |open| open + 1);
                unescaped(text[open..].trim_end_matches(')').trim_matches(is_space))
            }
            _ => unescaped(text),
        }
    }
}

/// The edits are in order and apart from each other.
fn edited(text: &str, edits: &[Edit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, new) in edits {
        out.push_str(&text[done..range.start]);
        out.push_str(new);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

fn is_descriptor(name: &str) -> bool {
    DESCRIPTORS.iter().any(|known| name.eq_ignore_ascii_case(known))
}

fn is_relative(url: &str) -> bool {
    let scheme = url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.chars().all(|letter| letter.is_ascii_alphanumeric() || "+.-".contains(letter))
    });
    !url.is_empty() && !url.starts_with(['/', '\\', '#', '?']) && !scheme
}

/// A string of CSS: https://drafts.csswg.org/cssom/#serialize-a-string
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            letter if letter.is_control() => out.push_str(&format!("\\{:x} ", u32::from(letter))),
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        let mut digits = String::new();
        while digits.len() < 6
            && let Some(digit) = letters.next_if(char::is_ascii_hexdigit)
        {
            digits.push(digit);
        }
        if digits.is_empty() {
            // A line that is continued is nothing.
            out.extend(letters.next().filter(|letter| *letter != '\n'));
            continue;
        }
        letters.next_if(|letter| is_space(*letter));
        let code = u32::from_str_radix(&digits, 16).ok().filter(|code| *code != 0);
        out.push(code.and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    out
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let (kind, length) = next_token(&text[at..], first);
        tokens.push(Token { kind, range: at..at + length });
        at += length;
    }
    tokens
}

/// The kind and length of the token at the start of the text.
fn next_token(text: &str, first: char) -> (Kind, usize) {
    match first {
        letter if is_space(letter) => {
            (Kind::Space, text.find(|letter| !is_space(letter)).unwrap_or(text.len()))
        }
        '/' if text.starts_with("/*") => {
            (Kind::Space, text[2..].find("*/").map_or(text.len(), |end| end + 4))
        }
        '"' | '\'' => (Kind::String, string_length(text, first)),
        '(' | '[' | '{' => (Kind::Open(first as u8), 1),
        ')' | ']' | '}' => (Kind::Close(first as u8), 1),
        ':' => (Kind::Colon, 1),
        ';' => (Kind::Semicolon, 1),
        ',' => (Kind::Comma, 1),
        '@' => match ident_length(&text[1..]) {
            0 => (Kind::Other, 1),
            length => (Kind::AtKeyword, 1 + length),
        },
        // A hash or a number: its letters are no word of their own.
        '#' => (Kind::Other, 1 + name_length(&text[1..])),
        letter if letter.is_ascii_digit() => (Kind::Other, 1 + name_length(&text[1..])),
        _ => match ident_length(text) {
            0 => (Kind::Other, first.len_utf8()),
            length if text[length..].starts_with('(') => function(text, length),
            length => (Kind::Ident, length),
        },
    }
}

fn function(text: &str, name: usize) -> (Kind, usize) {
    let is_url = unescaped(&text[..name]).eq_ignore_ascii_case("url");
    let inside = text[name + 1..].trim_start_matches(is_space);
    if !is_url || inside.starts_with(['"', '\'']) {
        return (Kind::Function, name + 1);
    }
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip_while(|(at, _)| *at <= name) {
        if !escaped && letter == ')' {
            return (Kind::Url, at + 1);
        }
        escaped = !escaped && letter == '\\';
    }
    (Kind::Url, text.len())
}

/// With its quotes. One that a line's end breaks off ends there.
fn string_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        if !escaped && letter == quote {
            return at + 1;
        }
        if !escaped && matches!(letter, '\n' | '\r' | '\u{c}') {
            return at;
        }
        escaped = !escaped && letter == '\\';
    }
    text.len()
}

/// 0 where no identifier begins.
fn ident_length(text: &str) -> usize {
    let rest = text.strip_prefix('-').unwrap_or(text);
    let mut letters = rest.chars();
    let begins = match (letters.next(), letters.next()) {
        (Some('\\'), next) => next.is_some_and(|letter| letter != '\n'),
        (Some('-'), _) => rest.len() < text.len(),
        (Some(letter), _) => letter == '_' || letter.is_ascii_alphabetic() || !letter.is_ascii(),
        (None, _) => false,
    };
    if begins { name_length(text) } else { 0 }
}

fn name_length(text: &str) -> usize {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let is_name = letter == '-' || letter == '_' || letter.is_ascii_alphanumeric() || !letter.is_ascii();
        if is_name {
            continue;
        }
        // An escape: up to six digits and a space, or any other character.
        let Some((_, next)) = letters.next_if(|(_, next)| letter == '\\' && *next != '\n') else { return at };
        if next.is_ascii_hexdigit() {
            for _ in 0..5 {
                letters.next_if(|(_, digit)| digit.is_ascii_hexdigit());
            }
            letters.next_if(|(_, letter)| is_space(*letter));
        }
    }
    text.len()
}

fn closes(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

fn is_space(letter: char) -> bool {
    matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn prepared(text: &str) -> Prepared {
        let mut asset = |file: &str| Ok(format!("/_pc/assets/{}", file.trim_start_matches("./")));
        prepare("menu", text, &mut asset).unwrap()
    }

    #[track_caller]
    fn check(text: &str, expected: &str, fonts: Option<&str>) {
        let found = prepared(text);
        assert_eq!((found.text.as_str(), found.fonts.as_deref()), (expected, fonts), "{text}");
    }

    const FACE: &str = "@font-face{font-family:Own;src:url(/own.woff2)}";
    const OWN_FACE: &str = "@font-face{font-family:\"menu: Own\";src:url(\"/own.woff2\")}";

    #[track_caller]
    fn check_use(text: &str, expected: &str) {
        check(&format!("{FACE}{text}"), expected, Some(OWN_FACE));
    }

    #[test]
    fn what_has_no_fonts_and_no_relative_urls_stays_as_it_is() {
        for text in [
            "",
            "p { color: red; font: 1rem Own }",
            "a:hover{} b{background:url(/x.png)} c{background:url( 'data:image/png;base64,AA==' )} d{fill:url(#g)}",
            "/* @font-face { font-family: Own } url(x.png) */ p::before { content: \"url(x.png)\" }",
            "@import '/theme.css'; @import url(/theme.css);",
            "p { background: url(https://example.org/x.png) } q { width: calc(1px + (2px)) }",
            "@font-face { font-family: Own; src: url(/own.woff2)",
            "p { content: 'never closed\n } q { color: red }",
            "p { color: red } ü { --ä: \\",
        ] {
            check(text, text, None);
        }
    }

    #[test]
    fn fonts_go_to_the_page_under_names_of_the_module() {
        check_use("p{font-family:Own,serif}", "p{font-family:\"menu: Own\",serif}");
        check_use(
            "p{font-family: serif , 'own' !important;color:red}",
            "p{font-family: serif , \"menu: Own\" !important;color:red}",
        );
        check_use("p{font:italic 700 1rem/1.5 Own,serif}", "p{font:italic 700 1rem/1.5 \"menu: Own\",serif}");
        check_use("p{font:1rem/normal OWN}", "p{font:1rem/normal \"menu: Own\"}");
        check_use("p{font:1rem \"Own\"!important}", "p{font:1rem \"menu: Own\"!important}");
        check_use(
            "p{--text:Own, serif;font-family:var(--text, Own)}",
            "p{--text:\"menu: Own\", serif;font-family:var(--text, \"menu: Own\")}",
        );
        check_use(
            "@media print{p{q:hover{color:red}font-family:O\\77n}}",
            "@media print{p{q:hover{color:red}font-family:\"menu: Own\"}}",
        );
        check_use(
            "font:hover{color:red}p{animation:Own 1s}.Own{}",
            "font:hover{color:red}p{animation:Own 1s}.Own{}",
        );
        check_use("p{font-family:Owner,Own Sans,\"Own x\"}", "p{font-family:Owner,Own Sans,\"Own x\"}");
        // Faults of the sheet stay what they are to a browser.
        check_use("p{font-family:Own", "p{font-family:\"menu: Own\"");
    }

    #[test]
    fn names_of_fonts_may_be_words_and_escapes_and_stand_anywhere() {
        check(
            "@media print { @FONT-FACE /**/ { src: url(a.woff2); font\\2d family : Own  Sans ; } } p { font-family: own sans }",
            "@media print {  } p { font-family: \"menu: Own Sans\" }",
            Some("@font-face{font-family:\"menu: Own Sans\";src:url(\"/_pc/assets/a.woff2\")}"),
        );
        check(
            "@font-face { font-family: 'a\"b\\a c' } p { font-family: 'a\"b\\a c' }",
            " p { font-family: \"menu: a\\\"b\\a c\" }",
            Some("@font-face{font-family:\"menu: a\\\"b\\a c\"}"),
        );
        check(
            "@font-face{font-family:A}@font-face{font-family:B}p{font-family:B,A}",
            "p{font-family:\"menu: B\",\"menu: A\"}",
            Some("@font-face{font-family:\"menu: A\"}\n@font-face{font-family:\"menu: B\"}"),
        );
    }

    #[test]
    fn words_that_name_no_family_stay() {
        check(
            "@font-face{font-family:serif}@font-face{font-family:'Serif'}p{font:1rem serif}q{font-family:\"serif\",SERIF}",
            "p{font:1rem serif}q{font-family:\"menu: Serif\",SERIF}",
            Some("@font-face{font-family:\"menu: Serif\"}"),
        );
    }

    #[test]
    fn a_rule_of_a_font_cannot_reach_out_of_its_braces() {
        for text in [
            "@font-face { font-family: Own; src: url(x.woff2 } body { color: red }",
            "@font-face { font-family: Own; src: 'x } body { color: red }",
            "@font-face { font-family: Own; /* } body { color: red }",
            "@font-face { font-family: Own; ( } body { color: red }",
        ] {
            let fonts = prepared_text_of_fonts(text);
            assert_eq!(fonts, None, "{text}");
        }
        check(
            "@font-face { font-family: A; src: local(A), url( 'x\"y' ) format(\"woff2\"); body: { color: red }; unicode-range: U+26??, U+0-7F; size-adjust: 1\\} }",
            "",
            Some(
                "@font-face{font-family:\"menu: A\";src:local(A), url( \"/_pc/assets/x\\\"y\" ) format(\"woff2\");unicode-range:U+26??, U+0-7F}",
            ),
        );
        check(
            "@font-face{font-family:A}}body{color:red}",
            "}body{color:red}",
            Some("@font-face{font-family:\"menu: A\"}"),
        );
    }

    fn prepared_text_of_fonts(text: &str) -> Option<String> {
        prepare("menu", text, &mut |_| Ok("/x".to_owned())).unwrap().fonts
    }

    #[test]
    fn files_beside_the_stylesheet_are_served_by_their_hash() {
        check(
            "p{background:url(./a.png) , url( 'b.svg?x#y' )} @media print { q { mask: URL(c\\.svg#d) } }",
            "p{background:url(\"/_pc/assets/a.png\") , url( \"/_pc/assets/b.svg?x#y\" )} @media print { q { mask: url(\"/_pc/assets/c.svg#d\") } }",
            None,
        );
    }

    #[test]
    fn what_cannot_be_served_is_told_with_its_place() {
        let text = "@import 'a.css';\n@import url(b.css);\np { background: url(c.png) } q { background: url('d.png') }";
        let mut asset =
            |file: &str| Err(Refused { cause: format!("there is no {file}"), next: String::new() });
        let wrong = prepare("menu", text, &mut asset).unwrap_err();
        let told: Vec<_> = wrong.iter().map(|wrong| (&text[wrong.at..][..7], wrong.cause.as_str())).collect();
        assert_eq!(
            told,
            [
                ("'a.css'", "@import \"a.css\" is not followed"),
                ("url(b.c", "@import \"b.css\" is not followed"),
                ("url(c.p", "there is no c.png"),
                ("'d.png'", "there is no d.png"),
            ]
        );
    }
}
