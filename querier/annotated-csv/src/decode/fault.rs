//! What is wrong with a cell, in the words of Go's parsers.

use super::DecodeError;

/// Of a cell that `strconv` would refuse.
pub(super) fn of_number(function: &str, cell: &str) -> DecodeError {
    let why = if is_too_great(function, cell) { "value out of range" } else { "invalid syntax" };
    DecodeError::Value(format!("strconv.{function}: parsing \"{cell}\": {why}"))
}

/// Whether a cell is a number, but one that does not fit.
fn is_too_great(function: &str, cell: &str) -> bool {
    let digits = match function {
        "ParseInt" => cell.strip_prefix(['+', '-']).unwrap_or(cell),
        "ParseUint" => cell,
        // What Rust reads as infinite, though it has digits, is too great.
        "ParseFloat" => return cell.bytes().any(|b| b.is_ascii_digit()) && cell.parse::<f64>().is_ok(),
        _ => return false,
    };
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The layout of RFC 3339.
const LAYOUT: &str = "2006-01-02T15:04:05Z07:00";

/// What a part of the layout takes.
enum Part {
    /// Four digits.
    Year,
    /// Two digits (or one, where that is allowed), which may not be out of these bounds.
    Number { name: &'static str, one: bool, least: u32, most: u32 },
    /// This character.
    Mark(char),
    /// `Z` or an offset.
    Zone,
}

const PARTS: [(&str, Part); 12] = [
    ("2006", Part::Year),
    ("-", Part::Mark('-')),
    ("01", Part::Number { name: "month", one: false, least: 1, most: 12 }),
    ("-", Part::Mark('-')),
    ("02", Part::Number { name: "day", one: false, least: 1, most: 31 }),
    ("T", Part::Mark('T')),
    ("15", Part::Number { name: "hour", one: true, least: 0, most: 23 }),
    (":", Part::Mark(':')),
    ("04", Part::Number { name: "minute", one: false, least: 0, most: 59 }),
    (":", Part::Mark(':')),
    ("05", Part::Number { name: "second", one: false, least: 0, most: 59 }),
    ("Z07:00", Part::Zone),
];

/// Of a cell that is no time in RFC 3339.
pub(super) fn of_time(cell: &str) -> DecodeError {
    let digits = |text: &str| text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let mut rest = cell;
    for (shown, part) in PARTS {
        let length = match part {
            Part::Year => (rest.bytes().take_while(u8::is_ascii_digit).count() >= 4).then_some(4),
            Part::Mark(mark) => rest.starts_with(mark).then_some(1),
            Part::Zone if rest.starts_with('Z') => Some(1),
            Part::Zone => is_offset(rest).then_some(6),
            Part::Number { name, one, least, most } => match digits(rest) {
                length @ 1..=2 if length == 2 || one => {
                    let value: u32 = rest[..length].parse().unwrap_or(u32::MAX);
                    if !(least..=most).contains(&value) {
                        return DecodeError::Value(format!("parsing time \"{cell}\": {name} out of range"));
                    }
                    // Any fraction goes with the seconds.
                    let fraction = match rest[length..].strip_prefix(['.', ',']) {
                        Some(fraction) if name == "second" => {
                            fraction.bytes().take_while(u8::is_ascii_digit).count()
                        }
                        _ => 0,
                    };
                    Some(length + if fraction > 0 { 1 + fraction } else { 0 })
                }
                _ => None,
            },
        };
        let Some(length) = length else {
            return DecodeError::Value(format!(
                "parsing time \"{cell}\" as \"{LAYOUT}\": cannot parse \"{rest}\" as \"{shown}\""
            ));
        };
        rest = &rest[length..];
    }
    DecodeError::Value(match rest {
        // Every part is as it should be: there is no such day in the month.
        "" => format!("parsing time \"{cell}\": day out of range"),
        rest => format!("parsing time \"{cell}\": extra text: \"{rest}\""),
    })
}

/// Whether a text begins with an offset such as `+01:00`.
fn is_offset(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 6
        && matches!(bytes[0], b'+' | b'-')
        && bytes[3] == b':'
        && [1, 2, 4, 5].iter().all(|i| bytes[*i].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_refused_where_they_go_wrong() {
        for (cell, why) in [
            ("x", "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"x\" as \"2006\""),
            ("2020-01-02", "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"T\""),
            (
                "2020-1-02T00:00:00Z",
                "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"1-02T00:00:00Z\" as \"01\"",
            ),
            ("2020-01-02T00:00:00", "as \"2006-01-02T15:04:05Z07:00\": cannot parse \"\" as \"Z07:00\""),
            ("2020-13-02T00:00:00Z", ": month out of range"),
            ("2021-02-29T00:00:00Z", ": day out of range"),
            ("2020-01-02T24:00:00Z", ": hour out of range"),
            ("2020-01-02T00:00:00.5Zé", ": extra text: \"é\""),
        ] {
            let told = of_time(cell).to_string();
            let gap = if why.starts_with(':') { "" } else { " " };
            assert_eq!(told, format!("parsing time \"{cell}\"{gap}{why}"));
        }
    }

    #[test]
    fn numbers_that_are_too_great_are_told_apart() {
        for (function, cell, great) in [
            ("ParseInt", "9223372036854775808", true),
            ("ParseInt", "-9223372036854775809", true),
            ("ParseInt", "1x", false),
            ("ParseUint", "18446744073709551616", true),
            ("ParseUint", "-1", false),
            ("ParseFloat", "1e400", true),
            ("ParseFloat", "1_000", false),
            ("ParseBool", "2", false),
        ] {
            assert_eq!(is_too_great(function, cell), great, "{cell}");
        }
    }
}
