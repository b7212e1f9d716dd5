//! What a verb prints: lines for people, or JSON for programs, and a spinner while it takes time.

use std::io::{ErrorKind, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::failure::Failure;

#[derive(Clone, Copy)]
pub struct Output {
    json: bool,
}

impl Output {
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    pub fn is_json(&self) -> bool {
        self.json
    }

    /// One or more lines on stdout.
    pub fn line(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        let written = stdout.write_all(format!("{text}\n").as_bytes()).and_then(|()| stdout.flush());
        match written {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Failure::reader_has_gone()),
            Err(error) => Err(Failure::run_time(&format!("stdout cannot be written: {error}"))),
            Ok(()) => Ok(()),
        }
    }

    /// A remark on stderr.
    pub fn note(&self, text: &str) {
        // Where stderr is closed there is nobody to tell.
        let _ = writeln!(std::io::stderr(), "{text}");
    }

    /// A spinner on stderr, if that is a terminal.
    pub fn progress(&self, title: &str) -> Progress {
        let bar = if self.json { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        let style = ProgressStyle::with_template("{spinner} {prefix} {elapsed} {wide_msg:.dim}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        bar.set_prefix(title.to_owned());
        bar.enable_steady_tick(Duration::from_millis(100));
        Progress { bar }
    }
}

/// Gone from the terminal when it is dropped.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub fn says(&self, text: &str) {
        self.bar.set_message(text.trim().to_owned());
    }

    /// A remark on stderr, above the spinner.
    pub fn note(&self, text: &str) {
        // Where stderr is closed there is nobody to tell.
        let _ = self.bar.suspend(|| writeln!(std::io::stderr(), "{text}"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// Columns as wide as their widest cell; numbers to the right.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.chain([header[column].len()]).max().unwrap_or_default()
    };
    let widths: Vec<_> = (0..header.len()).map(width).collect();
    let is_number = |cell: &str| cell.chars().all(|c| c.is_ascii_digit() || c == '.');
    let line = |cells: Vec<&str>, numbers: &[bool]| {
        let cells = cells.iter().zip(&widths).zip(numbers).map(|((cell, width), number)| {
            if *number { format!("{cell:>width$}") } else { format!("{cell:<width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let numbers: Vec<_> = (0..header.len())
        .map(|column| !rows.is_empty() && rows.iter().all(|row| is_number(&row[column])))
        .collect();
    let head = line(header.to_vec(), &numbers);
    let rows = rows.iter().map(|row| line(row.iter().map(String::as_str).collect(), &numbers));
    std::iter::once(head).chain(rows).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_align() {
        let rows = [["menu", "react", "3012"], ["scoreboard", "-", "176"]];
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.map(str::to_owned).to_vec()).collect();
        let expected =
            "module      framework    KB\nmenu        react      3012\nscoreboard  -           176";
        assert_eq!(table(&["module", "framework", "KB"], &rows), expected);
    }
}
