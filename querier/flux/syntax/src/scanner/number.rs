//! Numbers, durations and times.

use super::Kind;

/// How many ASCII digits `s` starts with.
pub(super) fn digits(s: &str) -> usize {
    s.bytes().take_while(u8::is_ascii_digit).count()
}

/// Kind and length of the number, duration or time that `s` starts with; its first byte is a digit.
pub(super) fn number(s: &str) -> (Kind, usize) {
    let len = digits(s);
    if len == 4
        && let Some(len) = date_time(s)
    {
        return (Kind::Time, len);
    }
    if let Some(fraction) = s[len..].strip_prefix('.') {
        return (Kind::Float, len + 1 + digits(fraction));
    }
    match duration(s) {
        0 => (Kind::Int, len),
        len => (Kind::Duration, len),
    }
}

/// Length of the longest run of number and unit, or 0.
fn duration(s: &str) -> usize {
    let mut end = 0;
    loop {
        let number = digits(&s[end..]);
        let unit = unit(&s[end + number..]);
        if number == 0 || unit == 0 {
            return end;
        }
        end += number + unit;
    }
}

fn unit(s: &str) -> usize {
    const UNITS: [&str; 12] = ["mo", "ms", "us", "µs", "μs", "ns", "y", "w", "d", "h", "m", "s"];
    UNITS.iter().find(|u| s.starts_with(**u)).map_or(0, |u| u.len())
}

/// Whether `s` starts as the pattern says: `0` stands for a digit, all else for itself.
fn like(s: &str, pattern: &str) -> bool {
    s.len() >= pattern.len()
        && s.bytes().zip(pattern.bytes()).all(|(b, p)| if p == b'0' { b.is_ascii_digit() } else { b == p })
}

fn date_time(s: &str) -> Option<usize> {
    if !like(s, "0000-00-00") {
        return None;
    }
    let mut len = 10;
    if like(&s[len..], "T00:00:00") {
        len += 9;
        if s[len..].starts_with('.') {
            len += 1 + digits(&s[len + 1..]);
        }
        let zone = &s[len..];
        if zone.starts_with('Z') {
            len += 1;
        } else if like(zone, "+00:00") || like(zone, "-00:00") {
            len += 6;
        }
    }
    Some(len)
}
