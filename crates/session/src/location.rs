//! Where modules lead the page, and where its browser says that it is.

use playconnect_frame::Location;

/// Of one session. What leads somewhere is kept until the browser is known to have it: it may be lost with a socket.
#[derive(Debug)]
pub(crate) struct Way {
    /// The newest change. Only that one counts.
    kept: Option<Kept>,
    /// Where the browser said last that it is.
    said: String,
}

#[derive(Debug)]
struct Kept {
    url: String,
    /// As the message says it, if it is still to be sent on this socket.
    kind: Location,
    /// As it is said to a browser that may have heard nothing of what is kept.
    anew: Location,
    /// Sent on this socket, behind this frame.
    behind: Option<u32>,
}

impl Way {
    pub fn new(url: &str) -> Self {
        Way { kept: None, said: url.to_owned() }
    }

    /// A module leads the page.
    pub fn lead(&mut self, kind: Location, url: String) {
        // Where the browser has no entry for the last one yet, it cannot be replaced: this one is made in its place.
        let pushed = |before: Location| {
            if kind == Location::Replace && before == Location::Push { before } else { kind }
        };
        let (kind, anew) = match &self.kept {
            Some(before) if before.behind.is_some() => (kind, pushed(before.anew)),
            Some(before) => (pushed(before.kind), pushed(before.anew)),
            None => (kind, kind),
        };
        self.kept = Some(Kept { url, kind, anew, behind: None });
    }

    /// What the socket is still to be told, behind the frame that was sent last.
    pub fn next(&mut self, frame: u32) -> Option<(Location, String)> {
        let kept = self.kept.as_mut().filter(|kept| kept.behind.is_none())?;
        kept.behind = Some(frame);
        let told = (kept.kind, kept.url.clone());
        if kept.kind == Location::Navigate {
            // A page that follows it says nothing more, and one that a browser brings back must not be led away again.
            self.kept = None;
        }
        Some(told)
    }

    /// The browser has applied this frame: it has heard of what was sent before it.
    pub fn applied(&mut self, frame: u32) {
        self.kept.take_if(|kept| kept.behind.is_some_and(|behind| behind < frame));
    }

    /// The browser says where it is; where the page is or is about to be.
    pub fn is_at(&mut self, url: String) -> String {
        self.kept.take_if(|kept| kept.behind.is_some() && kept.url == url);
        let goes_on = url == self.said;
        self.said = url;
        match &self.kept {
            // It says something else, and what it is led to is on its way. Elsewhere its person has led it.
            Some(kept) if goes_on && kept.kind != Location::Navigate => kept.url.clone(),
            _ => self.said.clone(),
        }
    }

    /// The same on another socket, which is yet to be told.
    pub fn attached_at(&mut self, frame: u32, url: String) -> String {
        self.applied(frame);
        self.kept.take_if(|kept| kept.behind.is_some() && kept.url == url);
        self.said = url;
        let Some(kept) = &mut self.kept else { return self.said.clone() };
        (kept.kind, kept.behind) = (kept.anew, None);
        if kept.kind == Location::Navigate { self.said.clone() } else { kept.url.clone() }
    }
}
