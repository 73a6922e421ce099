//! Values out of text, read as strictly and as widely as users' scripts and files expect (which is how Go reads them).

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::time::nanoseconds;

/// A signed integer: decimal digits with an optional sign.
pub fn parse_int(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// An unsigned integer: decimal digits only.
pub fn parse_uint(text: &str) -> Option<u64> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

/// A float: decimal or hexadecimal (`0x1p-2`), `inf`, `infinity` or `nan` in any case. Out of range is an error.
pub fn parse_float(text: &str) -> Option<f64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = if digits.len() > 2 && digits.as_bytes()[..2].eq_ignore_ascii_case(b"0x") {
        parse_hex_float(&digits[2..])?
    } else if digits.eq_ignore_ascii_case("inf") || digits.eq_ignore_ascii_case("infinity") {
        f64::INFINITY
    } else if digits.eq_ignore_ascii_case("nan") {
        return Some(f64::NAN);
    } else {
        if !digits.bytes().next()?.is_ascii_digit() && !digits.starts_with('.') {
            return None;
        }
        digits.parse().ok().filter(|v: &f64| v.is_finite())?
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// `1.8p3` in hexadecimal; the exponent is mandatory.
fn parse_hex_float(text: &str) -> Option<f64> {
    let at = text.find(['p', 'P'])?;
    let exponent: i32 = text[at + 1..].parse().ok()?;
    let (whole, fraction) = text[..at].split_once('.').unwrap_or((&text[..at], ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut value = 0.0f64;
    for c in whole.chars().chain(fraction.chars()).filter(|c| *c != '_') {
        value = value * 16.0 + f64::from(c.to_digit(16)?);
    }
    let scale = exponent.checked_sub(i32::try_from(fraction.len().checked_mul(4)?).ok()?)?;
    Some(value * f64::powi(2.0, scale)).filter(|v| v.is_finite())
}

/// A boolean: `true`, `t`, `1` and so on, as Go's `ParseBool` takes them.
pub fn parse_bool(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}

/// A time in RFC 3339 with an offset: `2025-01-01T00:00:00.5+01:00`. Digits beyond the ninth are cut off.
pub fn parse_rfc3339(text: &str) -> Option<i64> {
    let b = text.as_bytes();
    let number = |range: std::ops::Range<usize>| -> Option<i64> {
        let digits = b.get(range)?;
        digits.iter().all(u8::is_ascii_digit).then_some(())?;
        Some(digits.iter().fold(0, |n, d| n * 10 + i64::from(d - b'0')))
    };
    let shape = b.get(..19)?;
    if [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')].iter().any(|&(i, c)| shape[i] != c) {
        return None;
    }
    let mut at = 19;
    let mut fraction = 0;
    if matches!(b.get(at), Some(b'.' | b',')) {
        let digits = b[at + 1..].iter().take_while(|d| d.is_ascii_digit()).count();
        if digits == 0 {
            return None;
        }
        let kept = digits.min(9);
        fraction = number(at + 1..at + 1 + kept)? * 10_i64.pow(9 - kept as u32);
        at += 1 + digits;
    }
    let offset = match b.get(at)? {
        b'Z' if b.len() == at + 1 => 0,
        sign @ (b'+' | b'-') if b.len() == at + 6 && b[at + 3] == b':' => {
            let (hours, minutes) = (number(at + 1..at + 3)?, number(at + 4..at + 6)?);
            if hours > 24 || minutes > 60 {
                return None;
            }
            let seconds = hours * 3600 + minutes * 60;
            if *sign == b'-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    let part = |range| i8::try_from(number(range)?).ok();
    let civil = DateTime::new(
        i16::try_from(number(0..4)?).ok()?,
        part(5..7)?,
        part(8..10)?,
        part(11..13)?,
        part(14..16)?,
        part(17..19)?,
        i32::try_from(fraction).ok()?,
    )
    .ok()?;
    let t = nanoseconds(TimeZone::UTC.to_timestamp(civil).ok()?).ok()?;
    t.checked_sub(offset * 1_000_000_000)
}

/// A time in RFC 3339, or a date (`2025-01-01`), which is midnight UTC.
pub fn parse_time(text: &str) -> Option<i64> {
    if text.len() == 10 { parse_rfc3339(&format!("{text}T00:00:00Z")) } else { parse_rfc3339(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_in_all_forms() {
        assert_eq!(parse_float("0x1p4"), Some(16.0));
        assert_eq!(parse_float("-0x1.8p1"), Some(-3.0));
        assert_eq!(parse_float("+Inf"), Some(f64::INFINITY));
        assert!(parse_float("NaN").is_some_and(f64::is_nan));
        assert_eq!(parse_float("1e3"), Some(1000.0));
        assert_eq!(parse_float(".5"), Some(0.5));
        for bad in ["", "-", "1e400", "1,5", "0x1", "--1", " 1", "e5"] {
            assert_eq!(parse_float(bad), None, "{bad}");
        }
        assert!(parse_float("-0").is_some_and(|v| v == 0.0 && v.is_sign_negative()));
    }

    #[test]
    fn times_are_strict() {
        assert_eq!(parse_rfc3339("1970-01-01T01:00:00.5+01:00"), Some(500_000_000));
        assert_eq!(parse_time("1970-01-02"), Some(86_400_000_000_000));
        for bad in
            ["yesterday", "1970-01-01T00:00:00", "1970-02-30T00:00:00Z", "1970-01-01 00:00:00Z", "1970-1-1"]
        {
            assert_eq!(parse_time(bad), None, "{bad}");
        }
    }

    #[test]
    fn signs_of_integers() {
        assert_eq!(parse_int("+5"), Some(5));
        assert_eq!(parse_uint("+5"), None);
        assert_eq!(parse_uint("-1"), None);
    }
}
