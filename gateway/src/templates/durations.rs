//! Durations: read as Flux writes them, written as Go does.

use std::time::Duration;

use crate::time::go_duration;

const SECOND: i64 = 1_000_000_000;
const DAY: i64 = 86_400 * SECOND;

/// The duration that a text such as `1h30m` or `-5m` means, in nanoseconds. Months are as long as the first one.
pub(crate) fn parse(text: &str) -> Option<i64> {
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    if rest.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let magnitude: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        total = total.checked_add(magnitude.checked_mul(unit(&rest[..letters])?)?)?;
        rest = &rest[letters..];
    }
    Some(if negative { -total } else { total })
}

fn unit(text: &str) -> Option<i64> {
    Some(match text {
        "y" => 365 * DAY,
        "mo" => 31 * DAY,
        "w" => 7 * DAY,
        "d" => DAY,
        "h" => 3600 * SECOND,
        "m" => 60 * SECOND,
        "s" => SECOND,
        "ms" => 1_000_000,
        "us" | "µs" | "μs" => 1000,
        "ns" => 1,
        _ => return None,
    })
}

/// As `1h0m0s`.
pub(crate) fn go(nanoseconds: i64) -> String {
    let text = go_duration(Duration::from_nanos(nanoseconds.unsigned_abs()));
    if nanoseconds < 0 { format!("-{text}") } else { text }
}

/// The same, but nothing for none at all.
pub(crate) fn go_or_empty(nanoseconds: i64) -> String {
    if nanoseconds == 0 { String::new() } else { go(nanoseconds) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn are_read_as_flux_and_written_as_go() {
        for (text, nanoseconds, written) in [
            ("1h", 3600 * SECOND, "1h0m0s"),
            ("1h0m0s", 3600 * SECOND, "1h0m0s"),
            ("-90s", -90 * SECOND, "-1m30s"),
            ("1d1ms", DAY + 1_000_000, "24h0m0.001s"),
            ("1mo", 31 * DAY, "744h0m0s"),
            ("0s", 0, "0s"),
        ] {
            assert_eq!(parse(text), Some(nanoseconds), "{text}");
            assert_eq!(go(nanoseconds), written);
        }
        for text in ["", "-", "1", "h", "1.5h", "1h 5m", "1x", "99999999999999999999h", "9999999999y"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
