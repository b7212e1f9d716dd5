//! Sessions that nobody has attached to: whoever asks for pages and opens no socket (a crawler, a flood) costs the node an
//! instance of each module for some seconds. Their number is bounded, in all and for each client's address. Over the bound
//! a page is static: the HTML of a rendering that all such pages share, and a *ticket* for a session, which is made when
//! the browser attaches.

use crate::app::Page;
use crate::driver::{self, Command, Drivers};
use crate::session_name::random_words;
use playconnect_frame::Environment;
use playconnect_session::{Instant, SessionId, SlotHtml};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, oneshot};

/// Counts them. Clones count together.
#[derive(Clone)]
pub struct Unattached {
    max: usize,
    per_address_max: usize,
    // A plain lock, held for an addition: taken once for each page.
    counts: Arc<Mutex<Counts>>,
}

#[derive(Default)]
struct Counts {
    all: usize,
    /// Only of those that have some.
    by_address: HashMap<IpAddr, usize>,
}

/// A place among them, given back when it is dropped.
pub struct Place {
    counts: Arc<Mutex<Counts>>,
    address: Option<IpAddr>,
}

impl Unattached {
    pub fn new(max: usize, per_address_max: usize) -> Self {
        Unattached { max, per_address_max, counts: Arc::default() }
    }

    /// `address`: the client's, where it is known. `None`: there are as many as may be.
    pub fn place(&self, address: Option<IpAddr>) -> Option<Place> {
        let address = address.map(network);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let of_address = address.and_then(|address| counts.by_address.get(&address)).copied().unwrap_or(0);
        if counts.all >= self.max || of_address >= self.per_address_max {
            return None;
        }
        counts.all += 1;
        if let Some(address) = address {
            counts.by_address.insert(address, of_address + 1);
        }
        Some(Place { counts: self.counts.clone(), address })
    }

    pub fn count(&self) -> usize {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).all
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all -= 1;
        let Some(address) = self.address else { return };
        if let Some(count) = counts.by_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                counts.by_address.remove(&address);
            }
        }
    }
}

/// What one client has for itself: an IPv4 address, or 64 bits of an IPv6 address (RFC 4291, 2.5.1).
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

/// Names of sessions that are not there yet. Nobody else can make one, and it needs no memory: the lower half of its 128
/// bits says, by a key of this process, that the upper half was given out by it.
#[derive(Clone)]
pub struct Tickets {
    key: [u8; 32],
}

impl Tickets {
    /// # Errors
    /// The system has no randomness.
    pub fn new() -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)?;
        Ok(Tickets { key })
    }

    /// # Errors
    /// The system has no randomness.
    pub fn ticket(&self) -> Result<SessionId, getrandom::Error> {
        let half = getrandom::u64()?;
        Ok(SessionId(u128::from(half) << 64 | u128::from(self.seal(half))))
    }

    pub fn is_ticket(&self, session: SessionId) -> bool {
        self.seal((session.0 >> 64) as u64) == session.0 as u64
    }

    /// Half of it is kept back and the length is fixed, so that the plain hash will do.
    fn seal(&self, half: u64) -> u64 {
        let digest = Sha256::new().chain_update(self.key).chain_update(half.to_le_bytes()).finalize();
        digest[..8].iter().fold(0, |seal, byte| seal << 8 | u64::from(*byte))
    }
}

/// What static pages show, by route. Rendered for nobody in particular, so that everybody may see it.
#[derive(Clone)]
pub struct StaticPages {
    // A plain lock, held for a look.
    rendered: Arc<Mutex<HashMap<String, Rendered>>>,
    /// One is rendered at a time.
    turn: Arc<Semaphore>,
}

#[derive(Clone)]
struct Rendered {
    page: Arc<Page>,
    slots: Arc<Vec<SlotHtml>>,
    at: Instant,
}

/// A page that is asked for again later is rendered anew.
const STATIC_US_MAX: u64 = 10_000_000;

impl StaticPages {
    pub fn new() -> Self {
        StaticPages { rendered: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }

    /// `None`: the node is stopping.
    pub async fn slots(&self, page: &Arc<Page>, drivers: &Arc<Drivers>) -> Option<Arc<Vec<SlotHtml>>> {
        if let Some(slots) = self.fresh(page) {
            return Some(slots);
        }
        let turn = self.turn.clone().acquire_owned().await.ok()?;
        // Who waited for the turn has it by now.
        if let Some(slots) = self.fresh(page) {
            return Some(slots);
        }
        // In a task of its own: whoever asks may go before it is there, and the modules run on all the same. The turn is
        // theirs until they are done.
        let (pages, page, drivers) = (self.clone(), page.clone(), drivers.clone());
        let rendering = tokio::spawn(async move {
            let slots = render(&page, &drivers).await?;
            let rendered = Rendered { page: page.clone(), slots: slots.clone(), at: driver::now() };
            pages.lock().insert(page.route.clone(), rendered);
            drop(turn);
            Some(slots)
        });
        rendering.await.ok()?
    }

    fn fresh(&self, page: &Arc<Page>) -> Option<Arc<Vec<SlotHtml>>> {
        let rendered = self.lock();
        let own = rendered.get(&page.route)?;
        let is_fresh = Arc::ptr_eq(&own.page, page) && driver::now().since(own.at) < STATIC_US_MAX;
        is_fresh.then(|| own.slots.clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Rendered>> {
        self.rendered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn render(page: &Arc<Page>, drivers: &Drivers) -> Option<Arc<Vec<SlotHtml>>> {
    let words = random_words().ok()?;
    let session = SessionId(u128::from(words[0]) << 64 | u128::from(words[1]));
    let environment = Environment {
        locale: "en".to_owned(),
        url: page.route.clone(),
        visible: true,
        ..Environment::default()
    };
    let (answer, html) = oneshot::channel();
    let seed = [words[2], words[3], words[4], words[5]];
    drivers.tell(session, Command::Render { session, page: page.clone(), environment, seed, answer });
    Some(Arc::new(html.await.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn places_are_bounded_in_all_and_for_each_address() {
        let unattached = Unattached::new(5, 2);
        let first = unattached.place(ip("192.0.2.1"));
        let second = unattached.place(ip("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(unattached.place(ip("192.0.2.1")).is_none(), "two of this address");
        let others = [ip("192.0.2.2"), ip("2001:db8::1"), None].map(|address| unattached.place(address));
        assert!(others.iter().all(Option::is_some));
        assert!(
            unattached.place(None).is_none() && unattached.place(ip("192.0.2.3")).is_none(),
            "five in all"
        );
        drop(first);
        let again = unattached.place(ip("192.0.2.1"));
        assert!(again.is_some());
        drop((second, others, again));
        assert_eq!(unattached.count(), 0);
        assert!(unattached.counts.lock().unwrap().by_address.is_empty(), "nothing is kept of who has none");
    }

    #[test]
    fn a_network_of_ipv6_is_one_address() {
        let unattached = Unattached::new(5, 1);
        let _place = unattached.place(ip("2001:db8:0:1::1"));
        assert!(unattached.place(ip("2001:db8:0:1:ffff::2")).is_none());
        assert!(unattached.place(ip("2001:db8:0:2::1")).is_some());
    }

    #[test]
    fn only_what_was_given_out_is_a_ticket() {
        let tickets = Tickets::new().unwrap();
        let ticket = tickets.ticket().unwrap();
        assert!(tickets.is_ticket(ticket));
        for bit in 0..128 {
            assert!(!tickets.is_ticket(SessionId(ticket.0 ^ 1 << bit)), "bit {bit}");
        }
        assert!(!Tickets::new().unwrap().is_ticket(ticket), "of another process");
    }
}
