//! What people write: an app's manifest with its page's shell, a node's settings, and addresses that modules fetch.
//!
//! The first byte says which. A manifest is one part, its shell the next.

use playconnect_manifest::grant::{Grant, Grants};
use playconnect_manifest::node_config::NodeConfig;
use playconnect_manifest::{Manifest, ManifestError};
use std::net::IpAddr;
use std::path::Path;

/// First byte of an input.
pub mod kind {
    /// Any other byte: a manifest.
    pub const MANIFEST: u8 = b'm';
    pub const NODE: u8 = b'n';
    /// A grant, and a URL behind a line feed.
    pub const URL: u8 = b'u';
}

pub fn attack(input: &[u8]) -> bool {
    let Some((kind, bytes)) = input.split_first() else { return false };
    match *kind {
        kind::NODE => settings(&String::from_utf8_lossy(bytes)),
        kind::URL => address(&String::from_utf8_lossy(bytes)),
        _ => {
            let (text, more) = crate::part(bytes).unwrap_or_default();
            let (shell, _) = crate::part(more).unwrap_or_default();
            manifest(&String::from_utf8_lossy(text), &String::from_utf8_lossy(shell))
        }
    }
}

fn manifest(text: &str, shell: &str) -> bool {
    let read = |_: &Path, _, _| Ok(shell.to_owned());
    match Manifest::parse(Path::new("app"), text.to_owned(), &read) {
        Err(error) => is_explained(&error),
        Ok(manifest) => {
            for slot in manifest.pages.iter().flat_map(|page| &page.slots) {
                assert!(shell.contains(&slot.name), "a slot of the shell");
            }
            for module in &manifest.modules {
                assert!(module.source.is_relative(), "{}", module.source.display());
                if let Some((parent, _)) = module.nested() {
                    assert!(manifest.module(parent).is_some(), "{parent} is a module");
                }
            }
            true
        }
    }
}

fn settings(text: &str) -> bool {
    match NodeConfig::parse(Path::new("node.toml"), text.to_owned()) {
        Err(error) => is_explained(&error),
        Ok(config) => {
            assert!(config.unattached_max() > 0);
            true
        }
    }
}

/// Says what and where, in a line each.
fn is_explained(error: &ManifestError) -> bool {
    assert!(!error.problems.is_empty(), "a refusal without a reason");
    for problem in &error.problems {
        let line = problem.to_string();
        assert!(!problem.cause.is_empty(), "{line}");
        assert!(!line.contains(char::is_control), "{line:?} is one line");
    }
    false
}

fn address(text: &str) -> bool {
    let (grant, url) = text.split_once('\n').unwrap_or((text, ""));
    let Ok(grant) = Grant::parse(grant) else { return false };
    let grants = Grants { module: "asker".to_owned(), hosts: vec![grant] };
    let Ok(target) = grants.target(url) else { return false };
    // Whatever a name turns out to be, it leads to no address inside.
    let inside = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:192.168.0.1"];
    let inside: Vec<IpAddr> = inside.iter().map(|text| text.parse().expect("an address")).collect();
    if let playconnect_manifest::grant::Host::Name(name) = &target.host {
        assert!(grants.addresses(&target, &inside).is_err(), "{name} leads inside");
    }
    true
}
