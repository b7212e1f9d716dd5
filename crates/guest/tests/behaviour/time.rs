use crate::page::{Page, START_US, environment};
use dioxus::prelude::*;
use playconnect_guest::time::{Duration, animation_frame, interval, now, sleep};
use playconnect_guest::types::{Environment, Input, Lane, Start};

#[test]
fn a_sleep_ends_when_its_time_has_come() {
    fn App() -> Element {
        let mut steps = use_signal(Vec::new);
        use_future(move || async move {
            for pause in [100, 0, 250] {
                sleep(Duration::from_millis(pause)).await;
                steps.push(now().as_micros() as u64 - START_US);
            }
        });
        rsx! { p { id: "steps", "{steps:?}" } }
    }
    let mut page = Page::unmounted(App, crate::page::start());
    let outcome = page.turn(vec![Input::Mount]);
    assert_eq!(outcome.next_timer_us, Some(START_US + 100_000));
    page.now_us += 50_000;
    let outcome = page.turn(vec![Input::Timer]);
    assert_eq!((outcome.next_timer_us, page.text("steps")), (Some(START_US + 100_000), "[]".to_owned()));
    let outcome = page.timer(&outcome);
    // A sleep of nothing is the next turn, not this one.
    assert_eq!(
        (outcome.next_timer_us, page.text("steps")),
        (Some(START_US + 100_000), "[100000]".to_owned())
    );
    let outcome = page.timer(&outcome);
    assert_eq!(outcome.next_timer_us, Some(START_US + 350_000));
    let outcome = page.timer(&outcome);
    assert_eq!((outcome.next_timer_us, page.text("steps")), (None, "[100000, 100000, 350000]".to_owned()));
}

#[test]
fn an_interval_keeps_its_rate_and_leaves_missed_ticks_out() {
    fn App() -> Element {
        let mut ticks = use_signal(|| 0);
        use_future(move || async move {
            let mut every = interval(Duration::from_millis(100));
            loop {
                every.tick().await;
                ticks += 1;
            }
        });
        rsx! { p { id: "ticks", "{ticks}" } }
    }
    let mut page = Page::unmounted(App, crate::page::start());
    let mut outcome = page.turn(vec![Input::Mount]);
    for tick in 1..=3 {
        outcome = page.timer(&outcome);
        assert_eq!(page.now_us, START_US + tick * 100_000);
    }
    page.now_us += 450_000;
    let outcome = page.turn(vec![Input::Timer]);
    assert_eq!(outcome.next_timer_us, Some(START_US + 800_000));
    assert_eq!(page.text("ticks"), "4");
}

#[test]
fn timers_of_what_is_gone_are_gone() {
    #[component]
    fn Clock() -> Element {
        use_future(|| async { sleep(Duration::from_secs(1)).await });
        rsx! { "tick" }
    }
    fn App() -> Element {
        let mut shown = use_signal(|| true);
        rsx! {
            button { id: "toggle", onclick: move |_| shown.toggle() }
            if shown() { Clock {} }
        }
    }
    let mut page = Page::new(App);
    assert_eq!(page.turn(vec![]).next_timer_us, Some(START_US + 1_000_000));
    assert_eq!(page.click("toggle").next_timer_us, None);
}

#[test]
fn a_resource_starts_anew_when_what_it_reads_changes() {
    fn App() -> Element {
        let mut running = use_signal(|| true);
        let mut ticks = use_signal(|| 0);
        let _ = use_resource(move || async move {
            while running() {
                sleep(Duration::from_millis(10)).await;
                ticks += 1;
            }
        });
        rsx! { button { id: "toggle", onclick: move |_| running.toggle(), "{ticks}" } }
    }
    let mut page = Page::new(App);
    let outcome = page.turn(vec![]);
    let outcome = page.timer(&outcome);
    let outcome = page.timer(&outcome);
    assert_eq!(page.text("toggle"), "2");
    assert!(outcome.next_timer_us.is_some());
    assert_eq!(page.click("toggle").next_timer_us, None);
    let outcome = page.click("toggle");
    page.timer(&outcome);
    assert_eq!(page.text("toggle"), "3");
}

#[test]
fn animation_frames_are_asked_for_one_by_one() {
    fn App() -> Element {
        let mut frames = use_signal(|| 0);
        use_future(move || async move {
            while frames() < 2 {
                animation_frame().await;
                frames += 1;
            }
        });
        rsx! { p { id: "frames", "{frames}" } }
    }
    let mut page = Page::unmounted(App, crate::page::start());
    assert!(page.turn(vec![Input::Mount]).animation_frame);
    let outcome = page.turn(vec![Input::AnimationFrame]);
    assert!(outcome.animation_frame);
    assert_eq!(outcome.lane, Lane::Animation);
    assert!(!page.turn(vec![Input::AnimationFrame]).animation_frame);
    assert_eq!(page.text("frames"), "2");
}

#[test]
fn the_environment_is_a_signal() {
    fn App() -> Element {
        let environment = playconnect_guest::environment();
        rsx! { p { id: "url", "{environment.url} {environment.locale}" } }
    }
    let mut page = Page::new(App);
    assert_eq!(page.text("url"), "/ de-CH");
    assert!(page.turn(vec![Input::Environment(environment())]).batch.is_empty(), "nothing has changed");
    page.turn(vec![Input::Environment(Environment { url: "/there".to_owned(), ..environment() })]);
    assert_eq!(page.text("url"), "/there de-CH");
}

#[test]
#[should_panic(
    expected = "3 timers are running, and this module may have no more: let some end or drop them, or raise \
                           timers in [module.test.limits] of playconnect.toml"
)]
fn more_timers_than_the_manifest_allows() {
    fn App() -> Element {
        for _ in 0..4 {
            use_future(|| sleep(Duration::from_secs(1)));
        }
        rsx! {}
    }
    let mut page = Page::unmounted(App, Start { timers_max: 3, ..crate::page::start() });
    page.turn(vec![Input::Mount]);
}

#[test]
fn as_many_timers_as_the_manifest_allows() {
    fn App() -> Element {
        for _ in 0..3 {
            use_future(|| async {
                for _ in 0..2 {
                    sleep(Duration::from_secs(1)).await;
                }
            });
        }
        rsx! {}
    }
    let mut page = Page::unmounted(App, Start { timers_max: 3, ..crate::page::start() });
    let outcome = page.turn(vec![Input::Mount]);
    assert_eq!(page.timer(&outcome).next_timer_us, Some(START_US + 2_000_000));
}
