//! Sessions' names as a browser knows them: node, start of the process, and 128 random bits.

use playconnect_session::SessionId;
use std::fmt;

/// Of this node, since this start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    pub node: u32,
    /// Seconds since the Unix epoch at the start of the process.
    pub boot: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionName {
    pub origin: Origin,
    pub id: SessionId,
}

/// Randomness for a session's name and its modules' seed.
///
/// # Errors
/// The system has none.
pub fn random_words() -> Result<[u64; 6], getrandom::Error> {
    let mut words = [0; 6];
    for word in &mut words {
        *word = getrandom::u64()?;
    }
    Ok(words)
}

impl fmt::Display for SessionName {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{:08x}-{:08x}-{:032x}", self.origin.node, self.origin.boot, self.id.0)
    }
}

impl SessionName {
    /// `None` for anything that is not such a name to the letter.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (node, boot, id) = (parts.next()?, parts.next()?, parts.next()?);
        let exact = parts.next().is_none() && node.len() == 8 && boot.len() == 8 && id.len() == 32;
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-'));
        if !exact || !digits {
            return None;
        }
        Some(SessionName {
            origin: Origin {
                node: u32::from_str_radix(node, 16).ok()?,
                boot: u32::from_str_radix(boot, 16).ok()?,
            },
            id: SessionId(u128::from_str_radix(id, 16).ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back() {
        let name = SessionName { origin: Origin { node: 7, boot: 0xabc }, id: SessionId(u128::MAX - 5) };
        assert_eq!(SessionName::parse(&name.to_string()), Some(name));
    }

    #[test]
    fn nothing_else_is_a_name() {
        let good = SessionName { origin: Origin { node: 7, boot: 0xabc }, id: SessionId(1) }.to_string();
        for bad in [
            "",
            "-",
            "--",
            &good[1..],
            &format!("{good}-"),
            &format!("+{}", &good[1..]),
            &good.to_uppercase(),
        ] {
            assert_eq!(SessionName::parse(bad), None, "{bad}");
        }
    }
}
