//! Tabs and their pages: they are opened, loaded again, taken over, hidden; and nodes that lose them.

use super::{Happening, TABS_MAX, Tab, Violation, World, session_text, shard_of};
use crate::link::Direction;
use crate::person::Person;
use playconnect_frame::Environment;
use playconnect_session::{Client, ClientInput, Input, Instant, Node, SessionId, SocketId};

impl World {
    /// The page is asked for.
    pub(super) fn open(&mut self, tab: usize) -> Result<(), Violation> {
        self.sessions_made += 1;
        let session = SessionId(u128::from(self.random.u64(..)) << 64 | u128::from(self.sessions_made));
        let seed = [0; 4].map(|_: u64| self.random.u64(..));
        self.tabs[tab].session = session;
        let (page, environment) = (self.page.clone(), Environment::default());
        self.tell(session, Input::Open { session, page, environment, seed });
        Ok(())
    }

    /// The HTML has come to those tabs that wait for it.
    pub(super) fn html(&mut self, session: SessionId) {
        let found = self.tabs.iter().position(|tab| tab.session == session && tab.client.is_none());
        if let Some(tab) = found {
            let (load, wait) = (self.tabs[tab].load, self.random.u64(0..200_000));
            self.later(wait, Happening::Loaded { tab, load });
        }
    }

    pub(super) fn load(&mut self, tab: usize) -> Result<(), Violation> {
        let text = session_text(self.tabs[tab].session);
        let load = self.tabs[tab].load;
        self.tabs[tab].person = Person::default();
        // The first is what the browser's machine makes of a uniform draw of one half, for the recordings.
        let page = 2_000_000 + self.pages_made;
        self.pages_made += 1;
        self.tabs[tab].client = Some(Client::new(text, page, Environment::default(), self.now));
        let wait = self.random.u64(0..200_000);
        self.later(wait, Happening::Act { tab, load });
        Ok(())
    }

    /// The page goes; its socket closes behind what it has sent.
    pub(super) fn unload(&mut self, tab: usize) {
        if let Some(socket) = self.tabs[tab].socket.take() {
            self.linger(socket);
            self.browser_closes(socket);
        }
        let tab = &mut self.tabs[tab];
        tab.client = None;
        tab.load += 1;
        tab.frozen_until = Instant(0);
    }

    /// A page whose session is gone is loaded again, and has a new session then.
    pub(super) fn load_anew(&mut self, tab: usize) {
        self.counts.reloads += 1;
        self.sessions_left.insert(self.tabs[tab].session);
        self.unload(tab);
        let (load, wait) = (self.tabs[tab].load, self.random.u64(0..100_000));
        self.later(wait, Happening::Open { tab, load });
    }

    pub(super) fn reload_or_take_over(&mut self, tab: usize) {
        if self.tabs[tab].client.is_none() {
            return;
        }
        match self.random.u8(0..4) {
            0 | 1 => self.load_anew(tab),
            // The same page out of the browser's cache: it has the old session, and none of its nodes.
            2 if self.tabs[tab].client.as_ref().is_some_and(Client::is_live) => {
                self.counts.reloads += 1;
                self.unload(tab);
                let load = self.tabs[tab].load;
                self.later(0, Happening::Loaded { tab, load });
            }
            // The same in a second tab, while the first one lives: it is told to stop.
            _ => {
                if self.tabs.len() < TABS_MAX && self.tabs[tab].client.as_ref().is_some_and(Client::is_live) {
                    self.counts.reloads += 1;
                    let session = self.tabs[tab].session;
                    self.tabs[tab].person.has_left = true;
                    self.tabs.push(Tab::new(session));
                    self.later(0, Happening::Loaded { tab: self.tabs.len() - 1, load: 0 });
                }
            }
        }
    }

    /// A node loses all that it has, and the sockets with it.
    pub(super) fn restart(&mut self, shard: usize) {
        self.counts.restarts += 1;
        let count = self.shards.len();
        self.shards[shard] = Node::new();
        self.guests.retain(|key, _| shard_of(key.session, count) != shard);
        let sockets: Vec<SocketId> = self
            .sockets
            .iter()
            .filter(|(_, socket)| shard_of(socket.session, count) == shard)
            .map(|(id, _)| *id)
            .collect();
        for socket in sockets {
            let state = self.sockets.get_mut(&socket).expect("just listed");
            state.up.die();
            state.down.end();
            state.edge_knows = true;
            let at = state.down.last_at().max(self.now).after(1);
            self.at(at, Happening::BrowserSees { socket });
        }
        for fact in self.facts.values_mut().filter(|fact| shard_of(fact.session, count) == shard) {
            fact.may_be_lost = true;
        }
        for tab in 0..self.tabs.len() {
            let waits = self.tabs[tab].client.is_none() && self.tabs[tab].session.0 != 0;
            if waits && shard_of(self.tabs[tab].session, count) == shard {
                self.load_anew(tab);
            }
        }
    }

    pub(super) fn hide(&mut self, tab: usize) -> Result<(), Violation> {
        let wait = self.random.u64(1_000..800_000);
        self.plan_again(self.options.hide_every_us.map(|every| every + wait), Happening::Hide { tab });
        if self.frozen_for(tab).is_some() {
            return Ok(());
        }
        if self.random.u8(0..3) == 0 {
            self.tabs[tab].frozen_until = self.now.after(wait);
            self.later(wait, Happening::Thaw { tab });
            return Ok(());
        }
        self.later(wait, Happening::Show { tab });
        self.set_visible(tab, false)
    }

    pub(super) fn set_visible(&mut self, tab: usize, visible: bool) -> Result<(), Violation> {
        if let Some(wait) = self.frozen_for(tab) {
            self.later(wait, Happening::Show { tab });
            return Ok(());
        }
        let Some(client) = &self.tabs[tab].client else { return Ok(()) };
        let environment = Environment { visible, ..client.environment().clone() };
        self.tell_client(tab, ClientInput::Environment(environment))?;
        if visible { self.tell_client(tab, ClientInput::Wake) } else { Ok(()) }
    }

    pub(super) fn thaw(&mut self, tab: usize) -> Result<(), Violation> {
        match self.tabs[tab].socket {
            Some(socket) => {
                if self.sockets.get(&socket).is_some_and(|socket| socket.browser_knows) {
                    return self.browser_sees(socket, None);
                }
                self.pump(socket, Direction::Down)
            }
            None => Ok(()),
        }
    }
}
