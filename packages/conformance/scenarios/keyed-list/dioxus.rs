use dioxus::prelude::*;

#[derive(Clone, PartialEq)]
struct Row {
    id: u32,
    label: String,
}

type Change = fn(&[Row]) -> Vec<Row>;

/// As in `rows.ts`.
const CHANGES: [(&str, Change); 9] = [
    ("reverse", |rows| rows.iter().rev().cloned().collect()),
    ("swap", |rows| {
        let mut rows = rows.to_vec();
        if let Some(last) = rows.len().checked_sub(1) {
            rows.swap(0, last);
        }
        rows
    }),
    ("sort", |rows| {
        let mut rows = rows.to_vec();
        rows.sort_by_key(|row| row.id);
        rows
    }),
    ("third", |rows| {
        rows.iter().enumerate().filter(|(at, _)| at % 3 != 0).map(|(_, row)| row.clone()).collect()
    }),
    ("front", |rows| [&[new(1000, rows, "in front")], rows].concat()),
    ("middle", |rows| {
        let (before, behind) = rows.split_at(rows.len() / 2);
        [before, &[new(2000, rows, "amid")], behind].concat()
    }),
    ("rotate", |rows| {
        let (first, rest) = rows.split_at(rows.len().min(5));
        [rest, first].concat()
    }),
    ("clear", |_| Vec::new()),
    ("fill", |_| start()),
];

pub fn KeyedList() -> Element {
    let mut rows = use_signal(start);
    let mut seed = use_signal(|| 1);
    let mut change = move |change: &dyn Fn(&[Row]) -> Vec<Row>| {
        let changed = change(&rows.peek());
        rows.set(changed);
    };
    rsx! {
        p {
            button {
                id: "shuffle",
                onclick: move |_| {
                    change(&|rows| shuffle(rows, seed()));
                    seed += 1;
                },
                "shuffle {seed}"
            }
            for (name , apply) in CHANGES {
                button { key: "{name}", id: name, onclick: move |_| change(&apply), "{name}" }
            }
        }
        ul {
            for (at , row) in rows.read().iter().enumerate() {
                li { key: "{row.id}", "data-row": row.id, class: if at % 2 == 0 { "even" } else { "odd" },
                    b { "{row.label}" }
                    " "
                    i { "{at}" }
                    " "
                    input {}
                }
            }
        }
    }
}

fn start() -> Vec<Row> {
    (1..=60).map(|id| Row { id, label: format!("row {id}") }).collect()
}

fn new(from: u32, rows: &[Row], label: &str) -> Row {
    Row { id: from + rows.len() as u32, label: label.to_owned() }
}

/// Another order; one row in eight is gone, one in eight is new, one in eight has another label. The same for the same seed.
fn shuffle(rows: &[Row], seed: u32) -> Vec<Row> {
    let mut random = random_from(seed);
    let mut kept = Vec::new();
    for row in rows {
        if random() >= 0.125 {
            kept.push(row.clone());
        }
    }
    for row in &mut kept {
        if random() < 0.125 {
            row.label.push('\'');
        }
    }
    let mut id = rows.iter().map(|row| row.id).max().unwrap_or(0);
    while kept.len() < 50 || random() < 0.125 {
        id += 1;
        kept.push(Row { id, label: format!("new {id}") });
    }
    for at in (1..kept.len()).rev() {
        kept.swap(at, (random() * (at + 1) as f64) as usize);
    }
    kept
}

/// mulberry32: uniform in [0, 1).
fn random_from(seed: u32) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x6d2b79f5);
        let mut mixed = (state ^ (state >> 15)).wrapping_mul(1 | state);
        mixed = mixed.wrapping_add((mixed ^ (mixed >> 7)).wrapping_mul(61 | mixed)) ^ mixed;
        f64::from(mixed ^ (mixed >> 14)) / 4_294_967_296.0
    }
}
