//! The session machine's values as the host's, and back. Each side keeps types of its own: the machine knows no Wasm,
//! the host no sessions.

use playconnect_dom::tree::Strip;
use playconnect_frame::{self as frame, event::modifier};
use playconnect_host::types as host;
use playconnect_session::{self as session, Instant, message::Fetch};

pub fn start(start: session::Start) -> host::Start {
    let [a, b, c, d] = start.seed;
    host::Start {
        module: start.module,
        slot: start.slot,
        incarnation: start.incarnation,
        now_us: start.now.0,
        seed: host::Seed { a, b, c, d },
        environment: environment(start.environment),
        properties: start.properties,
        timers_max: start.timers_max,
    }
}

pub fn inputs(inputs: Vec<session::ModuleInput>) -> Vec<host::Input> {
    inputs.into_iter().map(input).collect()
}

pub fn outcome(outcome: host::Outcome) -> session::Outcome {
    session::Outcome {
        batch: outcome.batch,
        lane: match outcome.lane {
            host::Lane::Input => session::Lane::Input,
            host::Lane::Animation => session::Lane::Animation,
            host::Lane::Default => session::Lane::Default,
            host::Lane::Idle => session::Lane::Idle,
        },
        next_timer: outcome.next_timer_us.map(Instant),
        animation_frame: outcome.animation_frame,
        requests: outcome
            .requests
            .into_iter()
            .map(|request| session::Request { id: request.id, action: action(request.action) })
            .collect(),
    }
}

fn input(input: session::ModuleInput) -> host::Input {
    match input {
        session::ModuleInput::Mount => host::Input::Mount,
        session::ModuleInput::Event(event) => host::Input::Event(self::event(event)),
        session::ModuleInput::Timer => host::Input::Timer,
        session::ModuleInput::AnimationFrame => host::Input::AnimationFrame,
        session::ModuleInput::Environment(environment) => {
            host::Input::Environment(self::environment(environment))
        }
        session::ModuleInput::Response { request, result } => {
            let result = result.map(|response| host::Response {
                url: response.url,
                status: response.status,
                headers: response.headers,
                body: response.body,
            });
            host::Input::Response((request, result))
        }
        session::ModuleInput::Resync { node } => host::Input::Resync(node),
        session::ModuleInput::Stripped { count, first } => {
            let strip = |strip: Strip| host::Strip { node: strip.node, what: strip.what, why: strip.why };
            host::Input::Stripped(host::Stripped { count, first: first.into_iter().map(strip).collect() })
        }
    }
}

fn environment(environment: frame::Environment) -> host::Environment {
    host::Environment {
        locale: environment.locale,
        time_zone: environment.time_zone,
        color_scheme: if environment.dark { host::ColorScheme::Dark } else { host::ColorScheme::Light },
        reduced_motion: environment.reduced_motion,
        viewport: host::Viewport { width: environment.width, height: environment.height },
        url: environment.url,
        visible: environment.visible,
    }
}

fn event(event: session::ModuleEvent) -> host::Event {
    host::Event {
        sequence: event.sequence,
        target: event.target,
        type_: event.kind,
        modifiers: modifiers(event.modifiers),
        detail: detail(event.detail),
        form: event.form.map(|form| host::FormState {
            value: form.value,
            checked: form.checked,
            selection: form.selection,
            selected: form.selected,
        }),
    }
}

fn modifiers(bits: u8) -> host::Modifiers {
    let pairs = [
        (modifier::ALT, host::Modifiers::ALT),
        (modifier::CONTROL, host::Modifiers::CONTROL),
        (modifier::META, host::Modifiers::META),
        (modifier::SHIFT, host::Modifiers::SHIFT),
        (modifier::REPEAT, host::Modifiers::REPEAT),
        (modifier::COMPOSING, host::Modifiers::COMPOSING),
    ];
    let set = pairs.into_iter().filter(|(bit, _)| bits & bit != 0);
    set.fold(host::Modifiers::empty(), |all, (_, flag)| all | flag)
}

fn detail(detail: frame::Detail) -> host::Detail {
    match detail {
        frame::Detail::None => host::Detail::None,
        frame::Detail::Pointer(pointer) => host::Detail::Pointer(host::Pointer {
            x: pointer.x,
            y: pointer.y,
            offset_x: pointer.offset_x,
            offset_y: pointer.offset_y,
            button: pointer.button,
            buttons: pointer.buttons,
            pointer_id: pointer.pointer_id,
            kind: pointer.kind,
            count: pointer.count,
        }),
        frame::Detail::Wheel { x, y, delta_x, delta_y, mode } => {
            host::Detail::Wheel(host::Wheel { x, y, delta_x, delta_y, delta_mode: mode })
        }
        frame::Detail::Key { key, code } => host::Detail::Key(host::Key { key, code }),
        frame::Detail::Edit { input_type, data } => host::Detail::Edit(host::Edit { input_type, data }),
        frame::Detail::Scroll { top, left } => host::Detail::Scroll(host::Scroll { top, left }),
        frame::Detail::Submit(entries) => host::Detail::Submit(entries),
    }
}

fn action(action: host::Action) -> session::RequestAction {
    match action {
        host::Action::Navigate(url) => session::RequestAction::Navigate(url),
        host::Action::PushUrl(url) => session::RequestAction::PushUrl(url),
        host::Action::ReplaceUrl(url) => session::RequestAction::ReplaceUrl(url),
        host::Action::Cancel(request) => session::RequestAction::Cancel(request),
        host::Action::Fetch(fetch) => session::RequestAction::Fetch(Fetch {
            method: fetch.method,
            url: fetch.url,
            headers: fetch.headers,
            body: fetch.body,
        }),
    }
}
