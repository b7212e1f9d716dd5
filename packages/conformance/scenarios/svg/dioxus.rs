use dioxus::prelude::*;

const SERIES: [&[i32]; 5] = [&[3, 1, 4, 1, 5], &[9, 2, 6], &[5, 3, 5, 8, 9, 7], &[], &[9, 3, 2, 3]];

fn path(values: &[i32]) -> String {
    let step = |(at, value): (usize, &i32)| {
        format!("{}{} {}", if at == 0 { "M" } else { "L" }, at * 20, 100 - value * 10)
    };
    values.iter().enumerate().map(step).collect::<Vec<_>>().join(" ")
}

pub fn Svg() -> Element {
    let mut n = use_signal(|| 0);
    let mut chosen = use_signal(|| -1);
    let mut inside = use_signal(|| 0);
    let mut round = use_signal(|| false);
    let values = SERIES[n() % SERIES.len()];
    rsx! {
        button { id: "next", onclick: move |_| n += 1, "next" }
        button { id: "kind", onclick: move |_| round.toggle(), "kind" }
        svg {
            view_box: "0 0 200 100",
            width: "200",
            height: "100",
            preserve_aspect_ratio: "xMidYMid meet",
            class: "chart c{n}",
            defs {
                linearGradient { id: "g", gradient_transform: "rotate(90)",
                    stop { offset: "5%", stop_color: "gold" }
                    stop { offset: "95%", stop_color: if n() % 2 == 1 { "red" } else { "blue" } }
                }
                clipPath { id: "c", clip_path_units: "userSpaceOnUse",
                    circle { cx: "50", cy: "50", r: 40 + n() }
                }
            }
            for (at , value) in values.iter().enumerate() {
                rect {
                    key: "{at}",
                    x: at * 20,
                    y: 100 - value * 10,
                    width: "15",
                    height: value * 10,
                    fill: if chosen() == at as i32 { "red" } else { "url(#g)" },
                    fill_opacity: 0.8,
                    onclick: move |_| chosen.set(at as i32),
                }
            }
            path {
                d: path(values),
                stroke_width: n() + 1,
                stroke: "black",
                fill: "none",
                stroke_dasharray: "4 1",
                vector_effect: "non-scaling-stroke",
                pointer_events: "none",
            }
            if round() {
                circle { cx: "10", cy: "10", r: "5" }
            } else {
                ellipse { cx: "10", cy: "10", rx: "5", ry: "3" }
            }
            g { clip_path: "url(#c)", transform: "translate({n} 2)",
                text { x: "1", y: "9", text_anchor: "middle",
                    "n is {n} "
                    tspan { font_weight: "bold", "{chosen}" }
                }
            }
            r#use { href: "#g", "xlink:href": "#x{n}" }
            foreignObject { x: "120", y: "0", width: "80", height: "40",
                div { class: "html",
                    button { id: "inside", onclick: move |_| inside += 1, "in {inside}" }
                    svg { width: "5", height: "5",
                        path { d: "M0 0h5" }
                    }
                }
            }
        }
        math {
            mi { "x" }
            mo { "=" }
            mn { "{n}" }
        }
    }
}
