//! Persons before their browsers: they press, type, and look at what became of it.

use crate::guest::MARK;
use crate::oracle::Fact;
use crate::world::{Violation, World};
use playconnect_frame::{Detail, FormState};
use playconnect_session::{Client, ClientInput};
use std::collections::BTreeMap;

/// What somebody did on the page that they see.
#[derive(Debug, Default)]
pub(crate) struct Person {
    /// What they made of each control last, by mark.
    pub edits: BTreeMap<String, Edit>,
    /// Mark of the control that they put the focus on.
    pub focus: Option<String>,
    /// They went on in another tab.
    pub has_left: bool,
}

#[derive(Debug, Default)]
pub(crate) struct Edit {
    /// Of the event that it raised; None if nobody listens.
    pub sequence: Option<u32>,
    pub value: Option<String>,
    pub checked: Option<bool>,
    /// They pressed Enter since, on which the module empties the field.
    pub entered: bool,
}

impl World {
    /// A person does something, if there is anything to do it to.
    pub(crate) fn act(&mut self, tab: usize) -> Result<(), Violation> {
        let Some(client) = self.tabs[tab].client.as_ref().filter(|client| !client.is_stopped()) else {
            return Ok(());
        };
        if self.tabs[tab].person.has_left {
            return Ok(());
        }
        let wanted = match self.random.u8(0..20) {
            0..=10 => 'b',
            11..=15 => 'f',
            16..=17 => 'c',
            // A page that something else has changed is told of its live state anew: what no module listens to is lost.
            _ if self.options.disturb_every_us.is_some() => 'f',
            _ => 'u',
        };
        let marks = client.page().with_attribute(MARK).into_iter();
        let found: Vec<(u32, String)> = marks
            .filter(|(id, mark)| *id != 0 && mark.starts_with(wanted))
            .map(|(id, mark)| (id, mark.to_owned()))
            .collect();
        if found.is_empty() {
            return Ok(());
        }
        let (node, mark) = found[self.random.u32(0..found.len() as u32) as usize].clone();
        match wanted {
            'b' => self.raise(tab, node, &mark, "click", None).map(|_| ()),
            'c' => self.toggle(tab, node, mark),
            _ => match self.random.u8(0..8) {
                0 => {
                    self.tabs[tab].client.as_mut().expect("seen above").page_mut().set_focus(node);
                    self.tabs[tab].person.focus = Some(mark);
                    Ok(())
                }
                1 if wanted == 'f' => {
                    let raised = self.raise(tab, node, &mark, "keydown", None)?;
                    if let Some(edit) = self.tabs[tab].person.edits.get_mut(&mark) {
                        edit.entered |= raised.is_some();
                    }
                    Ok(())
                }
                _ => self.type_into(tab, node, mark),
            },
        }
    }

    fn type_into(&mut self, tab: usize, node: u32, mark: String) -> Result<(), Violation> {
        if self.random.u8(0..6) == 0 {
            self.client(tab).page_mut().compose(node, true);
            self.compose_ends(tab, node);
        }
        // Like nothing that was typed before.
        let value = format!("t{}", self.facts.len() * 1_000 + self.tabs[tab].person.edits.len() + 1);
        let value = format!("{value}-{}", self.random.u16(..));
        let end = value.len() as u32;
        let form = FormState { value: value.clone(), selection: Some((end, end)), ..self.form(tab, node) };
        let sequence = self.raise(tab, node, &mark, "input", Some(form))?;
        let edit = Edit { sequence, value: Some(value), ..Edit::default() };
        self.tabs[tab].person.edits.insert(mark, edit);
        Ok(())
    }

    fn toggle(&mut self, tab: usize, node: u32, mark: String) -> Result<(), Violation> {
        let form = self.form(tab, node);
        let form = FormState { checked: !form.checked, ..form };
        let checked = Some(form.checked);
        let sequence = self.raise(tab, node, &mark, "click", Some(form))?;
        self.tabs[tab].person.edits.insert(mark, Edit { sequence, checked, ..Edit::default() });
        Ok(())
    }

    fn form(&mut self, tab: usize, node: u32) -> FormState {
        let own = self.client(tab).page().form(node).cloned().unwrap_or_default();
        FormState {
            value: own.value,
            checked: own.checked,
            selection: Some(own.selection),
            selected: Vec::new(),
        }
    }

    /// The sequence of the event, if somebody listens for it.
    fn raise(
        &mut self,
        tab: usize,
        node: u32,
        mark: &str,
        kind: &str,
        form: Option<FormState>,
    ) -> Result<Option<u32>, Violation> {
        let number = self.facts.len() as u32 + 1;
        let detail = Detail::Key { key: format!("e{number}"), code: mark.to_owned() };
        let before = self.client(tab).sequence();
        self.tell_client(tab, ClientInput::Act { node, kind: kind.to_owned(), detail, form })?;
        let sequence = self.client(tab).sequence();
        if sequence == before {
            return Ok(None);
        }
        self.counts.events += 1;
        let (session, load) = (self.tabs[tab].session, self.tabs[tab].load);
        self.facts.insert(number, Fact::new(session, tab, load, mark.to_owned()));
        Ok(Some(sequence))
    }

    /// Something that is not a frame (an extension) writes over a text of the page, and the client notices.
    pub(crate) fn disturb(&mut self, tab: usize) -> Result<(), Violation> {
        self.disturb_again(tab);
        if self.frozen_for(tab).is_some() {
            return Ok(());
        }
        // The client notices when it applies a frame, so it has a socket.
        let Some(client) = self.tabs[tab].client.as_mut().filter(|client| client.is_live()) else {
            return Ok(());
        };
        let ids = client.page().ids();
        let id = ids[self.random.u32(0..ids.len() as u32) as usize];
        match client.page().slot_of(id) {
            Some(slot) if client.page_mut().disturb(id) => {
                self.tell_client(tab, ClientInput::Resync { node: slot })
            }
            _ => Ok(()),
        }
    }

    fn client(&mut self, tab: usize) -> &mut Client {
        self.tabs[tab].client.as_mut().expect("a person acts on a page")
    }
}
