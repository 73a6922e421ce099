//! Strings and regular expressions.

use super::Kind;

/// Length of one character of a string's inside: a plain one, an escape, or a dollar that opens nothing.
/// None at a quote, at `${`, or at an escape that does not exist.
fn character(s: &str) -> Option<usize> {
    let mut chars = s.chars();
    match chars.next()? {
        '"' => None,
        '\\' => match chars.next()? {
            'n' | 'r' | 't' | '\\' | '"' => Some(2),
            '$' if chars.next() == Some('{') => Some(3),
            'x' => {
                let hex = s.as_bytes().get(2..4)?;
                hex.iter().all(u8::is_ascii_hexdigit).then_some(4)
            }
            _ => None,
        },
        // A dollar takes the next character with it, so `$${` opens no interpolation.
        '$' => match chars.next() {
            Some('{') => None,
            Some('"' | '\\') | None => Some(1),
            Some(c) => Some(1 + c.len_utf8()),
        },
        c => Some(c.len_utf8()),
    }
}

/// Length of the string without interpolation that `s` starts with, quotes included.
pub(super) fn plain_string(s: &str) -> Option<usize> {
    let mut len = 1;
    while let Some(n) = character(&s[len..]) {
        len += n;
    }
    s[len..].starts_with('"').then_some(len + 1)
}

/// The token that `s` starts with inside a string with interpolation.
pub(super) fn in_string(s: &str) -> (Kind, usize) {
    if s.starts_with("${") {
        return (Kind::StringExpr, 2);
    }
    if s.starts_with('"') {
        return (Kind::Quote, 1);
    }
    let mut len = 0;
    while let Some(n) = character(&s[len..]) {
        len += n;
    }
    if len > 0 { (Kind::Text, len) } else { (Kind::Illegal, s.chars().next().map_or(0, char::len_utf8)) }
}

/// Length of the regular expression that `s` starts with, slashes included. None if it does not end.
pub(super) fn regex(s: &str) -> Option<usize> {
    let mut escaped = false;
    let mut last = None;
    for (i, b) in s.bytes().enumerate().skip(1) {
        match b {
            b'/' if i == 1 => return None,
            b'/' if escaped => last = Some(i + 1),
            b'/' => return Some(i + 1),
            _ => {}
        }
        // Also behind a backslash that is escaped itself: the longest text counts.
        escaped = b == b'\\';
    }
    // An escaped slash closes after all where no other follows.
    last
}
