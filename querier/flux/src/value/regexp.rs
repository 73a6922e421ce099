//! Regular expressions: Go's syntax, run by Rust's engine.

use std::ops::Deref;

use regex::Regex;

use super::regexp_refused::refused;

/// A compiled regular expression that remembers how it was written.
#[derive(Debug, Clone)]
pub struct Regexp {
    source: Box<str>,
    regex: Regex,
}

impl Regexp {
    /// Compiles a pattern in the syntax of Go's `regexp`.
    ///
    /// # Errors
    /// When the pattern is malformed, or too big.
    pub fn new(pattern: &str) -> Result<Self, regex::Error> {
        if let Some(reason) = refused(pattern) {
            return Err(regex::Error::Syntax(reason));
        }
        let regex = Regex::new(&translate(pattern))?;
        Ok(Self { source: pattern.into(), regex })
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.source
    }

    /// The compiled form.
    pub fn regex(&self) -> &Regex {
        &self.regex
    }
}

impl Deref for Regexp {
    type Target = Regex;

    fn deref(&self) -> &Regex {
        &self.regex
    }
}

/// Rewrites what the two syntaxes read differently: `\d \s \w \b` mean ASCII in Go, `\Q…\E` quotes, a `{` that opens no
/// repetition is itself, and a class knows no set operators.
pub fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut chars = pattern.char_indices().peekable();
    let mut in_class = false;
    let mut class_start = false;
    while let Some((i, c)) = chars.next() {
        let at_start = std::mem::take(&mut class_start);
        match c {
            '\\' => {
                let Some((_, next)) = chars.next() else {
                    out.push('\\');
                    break;
                };
                if next == 'Q' && !in_class {
                    let rest = &pattern[i + 2..];
                    let quoted = rest.split_once("\\E").map_or(rest, |(q, _)| q);
                    out.push_str(&regex::escape(quoted));
                    let skip = quoted.chars().count() + if quoted.len() < rest.len() { 2 } else { 0 };
                    for _ in 0..skip {
                        chars.next();
                    }
                } else if matches!(next, '0'..='7') {
                    octal(next, &mut chars, &mut out);
                } else if matches!(next, 'p' | 'P') && pattern[i + 2..].starts_with("{^") {
                    // What is not in the class, written inside.
                    out.push_str(if next == 'p' { "\\P{" } else { "\\p{" });
                    chars.next();
                    chars.next();
                    for (_, c) in chars.by_ref() {
                        out.push(c);
                        if c == '}' {
                            break;
                        }
                    }
                } else {
                    escape(next, in_class, &mut out);
                    // \p{Greek}, \x{10FFFF}: braces that belong to the escape.
                    if matches!(next, 'p' | 'P' | 'x') && chars.peek().is_some_and(|(_, c)| *c == '{') {
                        for (_, c) in chars.by_ref() {
                            out.push(c);
                            if c == '}' {
                                break;
                            }
                        }
                    }
                }
            }
            '[' if !in_class => {
                in_class = true;
                class_start = true;
                out.push('[');
                if let Some((_, '^')) = chars.peek() {
                    chars.next();
                    out.push('^');
                }
            }
            '[' if pattern[i..].starts_with("[:") => {
                // A named class such as [:alpha:], up to its end.
                let end = pattern[i..].find(":]").map_or(pattern.len(), |n| i + n + 2);
                out.push_str(&pattern[i..end]);
                while chars.peek().is_some_and(|(n, _)| *n < end) {
                    chars.next();
                }
            }
            '[' | '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            ']' if in_class && at_start => out.push_str("\\]"),
            ']' if in_class => {
                in_class = false;
                out.push(']');
            }
            '-' if in_class && pattern[i + 1..].starts_with('-') => out.push_str("\\-"),
            '{' if !in_class && !is_repetition(&pattern[i..]) => out.push_str("\\{"),
            c => out.push(c),
        }
    }
    out
}

/// Up to three octal digits; from 1, one alone would be a reference to a group, which there is not.
fn octal(first: char, chars: &mut std::iter::Peekable<std::str::CharIndices>, out: &mut String) {
    let mut code = first.to_digit(8).unwrap_or(0);
    let mut digits = 1;
    while digits < 3 {
        let Some(digit) = chars.peek().and_then(|(_, c)| c.to_digit(8)) else { break };
        code = code * 8 + digit;
        digits += 1;
        chars.next();
    }
    if digits == 1 && first != '0' {
        out.push('\\');
        out.push(first);
    } else {
        out.push_str(&format!("\\x{{{code:x}}}"));
    }
}

fn escape(c: char, in_class: bool, out: &mut String) {
    let class = match c {
        'd' => "0-9",
        's' => "\\t\\n\\x0C\\r ",
        'w' => "0-9A-Za-z_",
        'D' => return out.push_str("[^0-9]"),
        'S' => return out.push_str("[^\\t\\n\\x0C\\r ]"),
        'W' => return out.push_str("[^0-9A-Za-z_]"),
        'b' if !in_class => return out.push_str("(?-u:\\b)"),
        'Z' | '<' | '>' | ' ' | '"' | '\'' | '`' | ',' | ':' | ';' | '=' | '@' | '%' | '!' | '/' => {
            return if c == 'Z' { out.push_str("\\Z") } else { out.push(c) };
        }
        c => {
            out.push('\\');
            return out.push(c);
        }
    };
    if in_class {
        out.push_str(class);
    } else {
        out.push('[');
        out.push_str(class);
        out.push(']');
    }
}

/// Whether text that begins with `{` is `{2}`, `{2,}` or `{2,5}`.
fn is_repetition(text: &str) -> bool {
    let Some((inside, _)) = text[1..].split_once('}') else { return false };
    let (least, most) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> bool {
        Regexp::new(pattern).unwrap().is_match(text)
    }

    #[test]
    fn shorthands_are_ascii() {
        assert!(matches(r"^\d+$", "123") && !matches(r"^\d$", "٣"));
        assert!(matches(r"^[\w.]+$", "a_1.b") && !matches(r"^\w$", "é"));
        assert!(matches(r"^[^\D]$", "7"));
    }

    #[test]
    fn go_only_forms_are_read() {
        assert!(matches(r"^\Qa.b\E$", "a.b") && !matches(r"^\Qa.b\E$", "axb"));
        assert!(matches("^a{b}$", "a{b}") && matches("^a{2}$", "aa"));
        assert!(matches("^[[a]+$", "[a") && matches("^[]a]$", "]"));
        assert!(matches("^[a&&b]+$", "a&b") && matches("^[[:alpha:]-]+$", "a-b"));
        assert!(matches(r"^\p{Greek}$", "α") && matches(r"^\x{41}$", "A"));
        assert!(
            matches(r"^\101\0$", "A\0") && matches(r"^\p{^Greek}$", "a") && !matches(r"^\p{^Greek}$", "α")
        );
        assert!(Regexp::new(r"(a)\1").is_err() && Regexp::new("a**").is_err());
    }

    #[test]
    fn the_source_is_kept() {
        assert_eq!(Regexp::new(r"a\d").unwrap().as_str(), r"a\d");
    }
}
