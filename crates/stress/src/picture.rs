//! The course of a run, second by second, as one HTML file.

use crate::report::{Quantiles, Report, escape};
use crate::seen::Second;
use std::fmt::Write;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 120.0;
const LEFT: f64 = 64.0;
const TOP: f64 = 8.0;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #fff; --a: #2456c7; --b: #c2410c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf2; --soft: #98a4b3; --line: #323b48; --paper: #141a22; --a: #7aa2ff; --b: #ff9d66; } }
body { margin: 2rem auto; max-width: 53rem; padding: 0 1rem; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.4rem; } h2 { font-size: 1rem; margin: 1.6rem 0 .2rem; }
p, figcaption { color: var(--soft); } figure { margin: 0; }
table { border-collapse: collapse; } th { text-align: left; font-weight: 500; color: var(--soft); padding: .1rem 1.5rem .1rem 0; vertical-align: top; }
td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
svg { width: 100%; height: auto; } svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
.grid { stroke: var(--line); } .ramp { fill: var(--line); opacity: .5; }
.a { stroke: var(--a); } .b { stroke: var(--b); } .a, .b { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.key-a { color: var(--a); } .key-b { color: var(--b); }
";

/// One curve or two over the seconds.
struct Chart<'a> {
    title: &'a str,
    /// Of both curves: what they show, in which unit.
    names: [&'a str; 2],
    curves: [Vec<Option<f64>>; 2],
}

pub(crate) fn draw(report: &Report) -> String {
    let of = |value: &dyn Fn(&Second) -> Option<f64>| report.timeline.iter().map(value).collect::<Vec<_>>();
    let latency = |pick: fn(Quantiles) -> f64| {
        move |second: &Second| (!second.answered.is_empty()).then(|| pick(Quantiles::of(&second.answered)))
    };
    let mebibyte = f64::from(1 << 20);
    let mut charts = vec![
        Chart {
            title: "Click → frame, ms",
            names: ["p50", "p99"],
            curves: [of(&latency(|of| of.p50)), of(&latency(|of| of.p99))],
        },
        Chart {
            title: "Events answered, and errors, a second",
            names: ["answered", "errors"],
            curves: [
                of(&|second| Some(second.answered.len() as f64)),
                of(&|second| Some(second.errors as f64)),
            ],
        },
        Chart {
            title: "Live sessions",
            names: ["sessions", ""],
            curves: [of(&|second| Some(second.live as f64)), Vec::new()],
        },
    ];
    if report.node.is_some() {
        charts.push(Chart {
            title: "CPU of the node, cores",
            names: ["cores", ""],
            curves: [of(&|second| second.node.map(|node| node.cores)), Vec::new()],
        });
        charts.push(Chart {
            title: "Memory of the node, MiB",
            names: ["resident", ""],
            curves: [of(&|second| second.node.map(|node| node.resident_bytes as f64 / mebibyte)), Vec::new()],
        });
    }
    let figures: String = charts.iter().map(|chart| figure(chart, report.ramp_seconds)).collect();
    let url = escape(&report.url);
    let ramp = match report.ramp_seconds {
        0.0 => String::new(),
        seconds => format!(", after a ramp of {seconds} s (grey)"),
    };
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>playconnect stress: {url}</title><style>{STYLE}</style></head><body><h1>playconnect stress</h1>\
         <p>{url}: {} users, {} s{ramp}.</p><table>{}</table>{figures}</body></html>\n",
        report.sessions,
        report.seconds,
        report.table_html(),
    )
}

fn figure(chart: &Chart<'_>, ramp_seconds: f64) -> String {
    let seconds = chart.curves[0].len().max(1) as f64;
    let all = chart.curves.iter().flatten().flatten();
    let top = round_up(all.fold(0.0, |max: f64, value| max.max(*value)));
    let x = |second: f64| LEFT + (WIDTH - LEFT - 8.0) * second / seconds;
    let y = |value: f64| TOP + HEIGHT * (1.0 - value / top);
    let mut svg = String::new();
    let title = escape(chart.title);
    let _ =
        write!(svg, "<svg viewBox=\"0 0 {WIDTH} {}\" role=\"img\" aria-label=\"{title}\">", HEIGHT + 32.0);
    let _ = write!(
        svg,
        "<rect class=\"ramp\" x=\"{LEFT}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{HEIGHT}\"/>",
        x(ramp_seconds.min(seconds)) - LEFT
    );
    for part in 0..=2 {
        let value = top * f64::from(part) / 2.0;
        let (at, right) = (y(value), WIDTH - 8.0);
        let _ = write!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 8.0,
            at + 4.0,
            shown(value)
        );
    }
    for second in [0.0, seconds / 2.0, seconds] {
        let (at, below) = (x(second), TOP + HEIGHT + 18.0);
        let _ = write!(
            svg,
            "<text x=\"{at:.1}\" y=\"{below}\" text-anchor=\"middle\">{} s</text>",
            shown(second)
        );
    }
    for (class, curve) in ["a", "b"].iter().zip(&chart.curves) {
        // A second without a value is a gap.
        for part in curve.iter().enumerate().collect::<Vec<_>>().split(|(_, value)| value.is_none()) {
            let points = part.iter().filter_map(|(second, value)| Some((*second as f64 + 1.0, (**value)?)));
            let points: Vec<String> =
                points.map(|(second, value)| format!("{:.1},{:.1}", x(second), y(value))).collect();
            if points.is_empty() {
                continue;
            }
            let _ = write!(svg, "<polyline class=\"{class}\" points=\"{}\"/>", points.join(" "));
        }
    }
    let keys = ["a", "b"].iter().zip(chart.names).filter(|(_, name)| !name.is_empty());
    let keys: String =
        keys.map(|(class, name)| format!(" <span class=\"key-{class}\">■ {name}</span>")).collect();
    format!("<figure><h2>{title}</h2><figcaption>{keys}</figcaption>{svg}</svg></figure>")
}

/// 1, 2 or 5 times a power of ten, and not below the value.
fn round_up(value: f64) -> f64 {
    if value <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power).into_iter().find(|top| *top >= value).unwrap_or(value)
}

fn shown(value: f64) -> String {
    if value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}").trim_end_matches('0').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_end_at_round_numbers() {
        for (value, top) in [(0.0, 1.0), (0.3, 0.5), (1.0, 1.0), (3.0, 5.0), (7.0, 10.0), (1_200.0, 2_000.0)]
        {
            assert!((round_up(value) - top).abs() < 1e-9, "{value}: {}", round_up(value));
        }
        assert_eq!((shown(2.5), shown(10.0)), ("2.5".to_owned(), "10".to_owned()));
    }

    #[test]
    fn a_gap_in_a_curve_is_a_gap() {
        let curves = [vec![Some(1.0), None, Some(2.0)], Vec::new()];
        let drawn = figure(&Chart { title: "a < b", names: ["x", ""], curves }, 1.0);
        assert_eq!(drawn.matches("<polyline").count(), 2);
        assert!(drawn.contains("a &lt; b") && !drawn.contains("NaN"), "{drawn}");
    }
}
