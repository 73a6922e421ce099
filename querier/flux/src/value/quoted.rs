//! Texts in quotes, for messages.

use std::fmt::Write;

/// A text in quotes with what cannot be seen escaped, as Go's `%q` writes it.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{b}' => out.push_str("\\v"),
            '\u{c}' => out.push_str("\\f"),
            c if c.is_ascii_control() => escaped(format_args!("\\x{:02x}", u32::from(c)), &mut out),
            c if c.is_control() || (c.is_whitespace() && c != ' ') || c == '\u{feff}' => {
                escaped(format_args!("\\u{:04x}", u32::from(c)), &mut out);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn escaped(escape: std::fmt::Arguments<'_>, out: &mut String) {
    let _ = out.write_fmt(escape); // writing to a String cannot fail
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(quoted("a \"b\"\\\t\u{1}\u{a0}日"), r#""a \"b\"\\\t\x01\u00a0日""#);
    }
}
