//! What a browser takes from an edge: messages, and the frames in them, applied to its page.
//!
//! The input is a list of messages, each behind its length. An edge is trusted more than a module, and yet nothing that it
//! says may end the page otherwise than by an error.

use playconnect_frame::{Detail, Environment, ToBrowser, ToEdge};
use playconnect_session::{Client, ClientInput, ClientOutput, Instant, SocketId};

pub fn attack(input: &[u8]) -> bool {
    let mut now = Instant(0);
    let mut browser = Client::new("0123456789abcdef".to_owned(), 1, Environment::default(), now);
    let mut accepted = false;
    let mut rest = input;
    let mut socket = 1;
    drain(&mut browser);
    browser.handle(ClientInput::Opened(SocketId(socket)), now).expect("nothing was received");
    while let Some((bytes, more)) = crate::part(rest) {
        rest = more;
        now = now.after(1_000);
        if let Ok(message) = ToBrowser::decode(bytes) {
            let written = message.encode();
            assert_eq!(ToBrowser::decode(&written), Ok(message), "what was written is read");
        }
        let received = browser.handle(ClientInput::Received(bytes.to_vec()), now);
        let applied = received.and_then(|()| browser.handle(ClientInput::AnimationFrame, now));
        accepted |= applied.is_ok();
        // A person goes on using what is there.
        let nodes = browser.page().listening("click");
        for node in nodes.into_iter().take(2) {
            let kind = "click".to_owned();
            let act = ClientInput::Act { node, kind, detail: Detail::None, form: None };
            browser.handle(act, now).expect("nothing was received");
        }
        drain(&mut browser);
        if applied.is_err() {
            // As a browser does: the socket goes, and a new one asks for all.
            socket += 1;
            let _ = browser.handle(ClientInput::Closed(None), now);
            now = now.after(20_000_000);
            browser.handle_timeout(now);
            let _ = browser.handle(ClientInput::Opened(SocketId(socket)), now);
            drain(&mut browser);
        }
    }
    accepted
}

/// What a browser sends, an edge can read.
fn drain(browser: &mut Client) {
    while let Some(output) = browser.poll() {
        if let ClientOutput::Send(bytes) = output {
            ToEdge::decode(&bytes).expect("an edge can read it");
        }
    }
}
