//! A page's shell: static HTML in which `<pc-slot name="…">…</pc-slot>` says where modules go.
//!
//! The scan follows the HTML tokenizer as far as it takes to tell tags from comments, raw text and attribute
//! values (WHATWG HTML, 13.2.5). Everything else is passed on as it is.

use std::ops::Range;

/// A slot of a shell. Ranges are bytes of the shell's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShellSlot {
    pub name: String,
    /// From `<pc-slot` to its `>`.
    pub start_tag: Range<usize>,
    /// `</pc-slot>`. What stands between the two tags is shown until the module's first content is there.
    pub end_tag: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct ShellError {
    pub at: usize,
    pub cause: String,
}

/// The shell's slots, in document order.
///
/// # Errors
/// A slot without a name, without an end tag, inside another slot, or of a name that was there before.
pub fn slots(html: &str) -> Result<Vec<ShellSlot>, ShellError> {
    let mut slots: Vec<ShellSlot> = Vec::new();
    let mut open: Option<(String, Range<usize>)> = None;
    let mut at = 0;
    while let Some(tag) = next_tag(html, at)? {
        at = tag.range.end;
        if tag.name != "pc-slot" {
            if !tag.end && RAW_TEXT.contains(&tag.name.as_str()) {
                at = skip_raw_text(html, at, &tag.name);
            }
            continue;
        }
        let wrong = |cause: String| ShellError { at: tag.range.start, cause };
        match (open.take(), tag.end) {
            (None, false) => {
                let name =
                    tag.slot_name.ok_or_else(|| wrong("<pc-slot> has no name attribute".to_owned()))?;
                if slots.iter().any(|slot| slot.name == name) {
                    return Err(wrong(format!("slot \"{name}\" is in this page twice")));
                }
                open = Some((name, tag.range));
            }
            (Some((name, start_tag)), true) => slots.push(ShellSlot { name, start_tag, end_tag: tag.range }),
            (Some((name, _)), false) => {
                return Err(wrong(format!(
                    "<pc-slot> inside slot \"{name}\", which needs its </pc-slot> first"
                )));
            }
            (None, true) => return Err(wrong("</pc-slot> without <pc-slot>".to_owned())),
        }
    }
    match open {
        None => Ok(slots),
        Some((name, start_tag)) => {
            Err(ShellError { at: start_tag.start, cause: format!("slot \"{name}\" has no </pc-slot>") })
        }
    }
}

/// The shell with this title, if it has none of its own and the title says something.
pub fn titled(html: String, title: &str) -> String {
    let head = head_of(&html);
    if title.is_empty() || head.has_title {
        return html;
    }
    let (before, behind) = html.split_at(head.end);
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    format!("{before}<title>{title}</title>{behind}")
}

/// Where something may be added behind all else of the head: in front of `</head>`, of `<body>`, or of the first slot.
pub fn head_end(html: &str) -> usize {
    head_of(html).end
}

struct Head {
    has_title: bool,
    end: usize,
}

fn head_of(html: &str) -> Head {
    let (mut at, mut has_title) = (0, false);
    while let Ok(Some(tag)) = next_tag(html, at) {
        if matches!((tag.name.as_str(), tag.end), ("head", true) | ("body" | "pc-slot", false)) {
            return Head { has_title, end: tag.range.start };
        }
        has_title |= tag.name == "title";
        at = tag.range.end;
        if !tag.end && RAW_TEXT.contains(&tag.name.as_str()) {
            at = skip_raw_text(html, at, &tag.name);
        }
    }
    Head { has_title, end: 0 }
}

/// Elements whose content the tokenizer does not look into.
const RAW_TEXT: [&str; 9] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext"];

struct Tag {
    name: String,
    end: bool,
    range: Range<usize>,
    slot_name: Option<String>,
}

fn next_tag(html: &str, from: usize) -> Result<Option<Tag>, ShellError> {
    let mut at = from;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let rest = &html[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            // `<!-->` and `<!--->` are whole comments.
            let body = comment.strip_prefix("->").or(comment.strip_prefix('>'));
            at = match (body, comment.find("-->")) {
                (Some(rest), _) => html.len() - rest.len(),
                (None, Some(end)) => start + 4 + end + 3,
                (None, None) => return Ok(None),
            };
            continue;
        }
        let end = rest.starts_with('/');
        let name_start = start + 1 + usize::from(end);
        if !html[name_start..].starts_with(|c: char| c.is_ascii_alphabetic()) {
            at = start + 1;
            continue;
        }
        return finish_tag(html, start, name_start, end).map(Some);
    }
    Ok(None)
}

fn finish_tag(html: &str, start: usize, name_start: usize, end: bool) -> Result<Tag, ShellError> {
    let unfinished = || ShellError { at: start, cause: "this tag has no `>`".to_owned() };
    let is_space = |c: char| c.is_ascii_whitespace();
    let name_end = name_start
        + html[name_start..].find(|c: char| is_space(c) || matches!(c, '/' | '>')).ok_or_else(unfinished)?;
    let mut tag = Tag {
        name: html[name_start..name_end].to_ascii_lowercase(),
        end,
        range: start..start,
        slot_name: None,
    };
    let mut at = name_end;
    loop {
        at += html[at..].find(|c: char| !is_space(c) && c != '/').ok_or_else(unfinished)?;
        if html[at..].starts_with('>') {
            tag.range.end = at + 1;
            return Ok(tag);
        }
        // A `=` in front belongs to the attribute's name.
        let first = usize::from(html[at..].starts_with('='));
        let length = html[at + first..]
            .find(|c: char| is_space(c) || matches!(c, '/' | '>' | '='))
            .ok_or_else(unfinished)?;
        let attribute = &html[at..at + first + length];
        at += first + length;
        at += html[at..].find(|c: char| !is_space(c)).ok_or_else(unfinished)?;
        let mut value = "";
        if html[at..].starts_with('=') {
            at += 1;
            at += html[at..].find(|c: char| !is_space(c)).ok_or_else(unfinished)?;
            let quote = html[at..].chars().next().filter(|c| matches!(c, '"' | '\''));
            at += usize::from(quote.is_some());
            let ends = |c: char| quote.map_or(is_space(c) || c == '>', |quote| c == quote);
            let length = html[at..].find(ends).ok_or_else(unfinished)?;
            value = &html[at..at + length];
            at += length + usize::from(quote.is_some());
        }
        if attribute.eq_ignore_ascii_case("name") && tag.slot_name.is_none() {
            tag.slot_name = Some(value.to_owned());
        }
    }
}

fn skip_raw_text(html: &str, from: usize, name: &str) -> usize {
    let mut at = from;
    while let Some(found) = html[at..].find("</") {
        let close = at + found;
        let rest = &html[close + 2..];
        let same = rest.get(..name.len()).is_some_and(|text| text.eq_ignore_ascii_case(name));
        if same && !rest[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-') {
            return close;
        }
        at = close + 2;
    }
    html.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(html: &str) -> Vec<String> {
        slots(html).unwrap().into_iter().map(|slot| slot.name).collect()
    }

    fn cause(html: &str) -> String {
        slots(html).unwrap_err().cause
    }

    #[test]
    fn slots_are_found_in_order() {
        assert_eq!(
            names(r#"<main><pc-slot name="a"></pc-slot><PC-SLOT class=x name=b></PC-SLOT></main>"#),
            ["a", "b"]
        );
        let html = r#"<p><pc-slot name="a">wait</pc-slot>"#;
        let slot = &slots(html).unwrap()[0];
        assert_eq!(&html[slot.start_tag.clone()], r#"<pc-slot name="a">"#);
        assert_eq!(&html[slot.end_tag.clone()], "</pc-slot>");
    }

    #[test]
    fn comments_raw_text_and_attribute_values_hold_no_slots() {
        let none: [String; 0] = [];
        assert_eq!(names(r#"<!-- <pc-slot name="a"> --><!--><!---><script>"<pc-slot>"</script>"#), none);
        assert_eq!(
            names(r#"<title></titles><pc-slot></title><a title='<pc-slot name="a">'>x < y</a>"#),
            none
        );
        assert_eq!(names("<style><pc-slot name=a>"), none);
    }

    #[test]
    fn a_title_is_given_to_a_shell_without_one() {
        let given = |html: &str| titled(html.to_owned(), "Fish & <chips>");
        assert_eq!(
            given("<!doctype html><meta charset=utf-8><body><svg><title>A fish</title></svg>"),
            "<!doctype html><meta charset=utf-8><title>Fish &amp; &lt;chips></title><body><svg><title>A fish</title></svg>"
        );
        let own = "<head><title>Chips</title></head>";
        assert_eq!(given(own), own);
        assert_eq!(titled("<body>".to_owned(), ""), "<body>");
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(cause("<pc-slot></pc-slot>"), "<pc-slot> has no name attribute");
        assert_eq!(cause("<pc-slot name=a>"), "slot \"a\" has no </pc-slot>");
        assert_eq!(cause("</pc-slot>"), "</pc-slot> without <pc-slot>");
        assert_eq!(
            cause("<pc-slot name=a></pc-slot><pc-slot name=a></pc-slot>"),
            "slot \"a\" is in this page twice"
        );
        assert!(cause("<pc-slot name=a><pc-slot name=b></pc-slot></pc-slot>").contains("inside slot \"a\""));
        assert_eq!(cause("<p><pc-slot name=\"a"), "this tag has no `>`");
    }

    /// No text may make the scan fail other than by an error: cut and damage one everywhere.
    #[test]
    fn any_text_is_survived() {
        let html = "<!--ä--><a b='ü' c=d/><script>é</script x><pc-slot name=\"ö\">ß</pc-slot></p>";
        for cut in (0..=html.len()).filter(|at| html.is_char_boundary(*at)) {
            let _ = slots(&html[..cut]);
            let _ = slots(&html[cut..]);
            for inserted in ["<", ">", "/", "=", "\"", "'", "<!--", "-->", "</", "ä"] {
                let _ = slots(&format!("{}{inserted}{}", &html[..cut], &html[cut..]));
            }
        }
    }
}
