//! First HTML: the tree as markup that a browser's parser turns into the same nodes.
//!
//! The WHATWG algorithm ("serializing HTML fragments"), with what it lacks for a way back: adjacent and empty texts are
//! set apart by comments, a first newline in `pre` and `textarea` is doubled, and live form state stands as attributes.
//! `protocol/wire.md`, *Snapshots*, says how the browser takes it up again.

use crate::Namespace;
use crate::op::{Property, PropertyValue};
use crate::tree::{PageId, SlotId, TextInHtml, Tree, View};
use std::borrow::Cow;
use std::fmt::Write;

/// Lists the attributes of an element that only stand for live form state.
pub const LIVE_ATTRIBUTE: &str = "data-pc-live";

/// The comment that keeps texts apart, or stands for an empty one.
const MARKER: &str = "<!---->";

/// Whether a comment of this data is written as it is; other data stands as an empty comment.
///
/// No data may hold markup: in some places the parser takes a comment for text (in `textarea`, in a `title` of HTML), and
/// would find an end tag in it.
pub fn comment_survives(data: &str) -> bool {
    !(data.contains(['<', '>', '\r', '\0'])
        || data.starts_with("->")
        || data.contains("--")
        || data.ends_with('-'))
}

/// Whether HTML can hold the text.
pub fn text_survives(data: &str) -> bool {
    !data.contains('\0')
}

/// A slot's children as HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SlotMarkup {
    pub html: String,
    /// Where other slots stand in it: byte offsets right behind start tags, in order.
    pub places: Vec<(usize, SlotId)>,
}

impl Tree {
    pub fn html(&self, slot: SlotId) -> SlotMarkup {
        let mut out = SlotMarkup::default();
        self.write_html(self.slot_root(slot), &mut out);
        out
    }

    fn write_html(&self, root: PageId, markup: &mut SlotMarkup) {
        let out = &mut markup.html;
        let mut at = self.children(root).next();
        while let Some(id) = at {
            let entered = self.open_html(id, out);
            if entered && let Some(slot) = self.html_place(id) {
                markup.places.push((out.len(), slot));
            }
            if entered && let Some(first) = self.children(id).next() {
                at = Some(first);
                continue;
            }
            if entered {
                self.close_html(id, out);
            }
            let mut up = id;
            at = loop {
                if let Some(next) = self.next_sibling(up) {
                    break Some(next);
                }
                match self.parent(up).filter(|parent| *parent != root) {
                    Some(parent) => up = parent,
                    None => break None,
                }
                self.close_html(up, out);
            };
        }
    }

    /// Whether children follow, and an end tag.
    fn open_html(&self, id: PageId, out: &mut String) -> bool {
        match self.view(id) {
            Some(View::Text(data)) => {
                match TextInHtml::of(data, self.is_behind_text(id)) {
                    TextInHtml::Plain => {}
                    TextInHtml::Empty | TextInHtml::BehindText => out.push_str(MARKER),
                }
                escape(data, false, out);
                false
            }
            Some(View::Comment(data)) => {
                if comment_survives(data) {
                    let _ = write!(out, "<!--{data}-->");
                } else {
                    out.push_str(MARKER);
                }
                false
            }
            Some(View::Element { namespace, local }) => {
                out.push('<');
                out.push_str(local);
                for (namespace, name, value) in self.attributes(id) {
                    attribute(namespace, name, value, out);
                }
                if self.is_focused(id) && self.attributes(id).all(|(_, name, _)| name != "autofocus") {
                    // The browser's own way: it takes the focus from nobody who has it.
                    out.push_str(" autofocus");
                }
                let text = self.live_html(id, local, out);
                out.push('>');
                if namespace == Namespace::None && is_void(local) {
                    return false;
                }
                if let Some(text) = text {
                    newline_kept(local, &text, out);
                    escape(&text, false, out);
                    self.close_html(id, out);
                    return false;
                }
                if let Some(View::Text(data)) = self.children(id).next().and_then(|first| self.view(first)) {
                    newline_kept(local, data, out);
                }
                true
            }
            Some(View::Slot { .. }) | None => false,
        }
    }

    /// What stands in a textarea in place of its children: its live value, or their text where a parser would make
    /// others of them. It takes all between the tags for one text.
    pub(crate) fn live_text(&self, id: PageId) -> Option<Cow<'_, str>> {
        let Some(View::Element { local: "textarea", .. }) = self.view(id) else { return None };
        let value = self.properties(id).find_map(|(property, value)| match value {
            PropertyValue::Text(value) if property == Property::Value => Some(&**value),
            _ => None,
        });
        if let Some(value) = value {
            return Some(Cow::Borrowed(value));
        }
        let mut children = self.children(id).map(|child| self.view(child));
        let first = children.next()?;
        if matches!(first, Some(View::Text(data)) if !data.is_empty()) && children.next().is_none() {
            return None;
        }
        let texts = self.children(id).filter_map(|child| match self.view(child) {
            Some(View::Text(data)) => Some(data),
            _ => None,
        });
        Some(Cow::Owned(texts.collect()))
    }

    fn close_html(&self, id: PageId, out: &mut String) {
        if let Some(View::Element { local, .. }) = self.view(id) {
            let _ = write!(out, "</{local}>");
        }
    }

    /// Live form state as attributes. A textarea's value is returned: it stands as the element's text.
    fn live_html(&self, id: PageId, local: &str, out: &mut String) -> Option<Cow<'_, str>> {
        let mut live = String::new();
        let text = self.live_text(id);
        if text.is_some() {
            live.push_str("text ");
        }
        for (property, value) in self.properties(id) {
            let name = match (property, value) {
                (Property::Value, PropertyValue::Text(value)) if local == "input" => {
                    if self.attributes(id).all(|(_, name, _)| name != "value") {
                        attribute(Namespace::None, "value", value, out);
                        live.push_str("value ");
                    }
                    continue;
                }
                (Property::Checked, PropertyValue::Flag(true)) => "checked",
                (Property::Selected, PropertyValue::Flag(true)) => "selected",
                (Property::Muted, PropertyValue::Flag(true)) => "muted",
                _ => continue,
            };
            if self.attributes(id).all(|(_, own, _)| own != name) {
                attribute(Namespace::None, name, "", out);
                live.push_str(name);
                live.push(' ');
            }
        }
        if !live.is_empty() {
            attribute(Namespace::None, LIVE_ATTRIBUTE, live.trim_end(), out);
        }
        text
    }
}

fn attribute(namespace: Namespace, name: &str, value: &str, out: &mut String) {
    let prefix = match namespace {
        Namespace::XLink => "xlink:",
        Namespace::Xml => "xml:",
        Namespace::Xmlns if name != "xmlns" => "xmlns:",
        _ => "",
    };
    let _ = write!(out, " {prefix}{name}=\"");
    escape(value, true, out);
    out.push('"');
}

/// The parser drops a newline right behind these start tags.
fn newline_kept(local: &str, text: &str, out: &mut String) {
    if matches!(local, "pre" | "textarea" | "listing") && text.starts_with('\n') {
        out.push('\n');
    }
}

fn escape(text: &str, in_attribute: bool, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\u{a0}', '\r']) {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        let mut characters = behind.chars();
        match characters.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('"') if in_attribute => out.push_str("&quot;"),
            Some('\u{a0}') => out.push_str("&nbsp;"),
            // The parser turns a bare carriage return into a newline.
            Some('\r') => out.push_str("&#13;"),
            Some(other) => out.push(other),
            None => {}
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}

fn is_void(local: &str) -> bool {
    matches!(
        local,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}
