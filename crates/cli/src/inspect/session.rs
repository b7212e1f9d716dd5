//! `playconnect inspect session`: a recording as lines, one for each thing that happened or was asked for.

use std::fmt::Write;
use std::path::Path;

use playconnect_edge::recording::{Record, Recording};
use playconnect_frame::{Detail, ToBrowser, ToEdge};
use playconnect_session::{Input, Instant, ModuleInput, ModuleKey, Output as Asked, Report};

use crate::failure::Failure;
use crate::output::Output;

pub fn run(file: &Path, output: &Output) -> Result<(), Failure> {
    let wrong = |why: &dyn std::fmt::Display| Failure::usage(format!("{}: {why}", file.display()));
    let mut recording = Recording::open(file).map_err(|error| wrong(&error))?;
    let header = recording.header.clone();
    let modules: Vec<String> = header.modules.iter().map(|module| module.name.clone()).collect();
    if output.is_json() {
        let modules: Vec<_> = header
            .modules
            .iter()
            .map(|module| serde_json::json!({ "name": module.name, "sha256": hexadecimal(&module.hash) }))
            .collect();
        output.line(
            &serde_json::json!({
                "application": header.application, "route": header.route, "playconnect": header.playconnect, "modules": modules,
            })
            .to_string(),
        )?;
    } else {
        let version = &header.playconnect;
        output.line(&format!("{} {}, by playconnect {version}", header.application, header.route))?;
        for module in &header.modules {
            output.line(&format!("module {}  {}", module.name, hexadecimal(&module.hash)))?;
        }
    }
    let mut lines = Lines { modules, began: None, at_us: 0 };
    for (position, record) in recording.by_ref().enumerate() {
        let record = record.map_err(|error| wrong(&error))?;
        let (side, text) = lines.of(&record);
        if output.is_json() {
            let line =
                serde_json::json!({ "record": position, "at_us": lines.at_us, "side": side, "text": text });
            output.line(&line.to_string())?;
        } else {
            output.line(&format!("{position:>6} {:>12.6}  {side:<6} {text}", lines.at_us as f64 / 1e6))?;
        }
    }
    if recording.is_torn {
        output.note("note: the recording ends amid a record, as that of a node that was killed");
    }
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

struct Lines {
    modules: Vec<String>,
    began: Option<Instant>,
    /// Of the input before.
    at_us: u64,
}

impl Lines {
    fn of(&mut self, record: &Record) -> (&'static str, String) {
        if let Record::Input { at, .. } | Record::Tick { at } = record {
            let began = *self.began.get_or_insert(*at);
            self.at_us = at.since(began);
        }
        match record {
            Record::Input { input, .. } => ("in", self.input(input)),
            Record::Tick { .. } => ("in", "time".to_owned()),
            Record::Output(asked) => ("out", self.asked(asked)),
            Record::Cut { why } => ("end", format!("not recorded from here: {why}")),
        }
    }

    fn module(&self, key: &ModuleKey) -> String {
        let name = self.modules.get(key.module).map_or("?", String::as_str);
        if key.incarnation == 1 { name.to_owned() } else { format!("{name} ({})", key.incarnation) }
    }

    fn input(&self, input: &Input) -> String {
        match input {
            Input::Open { page, environment, .. } => {
                format!(
                    "open {}, {} modules, locale {}",
                    environment.url,
                    page.modules.len(),
                    environment.locale
                )
            }
            Input::Attach { hello, .. } => format!(
                "attach{}, frame {}, event {}",
                if hello.resume { ", resuming" } else { "" },
                hello.frame,
                hello.sequence
            ),
            Input::Message { message, .. } => message_of(message),
            Input::SocketClosed { .. } => "the socket has gone".to_owned(),
            Input::SocketCongested { congested: true, .. } => "the socket is full".to_owned(),
            Input::SocketCongested { congested: false, .. } => "the socket has room".to_owned(),
            Input::Started { key, result: Ok(()) } => format!("{} started", self.module(key)),
            Input::Started { key, result: Err(why) } => format!("{} did not start: {why}", self.module(key)),
            Input::InitRefused { key, why } => format!("{} refused to start: {why}", self.module(key)),
            Input::Turned { key, result: Ok(outcome), cpu_us } => format!(
                "{} turned: a batch of {} bytes, {} requests, {cpu_us} µs of CPU",
                self.module(key),
                outcome.batch.len(),
                outcome.requests.len()
            ),
            Input::Turned { key, result: Err(why), .. } => format!("{} failed: {why}", self.module(key)),
            Input::Fetched { key, request, result: Ok(response) } => {
                let (status, bytes) = (response.status, response.body.len());
                format!("{} request {request} answered: {status}, {bytes} bytes", self.module(key))
            }
            Input::Fetched { key, request, result: Err(why) } => {
                format!("{} request {request} failed: {why}", self.module(key))
            }
            Input::Swap { module, .. } => {
                format!("{} exchanged", self.modules.get(*module).map_or("?", String::as_str))
            }
            Input::Close { code, reason, .. } => format!("close {}: {reason}", *code as u16),
        }
    }

    fn asked(&self, asked: &Asked) -> String {
        match asked {
            Asked::Start { key, .. } => format!("start {}", self.module(key)),
            Asked::Turn { key, inputs, .. } => {
                let inputs: Vec<String> = inputs.iter().map(module_input).collect();
                format!("turn of {}: {}", self.module(key), inputs.join(", "))
            }
            Asked::Stop { key } => format!("stop {}", self.module(key)),
            Asked::Fetch { key, request, fetch } => {
                format!("{} request {request}: {} {}", self.module(key), fetch.method, fetch.url)
            }
            Asked::CancelFetch { key, request } => {
                format!("{} request {request} cancelled", self.module(key))
            }
            Asked::Html { slots, .. } => {
                let bytes: usize = slots.iter().map(|slot| slot.html.len()).sum();
                format!("HTML of {} slots, {bytes} bytes", slots.len())
            }
            Asked::Send { message, .. } => sent(message),
            Asked::CloseSocket { code, reason, .. } => {
                format!("close the socket, {}: {reason}", *code as u16)
            }
            Asked::PauseReading { .. } => "read no further".to_owned(),
            Asked::ResumeReading { .. } => "read on".to_owned(),
            Asked::Ended { .. } => "the session has ended".to_owned(),
            Asked::Report(report) => match report {
                Report::Applied { key, ops, bytes, .. } => {
                    format!("report: {ops} operations of {} ({bytes} bytes) applied", self.module(key))
                }
                Report::Frame { number, bytes, snapshot, .. } => {
                    let kind = if *snapshot { ", a snapshot" } else { "" };
                    format!("report: frame {number}, {bytes} bytes{kind}")
                }
                other => format!("report: {other:?}"),
            },
        }
    }
}

fn message_of(message: &ToEdge) -> String {
    match message {
        ToEdge::Event(event) => {
            let detail = match &event.detail {
                Detail::None => String::new(),
                Detail::Pointer(pointer) => format!(" at {}, {}", pointer.x, pointer.y),
                Detail::Key { key, .. } => format!(" {key:?}"),
                Detail::Edit { input_type, .. } => format!(" {input_type}"),
                Detail::Submit(entries) => format!(" {} entries", entries.len()),
                other => format!(" {other:?}"),
            };
            let (sequence, kind, node) = (event.sequence, event.kind, event.node);
            format!("event {sequence}, type {kind}, on node {node}{detail}, frame {}", event.frame)
        }
        ToEdge::Ack { frame } => format!("ack of frame {frame}"),
        other => format!("{other:?}"),
    }
}

fn module_input(input: &ModuleInput) -> String {
    match input {
        ModuleInput::Mount => "mount".to_owned(),
        ModuleInput::Event(event) => format!("event {} ({} on {})", event.sequence, event.kind, event.target),
        ModuleInput::Timer => "timer".to_owned(),
        ModuleInput::AnimationFrame => "animation frame".to_owned(),
        ModuleInput::Environment(_) => "environment".to_owned(),
        ModuleInput::Response { request, .. } => format!("response {request}"),
        ModuleInput::Resync { node } => format!("resync of {node}"),
        ModuleInput::Stripped { count, .. } => format!("{count} operations left out"),
    }
}

fn sent(message: &[u8]) -> String {
    match ToBrowser::decode(message) {
        Ok(ToBrowser::Frame { head, stream }) => format!(
            "frame {}{}{}: {} bytes of operations, events acknowledged up to {}",
            head.number,
            if head.fresh { ", fresh" } else { "" },
            if head.more { ", more to come" } else { "" },
            stream.len(),
            head.event_ack
        ),
        Ok(other) => format!("send {other:?}"),
        Err(error) => format!("{} bytes that are no message: {error}", message.len()),
    }
}
