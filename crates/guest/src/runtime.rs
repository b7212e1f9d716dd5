//! The turn: inputs in, Dioxus until it rests, one batch out.

use crate::bindings::playconnect::module::types::{Environment, Input, Lane, Outcome, Start, Strip};
use crate::events::{self, Raised};
use crate::mutations::Writer;
use crate::platform::{self, Platform, Reply};
use dioxus::dioxus_core::{
    DynamicNode, Element, ElementId, Event, ScopeId, Template, TemplateNode, VComponent, VNode, VirtualDom,
};
use dioxus::html::PlatformEventData;
use dioxus::prelude::{Readable, Signal, Writable, spawn, suspend};
use std::any::Any;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Waker};

/// How often components may make each other render again within one turn.
const RENDERS_MAX: usize = 1_000;

/// One module: a Dioxus component between turns.
///
/// [`export!`](crate::export) makes one in the instance and calls it from the world's exports. Tests make one for
/// each thread; a second one on the same thread takes the first one's place in `time`, `random` and the like.
pub struct Runtime {
    dom: VirtualDom,
    writer: Writer,
    environment: Signal<Environment>,
    rewriting: Signal<bool>,
    mounted: bool,
}

impl Runtime {
    /// `init`: nothing is rendered before the first turn.
    pub fn new(app: fn() -> Element, start: Start) -> Self {
        events::install_converter();
        platform::with(|platform| *platform = Platform::new(&start));
        let dom = VirtualDom::new_with_props(root, Root { app });
        let (environment, rewriting) = dom.in_runtime(|| {
            let environment = Signal::new_in_scope(start.environment, ScopeId::ROOT);
            (environment, Signal::new_in_scope(false, ScopeId::ROOT))
        });
        dom.provide_root_context(Rewriting(rewriting));
        platform::with(|platform| platform.environment = Some(environment));
        Runtime { dom, writer: Writer::new(), environment, rewriting, mounted: false }
    }

    /// One turn. An error is for the operator; the module is to be started anew.
    pub fn turn(&mut self, now_us: u64, inputs: Vec<Input>) -> Result<Outcome, String> {
        platform::with(|platform| platform.now_us = platform.now_us.max(now_us));
        let lane = inputs.iter().map(lane_of).min_by_key(|lane| *lane as u8).unwrap_or(Lane::Default);
        // What a restore left to do, before anything else.
        self.settle()?;
        for input in inputs {
            self.handle(input);
            // Each input sees what the one before it has done.
            self.settle()?;
        }
        let commands = platform::with(|platform| std::mem::take(&mut platform.commands));
        for (element, command) in commands {
            self.writer.command(element, command);
        }
        let batch = self.writer.finish()?;
        Ok(platform::with(|platform| Outcome {
            batch,
            lane,
            next_timer_us: platform.timers.next_deadline(),
            animation_frame: !platform.frames.is_empty(),
            requests: std::mem::take(&mut platform.requests),
        }))
    }

    /// This instance goes on as another incarnation: its memory is that of the one before.
    pub fn restored(&mut self, start: Start) {
        platform::with(|platform| platform.start(&start));
        self.set_environment(start.environment);
    }

    /// Nodes that the module has in the page.
    pub fn live_nodes(&self) -> usize {
        self.writer.nodes.live_count()
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Mount => {
                if !self.mounted {
                    self.mounted = true;
                    self.dom.rebuild(&mut self.writer);
                }
            }
            Input::Event(event) => self.dispatch(event),
            Input::Timer => {
                let due = platform::with(|platform| platform.timers.take_due(platform.now_us));
                due.into_iter().for_each(Waker::wake);
            }
            Input::AnimationFrame => {
                let waiting = platform::with(|platform| {
                    platform.frame_count += 1;
                    std::mem::take(&mut platform.frames)
                });
                waiting.into_iter().for_each(Waker::wake);
            }
            Input::Environment(environment) => self.set_environment(environment),
            Input::Response((id, result)) => {
                let waiting = platform::with(|platform| match platform.replies.get_mut(&id) {
                    Some(reply) => match std::mem::replace(reply, Reply::Here(result)) {
                        Reply::Waiting(waker) => waker,
                        Reply::Here(_) => None,
                    },
                    // Nobody waits any more.
                    None => None,
                });
                waiting.into_iter().for_each(Waker::wake);
            }
            // All of the tree is written again: a part of it would need a copy of the page in here.
            Input::Resync(_) => {
                let mut rewriting = self.rewriting;
                self.dom.in_runtime(|| rewriting.set(true));
            }
            Input::Stripped(stripped) => {
                for Strip { node, what, why } in stripped.first {
                    let place = node.map_or("in a template".to_owned(), |node| format!("node {node}"));
                    crate::warn!("left out of the page: {what}, {place}: {why}");
                }
            }
        }
    }

    fn dispatch(&mut self, event: crate::bindings::playconnect::module::types::Event) {
        let value = event.form.as_ref().map(|form| form.value.as_str());
        self.writer.event_seen(event.sequence, event.target, value);
        let kind = event.type_.clone();
        let bubbles = dioxus_core_types::event_bubbles(&kind);
        let Some(element) = self.writer.listener(event.target, &kind, bubbles) else { return };
        let control = self.writer.control(event.target);
        let selected = event.form.as_ref().map_or([].as_slice(), |form| &form.selected);
        let options = self.writer.option_values(event.target, selected);
        let raised = Raised::new(event, control, options);
        let all_heard = self.raise(&kind, PlatformEventData::new(Box::new(raised)), bubbles, element);
        self.writer.end_once(element, &kind, bubbles && all_heard);
    }

    /// False: a handler has stopped it on its way up.
    fn raise(&self, kind: &str, data: PlatformEventData, bubbles: bool, element: ElementId) -> bool {
        let data: Rc<dyn Any> = Rc::new(data);
        let event = Event::new(data, bubbles);
        self.dom.runtime().handle_event(kind, event.clone(), element);
        if !event.default_action_enabled() && !self.writer.prevents_default(element, kind) {
            crate::warn!(
                "prevent_default() for `{kind}` came too late: the browser does not wait for a module. Declare it \
                 on the element: \"pc-prevent-default\": \"{kind}\""
            );
        }
        event.propagates()
    }

    /// Tasks, effects and renders, until there is nothing left to do in this turn.
    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..RENDERS_MAX {
            // As in Dioxus for the web: elements are told before effects and tasks run.
            for element in self.writer.take_mounted() {
                self.raise("mounted", events::mounted(element), false, element);
            }
            let work = pin!(self.dom.wait_for_work()).poll(&mut Context::from_waker(Waker::noop()));
            if work.is_pending() {
                return Ok(());
            }
            self.dom.render_immediate(&mut self.writer);
        }
        Err(format!(
            "the module did not come to rest after {RENDERS_MAX} renders in one turn: does a component write a signal \
             in its body that it reads there too?"
        ))
    }

    fn set_environment(&mut self, environment: Environment) {
        let mut signal = self.environment;
        self.dom.in_runtime(|| {
            if !same(&signal.peek(), &environment) {
                signal.set(environment);
            }
        });
    }
}

/// The component above the module's own.
#[derive(Clone)]
struct Root {
    app: fn() -> Element,
}

/// Set while the tree is to be written again.
#[derive(Clone, Copy)]
struct Rewriting(Signal<bool>);

/// To write everything again, the tree is suspended and resumed: Dioxus then makes all nodes anew, and the
/// components keep their state.
fn root(props: Root) -> Element {
    const TEMPLATE: Template =
        Template { roots: &[TemplateNode::Dynamic { id: 0 }], node_paths: &[&[0]], attr_paths: &[] };
    let Rewriting(mut rewriting) = dioxus::prelude::consume_context();
    if rewriting() {
        return suspend(spawn(async move { rewriting.set(false) }));
    }
    let app = VComponent::new(props.app, (), "App");
    Ok(VNode::new(None, TEMPLATE, Box::new([DynamicNode::Component(app)]), Box::new([])))
}

fn same(a: &Environment, b: &Environment) -> bool {
    let viewport = |environment: &Environment| (environment.viewport.width, environment.viewport.height);
    a.locale == b.locale
        && a.time_zone == b.time_zone
        && a.color_scheme == b.color_scheme
        && a.reduced_motion == b.reduced_motion
        && viewport(a) == viewport(b)
        && a.url == b.url
        && a.visible == b.visible
}

fn lane_of(input: &Input) -> Lane {
    match input {
        Input::Event(_) => Lane::Input,
        Input::AnimationFrame => Lane::Animation,
        _ => Lane::Default,
    }
}
