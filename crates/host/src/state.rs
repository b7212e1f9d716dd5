//! What the host keeps for one instance: its limits as the engine asks for them, its log, and the functions it calls.

use wasmtime::ResourceLimiter;

use crate::bindings::playconnect::module::{host, intl, types};
use crate::engine::{CORE_INSTANCES_MAX, TABLES_MAX};
use crate::types::Level;
use crate::{Limits, intl as formats};

/// A longer line is cut.
const LINE_BYTES_MAX: usize = 8 << 10;
/// What a line costs beside its text, so that empty lines are not free.
const LINE_OVERHEAD_BYTES: u64 = 32;

/// A line that a guest logged, with control and direction characters escaped.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    pub level: Level,
    pub text: String,
}

pub(crate) struct State {
    pub limiter: Limiter,
    pub log: Log,
}

impl State {
    pub fn new(limits: &Limits, table_elements_max: u32) -> State {
        State {
            limiter: Limiter {
                memory_bytes: 0,
                memory_bytes_max: limits.memory_bytes,
                table_elements_max: u64::from(table_elements_max),
                refused: None,
            },
            log: Log {
                lines: Vec::new(),
                dropped: 0,
                credit_bytes: limits.log_bytes_per_second,
                refilled_us: 0,
                bytes_per_second: limits.log_bytes_per_second,
            },
        }
    }
}

pub(crate) struct Limiter {
    pub memory_bytes: u64,
    memory_bytes_max: u64,
    table_elements_max: u64,
    /// What was refused in this call. A guest may live with it; if it traps, this is why.
    pub refused: Option<Refused>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Refused {
    Memory { used_bytes: u64, wanted_bytes: u64, allowed_bytes: u64 },
    Table { wanted: u64, allowed: u64 },
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        used: usize,
        wanted: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let (used_bytes, wanted_bytes) = (used as u64, wanted as u64);
        if wanted_bytes > self.memory_bytes_max {
            let allowed_bytes = self.memory_bytes_max;
            self.refused = Some(Refused::Memory { used_bytes, wanted_bytes, allowed_bytes });
            return Ok(false);
        }
        // The module's own maximum is the module's own affair.
        if maximum.is_some_and(|maximum| wanted > maximum) {
            return Ok(false);
        }
        // A component has one memory, see the engine's settings.
        self.memory_bytes = wanted_bytes;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, wanted: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let wanted = wanted as u64;
        if wanted > self.table_elements_max {
            self.refused = Some(Refused::Table { wanted, allowed: self.table_elements_max });
            return Ok(false);
        }
        Ok(maximum.is_none_or(|maximum| wanted <= maximum as u64))
    }

    fn instances(&self) -> usize {
        CORE_INSTANCES_MAX as usize
    }

    fn tables(&self) -> usize {
        TABLES_MAX as usize
    }

    fn memories(&self) -> usize {
        1
    }
}

/// A bucket of bytes that fills by the clock of the turns, so that a replay drops the same lines.
pub(crate) struct Log {
    lines: Vec<LogLine>,
    dropped: u32,
    credit_bytes: u64,
    refilled_us: u64,
    bytes_per_second: u64,
}

impl Log {
    /// A call begins at this time.
    pub fn refill(&mut self, now_us: u64) {
        let elapsed_us = now_us.saturating_sub(self.refilled_us);
        let earned = u128::from(elapsed_us) * u128::from(self.bytes_per_second) / 1_000_000;
        if earned == 0 {
            return; // parts of a byte are kept for the next time
        }
        let earned = u64::try_from(earned).unwrap_or(u64::MAX);
        self.credit_bytes = self.credit_bytes.saturating_add(earned).min(self.bytes_per_second);
        self.refilled_us = now_us;
    }

    pub fn take(&mut self) -> (Vec<LogLine>, u32) {
        (std::mem::take(&mut self.lines), std::mem::take(&mut self.dropped))
    }

    fn push(&mut self, level: Level, message: &str) {
        let message = truncate(message, LINE_BYTES_MAX);
        let cost = message.len() as u64 + LINE_OVERHEAD_BYTES;
        if cost > self.credit_bytes {
            self.dropped = self.dropped.saturating_add(1);
            return;
        }
        self.credit_bytes -= cost;
        self.lines.push(LogLine { level, text: escape(message) });
    }
}

impl host::Host for State {
    fn log(&mut self, level: Level, message: String) {
        self.log.push(level, &message);
    }
}

impl intl::Host for State {
    fn format_number(
        &mut self,
        locale: String,
        value: f64,
        options: intl::NumberOptions,
    ) -> Result<String, String> {
        formats::format_number(&locale, value, &options)
    }

    fn format_date(
        &mut self,
        locale: String,
        time_ms: f64,
        options: intl::DateOptions,
    ) -> Result<String, String> {
        formats::format_date(&locale, time_ms, &options)
    }
}

impl types::Host for State {}

/// The first `bytes_max` bytes, ending at a character.
pub(crate) fn truncate(text: &str, bytes_max: usize) -> &str {
    &text[..text.floor_char_boundary(bytes_max)]
}

/// A guest's text, safe to print on a terminal: it can neither begin a line of its own nor turn the direction.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        let turns =
            matches!(char, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if char.is_control() || turns {
            out.extend(char.escape_default());
        } else {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_cannot_begin_another_or_colour_a_terminal() {
        assert_eq!(escape("a\r\nERROR b\u{1b}[31m\u{202e}ü"), "a\\r\\nERROR b\\u{1b}[31m\\u{202e}ü");
    }

    #[test]
    fn the_log_bucket_fills_by_the_turns_clock() {
        let limits = Limits { log_bytes_per_second: 100, ..Limits::default() };
        let mut log = State::new(&limits, 0).log;
        let line = "x".repeat(18); // costs 50
        for _ in 0..3 {
            log.push(Level::Info, &line);
        }
        assert_eq!((log.lines.len(), log.dropped), (2, 1));
        log.refill(500_000);
        log.push(Level::Info, &line);
        log.push(Level::Info, &line);
        assert_eq!((log.lines.len(), log.dropped), (3, 2));
        // A clock that goes back earns nothing, and many small steps earn as much as one big one.
        log.refill(0);
        for step in 0..=500 {
            log.refill(500_000 + step * 1_000);
        }
        log.push(Level::Info, &line);
        assert_eq!((log.lines.len(), log.dropped), (4, 2));
    }
}
