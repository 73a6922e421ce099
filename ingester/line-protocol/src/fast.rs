//! The fast reader: plain lines, one pass, straight into columns.

use memchr::{memchr2, memchr3};

use crate::columns::Columns;
use crate::number::{self, Number};
use crate::{MAX_STRING_LENGTH, Parser};

impl Parser {
    /// Reads the line at `start` if it is plain, and answers where the next one starts. `None`: the exact reader must
    /// read it; nothing of it is kept.
    #[inline]
    pub(crate) fn fast_line(&mut self, text: &str, start: usize) -> Option<usize> {
        let rest = &text.as_bytes()[start..];
        let (series, length) = match self.interner.predict(self.last, rest) {
            Some(hit) => hit,
            None => self.look_up(text, start)?,
        };
        let place = self.place(self.interner.entry(series).measurement);
        let Some((time, next)) = fields(&mut self.columns[place], text, start + length + 1) else {
            self.columns[place].roll_back();
            return None;
        };
        let time = match time {
            None => Some(self.now),
            Some(timestamp) => self.precision.time(timestamp),
        };
        let Some(time) = time else {
            self.columns[place].roll_back();
            return None;
        };
        self.commit(series, place, time);
        self.last = series;
        Some(next)
    }

    /// Finds the series by its key, and remembers that it followed the last one.
    fn look_up(&mut self, text: &str, start: usize) -> Option<(u32, usize)> {
        let rest = &text.as_bytes()[start..];
        let length = memchr2(b' ', b'\n', rest)?;
        if rest[length] != b' ' || length == 0 {
            return None;
        }
        let series = self.interner.plain(text.get(start..start + length)?)?;
        if self.last != crate::intern::NONE {
            self.interner.entry_mut(self.last).next = series;
        }
        Some((series, length))
    }
}

/// Reads fields and timestamp at `at`; answers the timestamp, if any, and where the next line starts.
#[inline]
fn fields(columns: &mut Columns, text: &str, mut at: usize) -> Option<(Option<i64>, usize)> {
    let bytes = text.as_bytes();
    let mut nth = 0;
    loop {
        let slot = match columns.predicted.get(nth) {
            Some(&slot) if columns.slot(slot).is_some_and(|s| starts_with(&bytes[at..], &s.raw)) => {
                at += columns.slot(slot)?.raw.len();
                slot
            }
            _ => {
                let (slot, after) = name(columns, text, at)?;
                columns.learn(nth, slot);
                at = after;
                slot
            }
        };
        at = match bytes.get(at)? {
            b'0'..=b'9' | b'-' => {
                let (number, end) = number::field(text, at)?;
                match number {
                    Number::Integer(v) => columns.integer(slot, v),
                    Number::Float(v) => columns.float(slot, v),
                    Number::Unsigned(v) => columns.unsigned(slot, v),
                }
                end
            }
            b'"' => {
                let (value, end) = string(text, at + 1)?;
                columns.string(slot, value);
                end
            }
            _ => {
                let (value, length) = truth(&bytes[at..])?;
                columns.boolean(slot, value);
                at + length
            }
        };
        nth += 1;
        match bytes.get(at) {
            Some(b',') => at += 1,
            Some(b' ') => break,
            Some(b'\n') => return Some((None, at + 1)),
            None => return Some((None, at)),
            Some(_) => return None,
        }
    }
    let (time, end) = number::timestamp(bytes, at + 1)?;
    match bytes.get(end) {
        Some(b'\n') => Some((Some(time), end + 1)),
        None => Some((Some(time), end)),
        Some(_) => None,
    }
}

/// Like the method of slices, without a call for the lengths that names of fields have.
#[inline]
fn starts_with(text: &[u8], name: &[u8]) -> bool {
    let length = name.len();
    let Some(text) = text.get(..length) else { return false };
    match length {
        8..=16 => word(text, 0) == word(name, 0) && word(text, length - 8) == word(name, length - 8),
        17..=24 => {
            word(text, 0) == word(name, 0)
                && word(text, 8) == word(name, 8)
                && word(text, length - 8) == word(name, length - 8)
        }
        _ => text == name,
    }
}

#[inline]
fn word(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// Reads a field's name that was not predicted, up to behind its `=`.
fn name(columns: &mut Columns, text: &str, at: usize) -> Option<(u32, usize)> {
    let length = text
        .as_bytes()
        .get(at..)?
        .iter()
        .position(|b| matches!(b, b'=' | b'\\' | b' ' | b',' | b'"' | b'\n'))?;
    let name = text.get(at..at + length)?;
    if text.as_bytes()[at + length] != b'=' || name.is_empty() || name == "time" || length > 4096 {
        return None;
    }
    if matches!(name.as_bytes()[0], b'\t' | b'\0') {
        return None; // blanks before the fields
    }
    Some((columns.slot_named(name, true), at + length + 1))
}

/// Reads a string without escapes whose first byte is at `at`, up to behind its closing quote.
#[inline]
fn string(text: &str, at: usize) -> Option<(&str, usize)> {
    let rest = text.as_bytes().get(at..)?;
    let length = memchr2(b'"', b'\\', rest)?;
    if rest[length] != b'"' || length > MAX_STRING_LENGTH {
        return None;
    }
    Some((text.get(at..at + length)?, at + length + 1))
}

/// Reads a boolean; what follows it is for the caller to check.
#[inline]
fn truth(rest: &[u8]) -> Option<(bool, usize)> {
    let length = memchr3(b',', b' ', b'\n', &rest[..rest.len().min(6)]).unwrap_or(rest.len().min(6));
    match &rest[..length] {
        b"t" | b"T" | b"true" | b"True" | b"TRUE" => Some((true, length)),
        b"f" | b"F" | b"false" | b"False" | b"FALSE" => Some((false, length)),
        _ => None,
    }
}
