//! What a module may reach: grants of the manifest, URLs that a module asks for, addresses that a name turned out to
//! have. Pure: text and addresses in, a target or a refusal out.
//!
//! Everything is compared after the WHATWG URL parser has been over it, on both sides. So `0x7f.1`, `2130706433`,
//! `127。0。0。1`, `EXAMPLE.com` and `bücher.example` have one form each by the time they are looked at.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::Url;

/// A URL longer than this is not looked at.
const URL_BYTES_MAX: usize = 8 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Http,
    Https,
}

/// A host by name, in lower-case ASCII without a dot at the end, or by address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    Name(String),
    Address(IpAddr),
}

/// One entry of `outbound_hosts`: `api.example.com` (https on port 443), `*.example.org:8443` (one label in the
/// place of `*`), `http://127.0.0.1:9000`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    scheme: Scheme,
    host: GrantedHost,
    port: u16,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum GrantedHost {
    /// This host. An address is reached even if it is a private one: who writes it down means it.
    Exactly(Host),
    /// One label, then this name.
    Below(String),
}

/// Why an entry of `outbound_hosts` is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantError {
    /// The rest of a sentence that begins with the entry.
    pub cause: String,
    pub next: String,
}

/// All that one module was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grants {
    /// The module's name, for what is said about a refusal.
    pub module: String,
    pub hosts: Vec<Grant>,
}

/// Where a request goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub scheme: Scheme,
    pub host: Host,
    pub port: u16,
    /// Without the fragment.
    pub url: Url,
}

/// Why a request is not made. The text is for the module's author: what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error(
        "{0} is a path of the page's own origin, which has no handlers in this version: name a host, as in https://api.example.com{0}"
    )]
    OwnOrigin(String),
    #[error("this is not a URL ({0}): write a whole one, as in https://api.example.com/scores")]
    NotAUrl(String),
    #[error("the URL has more than {URL_BYTES_MAX} bytes: send what is long in the body")]
    LongUrl,
    #[error("only http: and https: can be fetched, not {0}:")]
    Scheme(String),
    #[error("the URL has a user name or a password in it: send them as a header (authorization)")]
    Credentials,
    #[error("port {0} is not one that HTTP is spoken on: use another")]
    Port(u16),
    #[error(
        "{origin} is not granted to the module {module}: write outbound_hosts = [\"{entry}\"] in [module.{module}] of playconnect.toml"
    )]
    NotGranted { module: String, origin: String, entry: String },
    #[error(
        "localhost is whatever a resolver says: fetch the address, 127.0.0.1 or [::1], and write outbound_hosts = [\"{entry}\"] in [module.{module}] of playconnect.toml"
    )]
    Localhost { module: String, entry: String },
    #[error(
        "{name} has no address that is public ({range}): a name leads only to public addresses; to reach one inside, fetch the address itself and write it into outbound_hosts of [module.{module}] in playconnect.toml"
    )]
    NotPublic { module: String, name: String, range: &'static str },
    #[error("{name} has no address: is the name right?")]
    NoAddress { name: String },
}

impl Grant {
    /// # Errors
    /// The text is no grant.
    pub fn parse(text: &str) -> Result<Self, GrantError> {
        let wrong = |cause: &str, next: &str| GrantError { cause: cause.to_owned(), next: next.to_owned() };
        const FORMS: &str = "write a host such as \"api.example.com\", \"*.example.com\", \"api.example.com:8443\" or \
                             \"http://127.0.0.1:9000\"";
        let (scheme, authority) = match text.split_once("://") {
            None => (Scheme::Https, text),
            Some(("https", rest)) => (Scheme::Https, rest),
            Some(("http", rest)) => (Scheme::Http, rest),
            Some(_) => return Err(wrong("has a scheme that cannot be fetched", "write https:// or http://")),
        };
        if authority.contains('@') {
            return Err(wrong(
                "has a user name in it",
                "write the host alone; the module sends its own credentials",
            ));
        }
        if authority.contains(['/', '\\', '?', '#']) {
            return Err(wrong(
                "has a path in it",
                "write the host alone: a grant is for all paths of a host",
            ));
        }
        let (below, name) = match authority.strip_prefix("*.") {
            Some(base) => (true, base),
            None => (false, authority),
        };
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '*' && c != '%';
        if name.is_empty() || !name.chars().all(plain) {
            let cause =
                if authority.contains('*') { "has a * that is not the first label" } else { "is not a host" };
            return Err(wrong(cause, FORMS));
        }
        let url = Url::parse(&format!("{}://{name}/", scheme.name()))
            .map_err(|error| wrong(&format!("is not a host: {error}"), FORMS))?;
        let host = host_of(&url).ok_or_else(|| wrong("is not a host", FORMS))?;
        let port = url.port().unwrap_or(scheme.port());
        if let Some(blocked) = blocked_port(port) {
            return Err(wrong(
                &format!("has port {blocked}, which HTTP is not spoken on"),
                "write another port",
            ));
        }
        let host = match (host, below) {
            (Host::Address(_), true) => return Err(wrong("has a * before an address", FORMS)),
            (Host::Address(address), false) => {
                check_granted_address(address, name)?;
                GrantedHost::Exactly(Host::Address(address))
            }
            (Host::Name(name), _) if is_localhost(&name) => {
                let entry = format!("{}://127.0.0.1:{port}", scheme.name());
                let cause = "is whatever a resolver says";
                return Err(wrong(
                    cause,
                    &format!("write the address: \"{entry}\"; the module fetches that, too"),
                ));
            }
            (Host::Name(name), true) if !name.contains('.') => {
                let cause = format!("would grant every name below .{name}");
                return Err(wrong(
                    &cause,
                    "write at least two labels behind the *, such as \"*.example.com\"",
                ));
            }
            (Host::Name(name), true) => GrantedHost::Below(name),
            (Host::Name(name), false) => GrantedHost::Exactly(Host::Name(name)),
        };
        Ok(Grant { scheme, host, port })
    }

    fn covers(&self, target: &Target) -> bool {
        self.scheme == target.scheme
            && self.port == target.port
            && match (&self.host, &target.host) {
                (GrantedHost::Exactly(granted), host) => granted == host,
                (GrantedHost::Below(base), Host::Name(name)) => name
                    .strip_suffix(base.as_str())
                    .and_then(|rest| rest.strip_suffix('.'))
                    .is_some_and(|label| !label.is_empty() && !label.contains('.')),
                (GrantedHost::Below(_), Host::Address(_)) => false,
            }
    }
}

impl Grants {
    /// Where the URL leads, if the module may go there.
    ///
    /// # Errors
    /// It may not, or it leads nowhere.
    pub fn target(&self, url: &str) -> Result<Target, Refusal> {
        if url.len() > URL_BYTES_MAX {
            return Err(Refusal::LongUrl);
        }
        let target = match Url::parse(url) {
            Ok(parsed) => Target::of(parsed)?,
            Err(url::ParseError::RelativeUrlWithoutBase) if url.starts_with('/') => {
                let path: String =
                    url.split(['?', '#']).next().unwrap_or_default().chars().take(80).collect();
                return Err(Refusal::OwnOrigin(path.escape_debug().to_string()));
            }
            Err(error) => return Err(Refusal::NotAUrl(error.to_string())),
        };
        if self.hosts.iter().any(|grant| grant.covers(&target)) {
            return Ok(target);
        }
        let module = self.module.clone();
        Err(match &target.host {
            Host::Name(name) if is_localhost(name) => {
                let entry = format!("{}://127.0.0.1:{}", target.scheme.name(), target.port);
                Refusal::Localhost { module, entry }
            }
            _ => Refusal::NotGranted { module, origin: target.origin(), entry: target.entry() },
        })
    }

    /// The addresses to connect to. `resolved` is what a name turned out to have, and empty for an address.
    ///
    /// # Errors
    /// None is left.
    pub fn addresses(&self, target: &Target, resolved: &[IpAddr]) -> Result<Vec<SocketAddr>, Refusal> {
        let name = match &target.host {
            // It is on the list itself, or there would be no target.
            Host::Address(address) => return Ok(vec![SocketAddr::new(*address, target.port)]),
            Host::Name(name) => name.clone(),
        };
        let mut range = None;
        let mut public = Vec::new();
        for address in resolved {
            match closed_range(*address) {
                None => public.push(SocketAddr::new(*address, target.port)),
                found => range = range.or(found),
            }
        }
        match (public.is_empty(), range) {
            (false, _) => Ok(public),
            (true, Some(range)) => Err(Refusal::NotPublic { module: self.module.clone(), name, range }),
            (true, None) => Err(Refusal::NoAddress { name }),
        }
    }
}

impl Target {
    fn of(mut url: Url) -> Result<Self, Refusal> {
        let scheme = match url.scheme() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            other => return Err(Refusal::Scheme(other.chars().take(32).collect())),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refusal::Credentials);
        }
        let host = host_of(&url).ok_or_else(|| Refusal::NotAUrl("its host is no name".to_owned()))?;
        let port = url.port().unwrap_or(scheme.port());
        if let Some(port) = blocked_port(port) {
            return Err(Refusal::Port(port));
        }
        url.set_fragment(None);
        Ok(Target { scheme, host, port, url })
    }

    /// The URL that this one redirects to. It is looked at as every other one is.
    ///
    /// # Errors
    /// `location` is not a URL.
    pub fn join(&self, location: &str) -> Result<String, Refusal> {
        self.url.join(location).map(String::from).map_err(|error| Refusal::NotAUrl(error.to_string()))
    }

    /// `https://api.example.com:8443`.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme.name(), self.authority())
    }

    /// The host, and the port unless it is the scheme's own: the value of the header `host`.
    pub fn authority(&self) -> String {
        if self.port == self.scheme.port() {
            self.host.to_string()
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }

    /// The entry of `outbound_hosts` that would grant it.
    fn entry(&self) -> String {
        match self.scheme {
            Scheme::Https => self.authority(),
            Scheme::Http => self.origin(),
        }
    }

    /// Path and query: what stands in the first line of a request.
    pub fn path(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::Address(IpAddr::V4(address)) => address.fmt(f),
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]"),
        }
    }
}

/// None for a name with an empty label or one that is too long for the DNS.
fn host_of(url: &Url) -> Option<Host> {
    match url.host()? {
        url::Host::Ipv4(address) => Some(Host::Address(address.into())),
        url::Host::Ipv6(address) => Some(Host::Address(address.into())),
        url::Host::Domain(name) => {
            // The dot of an absolute name says nothing here: names are always absolute.
            let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
            let labels = name.split('.').all(|label| (1..=63).contains(&label.len()));
            (labels && name.len() <= 253).then_some(Host::Name(name))
        }
    }
}

fn is_localhost(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost")
}

fn check_granted_address(address: IpAddr, written: &str) -> Result<(), GrantError> {
    if let Some(range @ ("unspecified" | "multicast" | "IPv4 within IPv6" | "reserved")) =
        closed_range(address)
    {
        let cause = format!("is not the address of one host ({range})");
        return Err(GrantError { cause, next: "write the host's own address".to_owned() });
    }
    // An address that has to be computed in the head is a mistake or a trick.
    let is_plain = address.is_ipv6() || written.split(':').next() == Some(&address.to_string());
    if !is_plain {
        let cause = format!("is another way to write {address}");
        return Err(GrantError { cause, next: format!("write {address}") });
    }
    Ok(())
}

/// The range that keeps an address from being reached by name, after the special-purpose registries of IANA (RFC
/// 6890) and what clouds keep their metadata under. Of IPv6 only 2000::/3 is global unicast.
fn closed_range(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(address) => closed_v4(address),
        IpAddr::V6(address) => closed_v6(address),
    }
}

fn closed_v4(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [0, 0, 0, 0] => "unspecified",
        [0, ..] => "reserved",
        [10, ..] | [192, 168, ..] => "private",
        [172, second, ..] if second & 0xf0 == 16 => "private",
        [100, second, ..] if second & 0xc0 == 64 => "shared by a carrier or a cloud",
        [127, ..] => "loopback",
        [169, 254, ..] => "link-local, where clouds keep their metadata",
        // The platform's own services, as seen from inside Azure.
        [168, 63, 129, 16] => "metadata of a cloud",
        [192, 0, 0, _] | [192, 88, 99, _] => "reserved",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "documentation",
        [198, 18 | 19, ..] => "benchmarks",
        [224..=239, ..] => "multicast",
        [240..=255, ..] => "reserved",
        _ => return None,
    })
}

fn closed_v6(address: Ipv6Addr) -> Option<&'static str> {
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => "unspecified",
        [0, 0, 0, 0, 0, 0, 0, 1] => "loopback",
        // Mapped and compatible: another way to say an IPv4 address, which has one of its own.
        [0, 0, 0, 0, 0, 0xffff | 0, _, _] => "IPv4 within IPv6",
        // RFC 6052: what a NAT64 translates is as open as the address behind it.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let [a, b] = high.to_be_bytes();
            let [c, d] = low.to_be_bytes();
            return closed_v4(Ipv4Addr::new(a, b, c, d));
        }
        [0xfc00..=0xfdff, ..] => "private",
        [0xfe80..=0xfebf, ..] => "link-local",
        [0xff00..=0xffff, ..] => "multicast",
        // Teredo and others of 2001::/23, and 6to4: tunnels with an IPv4 address in them.
        [0x2001, 0..=0x1ff, ..] | [0x2002, ..] => "tunnelled",
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => "documentation",
        [0x2000..=0x3fff, ..] => return None,
        _ => "reserved",
    })
}

/// <https://fetch.spec.whatwg.org/#port-blocking>: other protocols' ports, whose servers might take a request for
/// commands of theirs. Port 0 is none.
fn blocked_port(port: u16) -> Option<u16> {
    const BLOCKED: [u16; 83] = [
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102,
        103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512,
        513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719,
        1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697,
        10080,
    ];
    BLOCKED.contains(&port).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(hosts: &[&str]) -> Grants {
        let hosts = hosts.iter().map(|text| Grant::parse(text).unwrap()).collect();
        Grants { module: "menu".to_owned(), hosts }
    }

    /// The authority that the URL leads to, or why it does not.
    fn reach(hosts: &[&str], url: &str) -> String {
        match grants(hosts).target(url) {
            Ok(target) => target.origin() + &target.path(),
            Err(refusal) => refusal.to_string(),
        }
    }

    #[track_caller]
    fn reaches(hosts: &[&str], url: &str, expected: &str) {
        assert_eq!(reach(hosts, url), expected);
    }

    #[track_caller]
    fn refuses(hosts: &[&str], url: &str, part: &str) {
        let found = reach(hosts, url);
        assert!(found.contains(part), "{url}: {found}");
    }

    #[track_caller]
    fn is_no_grant(text: &str, part: &str) {
        let error = Grant::parse(text).expect_err(text);
        let said = format!("{}; {}", error.cause, error.next);
        assert!(said.contains(part), "{text}: {said}");
    }

    #[test]
    fn a_host_is_granted_with_its_scheme_and_port() {
        let api = &["api.example.com"][..];
        reaches(api, "https://api.example.com", "https://api.example.com/");
        reaches(api, "https://api.example.com:443/a?b=c#d", "https://api.example.com/a?b=c");
        refuses(api, "http://api.example.com/", "write outbound_hosts = [\"http://api.example.com\"]");
        refuses(
            api,
            "https://api.example.com:8443/",
            "write outbound_hosts = [\"api.example.com:8443\"] in [module.menu]",
        );
        refuses(api, "https://example.com/", "https://example.com is not granted to the module menu");
        refuses(api, "https://api.example.com.evil.test/", "not granted");
        refuses(api, "https://evil-api.example.com/", "not granted");
        reaches(&["http://api.example.com"], "http://api.example.com", "http://api.example.com/");
        refuses(&["http://api.example.com"], "https://api.example.com", "not granted");
        refuses(&[], "https://api.example.com", "not granted");
    }

    #[test]
    fn a_star_is_one_label() {
        let below = &["*.example.org:8443"][..];
        reaches(below, "https://a.example.org:8443/", "https://a.example.org:8443/");
        for url in [
            "https://example.org:8443/",
            "https://a.b.example.org:8443/",
            "https://a.example.org/",
            "https://aexample.org:8443/",
            "https://a.example.org.evil.test:8443/",
            "https://127.0.0.1:8443/",
        ] {
            refuses(below, url, "not granted");
        }
    }

    #[test]
    fn names_have_one_form() {
        for url in [
            "https://API.EXAMPLE.com",
            "https://api.example.com.",
            "https:api.example.com",
            "HTTPS:\\\\api.example.com\\",
            "https://api%2eexample.com",
            " https://api.ex\tample.com\n",
            "https://api。example．com",
        ] {
            reaches(&["api.example.com"], url, "https://api.example.com/");
        }
        reaches(&["Api.Example.com."], "https://api.example.com", "https://api.example.com/");
        reaches(&["bücher.example"], "https://BÜCHER.example", "https://xn--bcher-kva.example/");
        reaches(&["xn--bcher-kva.example"], "https://bücher.example", "https://xn--bcher-kva.example/");
        // A Cyrillic а is another letter.
        refuses(&["apple.example"], "https://аpple.example", "https://xn--pple-43d.example is not granted");
    }

    #[test]
    fn addresses_have_one_form() {
        for url in [
            "http://127.0.0.1:9000/",
            "http://2130706433:9000/",
            "http://0x7f000001:9000/",
            "http://0177.0.0.1:9000/",
            "http://127.1:9000/",
            "http://127.0.0.1.:9000/",
            "http://１２７.0.0.1:9000/",
            "http://127%2e0.0.1:9000/",
        ] {
            reaches(&["http://127.0.0.1:9000"], url, "http://127.0.0.1:9000/");
            refuses(
                &["http://example.com:9000", "*.0.0.1.example:9000"],
                url,
                "http://127.0.0.1:9000 is not granted",
            );
        }
        reaches(&["http://[::1]:9000"], "http://[0:0::1]:9000/", "http://[::1]:9000/");
        refuses(&["http://127.0.0.1:9000"], "http://[::ffff:127.0.0.1]:9000/", "not granted");
        refuses(&["http://127.0.0.1:9000"], "http://[::127.0.0.1]:9000/", "not granted");
        refuses(&["http://127.0.0.1:9000"], "http://127.0.0.2:9000/", "not granted");
        refuses(&["http://127.0.0.1:9000"], "http://0.0.0.0:9000/", "not granted");
        refuses(&["http://127.0.0.1:9000"], "http://256.0.0.1:9000/", "not a URL");
    }

    #[test]
    fn what_is_no_url_to_fetch() {
        let api = &["api.example.com"][..];
        refuses(api, "/scores?x=1", "/scores is a path of the page's own origin");
        refuses(api, "scores", "this is not a URL");
        refuses(api, "", "this is not a URL");
        refuses(api, "https://", "this is not a URL");
        refuses(api, "https://a..example.com/", "its host is no name");
        refuses(api, "https://api.example.com/../../etc", "https://api.example.com/etc");
        refuses(api, "file:///etc/passwd", "not file:");
        refuses(api, "ftp://api.example.com/", "not ftp:");
        refuses(api, "data:text/plain,x", "not data:");
        refuses(api, "ws://api.example.com/", "not ws:");
        refuses(api, "unix:/run/docker.sock", "not unix:");
        refuses(api, "https://user@api.example.com/", "user name or a password");
        refuses(api, "https://:secret@api.example.com/", "user name or a password");
        refuses(api, "https://api.example.com@evil.test/", "user name or a password");
        refuses(api, "https://evil.test#@api.example.com/", "https://evil.test is not granted");
        refuses(api, "https://evil.test\\@api.example.com/", "https://evil.test is not granted");
        refuses(api, "https://api.example.com:0/", "port 0");
        refuses(api, "https://api.example.com:25/", "port 25");
        refuses(api, "https://api.example.com:65536/", "this is not a URL");
        refuses(api, &format!("https://api.example.com/{}", "a".repeat(9_000)), "more than 8192 bytes");
        refuses(api, "http://localhost:9000/", "outbound_hosts = [\"http://127.0.0.1:9000\"]");
        refuses(api, "http://a.LOCALHOST./", "fetch the address");
    }

    #[test]
    fn line_breaks_do_not_reach_the_request() {
        let target =
            grants(&["api.example.com"]).target("https://api.example.com/a\r\nx: y?b\r\n #c").unwrap();
        assert_eq!(target.path(), "/ax:%20y?b%20");
    }

    #[test]
    fn what_is_no_grant() {
        is_no_grant("", "is not a host");
        is_no_grant("*", "* that is not the first label");
        is_no_grant("a.*.example.com", "* that is not the first label");
        is_no_grant("*.com", "every name below .com");
        is_no_grant("*.127.0.0.1", "* before an address");
        is_no_grant("ftp://example.com", "scheme");
        is_no_grant("https://example.com/", "has a path");
        is_no_grant("example.com/v1", "has a path");
        is_no_grant("user@example.com", "user name");
        is_no_grant("a b.example", "is not a host");
        is_no_grant("a%2eb.example", "is not a host");
        is_no_grant("a..b", "is not a host");
        is_no_grant("example.com:0", "port 0");
        is_no_grant("example.com:22", "port 22");
        is_no_grant("example.com:99999", "is not a host");
        is_no_grant("localhost:9000", "\"https://127.0.0.1:9000\"");
        is_no_grant("*.localhost", "\"https://127.0.0.1:443\"");
        is_no_grant("2130706433", "write 127.0.0.1");
        is_no_grant("0x7f.1:80", "write 127.0.0.1");
        is_no_grant("http://0.0.0.0", "unspecified");
        is_no_grant("http://[::]", "unspecified");
        is_no_grant("http://224.0.0.1", "multicast");
        is_no_grant("http://[ff02::1]", "multicast");
        is_no_grant("http://255.255.255.255", "reserved");
        is_no_grant("http://[::ffff:10.0.0.1]", "IPv4 within IPv6");
    }

    #[test]
    fn addresses_of_a_name_are_public_ones() {
        let api = grants(&["api.example.com"]);
        let target = api.target("https://api.example.com").unwrap();
        let addresses = |resolved: &[&str]| {
            let resolved: Vec<IpAddr> = resolved.iter().map(|text| text.parse().unwrap()).collect();
            api.addresses(&target, &resolved)
        };
        for open in
            ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::101:101"]
        {
            let found = addresses(&[open]).unwrap();
            assert_eq!((found.len(), found[0].ip().to_string().as_str(), found[0].port()), (1, open, 443));
        }
        for closed in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:1.1.1.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "4000::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            let refusal = addresses(&[closed]).expect_err(closed).to_string();
            assert!(refusal.contains("no address that is public"), "{closed}: {refusal}");
        }
        // Of a mixed answer the public ones are left.
        assert_eq!(addresses(&["10.0.0.1", "1.1.1.1", "::1"]).unwrap(), ["1.1.1.1:443".parse().unwrap()]);
        assert_eq!(addresses(&[]).unwrap_err(), Refusal::NoAddress { name: "api.example.com".to_owned() });
    }

    #[test]
    fn an_address_that_was_written_down_is_reached() {
        for (grant, url, expected) in [
            ("http://127.0.0.1:9000", "http://127.0.0.1:9000/", "127.0.0.1:9000"),
            ("http://10.0.0.1", "http://10.0.0.1/", "10.0.0.1:80"),
            ("http://169.254.169.254", "http://169.254.169.254/", "169.254.169.254:80"),
            ("[fd00::1]:8443", "https://[fd00::1]:8443/", "[fd00::1]:8443"),
        ] {
            let grants = grants(&[grant]);
            let target = grants.target(url).unwrap();
            assert_eq!(grants.addresses(&target, &[]), Ok(vec![expected.parse().unwrap()]));
        }
    }
}
