//! Durations as InfluxQL writes them.

const UNITS: [(&str, i64); 8] = [
    ("w", 604_800_000_000_000),
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("u", 1_000),
    ("ns", 1),
];

/// Nanoseconds of a text such as `1h30m`, `10ns`, `5u`; `None` if it is no duration or too long a one.
pub fn parse_duration(text: &str) -> Option<i64> {
    let mut rest = text;
    let mut sum = 0i64;
    if rest.len() < 2 {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let (unit, length) = match rest.as_bytes() {
            [b'n', b's', ..] => (1, 2),
            [b'm', b's', ..] => (1_000_000, 2),
            [b'n', ..] => (1, 1),
            [b'u', ..] => (1_000, 1),
            [b'm', ..] => (60_000_000_000, 1),
            [b's', ..] => (1_000_000_000, 1),
            [b'h', ..] => (3_600_000_000_000, 1),
            [b'd', ..] => (86_400_000_000_000, 1),
            [b'w', ..] => (604_800_000_000_000, 1),
            _ if rest.starts_with('µ') => (1_000, 'µ'.len_utf8()),
            _ => return None,
        };
        sum = sum.checked_add(number.checked_mul(unit)?)?;
        rest = &rest[length..];
    }
    Some(sum)
}

/// A duration in the largest unit that it is a whole number of.
pub fn format_duration(nanoseconds: i64) -> String {
    if nanoseconds == 0 {
        return "0s".to_owned();
    }
    let fits = UNITS.iter().find(|(_, size)| nanoseconds % size == 0);
    fits.map_or_else(String::new, |(unit, size)| format!("{}{unit}", nanoseconds / size))
}
