//! Sizes and times as people write them: `64MiB`, `16ms`, `64KiB/s`.

use std::time::Duration;

const SIZES: [(&str, u64); 4] = [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];
const TIMES_US: [(&str, u64); 5] =
    [("us", 1), ("ms", 1_000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000)];

/// Bytes. An error is the rest of the sentence "`64MB` …".
pub fn bytes(text: &str) -> Result<u64, String> {
    let wrong = || "is not a size: write a number and B, KiB, MiB or GiB, for example \"64MiB\"".to_owned();
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let factor = SIZES.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
    if let ("KB" | "MB" | "GB" | "K" | "M" | "G" | "kB", None) = (unit, factor) {
        let letter = unit[..1].to_uppercase();
        return Err(format!("is not a size: sizes are powers of 1024, write \"{number}{letter}iB\""));
    }
    number.checked_mul(factor.ok_or_else(wrong)?).ok_or_else(wrong)
}

/// An error is the rest of the sentence "`16 apples` …".
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "is not a time: write a number and us, ms, s, m or h, for example \"500ms\"".to_owned();
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let factor = TIMES_US.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?.1;
    number.checked_mul(factor).map(Duration::from_micros).ok_or_else(wrong)
}

/// Bytes per second.
pub fn bytes_per_second(text: &str) -> Result<u64, String> {
    text.strip_suffix("/s")
        .and_then(|size| bytes(size).ok())
        .ok_or_else(|| "is not a rate: write a size and /s, for example \"64KiB/s\"".to_owned())
}

/// The longest unit that divides it: what `bytes` reads back.
pub fn show_bytes(bytes: u64) -> String {
    let (unit, factor) =
        SIZES.iter().rev().find(|(_, factor)| bytes.is_multiple_of(*factor)).unwrap_or(&SIZES[0]);
    if bytes == 0 { "0B".to_owned() } else { format!("{}{unit}", bytes / factor) }
}

/// The longest unit that divides it: what `duration` reads back.
pub fn show_duration(time: Duration) -> String {
    let us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
    let (unit, factor) =
        TIMES_US.iter().rev().find(|(_, factor)| us.is_multiple_of(*factor)).unwrap_or(&TIMES_US[0]);
    if us == 0 { "0s".to_owned() } else { format!("{}{unit}", us / factor) }
}

/// `64MiB` → (64, `MiB`). Whole numbers only; a space between is fine.
fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    Some((text[..digits].parse().ok()?, text[digits..].trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        assert_eq!(bytes("64MiB"), Ok(64 << 20));
        assert_eq!(bytes("512 B"), Ok(512));
        assert!(bytes("64MB").unwrap_err().ends_with("write \"64MiB\""));
        for wrong in ["", "64", "MiB", "-1MiB", "1.5MiB", "99999999999999999999B", "18446744073709551615KiB"]
        {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
        assert_eq!(bytes_per_second("64KiB/s"), Ok(64 << 10));
        assert!(bytes_per_second("64KiB").is_err());
    }

    #[test]
    fn times() {
        assert_eq!(duration("16ms"), Ok(Duration::from_millis(16)));
        assert_eq!(duration("15m"), Ok(Duration::from_secs(900)));
        for wrong in ["", "16", "ms", "16 apples", "1.5s"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shown_values_read_back() {
        for size in [0, 1, 1024, 1500, 64 << 20, 4 << 30] {
            assert_eq!(bytes(&show_bytes(size)), Ok(size));
        }
        for ms in [0, 1, 16, 1000, 60_000, 900_000, 90_000] {
            let time = Duration::from_millis(ms);
            assert_eq!(duration(&show_duration(time)), Ok(time));
        }
    }
}
