//! What each user does: a TOML file of steps, done in turn, again and again.
//!
//! ```toml
//! every = "1s"            # from one step to the next
//!
//! [[step]]
//! slot = "menu"
//! click = "button.more"   # one of those that match, by chance
//!
//! [[step]]
//! slot = "menu"
//! type = "garden"         # key by key, in the place of what is there
//! into = "#find"
//!
//! [[step]]
//! wait = "2s"
//! ```

use crate::selector::Selector;
use serde::Deserialize;
use std::time::Duration;

const STEPS_MAX: usize = 1_000;
const TYPED_CHARACTERS_MAX: usize = 1_000;
const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_secs(3_600);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    pub(crate) every: Duration,
    pub(crate) steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Anything that listens for clicks.
    ClickAnything,
    Click {
        slot: String,
        on: Selector,
    },
    Type {
        slot: String,
        into: Selector,
        text: String,
    },
    Wait(Duration),
}

#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    #[error("{}", .0.to_string().trim_end().replace('\n', " "))]
    Toml(#[from] toml::de::Error),
    #[error("step {number}: {why}")]
    Step { number: usize, why: String },
    #[error("{0}")]
    Whole(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    every: Option<String>,
    #[serde(default)]
    step: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    slot: Option<String>,
    click: Option<String>,
    r#type: Option<String>,
    into: Option<String>,
    wait: Option<String>,
}

impl Default for Script {
    /// A click a second on anything that listens for clicks.
    fn default() -> Self {
        Script { every: Duration::from_secs(1), steps: vec![Step::ClickAnything] }
    }
}

impl Script {
    /// # Errors
    /// With the place, for what is no script.
    pub fn parse(text: &str) -> Result<Self, ScriptError> {
        let file: File = toml::from_str(text)?;
        let every = file.every.as_deref().map_or(Ok(Duration::from_secs(1)), pause);
        let every = every.map_err(|why| ScriptError::Whole(format!("every: {why}")))?;
        if file.step.is_empty() || file.step.len() > STEPS_MAX {
            let why = format!("{} steps; write 1 to {STEPS_MAX} sections [[step]]", file.step.len());
            return Err(ScriptError::Whole(why));
        }
        let steps = file
            .step
            .into_iter()
            .enumerate()
            .map(|(at, entry)| step(entry).map_err(|why| ScriptError::Step { number: at + 1, why }));
        Ok(Script { every, steps: steps.collect::<Result<_, _>>()? })
    }
}

fn step(entry: Entry) -> Result<Step, String> {
    let slot = entry.slot.ok_or_else(|| "slot is missing: name the slot of the page".to_owned());
    match (entry.click, entry.r#type, entry.wait) {
        (Some(on), None, None) if entry.into.is_none() => {
            Ok(Step::Click { slot: slot?, on: Selector::parse(&on)? })
        }
        (None, Some(text), None) => {
            let into = entry.into.ok_or("into is missing: name the field that is typed into")?;
            if text.is_empty() || text.chars().count() > TYPED_CHARACTERS_MAX {
                return Err(format!("type has 1 to {TYPED_CHARACTERS_MAX} characters"));
            }
            Ok(Step::Type { slot: slot?, into: Selector::parse(&into)?, text })
        }
        (None, None, Some(text)) if entry.into.is_none() && slot.is_err() => Ok(Step::Wait(pause(&text)?)),
        _ => Err("a step has `slot` and `click`, or `slot`, `type` and `into`, or `wait`".to_owned()),
    }
}

/// `250ms`, `1.5s`, `1m`.
fn pause(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no time from 10ms to 1h: write one such as 250ms, 1.5s or 1m");
    let unit = text.find(|c: char| c.is_alphabetic()).ok_or_else(wrong)?;
    let number: f64 = text[..unit].trim().parse().map_err(|_| wrong())?;
    let seconds = match &text[unit..] {
        "ms" => number / 1e3,
        "s" => number,
        "m" => number * 60.0,
        "h" => number * 3_600.0,
        _ => return Err(wrong()),
    };
    let pause = Duration::try_from_secs_f64(seconds).map_err(|_| wrong())?;
    if (PAUSE_MIN..=PAUSE_MAX).contains(&pause) { Ok(pause) } else { Err(wrong()) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read_in_order() {
        let script = Script::parse(
            "every = \"250ms\"\n[[step]]\nslot = \"menu\"\nclick = \"button\"\n[[step]]\nslot = \"menu\"\ntype = \"ab\"\ninto = \"#find\"\n[[step]]\nwait = \"2s\"\n",
        )
        .unwrap();
        assert_eq!(script.every, Duration::from_millis(250));
        let slot = || "menu".to_owned();
        let expected = [
            Step::Click { slot: slot(), on: Selector::parse("button").unwrap() },
            Step::Type { slot: slot(), into: Selector::parse("#find").unwrap(), text: "ab".to_owned() },
            Step::Wait(Duration::from_secs(2)),
        ];
        assert_eq!(script.steps, expected);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let why = |text: &str| Script::parse(text).unwrap_err().to_string();
        assert!(why("").contains("0 steps"));
        assert!(why("every = \"1ms\"\n[[step]]\nwait = \"1s\"").starts_with("every: `1ms` is no time"));
        assert!(why("[[step]]\nclick = \"a\"").contains("step 1: slot is missing"));
        assert!(why("[[step]]\nslot = \"a\"\nclick = \"a b\"").contains("`a b` is no selector"));
        assert!(why("[[step]]\nslot = \"a\"\ntype = \"x\"").contains("into is missing"));
        assert!(why("[[step]]\nslot = \"a\"\nclick = \"a\"\nwait = \"1s\"").contains("a step has"));
        assert!(why("[[step]]\nclik = \"a\"").contains("unknown field `clik`"));
        let long = "x".repeat(TYPED_CHARACTERS_MAX + 1);
        assert!(
            why(&format!("[[step]]\nslot = \"a\"\ntype = \"{long}\"\ninto = \"a\"")).contains("1 to 1000")
        );
        assert!(why(&"[[step]]\nwait = \"1s\"\n".repeat(STEPS_MAX + 1)).contains("1001 steps"));
    }
}
