//! What Go's `regexp` refuses, and in which words; some of it Rust's engine would take.

/// The greatest count of a repetition.
const MOST: u32 = 1000;

/// Why Go refuses a pattern, in its words; `None` if it does not, or for a reason that is not known here (such as a
/// Unicode class that does not exist).
pub(super) fn refused(pattern: &str) -> Option<String> {
    Reader { whole: pattern, rest: pattern, last_repeat: None, open: 0, can_repeat: false }.read().err()
}

type Answer<T> = Result<T, String>;

fn fault<T>(what: &str, part: &str) -> Answer<T> {
    Err(format!("{what}: `{part}`"))
}

/// Reads a pattern as Go does, up to the first fault.
struct Reader<'p> {
    whole: &'p str,
    rest: &'p str,
    /// What stands from the repetition that was read just now.
    last_repeat: Option<&'p str>,
    /// How many groups are open.
    open: usize,
    /// Whether there is something that a repetition could repeat.
    can_repeat: bool,
}

impl<'p> Reader<'p> {
    fn read(mut self) -> Answer<()> {
        while let Some(c) = self.rest.chars().next() {
            let last_repeat = self.last_repeat.take();
            match c {
                '(' => {
                    if self.rest.starts_with("(?") {
                        self.special_group()?;
                    } else {
                        self.rest = &self.rest[1..];
                        self.open += 1;
                        self.can_repeat = false;
                    }
                }
                ')' => {
                    let Some(open) = self.open.checked_sub(1) else {
                        return fault("unexpected )", self.whole);
                    };
                    self.open = open;
                    self.literal(1);
                }
                '|' => {
                    self.rest = &self.rest[1..];
                    self.can_repeat = false;
                }
                '[' => self.class()?,
                '*' | '+' | '?' => self.repeat(1, last_repeat)?,
                '{' => match counts(self.rest) {
                    None => self.literal(1),
                    Some((least, most, length)) => {
                        let upside_down = most.is_some_and(|most| least > most);
                        if least > MOST || most.is_some_and(|most| most > MOST) || upside_down {
                            return fault("invalid repeat count", &self.rest[..length]);
                        }
                        self.repeat(length, last_repeat)?;
                    }
                },
                '\\' => self.escape()?,
                c => self.literal(c.len_utf8()),
            }
        }
        if self.open == 0 { Ok(()) } else { fault("missing closing )", self.whole) }
    }

    fn literal(&mut self, length: usize) {
        self.rest = &self.rest[length..];
        self.can_repeat = true;
    }

    /// A repetition whose operator has this length; `last` begins at the repetition right before it.
    fn repeat(&mut self, length: usize, last: Option<&'p str>) -> Answer<()> {
        let before = self.rest;
        self.rest = &before[length..];
        self.rest = self.rest.strip_prefix('?').unwrap_or(self.rest); // as few as possible
        if let Some(last) = last {
            return fault("invalid nested repetition operator", &last[..last.len() - self.rest.len()]);
        }
        if !self.can_repeat {
            return fault(
                "missing argument to repetition operator",
                &before[..before.len() - self.rest.len()],
            );
        }
        self.last_repeat = Some(before);
        Ok(())
    }

    /// `(?…`: a name, or flags.
    fn special_group(&mut self) -> Answer<()> {
        let group = self.rest;
        let named = group.strip_prefix("(?P<").or_else(|| group.strip_prefix("(?<"));
        if let Some(name) = named.filter(|name| !name.is_empty()) {
            let Some(end) = name.find('>') else { return fault("invalid named capture", group) };
            let after = &name[end + 1..];
            let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
            if end == 0 || !name[..end].chars().all(is_word) {
                return fault("invalid named capture", &group[..group.len() - after.len()]);
            }
            self.rest = after;
        } else {
            let mut turned_off = false;
            let mut any = false;
            let mut chars = group.char_indices().skip(2);
            loop {
                let Some((at, c)) = chars.next() else { return fault("missing closing )", group) };
                match c {
                    'i' | 'm' | 's' | 'U' => any = true,
                    '-' if !turned_off => (turned_off, any) = (true, false),
                    ':' | ')' if any || !turned_off => {
                        self.rest = &group[at + 1..];
                        if c == ')' {
                            return Ok(());
                        }
                        break;
                    }
                    c => return fault("invalid or unsupported Perl syntax", &group[..at + c.len_utf8()]),
                }
            }
        }
        self.open += 1;
        self.can_repeat = false;
        Ok(())
    }

    fn class(&mut self) -> Answer<()> {
        let class = self.rest;
        let mut rest = &class[1..];
        rest = rest.strip_prefix('^').unwrap_or(rest);
        let mut first = true;
        loop {
            match rest.chars().next() {
                None => return fault("missing closing ]", class),
                Some(']') if !first => break,
                Some('[') if rest.starts_with("[:") && rest.contains(":]") => {
                    let end = rest.find(":]").map_or(rest.len(), |n| n + 2);
                    let name = rest[2..end - 2].trim_start_matches('^');
                    if !NAMED.contains(&name) {
                        return fault("invalid character class range", &rest[..end]);
                    }
                    rest = &rest[end..];
                }
                Some('\\') if rest[1..].starts_with(['d', 'D', 's', 'S', 'w', 'W']) => rest = &rest[2..],
                Some('\\') if rest[1..].starts_with(['p', 'P']) => rest = &rest[unicode_class(rest)..],
                Some(_) => {
                    let range = rest;
                    let low = one(&mut rest, class)?;
                    if rest.starts_with('-') && rest.len() > 1 && !rest[1..].starts_with(']') {
                        rest = &rest[1..];
                        if one(&mut rest, class)? < low {
                            let part = &range[..range.len() - rest.len()];
                            return fault("invalid character class range", part);
                        }
                    }
                }
            }
            first = false;
        }
        self.rest = rest;
        self.literal(1);
        Ok(())
    }

    fn escape(&mut self) -> Answer<()> {
        let rest = self.rest;
        match rest[1..].chars().next() {
            Some('Q') => {
                let quoted = &rest[2..];
                let length = quoted.find("\\E").map_or(quoted.len(), |end| end + 2);
                self.literal(2 + length);
            }
            Some('A' | 'b' | 'B' | 'z' | 'd' | 'D' | 's' | 'S' | 'w' | 'W') => self.literal(2),
            Some('p' | 'P') => self.literal(unicode_class(rest)),
            _ => {
                let mut after = rest;
                escaped(&mut after)?;
                self.literal(rest.len() - after.len());
            }
        }
        Ok(())
    }
}

/// The classes with names of their own, as in `[[:alpha:]]`.
const NAMED: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

/// One character of a class.
fn one(rest: &mut &str, class: &str) -> Answer<u32> {
    match rest.chars().next() {
        None => fault("missing closing ]", class),
        Some('\\') => escaped(rest),
        Some(c) => {
            *rest = &rest[c.len_utf8()..];
            Ok(u32::from(c))
        }
    }
}

/// A character behind a backslash.
fn escaped(rest: &mut &str) -> Answer<u32> {
    let all = *rest;
    let Some(c) = all[1..].chars().next() else {
        return fault("trailing backslash at end of expression", "");
    };
    let after = &all[1 + c.len_utf8()..];
    let octal = |length: usize| u32::from_str_radix(&all[1..1 + length], 8).unwrap_or(0);
    let wrong = |after: &str| fault("invalid escape sequence", &all[..all.len() - after.len()]);
    let (value, after) = match c {
        '0' => {
            let more = after.bytes().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
            (octal(1 + more), &after[more..])
        }
        // One digit alone would be a reference to a group.
        '1'..='7' => {
            let more = after.bytes().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
            if more == 0 {
                return wrong(after);
            }
            (octal(1 + more), &after[more..])
        }
        'x' => {
            let (digits, end) = match after.strip_prefix('{') {
                Some(braced) => match braced.find('}') {
                    Some(end) => (&braced[..end], &braced[end + 1..]),
                    None => return wrong(""),
                },
                None => match after.get(..2) {
                    Some(two) => (two, &after[2..]),
                    None => return wrong(""),
                },
            };
            let value = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32);
            match value {
                Some(value) => (u32::from(value), end),
                None => return wrong(end),
            }
        }
        'a' => (7, after),
        'f' => (12, after),
        'n' => (10, after),
        'r' => (13, after),
        't' => (9, after),
        'v' => (11, after),
        c if c.is_ascii() && !c.is_ascii_alphanumeric() => (u32::from(c), after),
        _ => return wrong(after),
    };
    *rest = after;
    Ok(value)
}

/// How long `\pN` or `\p{Greek}` is.
fn unicode_class(rest: &str) -> usize {
    match rest[2..].chars().next() {
        Some('{') => rest.find('}').map_or(rest.len(), |end| end + 1),
        Some(c) => 2 + c.len_utf8(),
        None => 2,
    }
}

/// The least and the greatest count of `{n}`, `{n,}` and `{n,m}`, and how long that is; `None` for anything else.
fn counts(rest: &str) -> Option<(u32, Option<u32>, usize)> {
    let end = rest.find('}')?;
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        // What does not fit is too much as well.
        plain.then(|| digits.parse().unwrap_or(u32::MAX))
    };
    let inside = &rest[1..end];
    let (least, most) = match inside.split_once(',') {
        None => (number(inside)?, Some(number(inside)?)),
        Some((least, "")) => (number(least)?, None),
        Some((least, most)) => (number(least)?, Some(number(most)?)),
    };
    Some((least, most, end + 1))
}

#[cfg(test)]
mod tests {
    use super::refused;

    #[test]
    fn forms_of_other_engines() {
        for (pattern, why) in [
            (r"a**", "invalid nested repetition operator: `**`"),
            (r"a+?+b", "invalid nested repetition operator: `+?+`"),
            (r"a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
            (r"a{1001}", "invalid repeat count: `{1001}`"),
            (r"a{3,2}", "invalid repeat count: `{3,2}`"),
            (r"(?x)a", "invalid or unsupported Perl syntax: `(?x`"),
            (r"(?u:a)", "invalid or unsupported Perl syntax: `(?u`"),
            (r"a(?=b)", "invalid or unsupported Perl syntax: `(?=`"),
            (r"(?P<n", "invalid named capture: `(?P<n`"),
            (r"(?P<a-b>x)", "invalid named capture: `(?P<a-b>`"),
            (r"(?i", "missing closing ): `(?i`"),
            (r"\u0041", r"invalid escape sequence: `\u`"),
            (r"(a)\1", r"invalid escape sequence: `\1`"),
            (r"[\q]", r"invalid escape sequence: `\q`"),
            (r"x\x4", r"invalid escape sequence: `\x4`"),
            (r"a\", "trailing backslash at end of expression: ``"),
            (r"b[a", "missing closing ]: `[a`"),
            (r"[z-a]", "invalid character class range: `z-a`"),
            (r"[[:word:][:nothing:]]", "invalid character class range: `[:nothing:]`"),
            (r"a(b", "missing closing ): `a(b`"),
            (r"a)b", "unexpected ): `a)b`"),
            (r"*a", "missing argument to repetition operator: `*`"),
            (r"(|+?a)", "missing argument to repetition operator: `+?`"),
        ] {
            assert_eq!(refused(pattern).as_deref(), Some(why), "{pattern}");
        }
        for pattern in [
            r"a+?b*",
            r"[*+]+",
            r"\Q**\E",
            r"a{b}{c}",
            r"(?P<n>a)(?<m>b)",
            r"(?i-s:a)",
            r"(?i)a",
            r"a{2,}?",
            r"[[:alpha:]]{1000}",
            r"[]a-]]",
            r"[^]\]é-ü]\x{10FFFF}\x41\012\.",
            r"\pN\p{Greek}[\pL\d]",
            "",
        ] {
            assert_eq!(refused(pattern), None, "{pattern}");
        }
    }
}
