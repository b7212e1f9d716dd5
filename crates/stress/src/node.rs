//! What the node says of itself, in `/metrics` of its admin listener.

use crate::{Admin, StressError, http};
use std::collections::BTreeMap;
use tokio::time::Instant;

/// A node that is looked at while it works.
pub(crate) struct Node {
    admin: Admin,
    /// Since the measuring began.
    first: Option<Look>,
    last: Look,
    sample: Option<Sample>,
    resident_max: u64,
}

/// One answer of the node.
#[derive(Clone, Debug)]
struct Look {
    at: Instant,
    values: BTreeMap<String, f64>,
}

/// Of one second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Sample {
    /// CPU time over time: 1 is one core.
    pub cores: f64,
    pub resident_bytes: u64,
}

/// Turns of a class, in milliseconds from asking to answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClassTurns {
    pub class: String,
    pub turns: u64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

const CPU: &str = "playconnect_process_cpu_us_total";
const RESIDENT: &str = "playconnect_process_resident_bytes";
const TURNS: &str = "playconnect_qos_turn_latency_us_bucket";

impl Node {
    pub(crate) async fn meet(admin: Admin) -> Result<Self, StressError> {
        let wrong = |why: String| StressError::Admin(admin.url.clone(), why);
        http::check(&admin.url).map_err(|why| wrong(why.to_owned()))?;
        let last = look(&admin).await.map_err(|error| wrong(error.to_string()))?;
        if !last.values.contains_key(CPU) {
            return Err(wrong("these are no metrics of a node".to_owned()));
        }
        Ok(Node { admin, first: None, last, sample: None, resident_max: 0 })
    }

    /// Looks again. One that does not answer for a while is overloaded, which the users see.
    pub(crate) async fn look(&mut self, is_measured: bool) {
        self.sample = None;
        let Ok(now) = look(&self.admin).await else { return };
        let resident_bytes = now.value(RESIDENT) as u64;
        self.resident_max = self.resident_max.max(resident_bytes);
        self.sample = Some(Sample { cores: cores(&self.last, &now), resident_bytes });
        if is_measured && self.first.is_none() {
            self.first = Some(self.last.clone());
        }
        self.last = now;
    }

    pub(crate) fn last(&self) -> Option<Sample> {
        self.sample
    }

    pub(crate) fn resident_max(&self) -> u64 {
        self.resident_max
    }

    /// In the time that is measured.
    pub(crate) fn cores(&self) -> f64 {
        self.first.as_ref().map_or(0.0, |first| cores(first, &self.last))
    }

    /// Classes of which there were turns.
    pub(crate) fn classes(&self) -> Vec<ClassTurns> {
        let Some(first) = &self.first else { return Vec::new() };
        let mut classes: BTreeMap<String, BTreeMap<u64, f64>> = BTreeMap::new();
        for (name, value) in &self.last.values {
            let Some(labels) = name.strip_prefix(TURNS) else { continue };
            let (Some(class), Some(bound)) = (label(labels, "class"), label(labels, "le")) else { continue };
            let bound = bound.parse().unwrap_or(u64::MAX);
            let more = value - first.values.get(name).copied().unwrap_or_default();
            *classes.entry(class.to_owned()).or_default().entry(bound).or_default() += more;
        }
        let turns = |(class, buckets): (String, BTreeMap<u64, f64>)| {
            let turns = buckets.values().last().copied().unwrap_or_default() as u64;
            let quantile = |q| quantile(&buckets, q) / 1e3;
            (turns > 0).then(|| ClassTurns { class, turns, p50_ms: quantile(0.5), p99_ms: quantile(0.99) })
        };
        classes.into_iter().filter_map(turns).collect()
    }
}

impl Look {
    fn value(&self, name: &str) -> f64 {
        self.values.get(name).copied().unwrap_or_default()
    }
}

async fn look(admin: &Admin) -> Result<Look, http::HttpError> {
    let mut url = admin.url.clone();
    url.set_path("/metrics");
    let text = http::get(&url, Some(&admin.token)).await?;
    Ok(Look { at: Instant::now(), values: values(&text) })
}

/// Prometheus' text format, as the node writes it: a name with its labels, a space, a number.
fn values(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let value = |line: &str| {
        let (name, value) = line.rsplit_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    lines.filter_map(value).collect()
}

fn label<'a>(labels: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = labels.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn cores(from: &Look, to: &Look) -> f64 {
    let elapsed_us = (to.at - from.at).as_micros() as f64;
    if elapsed_us > 0.0 { (to.value(CPU) - from.value(CPU)) / elapsed_us } else { 0.0 }
}

/// Of counts up to each bound; within a bucket as if they lay evenly.
fn quantile(buckets: &BTreeMap<u64, f64>, q: f64) -> f64 {
    let wanted = buckets.values().last().copied().unwrap_or_default() * q;
    let (mut low, mut below) = (0.0, 0.0);
    for (bound, count) in buckets {
        if *count >= wanted && *count > below {
            // The last bucket has no end.
            let bound = if *bound == u64::MAX { low } else { *bound as f64 };
            return low + (bound - low) * (wanted - below) / (count - below);
        }
        (low, below) = (if *bound == u64::MAX { low } else { *bound as f64 }, *count);
    }
    low
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_read_with_their_labels() {
        let found = values("# HELP a b\na 1\nb{class=\"ui\",le=\"500\"} 2.5\nnonsense\n");
        assert_eq!(found["a"], 1.0);
        assert_eq!(found["b{class=\"ui\",le=\"500\"}"], 2.5);
        assert_eq!(found.len(), 2);
        assert_eq!(label("{class=\"ui\",le=\"500\"}", "le"), Some("500"));
    }

    #[test]
    fn quantiles_of_buckets() {
        let buckets = BTreeMap::from([(1_000, 50.0), (2_000, 100.0), (u64::MAX, 100.0)]);
        assert_eq!(quantile(&buckets, 0.5), 1_000.0);
        assert_eq!(quantile(&buckets, 0.75), 1_500.0);
        assert_eq!(quantile(&buckets, 1.0), 2_000.0);
        assert_eq!(quantile(&BTreeMap::from([(1_000, 0.0), (u64::MAX, 4.0)]), 0.5), 1_000.0);
        assert_eq!(quantile(&BTreeMap::new(), 0.5), 0.0);
    }
}
