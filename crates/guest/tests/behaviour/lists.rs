use crate::page::Page;
use dioxus::prelude::*;
use std::cell::RefCell;

thread_local! {
    /// What the list shows next.
    static NEXT: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

#[test]
fn keyed_entries_follow_any_permutation() {
    fn App() -> Element {
        let mut keys = use_signal(|| NEXT.take());
        rsx! {
            button { id: "next", onclick: move |_| keys.set(NEXT.take()) }
            ul { id: "list",
                li { "first" }
                for key in keys() { li { key: "{key}", "data-key": "{key}", "{key}" } }
                li { "last" }
            }
        }
    }
    check(App, |key| vec![key.to_string()], ("first", "last"), true);
}

#[test]
fn entries_of_several_roots_keep_together() {
    #[component]
    fn Entry(number: u32) -> Element {
        rsx! {
            dt { "t{number}" }
            dd { "d{number}" }
        }
    }
    fn App() -> Element {
        let mut keys = use_signal(|| NEXT.take());
        rsx! {
            button { id: "next", onclick: move |_| keys.set(NEXT.take()) }
            dl { id: "list",
                for number in keys() { Entry { key: "{number}", number } }
                dt { "end" }
            }
        }
    }
    check(App, |key| vec![format!("t{key}"), format!("d{key}")], ("", "end"), false);
}

#[test]
fn entries_without_keys_follow_too() {
    fn App() -> Element {
        let mut keys = use_signal(|| NEXT.take());
        rsx! {
            button { id: "next", onclick: move |_| keys.set(NEXT.take()) }
            p { id: "list",
                for key in keys() { "{key}" i { "i{key}" } }
                b { "end" }
            }
        }
    }
    check(App, |key| vec![key.to_string(), format!("i{key}")], ("", "end"), false);
}

#[test]
fn a_bare_text_that_is_moved_is_a_clear_error() {
    #[component]
    fn Bare(number: u32) -> Element {
        rsx! { "{number}" }
    }
    fn App() -> Element {
        let mut keys = use_signal(|| vec![1, 2, 3]);
        rsx! {
            button { id: "next", onclick: move |_| keys.reverse() }
            p { for number in keys() { Bare { key: "{number}", number } } }
        }
    }
    trait Reverse {
        fn reverse(&mut self);
    }
    impl Reverse for Signal<Vec<u32>> {
        fn reverse(&mut self) {
            self.write().as_mut_slice().reverse();
        }
    }
    let mut page = Page::new(App);
    let event = page.event("next", "click");
    let error = page.runtime.turn(page.now_us, vec![playconnect_guest::types::Input::Event(event)]);
    let error = error.expect_err("Dioxus does not know the text's node");
    assert!(error.contains("put an element around it"), "{error}");
}

/// Runs 20 seeds of 30 changes each: shuffles, removals, insertions. `texts` are what one entry shows.
fn check(
    app: fn() -> Element,
    texts: fn(u32) -> Vec<String>,
    (before, after): (&str, &str),
    keeps_nodes: bool,
) {
    for seed in 1..=20 {
        let mut random = Seeded(seed);
        let mut keys: Vec<u32> = (0..random.below(12)).collect();
        NEXT.set(keys.clone());
        let mut page = Page::new(app);
        for change in 0..30 {
            let nodes = by_key(&page);
            random.change(&mut keys);
            NEXT.set(keys.clone());
            page.click("next");
            let expected = [
                vec![before.to_owned()],
                keys.iter().flat_map(|key| texts(*key)).collect(),
                vec![after.to_owned()],
            ];
            assert_eq!(page.text("list"), expected.concat().concat(), "seed {seed}, change {change}");
            if keeps_nodes {
                let kept =
                    by_key(&page).into_iter().filter(|(key, _)| nodes.iter().any(|(known, _)| known == key));
                let same = kept.filter(|entry| !nodes.contains(entry)).count();
                assert_eq!(same, 0, "an entry that stays keeps its node (seed {seed}, change {change})");
            }
        }
    }
}

fn by_key(page: &Page) -> Vec<(String, u32)> {
    let all = page.all().into_iter();
    all.filter_map(|node| Some((page.attribute(node, "data-key")?.to_owned(), node.0))).collect()
}

struct Seeded(u64);

impl Seeded {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }

    fn change(&mut self, keys: &mut Vec<u32>) {
        match self.below(4) {
            0 => keys.reverse(),
            1 => keys.retain(|key| key % 3 != 0),
            _ => {}
        }
        for place in (1..keys.len()).rev() {
            if self.below(2) == 0 {
                keys.swap(place, self.below(place as u32 + 1) as usize);
            }
        }
        for _ in 0..self.below(4) {
            let (key, place) = (self.below(40), self.below(keys.len() as u32 + 1) as usize);
            if !keys.contains(&key) {
                keys.insert(place, key);
            }
        }
    }
}
