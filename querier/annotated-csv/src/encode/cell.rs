//! Single cells.

/// Appends a character.
pub(super) fn push_char(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Appends text, quoted where CSV needs it: it holds a delimiter, a quote or a line break, or begins with a blank.
pub(super) fn text(s: &str, delimiter: char, out: &mut Vec<u8>) {
    let quote = s.starts_with(char::is_whitespace)
        || s == "\\."
        || s.bytes()
            .any(|b| matches!(b, b'"' | b'\r' | b'\n') || (delimiter.is_ascii() && b == delimiter as u8))
        || (!delimiter.is_ascii() && s.contains(delimiter));
    if !quote {
        out.extend_from_slice(s.as_bytes());
        return;
    }
    out.push(b'"');
    for b in s.bytes() {
        match b {
            b'"' => out.extend_from_slice(b"\"\""),
            // Line breaks within a cell are those of the rows, as in the reference.
            b'\n' => out.extend_from_slice(b"\r\n"),
            b'\r' => {}
            _ => out.push(b),
        }
    }
    out.push(b'"');
}

/// Appends a float in the shortest form without exponent, as Go's `'f', -1` does.
pub(super) fn float(v: f64, out: &mut Vec<u8>) {
    if v.is_nan() {
        out.extend_from_slice(b"NaN");
    } else if v.is_infinite() {
        out.extend_from_slice(if v > 0.0 { b"+Inf" } else { b"-Inf" });
    } else {
        let mut buffer = ryu::Buffer::new();
        let short = buffer.format_finite(v);
        if short.contains('e') {
            out.extend_from_slice(v.to_string().as_bytes());
        } else {
            out.extend_from_slice(short.strip_suffix(".0").unwrap_or(short).as_bytes());
        }
    }
}

/// Writes times as RFC 3339 in UTC, with as many digits of the second as needed. Keeps the date of the last time.
#[derive(Debug, Default)]
pub(super) struct TimeWriter {
    day: Option<i64>,
    date: Vec<u8>,
}

const DAY: i64 = 86_400_000_000_000;

impl TimeWriter {
    pub(super) fn write(&mut self, ns: i64, out: &mut Vec<u8>) {
        let day = ns.div_euclid(DAY);
        if self.day != Some(day) {
            self.date = date(day);
            self.day = Some(day);
        }
        out.extend_from_slice(&self.date);
        let rest = ns.rem_euclid(DAY);
        let (seconds, fraction) = (rest / 1_000_000_000, rest % 1_000_000_000);
        let two = |v: i64| [b'0' + (v / 10) as u8, b'0' + (v % 10) as u8];
        let ([h1, h2], [m1, m2], [s1, s2]) = (two(seconds / 3600), two(seconds / 60 % 60), two(seconds % 60));
        out.extend_from_slice(&[b'T', h1, h2, b':', m1, m2, b':', s1, s2]);
        if fraction != 0 {
            let digits = format!("{fraction:09}");
            out.push(b'.');
            out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
        }
        out.push(b'Z');
    }
}

/// `YYYY-MM-DD` of a day counted from 1970-01-01. Days to civil date by the era arithmetic of the Gregorian calendar
/// (400 years are 146,097 days).
fn date(day: i64) -> Vec<u8> {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let d = doy - (153 * mp + 2) / 5 + 1;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = yoe + era * 400 + i64::from(m <= 2);
    format!("{y:04}-{m:02}-{d:02}").into_bytes()
}
