//! Settings of the node, as opposed to the app's: listeners, data folder, limits, log.
//!
//! A setting comes from, in this order: the command line, the environment (`PLAYCONNECT_SECTION_KEY`), the file
//! `node.toml`, the default.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::{Document, ManifestError, Place, Problem, Unreadable, nearest, read_text, units};

/// The file's name in the app's folder.
pub const FILE_NAME: &str = "node.toml";

const FILE_BYTES_MAX: u64 = 1 << 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeConfig {
    /// `[public] listen`: pages, the session socket, client assets.
    pub public_listen: SocketAddr,
    /// `[public] origins`: further origins whose pages may open a session socket, for example
    /// `https://play.example.org`. The listener's own origin always may.
    pub public_origins: Vec<String>,
    /// `[public] client_address`: `peer`, that of the connection, or `x-forwarded-for`, for a listener that only a proxy
    /// can reach which adds its client's address to that header.
    pub client_address: ClientAddress,
    /// `[admin] listen`: health, metrics, administration.
    pub admin_listen: SocketAddr,
    /// `[admin] token`: the bearer token. `None`: one is made at the first start, in the data folder.
    pub admin_token: Option<String>,
    /// `[data] folder`. `None`: `.playconnect/data` in the app's folder.
    pub data_folder: Option<PathBuf>,
    /// `[log] format`.
    pub log_format: LogFormat,
    /// `[log] filter`: directives such as `info,playconnect_host=debug`.
    pub log_filter: String,
    /// `[modules] instances_max`: module instances that live at once. Address space is reserved for all of them.
    pub instances_max: u32,
    /// `[modules] widget_memory`: the largest memory, in bytes, that a widget may have.
    pub widget_memory: u64,
    /// `[modules] table_elements_max`: entries of a module's function table.
    pub table_elements_max: u32,
    /// `[limits] sessions`: live sessions at the same time. Over it pages are refused with 503.
    pub sessions_max: u32,
    /// `[limits] unattached`: sessions at the same time that no browser has attached to. Over it pages are static HTML,
    /// and their sessions are made when a browser attaches. `None`: a tenth of `sessions`, and at least 16.
    pub unattached_max: Option<u32>,
    /// `[limits] unattached_per_address`: the same, for each client's address. Clients without an address, on this machine
    /// or behind a proxy that does not tell it, count only among all.
    pub unattached_per_address_max: u32,
    /// `[limits] asleep_memory`: bytes that instances of modules that sleep may take, over all sessions.
    pub asleep_memory: u64,
    /// `[outbound] requests_max`: requests of all modules to other hosts at the same time.
    pub outbound_requests_max: u32,
    /// `[outbound] ca_file`: certificates in PEM that are trusted besides Mozilla's when modules fetch over https.
    pub outbound_ca_file: Option<PathBuf>,
}

/// How a client's address is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAddress {
    /// It is that of the connection.
    Peer,
    /// A proxy adds it to `X-Forwarded-For`.
    Forwarded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

impl Default for NodeConfig {
    fn default() -> Self {
        Self {
            public_listen: SocketAddr::from(([127, 0, 0, 1], 7420)),
            public_origins: Vec::new(),
            client_address: ClientAddress::Peer,
            admin_listen: SocketAddr::from(([127, 0, 0, 1], 7421)),
            admin_token: None,
            data_folder: None,
            log_format: LogFormat::Text,
            log_filter: "info".to_owned(),
            instances_max: 4_096,
            widget_memory: 64 << 20,
            table_elements_max: 20_000,
            sessions_max: 10_000,
            unattached_max: None,
            unattached_per_address_max: 64,
            asleep_memory: 1 << 30,
            outbound_requests_max: 256,
            outbound_ca_file: None,
        }
    }
}

impl NodeConfig {
    /// Reads the file, if there is one, and the variables, of which others than `PLAYCONNECT_…` are ignored.
    ///
    /// # Errors
    /// Everything that is wrong, at once: unknown keys too.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ManifestError> {
        let mut problems = Vec::new();
        let document = file.and_then(|path| match read_text(path, FILE_BYTES_MAX, "name another file") {
            Ok(text) => Some(Document::new(path, text)),
            Err(Unreadable { cause, next }) => {
                let place = Place::Whole { path: path.to_owned() };
                problems.push(Problem { place, object: String::new(), cause, next: next.to_owned() });
                None
            }
        });
        Self::read(document, variables, problems)
    }

    /// The same from a text.
    ///
    /// # Errors
    /// Everything that is wrong, at once: unknown keys too.
    pub fn parse(path: &Path, text: String) -> Result<Self, ManifestError> {
        Self::read(Some(Document::new(path, text)), [], Vec::new())
    }

    fn read(
        document: Option<Document>,
        variables: impl IntoIterator<Item = (String, String)>,
        mut problems: Vec<Problem>,
    ) -> Result<Self, ManifestError> {
        let mut config = Self::default();
        let mut settings = document.map(|file| file_settings(file, &mut problems)).unwrap_or_default();
        settings.extend(variable_settings(variables, &mut problems));
        for setting in settings {
            if let Err(cause) = (setting.rule.set)(&mut config, &setting.value) {
                let object = format!("{}.{}", setting.rule.section, setting.rule.key);
                problems.push(Problem { place: setting.place, object, cause, next: String::new() });
            }
        }
        if problems.is_empty() { Ok(config) } else { Err(ManifestError { problems }) }
    }

    /// Sessions that may be unattached at the same time.
    pub fn unattached_max(&self) -> u32 {
        self.unattached_max.unwrap_or((self.sessions_max / UNATTACHED_PART).max(UNATTACHED_LEAST))
    }
}

/// Of sessions, may be unattached; but for a small node that would be next to none.
const UNATTACHED_PART: u32 = 10;
const UNATTACHED_LEAST: u32 = 16;

/// A key and what its text does. An error is a sentence about the value.
struct Rule {
    section: &'static str,
    key: &'static str,
    set: fn(&mut NodeConfig, &str) -> Result<(), String>,
}

const RULES: [Rule; 17] = [
    Rule {
        section: "public",
        key: "listen",
        set: |c, text| address(text).map(|value| c.public_listen = value),
    },
    Rule {
        section: "public",
        key: "origins",
        set: |c, text| origins(text).map(|value| c.public_origins = value),
    },
    Rule {
        section: "public",
        key: "client_address",
        set: |c, text| client_address(text).map(|value| c.client_address = value),
    },
    Rule {
        section: "admin",
        key: "listen",
        set: |c, text| address(text).map(|value| c.admin_listen = value),
    },
    Rule {
        section: "admin",
        key: "token",
        set: |c, text| token(text).map(|value| c.admin_token = Some(value)),
    },
    Rule {
        section: "data",
        key: "folder",
        set: |c, text| folder(text).map(|value| c.data_folder = Some(value)),
    },
    Rule { section: "log", key: "format", set: |c, text| log_format(text).map(|value| c.log_format = value) },
    Rule { section: "log", key: "filter", set: |c, text| filter(text).map(|value| c.log_filter = value) },
    Rule {
        section: "modules",
        key: "instances_max",
        set: |c, text| count(text, 1..=1_000_000).map(|value| c.instances_max = value),
    },
    Rule {
        section: "modules",
        key: "widget_memory",
        set: |c, text| size(text, 1 << 20..=4 << 30).map(|value| c.widget_memory = value),
    },
    Rule {
        section: "modules",
        key: "table_elements_max",
        set: |c, text| count(text, 1..=10_000_000).map(|value| c.table_elements_max = value),
    },
    Rule {
        section: "limits",
        key: "sessions",
        set: |c, text| count(text, 1..=1_000_000).map(|value| c.sessions_max = value),
    },
    Rule {
        section: "limits",
        key: "unattached",
        set: |c, text| count(text, 1..=1_000_000).map(|value| c.unattached_max = Some(value)),
    },
    Rule {
        section: "limits",
        key: "unattached_per_address",
        set: |c, text| count(text, 1..=1_000_000).map(|value| c.unattached_per_address_max = value),
    },
    Rule {
        section: "limits",
        key: "asleep_memory",
        set: |c, text| size(text, 1 << 20..=1 << 40).map(|value| c.asleep_memory = value),
    },
    Rule {
        section: "outbound",
        key: "requests_max",
        set: |c, text| count(text, 1..=65_536).map(|value| c.outbound_requests_max = value),
    },
    Rule {
        section: "outbound",
        key: "ca_file",
        set: |c, text| folder(text).map(|value| c.outbound_ca_file = Some(value)),
    },
];

struct Setting {
    rule: &'static Rule,
    value: String,
    place: Place,
}

fn file_settings(document: Document, problems: &mut Vec<Problem>) -> Vec<Setting> {
    let mut settings = Vec::new();
    if let Some(table) = document.parse() {
        let root = document.root(&table);
        for rules in RULES.chunk_by(|a, b| a.section == b.section) {
            let Some(section) = root.table(rules[0].section) else { continue };
            for rule in rules {
                if let Some(value) = section.text(rule.key) {
                    settings.push(Setting {
                        rule,
                        value: value.value,
                        place: document.source.place(&value.span),
                    });
                }
            }
            section.finish();
        }
        root.finish();
    }
    problems.extend(document.into_findings().0);
    settings
}

/// `PLAYCONNECT_PUBLIC_LISTEN` is `[public] listen`. What does not begin with a section's name is another
/// program's business.
fn variable_settings(
    variables: impl IntoIterator<Item = (String, String)>,
    problems: &mut Vec<Problem>,
) -> Vec<Setting> {
    let name_of = |rule: &Rule| format!("PLAYCONNECT_{}_{}", rule.section, rule.key).to_uppercase();
    let names: Vec<String> = RULES.iter().map(name_of).collect();
    let mut found: Vec<_> =
        variables.into_iter().filter(|(name, _)| name.starts_with("PLAYCONNECT_")).collect();
    found.sort();
    let mut settings = Vec::new();
    for (name, value) in found {
        let place = Place::Variable(name.clone());
        if let Some(at) = names.iter().position(|known| *known == name) {
            settings.push(Setting { rule: &RULES[at], value, place });
            continue;
        }
        let section = name.split('_').nth(1).unwrap_or_default();
        if RULES.iter().any(|rule| rule.section.eq_ignore_ascii_case(section)) {
            let known: Vec<_> = names.iter().map(String::as_str).collect();
            let next = match nearest(&name, &known) {
                Some(meant) => format!("did you mean {meant}?"),
                None => "unset it".to_owned(),
            };
            problems.push(Problem {
                place,
                object: String::new(),
                cause: "unknown setting".to_owned(),
                next,
            });
        }
    }
    settings
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        format!("\"{}\" is not an address and a port, such as \"127.0.0.1:7420\"", text.escape_debug())
    })
}

/// Origins as browsers send them: `https://host` or `https://host:port`, separated by commas.
fn origins(text: &str) -> Result<Vec<String>, String> {
    let origins = text.split(',').map(str::trim).filter(|origin| !origin.is_empty());
    origins
        .map(|origin| {
            let host = origin.strip_prefix("https://").or(origin.strip_prefix("http://")).unwrap_or_default();
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.:[]".contains(c);
            if host.is_empty() || !host.chars().all(plain) {
                let shown = origin.escape_debug();
                return Err(format!("\"{shown}\" is not an origin, such as \"https://play.example.org\""));
            }
            Ok(origin.to_owned())
        })
        .collect()
}

/// The text is not shown: it is a secret.
fn token(text: &str) -> Result<String, String> {
    const LENGTH_MIN: usize = 16;
    if text.len() < LENGTH_MIN || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(format!("a token has at least {LENGTH_MIN} visible ASCII characters"));
    }
    Ok(text.to_owned())
}

fn folder(text: &str) -> Result<PathBuf, String> {
    if text.is_empty() { Err("a path cannot be empty".to_owned()) } else { Ok(PathBuf::from(text)) }
}

/// Its grammar is checked where the log is set up.
fn filter(text: &str) -> Result<String, String> {
    if text.is_empty() {
        Err("a filter cannot be empty; write for example \"info\"".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

fn log_format(text: &str) -> Result<LogFormat, String> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        other => Err(format!("\"{}\" is not one of `text` and `json`", other.escape_debug())),
    }
}

fn client_address(text: &str) -> Result<ClientAddress, String> {
    match text {
        "peer" => Ok(ClientAddress::Peer),
        "x-forwarded-for" => Ok(ClientAddress::Forwarded),
        other => Err(format!("\"{}\" is not one of `peer` and `x-forwarded-for`", other.escape_debug())),
    }
}

fn count(text: &str, range: RangeInclusive<u32>) -> Result<u32, String> {
    text.parse().ok().filter(|count| range.contains(count)).ok_or_else(|| {
        format!("\"{}\" is not a whole number from {} to {}", text.escape_debug(), range.start(), range.end())
    })
}

fn size(text: &str, range: RangeInclusive<u64>) -> Result<u64, String> {
    let bytes = units::bytes(text).map_err(|cause| format!("\"{}\" {cause}", text.escape_debug()))?;
    if !range.contains(&bytes) {
        let (least, most) = (units::show_bytes(*range.start()), units::show_bytes(*range.end()));
        return Err(format!("\"{text}\" is not between {least} and {most}"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, variables: &[(&str, &str)]) -> Result<NodeConfig, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE_NAME);
        std::fs::write(&path, file).unwrap();
        let variables = variables.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        NodeConfig::load(Some(&path), variables)
            .map_err(|error| error.to_string().replace(&format!("{}/", folder.path().display()), ""))
    }

    #[test]
    fn variables_go_before_the_file_and_the_file_before_defaults() {
        assert_eq!(load("", &[]), Ok(NodeConfig::default()));
        let file =
            "[public]\nlisten = \"127.0.0.1:1\"\norigins = [\"https://a.example\"]\n[limits]\nsessions = 5\n";
        let config = load(file, &[("PLAYCONNECT_PUBLIC_LISTEN", "127.0.0.1:2"), ("HOME", "x")]).unwrap();
        assert_eq!(config.public_listen.port(), 2);
        assert_eq!(
            (config.sessions_max, config.public_origins.as_slice()),
            (5, &["https://a.example".to_owned()][..])
        );
        let config = load("", &[("PLAYCONNECT_LIMITS_ASLEEP_MEMORY", "2GiB"), ("PLAYCONNECT_OTHER", "x")]);
        assert_eq!(config.unwrap().asleep_memory, 2 << 30);
    }

    #[test]
    fn a_tenth_of_the_sessions_may_be_unattached() {
        let of = |file: &str| load(file, &[]).unwrap().unattached_max();
        assert_eq!(of(""), 1_000);
        assert_eq!(of("[limits]\nsessions = 20"), 16);
        assert_eq!(of("[limits]\nsessions = 20\nunattached = 3"), 3);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |file: &str, variables: &[(&str, &str)], expected: &str| {
            assert_eq!(load(file, variables).unwrap_err(), expected);
        };
        wrong(
            "[public]\nlisten = \"7420\"",
            &[],
            "node.toml:2:10: public.listen: \"7420\" is not an address and a port, such as \"127.0.0.1:7420\"",
        );
        wrong(
            "[public]\nlistn = \"7420\"",
            &[],
            "node.toml:2:1: public.listn: unknown key; did you mean `listen`?",
        );
        wrong(
            "[log]\nformat = true",
            &[],
            "node.toml:2:10: log.format: must be a string, a whole number or a list of strings, not true or false",
        );
        wrong(
            "",
            &[("PLAYCONNECT_ADMIN_TOKEN", "short")],
            "PLAYCONNECT_ADMIN_TOKEN: admin.token: a token has at least 16 visible ASCII characters",
        );
        wrong(
            "",
            &[("PLAYCONNECT_ADMIN_LISTN", "x")],
            "PLAYCONNECT_ADMIN_LISTN: unknown setting; did you mean PLAYCONNECT_ADMIN_LISTEN?",
        );
        wrong(
            "[public]\norigins = [\"a.example\"]",
            &[],
            "node.toml:2:11: public.origins: \"a.example\" is not an origin, such as \"https://play.example.org\"",
        );
        wrong(
            "[public]\nclient_address = \"forwarded\"",
            &[],
            "node.toml:2:18: public.client_address: \"forwarded\" is not one of `peer` and `x-forwarded-for`",
        );
        wrong(
            "[limits]\nsessions = 0",
            &[],
            "node.toml:2:12: limits.sessions: \"0\" is not a whole number from 1 to 1000000",
        );
    }
}
