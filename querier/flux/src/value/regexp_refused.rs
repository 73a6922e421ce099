//! What Go's `regexp` refuses although Rust's engine would take it.

use std::iter::Peekable;
use std::str::Chars;

/// The greatest count of a repetition.
const MOST: u32 = 1000;

/// Why Go refuses a pattern that Rust's engine may take; `None` if it does not.
pub(super) fn refused(pattern: &str) -> Option<&'static str> {
    let mut chars = pattern.chars().peekable();
    let mut repeated = false;
    while let Some(c) = chars.next() {
        let was_repeated = std::mem::take(&mut repeated);
        match c {
            '\\' => match chars.next() {
                Some('u' | 'U') => return Some("invalid escape sequence"),
                Some('Q') => skip_quoted(&mut chars),
                _ => {}
            },
            '[' => skip_class(&mut chars),
            '(' if chars.peek() == Some(&'?') => {
                if !is_known_group(&chars.clone().skip(1).collect::<String>()) {
                    return Some("invalid or unsupported Perl syntax");
                }
                chars.next();
            }
            '*' | '+' | '?' => repeated = true,
            '{' => {
                let rest: String = chars.clone().take_while(|c| *c != '}').collect();
                let counts: Option<Vec<u32>> = rest.splitn(2, ',').map(|n| n.parse().ok()).collect();
                let open_ended = rest.strip_suffix(',').and_then(|n| n.parse::<u32>().ok());
                match (counts, open_ended) {
                    (Some(counts), _) if counts.iter().any(|n| *n > MOST) => {
                        return Some("invalid repeat count");
                    }
                    (None, Some(n)) if n > MOST => return Some("invalid repeat count"),
                    (None, None) => {}
                    _ => {
                        repeated = true;
                        chars.by_ref().find(|c| *c == '}');
                    }
                }
            }
            _ => {}
        }
        if repeated {
            if was_repeated {
                return Some("invalid nested repetition operator");
            }
            chars.next_if_eq(&'?'); // as few as possible
        }
    }
    None
}

/// Moves behind `\E`.
fn skip_quoted(chars: &mut Peekable<Chars>) {
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next_if_eq(&'E').is_some() {
            return;
        }
    }
}

/// Moves behind the end of a class.
fn skip_class(chars: &mut Peekable<Chars>) {
    chars.next_if_eq(&'^');
    chars.next_if_eq(&']');
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' if chars.peek() == Some(&':') => {
                chars.by_ref().find(|c| *c == ']');
            }
            ']' => return,
            _ => {}
        }
    }
}

/// Whether what follows `(?` is a name or flags that Go knows.
fn is_known_group(rest: &str) -> bool {
    if rest.starts_with("P<") || rest.starts_with('<') {
        return true;
    }
    let flags = rest.find([':', ')']).map_or(rest, |end| &rest[..end]);
    flags.chars().all(|c| "imsU-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::refused;

    #[test]
    fn forms_of_other_engines() {
        for pattern in [r"a**", r"a+?+", r"a{2}{3}", r"a{1001}", r"(?x)a", r"(?u:a)", r"\u0041"] {
            assert!(refused(pattern).is_some(), "{pattern}");
        }
        for pattern in [
            r"a+?b*",
            r"[*+]+",
            r"\Q**\E",
            r"a{b}{c}",
            r"(?P<n>a)(?<m>b)",
            r"(?i-s:a)",
            r"a{2,}?",
            r"[[:alpha:]]{1000}",
        ] {
            assert_eq!(refused(pattern), None, "{pattern}");
        }
    }
}
