//! What must hold: in every step, on every page that a browser shows, and when the world is quiet.

use crate::fault::Planted;
use crate::guest::{MARK, SHOWN, Written};
use crate::world::{Tab, Violation, World, shard_of};
use playconnect_dom::names::NameId;
use playconnect_dom::tree::PageId;
use playconnect_frame::{Detail, Event, ToBrowser};
use playconnect_session::{Client, ModuleKey, SessionId, SocketId};
use std::collections::{BTreeMap, BTreeSet};

/// What the world knows of an event that somebody made.
#[derive(Debug)]
pub(crate) struct Fact {
    pub session: SessionId,
    tab: usize,
    load: u32,
    mark: String,
    arrived: bool,
    /// Who had to be told when it arrived last: whoever had the node, and listened.
    due: Option<ModuleKey>,
    told: Option<ModuleKey>,
    /// Who had to be told was gone before it could be.
    pub may_be_lost: bool,
}

impl Fact {
    pub fn new(session: SessionId, tab: usize, load: u32, mark: String) -> Self {
        Fact { session, tab, load, mark, arrived: false, due: None, told: None, may_be_lost: false }
    }
}

impl World {
    /// The edge reads an event.
    pub(crate) fn event_arrives(&mut self, session: SessionId, event: &Event) {
        let Some(number) = number(&event.detail) else { return };
        let due = self.due(session, event);
        if let Some(fact) = self.facts.get_mut(&number).filter(|fact| fact.told.is_none()) {
            fact.arrived = true;
            // Its mark says for which incarnation it was meant.
            let meant = |key: &ModuleKey| {
                fact.mark[1..].starts_with(&format!(".{}.{}.", key.module, key.incarnation))
            };
            fact.due = due.filter(meant);
        }
    }

    fn due(&self, session: SessionId, event: &Event) -> Option<ModuleKey> {
        let tree = self.shard(session).page(session)?;
        let node = PageId(event.node);
        let (slot, _) = tree.owner(node).filter(|_| tree.path_listens(node, NameId(event.kind)))?;
        let module = usize::from(slot.0);
        let keys = self.guests.keys().rev();
        keys.copied().find(|key| key.session == session && key.module == module)
    }

    pub(crate) fn event_told(&mut self, key: ModuleKey, name: &str) -> Result<(), Violation> {
        let number = name[1..].parse().unwrap_or(0);
        let Some(fact) = self.facts.get_mut(&number) else {
            return Err(self.violation(format!("event {name} was told, and nobody made it")));
        };
        if fact.session != key.session || fact.told.is_some() {
            let what = format!("event {name} was told to {key:?}, and before that: {fact:?}");
            return Err(self.violation(what));
        }
        fact.told = Some(key);
        Ok(())
    }

    /// What it had not been told of counts as handled.
    pub(crate) fn incarnation_ended(&mut self, key: ModuleKey) {
        for fact in self.facts.values_mut().filter(|fact| fact.due == Some(key)) {
            fact.may_be_lost = true;
        }
    }

    /// Nothing grows over its bound.
    pub(crate) fn verify_bounds(&self) -> Result<(), Violation> {
        let limits = &self.options.session;
        for tab in &self.tabs {
            // With early acks there is no bound on frames; that bug is to be seen by what it does to events.
            let paced = self.options.planted != Some(Planted::ReuseIdEarly);
            if let Some(client) = tab.client.as_ref().filter(|_| paced) {
                self.bound(
                    "frames that wait in a browser",
                    client.frames_waiting(),
                    limits.frames_unacknowledged_max,
                )?;
            }
            let Some(size) = self.shard(tab.session).size(tab.session) else { continue };
            let bounds = [
                ("bytes of the log", size.log_bytes, limits.frame_bytes_max.max(EMPTY_LOG_BYTES)),
                ("changes", size.changes, limits.changes_max),
                ("bytes of the ring", size.ring_bytes, limits.ring_bytes_max),
                ("frames in flight", size.frames_unacknowledged, limits.frames_unacknowledged_max),
                ("freed ids", size.ids_freed, 2 * self.options.limits.page_nodes),
                ("events that wait", size.events_waiting, limits.events_waiting_max),
                (
                    "bytes of events that wait",
                    size.events_waiting_bytes,
                    // One event comes on top.
                    limits.events_waiting_bytes_max + EVENT_BYTES_MAX,
                ),
                ("inputs that wait", size.inputs_waiting, limits.events_waiting_max + INPUTS_BESIDE_EVENTS),
            ];
            for (what, used, allowed) in bounds {
                self.bound(what, used, allowed)?;
            }
        }
        Ok(())
    }

    /// No frame goes to a socket that has been full since before.
    pub(crate) fn verify_backlog(&self, socket: SocketId, message: &[u8]) -> Result<(), Violation> {
        let since = self.sockets.get(&socket).and_then(|state| state.congested);
        let is_frame = matches!(ToBrowser::decode(message), Ok(ToBrowser::Frame { .. }));
        match since {
            Some(since) if is_frame && since < self.now => Err(self
                .violation(format!("a frame for a socket that is full since {} µs", self.now.since(since)))),
            _ => Ok(()),
        }
    }

    fn bound(&self, what: &str, used: usize, allowed: usize) -> Result<(), Violation> {
        if used > allowed {
            return Err(self.violation(format!("{what}: {used}, {allowed} allowed")));
        }
        Ok(())
    }

    /// A frame was applied: what somebody typed stands where it was typed, and the focus is where it was put.
    pub(crate) fn verify_page(&self, position: usize) -> Result<(), Violation> {
        let Tab { client: Some(client), person, .. } = &self.tabs[position] else { return Ok(()) };
        if person.edits.is_empty() && person.focus.is_none() {
            return Ok(());
        }
        let marks: BTreeMap<&str, u32> =
            client.page().with_attribute(MARK).into_iter().map(|(id, mark)| (mark, id)).collect();
        for (mark, edit) in &person.edits {
            let Some(id) = marks.get(mark.as_str()) else { continue };
            let form = client.page().form(*id).cloned().unwrap_or_default();
            if let Some(value) = &edit.value {
                // A module answers in capitals, and empties the field on Enter.
                let answered = edit.sequence.is_some() && form.value.to_lowercase() == *value;
                let emptied = edit.entered && form.value.is_empty();
                if form.value != *value && !answered && !emptied {
                    let shown = &form.value;
                    let what = format!("tab {position}: {mark} shows {shown:?} where {value:?} was typed");
                    return Err(self.violation(what));
                }
            }
            if let Some(checked) = edit.checked.filter(|checked| *checked != form.checked) {
                let what = format!("tab {position}: {mark} is not {checked} any more");
                return Err(self.violation(what));
            }
        }
        if let Some((mark, id)) =
            person.focus.as_ref().and_then(|mark| Some((mark, marks.get(mark.as_str())?)))
            && client.page().focus() != *id
        {
            return Err(self.violation(format!("tab {position}: {mark} lost the focus")));
        }
        Ok(())
    }

    /// The world is quiet: whoever is there shows what the edge has, and nothing was lost, or done twice.
    pub(crate) fn verify_quiet(&self) -> Result<(), Violation> {
        let mut live: BTreeMap<SessionId, usize> = BTreeMap::new();
        for (position, tab) in self.tabs.iter().enumerate() {
            let Some(client) = &tab.client else {
                return Err(self.violation(format!("tab {position} has no page")));
            };
            if client.is_stopped() {
                continue;
            }
            if let Some(other) = live.insert(tab.session, position) {
                return Err(self.violation(format!("tabs {other} and {position} are live with one session")));
            }
            self.verify_live(position, client)?;
        }
        // Whoever stopped the others may have gone on to another session.
        let is_left =
            |tab: &&Tab| !live.contains_key(&tab.session) && !self.sessions_left.contains(&tab.session);
        match self.tabs.iter().find(is_left) {
            Some(tab) => Err(self.violation(format!("no tab of session {:x} is live", tab.session.0))),
            None => Ok(()),
        }
    }

    fn verify_live(&self, position: usize, client: &Client) -> Result<(), Violation> {
        let tab = &self.tabs[position];
        let session = tab.session;
        if !client.is_live() || client.frames_waiting() > 0 {
            return Err(self.violation(format!("tab {position} is not live: its session did not come back")));
        }
        if client.events_waiting() > 0 {
            let waiting = client.events_waiting();
            return Err(self.violation(format!("tab {position}: {waiting} events were never acknowledged")));
        }
        let Some(tree) = self.shard(session).page(session) else {
            return Err(self.violation(format!("tab {position} is live, and its session is gone")));
        };
        let mut all: BTreeSet<String> = BTreeSet::new();
        for slot in tree.slots() {
            let name = tree.slot_name(slot);
            let (edge, page) = (tree.outline(slot), client.page().outline(name));
            if edge != page {
                let what = differing(&edge, &page);
                return Err(self.violation(format!("tab {position}: {name} differs: {what}")));
            }
            let module = usize::from(slot.0);
            let keys = self.guests.iter().rev();
            let Some((_, guest)) =
                keys.into_iter().find(|(key, _)| key.session == session && key.module == module)
            else {
                return Err(self.violation(format!("{name} has no module")));
            };
            let mut shown = shown(&page);
            // The list stands wherever the module has put it, and is in order.
            shown.retain(|name| guest.shown.contains(name));
            if shown != guest.shown {
                let what = format!("tab {position}: {name} shows {shown:?}, its module {:?}", guest.shown);
                return Err(self.violation(what));
            }
            for event in shown {
                if !all.insert(event.clone()) {
                    return Err(self.violation(format!("tab {position} shows event {event} twice")));
                }
            }
            self.verify_forms(position, client, module, &guest.written)?;
        }
        self.verify_events(position)
    }

    /// What a control shows: what was typed last, or what its module made of it.
    fn verify_forms(
        &self,
        position: usize,
        client: &Client,
        module: usize,
        written: &BTreeMap<String, (u32, Written)>,
    ) -> Result<(), Violation> {
        let tab = &self.tabs[position];
        let own = format!(".{module}.");
        for (id, mark) in client.page().with_attribute(MARK) {
            if !mark[1..].starts_with(&own) {
                continue;
            }
            let form = client.page().form(id).cloned().unwrap_or_default();
            let edit = tab.person.edits.get(mark);
            // An edit that nobody listened to is answered by nothing.
            let edited = edit.map_or(0, |edit| edit.sequence.unwrap_or(u32::MAX));
            let wrong = match written.get(mark) {
                Some((answers, Written::Value(value))) if *answers >= edited => form.value != *value,
                Some((answers, Written::Checked(checked))) if *answers >= edited => form.checked != *checked,
                _ => edit.is_some_and(|edit| {
                    edit.value.as_ref().is_some_and(|value| *value != form.value)
                        || edit.checked.is_some_and(|checked| checked != form.checked)
                }),
            };
            if wrong {
                let what = format!(
                    "tab {position}: {mark} is {form:?}; somebody made of it {edit:?}, its module {:?}",
                    written.get(mark)
                );
                return Err(self.violation(what));
            }
        }
        Ok(())
    }

    fn verify_events(&self, position: usize) -> Result<(), Violation> {
        let tab = &self.tabs[position];
        for (number, fact) in &self.facts {
            let of_this_page = fact.session == tab.session && fact.tab == position && fact.load == tab.load;
            if !of_this_page || fact.told.is_some() || fact.may_be_lost {
                continue;
            }
            // A turn that came back in between may have freed the node: then the module was not to be told.
            let due =
                fact.due.and_then(|key| self.guests.get(&key)).is_some_and(|guest| guest.has(&fact.mark));
            if !fact.arrived || due {
                return Err(
                    self.violation(format!("tab {position}: event e{number} had no effect: {fact:?}"))
                );
            }
        }
        debug_assert!(shard_of(tab.session, self.shards.len()) < self.shards.len());
        Ok(())
    }
}

fn number(detail: &Detail) -> Option<u32> {
    match detail {
        Detail::Key { key, .. } => key[1..].parse().ok(),
        _ => None,
    }
}

/// Names of the events in the lists of an outline.
fn shown(outline: &str) -> Vec<String> {
    let start = format!("\"{SHOWN}");
    let lines = outline.lines().filter_map(|line| line.trim_start().strip_prefix(&start));
    lines.map(|line| line.trim_end_matches('"').to_owned()).collect()
}

/// The first line that differs, with those before it.
fn differing(edge: &str, page: &str) -> String {
    let (edge, page): (Vec<&str>, Vec<&str>) = (edge.lines().collect(), page.lines().collect());
    let at = edge.iter().zip(&page).position(|(edge, page)| edge != page);
    let at = at.unwrap_or(edge.len().min(page.len()));
    let around =
        |lines: &[&str]| lines[at.saturating_sub(3).min(lines.len())..(at + 2).min(lines.len())].join("\n");
    format!("line {at}\n--- edge\n{}\n--- browser\n{}", around(&edge), around(&page))
}

/// A stream of no operations is as long as its head.
const EMPTY_LOG_BYTES: usize = 8;

/// What a person of the simulator types into one event, with room.
const EVENT_BYTES_MAX: usize = 1 << 10;

/// Of other kinds: `mount`, an environment, what was stripped.
const INPUTS_BESIDE_EVENTS: usize = 4;
