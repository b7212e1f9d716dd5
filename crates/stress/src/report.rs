//! What came of it: for people, for programs, and as a picture.

use crate::node::{ClassTurns, Node};
use crate::seen::{Second, Seen};
use crate::{Options, picture};
use hdrhistogram::Histogram;
use serde_json::{Value, json};
use std::fmt::Write;

#[derive(Clone, Debug)]
pub struct Report {
    pub(crate) url: String,
    pub(crate) sessions: u32,
    pub(crate) seconds: f64,
    pub(crate) ramp_seconds: f64,
    /// Sessions that showed their page at the same time, at most.
    pub live_max: u64,
    /// Events with a frame that shows what they did.
    pub answered: u64,
    pub click_to_frame: Quantiles,
    pub(crate) page: Quantiles,
    pub(crate) opening: Quantiles,
    frames: u64,
    received_bytes: u64,
    /// By kind: how many, and what was said of the first one.
    pub(crate) errors: Vec<(&'static str, u64, String)>,
    pub(crate) node: Option<NodeReport>,
    pub(crate) timeline: Vec<Second>,
}

/// In milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quantiles {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

#[derive(Clone, Debug)]
pub(crate) struct NodeReport {
    pub cores: f64,
    pub resident_max_bytes: u64,
    pub classes: Vec<ClassTurns>,
}

impl Report {
    pub(crate) fn new(options: &Options, seen: &Seen, node: Option<Node>) -> Self {
        let totals = seen.result();
        let errors = totals.errors.iter().map(|(fault, (count, why))| (fault.name(), *count, why.clone()));
        Report {
            url: options.url.to_string(),
            sessions: options.sessions,
            seconds: options.duration.as_secs_f64(),
            ramp_seconds: options.ramp.as_secs_f64(),
            live_max: totals.live_max,
            answered: totals.click_to_frame.len(),
            click_to_frame: Quantiles::of(&totals.click_to_frame),
            page: Quantiles::of(&totals.page),
            opening: Quantiles::of(&totals.opening),
            frames: totals.frames,
            received_bytes: totals.received_bytes,
            errors: errors.collect(),
            node: node.map(|node| NodeReport {
                cores: node.cores(),
                resident_max_bytes: node.resident_max(),
                classes: node.classes(),
            }),
            timeline: totals.seconds,
        }
    }

    pub fn errors(&self) -> u64 {
        self.errors.iter().map(|(_, count, _)| count).sum()
    }

    /// One object, of numbers in the units that the keys name.
    pub fn json(&self) -> Value {
        let quantiles = |of: Quantiles| json!({ "p50": of.p50, "p99": of.p99, "max": of.max });
        let kinds: serde_json::Map<String, Value> = self
            .errors
            .iter()
            .map(|(kind, count, first)| ((*kind).to_owned(), json!({ "count": count, "first": first })))
            .collect();
        let classes = |node: &NodeReport| -> serde_json::Map<String, Value> {
            let class = |own: &ClassTurns| {
                (own.class.clone(), json!({ "turns": own.turns, "p50": own.p50_ms, "p99": own.p99_ms }))
            };
            node.classes.iter().map(class).collect()
        };
        json!({
            "url": self.url,
            "sessions": self.sessions,
            "seconds": self.seconds,
            "live_max": self.live_max,
            "events_answered": self.answered,
            "click_to_frame_ms": quantiles(self.click_to_frame),
            "page_ms": quantiles(self.page),
            "opening_ms": quantiles(self.opening),
            "frames_per_second": self.per_second(self.frames),
            "received_bytes_per_second": self.per_second(self.received_bytes),
            "errors": self.errors(),
            "errors_by_kind": kinds,
            "node": self.node.as_ref().map(|node| json!({
                "cpu_cores": node.cores,
                "resident_max_bytes": node.resident_max_bytes,
                "turn_latency_ms": classes(node),
            })),
        })
    }

    /// Name and value, in the order in which one looks at them.
    pub fn rows(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        let mut row = |name: &str, value: String| rows.push((name.to_owned(), value));
        let ms = |of: Quantiles| format!("p50 {:.1} ms, p99 {:.1} ms, max {:.1} ms", of.p50, of.p99, of.max);
        row("sessions", format!("{} at the same time, of {}", self.live_max, self.sessions));
        let rate = self.per_second(self.answered);
        row("events answered", format!("{} ({rate:.1} a second)", self.answered));
        row("click → frame", ms(self.click_to_frame));
        row("page → HTML", ms(self.page));
        row("page → live", ms(self.opening));
        let kilobytes = self.per_second(self.received_bytes) / 1e3;
        row("received", format!("{:.1} frames and {kilobytes:.1} kB a second", self.per_second(self.frames)));
        if let Some(node) = &self.node {
            row("node: CPU", format!("{:.2} cores", node.cores));
            row("node: memory", format!("{:.0} MiB", node.resident_max_bytes as f64 / f64::from(1 << 20)));
            for ClassTurns { class, turns, p50_ms, p99_ms } in &node.classes {
                row(
                    &format!("node: turns of {class}"),
                    format!("p50 {p50_ms:.1} ms, p99 {p99_ms:.1} ms of {turns}"),
                );
            }
        }
        row("errors", self.errors().to_string());
        for (kind, count, first) in &self.errors {
            row(&format!("errors: {kind}"), format!("{count}, first: {first}"));
        }
        rows
    }

    /// One HTML file that needs nothing else.
    pub fn picture(&self) -> String {
        picture::draw(self)
    }

    pub(crate) fn table_html(&self) -> String {
        let mut out = String::new();
        for (name, value) in self.rows() {
            let _ =
                write!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escape(&name), escape(&value));
        }
        out
    }

    fn per_second(&self, count: u64) -> f64 {
        count as f64 / self.seconds.max(1e-3)
    }
}

impl Quantiles {
    pub(crate) fn of(histogram: &Histogram<u64>) -> Self {
        let ms = |q| histogram.value_at_quantile(q) as f64 / 1e3;
        Quantiles { p50: ms(0.5), p99: ms(0.99), max: ms(1.0) }
    }
}

pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
