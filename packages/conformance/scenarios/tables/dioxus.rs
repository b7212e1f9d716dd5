use dioxus::prelude::*;

#[derive(Clone, PartialEq)]
struct Line {
    id: u32,
    name: String,
    amount: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum By {
    Name,
    Amount,
}

/// As in `table.ts`.
fn start() -> Vec<Line> {
    let name = |id: u32| format!("item {}", char::from(b'a' + (id * 7 % 12) as u8));
    (0..12).map(|id| Line { id, name: name(id), amount: id * 37 % 101 }).collect()
}

fn sorted(lines: &[Line], by: By, down: bool) -> Vec<Line> {
    let mut lines = lines.to_vec();
    lines.sort_by(|a, b| {
        let order = if by == By::Name { a.name.cmp(&b.name) } else { a.amount.cmp(&b.amount) };
        let order = order.then(a.id.cmp(&b.id));
        if down { order.reverse() } else { order }
    });
    lines
}

pub fn Tables() -> Element {
    let mut lines = use_signal(start);
    let mut by = use_signal(|| By::Amount);
    let mut down = use_signal(|| false);
    let mut wide = use_signal(|| false);
    let mut grouped = use_signal(|| false);
    let mut edited = use_signal(|| None::<u32>);
    let mut sort = move |next: By| {
        down.set(next == by() && !down());
        by.set(next);
    };
    let rename = move |id: u32, name: String| {
        let mut lines = lines;
        if let Some(line) = lines.write().iter_mut().find(|line| line.id == id) {
            line.name = name;
        }
    };
    let add = move |_| {
        let id = 100 + lines.len() as u32;
        lines.push(Line { id, name: "item new".to_owned(), amount: 50 });
    };
    let ordered = sorted(&lines.read(), by(), down());
    let rest = |rest: u32| ordered.iter().filter(|line| line.id % 2 == rest).cloned().collect();
    let groups =
        if grouped() { vec![("even", rest(0)), ("odd", rest(1))] } else { vec![("all", ordered.clone())] };
    let order = |column: By| (by() == column).then_some(if down() { "descending" } else { "ascending" });
    let columns = if wide() { 4 } else { 3 };
    let sum: u32 = lines.read().iter().map(|line| line.amount).sum();
    let name_of_column = if by() == By::Name { "name" } else { "amount" };
    rsx! {
        button { id: "add", onclick: add, "add" }
        button { id: "columns", onclick: move |_| wide.toggle(), "columns" }
        button { id: "group", onclick: move |_| grouped.toggle(), "group" }
        button { id: "empty", onclick: move |_| lines.write().clear(), "empty" }
        table {
            caption { "{lines.len()} lines by {name_of_column}" }
            colgroup {
                col { span: 2 }
                if wide() {
                    col { class: "wide" }
                }
            }
            thead {
                tr {
                    th { scope: "col", aria_sort: order(By::Name),
                        button { id: "by-name", onclick: move |_| sort(By::Name), "name" }
                    }
                    th { scope: "col", aria_sort: order(By::Amount),
                        button { id: "by-amount", onclick: move |_| sort(By::Amount), "amount" }
                    }
                    if wide() {
                        th { "share" }
                    }
                    th {}
                }
            }
            for (title , rows) in groups {
                tbody { key: "{title}",
                    if grouped() {
                        tr { class: "title",
                            th { colspan: columns, scope: "rowgroup", "{title}" }
                        }
                    }
                    if rows.is_empty() {
                        tr {
                            td { colspan: columns, "nothing" }
                        }
                    }
                    for line in rows {
                        tr { key: "{line.id}",
                            td {
                                if edited() == Some(line.id) {
                                    input { id: "cell", value: line.name.clone(), oninput: move |event| rename(line.id, event.value()) }
                                } else {
                                    "{line.name}"
                                }
                            }
                            td { "align": "right", "{line.amount}" }
                            if wide() {
                                td { "{line.amount} %" }
                            }
                            td {
                                button { class: "edit", onclick: move |_| edited.set(Some(line.id)), "edit" }
                                button { class: "remove", onclick: move |_| lines.write().retain(|other| other.id != line.id), "remove" }
                            }
                        }
                    }
                }
            }
            tfoot {
                tr {
                    td { "sum" }
                    td { "{sum}" }
                }
            }
        }
    }
}
