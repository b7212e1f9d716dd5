//! What is wrong with a configuration file, and where.

use std::fmt::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

/// One thing that is wrong (or worth knowing): where, what, and what to do next. Displays as one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub place: Place,
    /// What it is about: a key such as `module.chat.limits.memory`.
    pub object: String,
    pub cause: String,
    /// What to do next. May be empty where the cause says it all.
    pub next: String,
}

/// Where a value was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Lines and columns count from 1; columns count characters.
    File { path: PathBuf, line: usize, column: usize },
    /// A file as a whole: it cannot be read. The cause names it.
    Whole { path: PathBuf },
    /// An environment variable.
    Variable(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Self::Whole { path } => write!(f, "{}", path.display()),
            Self::Variable(name) => f.write_str(name),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = &mut OneLine(f);
        if !matches!(self.place, Place::Whole { .. }) {
            write!(line, "{}: ", self.place)?;
        }
        if !self.object.is_empty() {
            write!(line, "{}: ", self.object)?;
        }
        line.write_str(&self.cause)?;
        if !self.next.is_empty() {
            write!(line, "; {}", self.next)?;
        }
        Ok(())
    }
}

/// Escapes control characters: names and values out of somebody's file neither break a line nor command a terminal.
struct OneLine<'o, 'f>(&'o mut fmt::Formatter<'f>);

impl fmt::Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.split_inclusive(char::is_control) {
            match piece.chars().next_back().filter(|last| last.is_control()) {
                Some(last) => {
                    self.0.write_str(&piece[..piece.len() - last.len_utf8()])?;
                    write!(self.0, "{}", last.escape_debug())?;
                }
                None => self.0.write_str(piece)?,
            }
        }
        Ok(())
    }
}

/// The text of a file, able to turn byte offsets into places.
#[derive(Clone, Debug)]
pub struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// `path` is what the person is shown.
    pub fn new(path: &Path, text: String) -> Self {
        Self { path: path.to_owned(), text }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn place(&self, span: &Range<usize>) -> Place {
        let mut at = span.start.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Place::File {
            path: self.path.clone(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// The known word that `word` was probably meant to be.
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(word.len()).div_ceil(3))
        .min()
        .map(|(_, candidate)| candidate)
}

/// `` `a`, `b` and `c` ``
pub(crate) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_lines_and_characters_from_one() {
        let source = Source::new(Path::new("a.toml"), "x = 1\nä = 2\n".to_owned());
        let place = |at| source.place(&(at..at)).to_string();
        assert_eq!(place(0), "a.toml:1:1");
        assert_eq!(place(6), "a.toml:2:1");
        assert_eq!(place(9), "a.toml:2:3", "ä is two bytes and one column");
        assert_eq!(place(999), "a.toml:3:1");
    }

    #[test]
    fn the_nearest_word_is_near() {
        assert_eq!(nearest("memroy", &["timers", "memory"]), Some("memory"));
        assert_eq!(nearest("colour", &["timers", "memory"]), None);
    }
}
