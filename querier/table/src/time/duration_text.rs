//! Durations out of text.

use super::Duration;

impl Duration {
    /// A duration out of text: `1h30m`, `-5s`, `1mo`. `None` if it is malformed or too long. As in the incumbent, no
    /// text is no time, and parts of an unknown unit do not count.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, mut rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mut months, mut nanoseconds) = (0i64, 0i64);
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let n: i64 = rest[..digits].parse().ok()?;
            rest = &rest[digits..];
            let letters = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            if letters == 0 {
                return None;
            }
            let Some((is_months, size)) = unit(&rest[..letters]) else {
                rest = &rest[letters..];
                continue;
            };
            let total = if is_months { &mut months } else { &mut nanoseconds };
            *total = total.checked_add(n.checked_mul(size)?)?;
            rest = &rest[letters..];
        }
        let zero = months == 0 && nanoseconds == 0;
        Some(Self { months, nanoseconds, negative: negative && !zero })
    }
}

/// Whether a unit is of months, and how many months or nanoseconds it has.
fn unit(name: &str) -> Option<(bool, i64)> {
    Some(match name {
        "y" => (true, 12),
        "mo" => (true, 1),
        "w" => (false, 604_800_000_000_000),
        "d" => (false, 86_400_000_000_000),
        "h" => (false, 3_600_000_000_000),
        "m" => (false, 60_000_000_000),
        "s" => (false, 1_000_000_000),
        "ms" => (false, 1_000_000),
        "us" | "µs" | "μs" => (false, 1_000),
        "ns" => (false, 1),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up_and_print_back() {
        for text in ["1h30m", "-5s", "1mo", "1y2mo", "1w1d", "0ns"] {
            assert_eq!(Duration::parse(text).unwrap().to_string(), text);
        }
        for bad in [
            "5",
            "h",
            "+1h",
            "1h2",
            " 1h",
            "1.5h",
            "99999999999999999999s",
            "9999999999y9999999999999999999mo",
        ] {
            assert_eq!(Duration::parse(bad), None, "{bad}");
        }
        for nothing in ["", "-", "1x"] {
            assert_eq!(Duration::parse(nothing), Some(Duration::default()), "{nothing}");
        }
    }
}
