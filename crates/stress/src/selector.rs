//! Which elements a step means: `button`, `#find`, `li.free`, `[name="party"]`, and these together. No combinators.

use playconnect_dom::replica::ElementRef;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Selector {
    tag: Option<String>,
    /// `#id` and `.class` too.
    conditions: Vec<Condition>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Condition {
    Class(String),
    Has(String),
    Is(String, String),
}

impl Selector {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no selector of this kind: write one such as `button`, `#find`, `li.free` or `[name=\"party\"]`"
            )
        };
        let (tag, mut rest) = name(text);
        let mut selector =
            Selector { tag: (!tag.is_empty()).then(|| tag.to_owned()), conditions: Vec::new() };
        while let Some(kind) = rest.chars().next() {
            rest = &rest[kind.len_utf8()..];
            let (word, behind) = name(rest);
            if word.is_empty() {
                return Err(wrong());
            }
            rest = behind;
            let word = word.to_owned();
            selector.conditions.push(match kind {
                '#' => Condition::Is("id".to_owned(), word),
                '.' => Condition::Class(word),
                '[' => {
                    let (inner, behind) = rest.split_once(']').ok_or_else(wrong)?;
                    rest = behind;
                    match inner.strip_prefix('=') {
                        Some(value) => Condition::Is(word, value.trim_matches(['"', '\'']).to_owned()),
                        None if inner.is_empty() => Condition::Has(word),
                        None => return Err(wrong()),
                    }
                }
                _ => return Err(wrong()),
            });
        }
        if selector == Selector::default() { Err(wrong()) } else { Ok(selector) }
    }

    pub(crate) fn matches(&self, element: &ElementRef<'_>) -> bool {
        self.tag.as_ref().is_none_or(|tag| element.local_name().eq_ignore_ascii_case(tag))
            && self.conditions.iter().all(|condition| match condition {
                Condition::Class(class) => element
                    .attribute("class")
                    .is_some_and(|classes| classes.split_ascii_whitespace().any(|own| own == class)),
                Condition::Has(name) => element.attribute(name).is_some(),
                Condition::Is(name, value) => element.attribute(name) == Some(value),
            })
    }
}

/// The name that the text begins with, and what is behind it.
fn name(text: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn selectors_of_one_element() {
        let parsed = Selector::parse("li.free.near#one[data-x][name=\"a b\"]").unwrap();
        assert_eq!(parsed.tag.as_deref(), Some("li"));
        let is = |name: &str, value: &str| Condition::Is(name.to_owned(), value.to_owned());
        let class = |name: &str| Condition::Class(name.to_owned());
        let expected = [
            class("free"),
            class("near"),
            is("id", "one"),
            Condition::Has("data-x".to_owned()),
            is("name", "a b"),
        ];
        assert_eq!(parsed.conditions, expected);
        for wrong in ["", "a b", "a > b", "li.", "[x", "[x~=y]", ":hover", "*"] {
            let error = Selector::parse(wrong).unwrap_err();
            assert!(error.starts_with(&format!("`{wrong}` is no selector")), "{error}");
        }
    }
}
