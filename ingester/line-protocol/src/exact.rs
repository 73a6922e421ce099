//! The exact reader: one line at a time, step by step as InfluxDB 2.9 reads it, quirks included.
//!
//! It decides what is accepted, what it means and how a refusal is worded. The reference reads a line in passes that
//! do not agree in every corner (a `\` before a `,` counts in one pass and not in the other); to mean the same, so do
//! we. Speed does not matter here.

use std::borrow::Cow;

use crate::{MAX_KEY_LENGTH, Precision};

/// A point as a line gives it.
#[derive(Debug, Clone, PartialEq)]
pub struct Point<'a> {
    /// Measurement and tags as written.
    pub key: &'a str,
    /// The fields in order, names unescaped; a name may come twice.
    pub fields: Vec<(String, Value)>,
    /// The time; `None` if the line has none.
    pub time: Option<i64>,
}

/// A field's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A float.
    Float(f64),
    /// An integer.
    Integer(i64),
    /// An unsigned integer.
    Unsigned(u64),
    /// A boolean.
    Boolean(bool),
    /// A string, unescaped.
    String(String),
}

/// Finds the end of the line that starts at `start`: a newline outside of a quoted field value, or the end.
pub fn line_end(bytes: &[u8], start: usize) -> usize {
    let (mut at, mut quoted, mut in_fields) = (start, false, false);
    let (mut equals, mut commas) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if at + 2 < bytes.len() => {
                at += 2;
                continue;
            }
            b' ' => in_fields = true,
            b'=' if in_fields && !quoted => equals += 1,
            b',' if in_fields && !quoted => commas += 1,
            b'"' if in_fields && equals > commas => quoted = !quoted,
            b'\n' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}

/// Skips spaces, tabs and NULs.
pub fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\0')) {
        at += 1;
    }
    at
}

/// Reads a line, which starts with something that is neither blank nor `#`.
///
/// # Errors
/// Why the line is refused, in the reference's words.
pub fn read_line(line: &str, precision: Precision) -> Result<Point<'_>, String> {
    let bytes = line.as_bytes();
    let key_end = key(bytes)?;
    let text = line.get(..key_end).ok_or("invalid UTF-8")?;
    if text.is_empty() {
        return Err("missing measurement".into());
    }
    if text.len() > MAX_KEY_LENGTH {
        return Err(too_long(text.len()));
    }
    let start = skip_blanks(bytes, key_end);
    let fields_end = fields(bytes, start)?;
    let section = line.get(start..fields_end).ok_or("invalid UTF-8")?;
    if section.is_empty() {
        return Err("missing fields".into());
    }
    let fields = values(section, text.len())?;
    let start = skip_blanks(bytes, fields_end);
    let time_end = time(bytes, start)?;
    if time_end == start {
        return Ok(Point { key: text, fields, time: None });
    }
    let digits = line.get(start..time_end).unwrap_or_default();
    let timestamp: i64 = digits.parse().map_err(|_| int_error("ParseInt", digits))?;
    let time = precision.time(timestamp).ok_or_else(|| {
        format!("time outside range {} - {}", crate::precision::MIN_TIME, crate::precision::MAX_TIME)
    })?;
    if bytes[time_end..].iter().any(|&b| b != b' ') {
        return Err("point is invalid".into());
    }
    Ok(Point { key: text, fields, time: Some(time) })
}

fn too_long(length: usize) -> String {
    format!("max key length exceeded: {length} > {MAX_KEY_LENGTH}")
}

/// The end of measurement and tags.
fn key(bytes: &[u8]) -> Result<usize, String> {
    let mut at = 0;
    if matches!(bytes.first(), None | Some(b',')) {
        return Err("missing measurement".into());
    }
    loop {
        at += 1;
        if at >= bytes.len() {
            return Err("missing fields".into());
        }
        if bytes[at - 1] == b'\\' {
            continue;
        }
        match bytes[at] {
            b',' => break,
            b' ' => return Ok(at),
            _ => {}
        }
    }
    let mut names = Vec::new();
    loop {
        at += 1; // the comma
        let start = at;
        at = tag_key(bytes, at)?;
        // Compared up to the first `=`, as written, which is where the reference ends the key.
        names.push(&bytes[start..until(bytes, start, at, b'=')]);
        at = tag_value(bytes, at)?;
        if bytes[at] == b' ' {
            break;
        }
    }
    if let Some(name) = names.iter().find(|name| is_reserved(name)) {
        return Err(format!("cannot use reserved tag key {:?}", String::from_utf8_lossy(name)));
    }
    names.sort_unstable();
    if names.windows(2).any(|two| two[0] == two[1]) {
        return Err("duplicate tags".into());
    }
    Ok(at)
}

/// Whether no tag may be called so, because answers name something else so.
pub(crate) fn is_reserved(tag: &[u8]) -> bool {
    matches!(tag, b"time" | b"_field" | b"_measurement" | b"\0")
}

fn tag_key(bytes: &[u8], mut at: usize) -> Result<usize, String> {
    if matches!(bytes.get(at), None | Some(b' ' | b',' | b'=')) {
        return Err("missing tag key".into());
    }
    loop {
        at += 1;
        let escaped = bytes[at - 1] == b'\\';
        match bytes.get(at) {
            None => return Err("missing tag value".into()),
            Some(b' ' | b',') if !escaped => return Err("missing tag value".into()),
            Some(b'=') if !escaped => return Ok(at + 1),
            _ => {}
        }
    }
}

fn tag_value(bytes: &[u8], mut at: usize) -> Result<usize, String> {
    if matches!(bytes.get(at), None | Some(b',' | b' ')) {
        return Err("missing tag value".into());
    }
    loop {
        at += 1;
        let escaped = bytes[at - 1] == b'\\';
        match bytes.get(at) {
            None => return Err("missing fields".into()),
            Some(b'=') if !escaped => return Err("invalid tag format".into()),
            Some(b',' | b' ') if !escaped => return Ok(at),
            _ => {}
        }
    }
}

/// The place of the first `stop` in `bytes[start..end]` that has no `\` before it, or `end`.
fn until(bytes: &[u8], start: usize, end: usize, stop: u8) -> usize {
    (start..end).find(|&i| bytes[i] == stop && (i == start || bytes[i - 1] != b'\\')).unwrap_or(end)
}

/// Cuts an accepted key into measurement and tags, all unescaped.
pub(crate) fn split_key(key: &str) -> (String, Vec<(String, String)>) {
    let bytes = key.as_bytes();
    let cut = |a: usize, b: usize| key.get(a..b).unwrap_or_default();
    let name_end = until(bytes, 0, bytes.len(), b',');
    let mut tags = Vec::new();
    let mut at = name_end + 1;
    while at < bytes.len() {
        let equals = until(bytes, at, bytes.len(), b'=');
        let value = (equals + 1).min(bytes.len());
        let mut end = value;
        while end < bytes.len() && (bytes[end] != b',' || bytes[end - 1] == b'\\') {
            end += 1;
        }
        tags.push((
            unescape(cut(at, equals), b",= ").into_owned(),
            unescape(cut(value, end), b",= ").into_owned(),
        ));
        at = end + 1;
    }
    (unescape(cut(0, name_end), b",\" =").into_owned(), tags)
}

/// Takes the `\` away before each of `chars`; any other `\` stays.
fn unescape<'a>(text: &'a str, chars: &[u8]) -> Cow<'a, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.bytes().next() {
            Some(b) if chars.contains(&b) => {
                out.push(b as char);
                rest = &rest[1..];
            }
            _ => out.push('\\'),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The end of the fields that start at `start`; checks their form.
fn fields(bytes: &[u8], start: usize) -> Result<usize, String> {
    let (mut at, mut quoted) = (start, false);
    let (mut equals, mut commas) = (0usize, 0usize);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if at + 1 < bytes.len() => {
                at += 2;
                continue;
            }
            b'"' if equals > commas => {
                quoted = !quoted;
                at += 1;
                continue;
            }
            b'=' if !quoted => {
                equals += 1;
                let before = |n: usize| at.checked_sub(n).map(|i| bytes[i]);
                if matches!(before(1), Some(b' ' | b',')) && before(2) != Some(b'\\') {
                    return Err("missing field key".into());
                }
                match bytes.get(at + 1) {
                    None | Some(b',' | b' ') => return Err("missing field value".into()),
                    Some(b'0'..=b'9' | b'.' | b'-' | b'N' | b'n') => {
                        at = number(bytes, at + 1)?;
                        continue;
                    }
                    Some(b'"') => {}
                    Some(_) => {
                        at = boolean(bytes, at + 1)?;
                        continue;
                    }
                }
            }
            b',' if !quoted => commas += 1,
            b' ' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    if quoted {
        return Err("unbalanced quotes".into());
    }
    if equals == 0 || commas != equals - 1 {
        return Err("invalid field format".into());
    }
    Ok(at)
}

fn boolean(bytes: &[u8], start: usize) -> Result<usize, String> {
    let end = (start..bytes.len()).find(|&i| matches!(bytes[i], b',' | b' ')).unwrap_or(bytes.len());
    truth(&bytes[start..end]).map(|_| end).ok_or_else(|| "invalid boolean".into())
}

fn truth(text: &[u8]) -> Option<bool> {
    match text {
        b"t" | b"T" | b"true" | b"True" | b"TRUE" => Some(true),
        b"f" | b"F" | b"false" | b"False" | b"FALSE" => Some(false),
        _ => None,
    }
}

/// The end of the number at `start`; checks its form and, where it is long, its range.
fn number(bytes: &[u8], start: usize) -> Result<usize, String> {
    let invalid = || Err("invalid number".into());
    let mut at = start;
    if bytes[at] == b'-' {
        at += 1;
        if at == bytes.len() {
            return invalid();
        }
    }
    let (mut int, mut unsigned, mut decimal, mut scientific) = (false, false, false, false);
    while at < bytes.len() && !matches!(bytes[at], b',' | b' ') {
        match bytes[at] {
            b'i' if at > start && !int && !unsigned => int = true,
            b'u' if at > start && !int && !unsigned => unsigned = true,
            b'.' if decimal => return invalid(),
            b'.' => decimal = true,
            b'e' | b'E' if at > start => scientific = true,
            b'+' | b'-' if matches!(bytes[at - 1], b'e' | b'E') => {}
            b'0'..=b'9' => {}
            _ => return invalid(),
        }
        at += 1;
    }
    if (int || unsigned) && (decimal || scientific) {
        return invalid();
    }
    let minus = usize::from(bytes[start] == b'-');
    if at - start == usize::from(int) + usize::from(decimal) + minus {
        return invalid();
    }
    let text = |end: usize| String::from_utf8_lossy(&bytes[start..end]).into_owned();
    if int {
        if bytes[at - 1] != b'i' {
            return invalid();
        }
        let digits = text(at - 1);
        if digits.len() >= 19 && digits.parse::<i64>().is_err() {
            return Err(format!("unable to parse integer {digits}: {}", int_error("ParseInt", &digits)));
        }
    } else if unsigned {
        if bytes[at - 1] != b'u' || minus == 1 {
            return invalid();
        }
        let digits = text(at - 1);
        if digits.len() >= 20 && digits.parse::<u64>().is_err() {
            return Err(format!("unable to parse unsigned {digits}: {}", int_error("ParseUint", &digits)));
        }
    } else if (scientific || at - start >= 25) && !text(at).parse::<f64>().is_ok_and(f64::is_finite) {
        return Err("invalid float".into());
    }
    Ok(at)
}

/// How the reference's language words an integer that cannot be read.
fn int_error(function: &str, digits: &str) -> String {
    let number = digits.strip_prefix('-').unwrap_or(digits);
    let why = if !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()) {
        "value out of range"
    } else {
        "invalid syntax"
    };
    format!("strconv.{function}: parsing \"{digits}\": {why}")
}

/// Cuts an accepted field section into names and values.
fn values(section: &str, key_length: usize) -> Result<Vec<(String, Value)>, String> {
    let mut out = Vec::new();
    let mut rest = section;
    while !rest.is_empty() {
        let equals = until(rest.as_bytes(), 0, rest.len(), b'=');
        let name = &rest[..equals];
        if equals + 2 > rest.len() {
            return Err(format!("invalid value: field-key={name}"));
        }
        rest = &rest[equals + 1..];
        let end = value_end(rest.as_bytes());
        // The reference's key of a field's values: series key, four bytes, field name.
        let length = key_length + 4 + name.len();
        if length > MAX_KEY_LENGTH {
            return Err(too_long(length));
        }
        let value = value(&rest[..end])?;
        out.push((unescape(name, b",\" =").into_owned(), value));
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    Ok(out)
}

fn value_end(bytes: &[u8]) -> usize {
    let (mut at, mut quoted) = (0, false);
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if matches!(bytes.get(at + 1), Some(b'"' | b'\\')) => at += 1,
            b'"' => quoted = !quoted,
            b',' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    at.min(bytes.len())
}

fn value(text: &str) -> Result<Value, String> {
    let bytes = text.as_bytes();
    let Some(&first) = bytes.first() else { return Err("missing field value".into()) };
    if first == b'"' {
        // One byte off each side, whatever the last one is.
        let inner = bytes.get(1..bytes.len() - 1).unwrap_or_default();
        let inner = String::from_utf8_lossy(inner);
        return Ok(Value::String(unescape(&inner, b"\"\\").into_owned()));
    }
    let invalid = |_| "invalid number".to_owned();
    if matches!(first, b'0'..=b'9' | b'-' | b'.' | b'n' | b'N' | b'i' | b'I' | b'u') {
        let digits = &text[..text.len() - text.chars().next_back().map_or(0, char::len_utf8)];
        return match bytes.last() {
            Some(b'i') => digits.parse().map(Value::Integer).map_err(|e| invalid(e.to_string())),
            Some(b'u') => digits.parse().map(Value::Unsigned).map_err(|e| invalid(e.to_string())),
            _ => match text.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(Value::Float(value)),
                _ => Err("invalid number".into()),
            },
        };
    }
    truth(bytes).map(Value::Boolean).ok_or_else(|| "invalid boolean".into())
}

/// The end of the timestamp at `start`.
fn time(bytes: &[u8], start: usize) -> Result<usize, String> {
    let mut at = start;
    while let Some(&b) = bytes.get(at) {
        match b {
            b'\n' | b' ' => break,
            b'-' if at == start => {}
            b'0'..=b'9' => {}
            _ => return Err("bad timestamp".into()),
        }
        at += 1;
    }
    Ok(at)
}
