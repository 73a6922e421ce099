//! The values of literals, from their text.

use std::str::Chars;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::ast::{Duration, DurationUnit};

/// The value of a string literal, quotes included.
pub(crate) fn unquote(literal: &str) -> Result<String, String> {
    let inside = literal.strip_prefix('"').and_then(|s| s.strip_suffix('"'));
    unescape(inside.ok_or_else(|| "invalid string literal".to_owned())?)
}

/// The value of a string's inside.
pub(crate) fn unescape(text: &str) -> Result<String, String> {
    if !text.contains('\\') {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            push(&mut bytes, c);
            continue;
        }
        match chars.next() {
            Some('n') => bytes.push(b'\n'),
            Some('r') => bytes.push(b'\r'),
            Some('t') => bytes.push(b'\t'),
            Some(c @ ('\\' | '"' | '$')) => push(&mut bytes, c),
            Some('x') => bytes.push(hex_byte(&mut chars)?),
            Some(c) => return Err(format!("invalid escape character {c}")),
            None => return Err("invalid escape sequence".to_owned()),
        }
    }
    String::from_utf8(bytes).map_err(|e| e.utf8_error().to_string())
}

fn push(bytes: &mut Vec<u8>, c: char) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn hex_byte(chars: &mut Chars<'_>) -> Result<u8, String> {
    let mut value = 0;
    for seen in 0..2 {
        let c = chars.next().ok_or_else(|| format!("\\x followed by {seen} char, must be 2"))?;
        let digit = c.to_digit(16).ok_or_else(|| "invalid byte value".to_owned())?;
        value = value * 16 + digit;
    }
    u8::try_from(value).map_err(|e| e.to_string())
}

/// A string as Flux writes it, without quotes. `${` is escaped, so that it stays text.
pub(crate) fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    let mut chars = value.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '$' if chars.peek() == Some(&'{') => out.push_str("\\$"),
            c => out.push(c),
        }
    }
    out
}

/// The pattern of a regular expression literal, slashes included; an error if it is none.
pub(crate) fn regexp(literal: &str) -> Result<String, String> {
    let inside = literal.strip_prefix('/').and_then(|s| s.strip_suffix('/'));
    let inside = inside.ok_or_else(|| "regexp literal must start and end with a slash".to_owned())?;
    let mut bytes = Vec::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            push(&mut bytes, c);
            continue;
        }
        match chars.next() {
            Some('/') => bytes.push(b'/'),
            // Two digits: the brackets that regular expressions know are refused.
            Some('x') => bytes.push(hex_byte(&mut chars)?),
            Some(c) => {
                bytes.push(b'\\');
                push(&mut bytes, c);
            }
            None => return Err("unterminated regex sequence".to_owned()),
        }
    }
    let pattern = String::from_utf8(bytes).map_err(|e| e.utf8_error().to_string())?;
    match regex::Regex::new(&pattern) {
        Ok(_) => Ok(pattern),
        // On one line, and without the pointer to the place.
        Err(regex::Error::Syntax(m)) => Err(m.replace('\n', "").replace("    ", " ").replace('^', "")),
        Err(regex::Error::CompiledTooBig(_)) => Err("compiled too big".to_owned()),
        Err(_) => Err("bad regexp".to_owned()),
    }
}

/// The terms of a duration literal; none on overflow.
pub(crate) fn duration(literal: &str) -> Option<Vec<Duration>> {
    let mut rest = literal;
    let mut terms = Vec::new();
    while !rest.is_empty() {
        let (number, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?);
        let (unit, after) = after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
        terms.push(Duration { magnitude: number.parse().ok()?, unit: DurationUnit::from_text(unit)? });
        rest = after;
    }
    Some(terms)
}

/// Instant and offset from UTC in seconds of a date (midnight UTC) or of a time with its offset.
pub(crate) fn date_time(literal: &str) -> Option<(Timestamp, i32)> {
    let (date, time) = literal.split_once('T').map_or((literal, None), |(d, t)| (d, Some(t)));
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let Some(time) = time else {
        let civil = date.at(0, 0, 0, 0);
        return Some((jiff::tz::Offset::UTC.to_timestamp(civil).ok()?, 0));
    };
    let hour = time.get(0..2)?.parse().ok()?;
    let minute = time.get(3..5)?.parse().ok()?;
    let second = time.get(6..8)?.parse().ok()?;
    let rest = time.get(8..)?;
    let (fraction, zone) = match rest.strip_prefix('.') {
        Some(rest) => rest.split_at(rest.find(|c: char| !c.is_ascii_digit())?),
        None => ("0", rest),
    };
    if fraction.is_empty() {
        return None;
    }
    let nanosecond = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    let clock = jiff::civil::Time::new(hour, minute, second, nanosecond).ok()?;
    let offset = zone_offset(zone)?;
    let local = jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(clock)).ok()?;
    Some((local.checked_sub(jiff::SignedDuration::from_secs(i64::from(offset))).ok()?, offset))
}

fn zone_offset(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let hours: i32 = zone.get(1..3)?.parse().ok()?;
    let minutes: i32 = zone.get(4..6)?.parse().ok()?;
    if hours > 23 || minutes > 59 {
        return None;
    }
    let seconds = hours * 3600 + minutes * 60;
    Some(if zone.starts_with('-') { -seconds } else { seconds })
}

/// A time as Flux writes it: RFC 3339 with as many digits of the fraction as it needs.
pub(crate) fn format_date_time(value: Timestamp, offset: i32) -> String {
    let zone = jiff::tz::Offset::from_seconds(offset).unwrap_or(jiff::tz::Offset::UTC);
    let civil = zone.to_datetime(value);
    let mut out = format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
        civil.year(),
        civil.month(),
        civil.day(),
        civil.hour(),
        civil.minute(),
        civil.second()
    );
    if civil.subsec_nanosecond() != 0 {
        let fraction = format!(".{:09}", civil.subsec_nanosecond());
        out.push_str(fraction.trim_end_matches('0'));
    }
    let seconds = zone.seconds();
    if seconds == 0 {
        out.push('Z');
    } else {
        let sign = if seconds < 0 { '-' } else { '+' };
        let minutes = seconds.unsigned_abs() / 60;
        out.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
    }
    out
}
