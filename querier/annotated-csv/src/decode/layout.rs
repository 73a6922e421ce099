//! Times written as a layout shows: a reference time, whose parts stand where the parts of the time are.

use weir_table::text;

/// A part of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    ShortYear,
    /// A number of digits that must be there, and that may be there.
    Month(usize),
    MonthName {
        short: bool,
    },
    Day(usize),
    /// A day of up to three blanks or digits.
    PaddedDay,
    DayOfYear,
    WeekDay {
        short: bool,
    },
    Hour,
    Hour12(usize),
    Minute(usize),
    Second(usize),
    /// A fraction of a second after `.` or `,`, of so many digits.
    Fraction(usize),
    /// A fraction of any length, or none.
    AnyFraction,
    HalfDay {
        upper: bool,
    },
    /// `Z` for UTC or an offset; whether it has a colon, minutes and seconds.
    Zone {
        z: bool,
        colon: bool,
        minutes: bool,
        seconds: bool,
    },
    ZoneName,
}

/// The parts of the reference time, the longer ones before those that they begin with.
const PARTS: &[(&str, Part)] = &[
    ("January", Part::MonthName { short: false }),
    ("Jan", Part::MonthName { short: true }),
    ("Monday", Part::WeekDay { short: false }),
    ("Mon", Part::WeekDay { short: true }),
    ("MST", Part::ZoneName),
    ("2006", Part::Year),
    ("002", Part::DayOfYear),
    ("01", Part::Month(2)),
    ("02", Part::Day(2)),
    ("03", Part::Hour12(2)),
    ("04", Part::Minute(2)),
    ("05", Part::Second(2)),
    ("06", Part::ShortYear),
    ("15", Part::Hour),
    ("1", Part::Month(1)),
    ("_2", Part::PaddedDay),
    ("2", Part::Day(1)),
    ("3", Part::Hour12(1)),
    ("4", Part::Minute(1)),
    ("5", Part::Second(1)),
    ("PM", Part::HalfDay { upper: true }),
    ("pm", Part::HalfDay { upper: false }),
    ("-07:00:00", Part::Zone { z: false, colon: true, minutes: true, seconds: true }),
    ("-070000", Part::Zone { z: false, colon: false, minutes: true, seconds: true }),
    ("-07:00", Part::Zone { z: false, colon: true, minutes: true, seconds: false }),
    ("-0700", Part::Zone { z: false, colon: false, minutes: true, seconds: false }),
    ("-07", Part::Zone { z: false, colon: false, minutes: false, seconds: false }),
    ("Z07:00:00", Part::Zone { z: true, colon: true, minutes: true, seconds: true }),
    ("Z070000", Part::Zone { z: true, colon: false, minutes: true, seconds: true }),
    ("Z07:00", Part::Zone { z: true, colon: true, minutes: true, seconds: false }),
    ("Z0700", Part::Zone { z: true, colon: false, minutes: true, seconds: false }),
    ("Z07", Part::Zone { z: true, colon: false, minutes: false, seconds: false }),
];

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The next part of a layout and how long it is written; `None` if its first character stands for itself.
fn part(layout: &str) -> Option<(Part, usize)> {
    if let Some(rest) = layout.strip_prefix(['.', ',']) {
        for (digit, any) in [('0', false), ('9', true)] {
            let n = rest.len() - rest.trim_start_matches(digit).len();
            if n > 0 && !rest[n..].starts_with(|c: char| c.is_ascii_digit()) {
                return Some((if any { Part::AnyFraction } else { Part::Fraction(n) }, n + 1));
            }
        }
    }
    // `_2006` is a blank mark before a year.
    if layout.starts_with("_2006") {
        return None;
    }
    PARTS.iter().find(|(text, _)| layout.starts_with(text)).map(|(text, part)| (*part, text.len()))
}

/// What was read of a time.
#[derive(Debug)]
struct Read {
    year: i64,
    month: i64,
    day: i64,
    day_of_year: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    afternoon: Option<bool>,
    offset: i64,
}

/// The time that `cell` shows in the form of `layout`, in nanoseconds since 1970; `None` if it is none.
pub(super) fn parse(layout: &str, cell: &str) -> Option<i64> {
    let mut read = Read {
        year: 0,
        month: 1,
        day: 1,
        day_of_year: None,
        hour: 0,
        minute: 0,
        second: 0,
        nanosecond: 0,
        afternoon: None,
        offset: 0,
    };
    let (mut layout, mut cell) = (layout, cell);
    while let Some(first) = layout.chars().next() {
        let Some((part, length)) = part(layout) else {
            cell = cell.strip_prefix(first)?;
            layout = &layout[first.len_utf8()..];
            continue;
        };
        layout = &layout[length..];
        cell = read.part(part, cell, layout)?;
    }
    if !cell.is_empty() {
        return None;
    }
    read.time()
}

/// A number of `least` to `most` digits, and what is after it.
fn number(cell: &str, least: usize, most: usize) -> Option<(i64, &str)> {
    let digits = cell.bytes().take(most).take_while(u8::is_ascii_digit).count();
    if digits < least {
        return None;
    }
    Some((cell[..digits].parse().ok()?, &cell[digits..]))
}

/// The place of the name that `cell` begins with, whatever its case, and what is after it.
fn name<'a>(cell: &'a str, names: &[&str], short: bool) -> Option<(i64, &'a str)> {
    names.iter().zip(0..).find_map(|(name, at)| {
        let name = if short { &name[..3] } else { name };
        let start = cell.get(..name.len())?;
        start.eq_ignore_ascii_case(name).then(|| (at, &cell[name.len()..]))
    })
}

/// A fraction of a second as nanoseconds; digits past the ninth do not count.
fn fraction(digits: &str) -> i64 {
    digits.bytes().chain(std::iter::repeat(b'0')).take(9).fold(0, |n, d| n * 10 + i64::from(d - b'0'))
}

impl Read {
    fn part<'a>(&mut self, part: Part, cell: &'a str, rest_of_layout: &str) -> Option<&'a str> {
        let (value, rest) = match part {
            Part::Year => number(cell, 4, 4)?,
            Part::ShortYear | Part::Hour => number(cell, 2, 2)?,
            Part::Month(n) | Part::Day(n) | Part::Hour12(n) | Part::Minute(n) | Part::Second(n) => {
                number(cell, n, 2)?
            }
            Part::PaddedDay => number(cell.strip_prefix(' ').unwrap_or(cell), 1, 2)?,
            Part::DayOfYear => number(cell, 3, 3)?,
            Part::MonthName { short } => name(cell, &MONTHS, short)?,
            Part::WeekDay { short } => name(cell, &DAYS, short)?,
            Part::Fraction(n) => {
                let digits = cell.strip_prefix(['.', ','])?.get(..n)?;
                digits.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
                (fraction(digits), &cell[n + 1..])
            }
            Part::AnyFraction => fraction_here(cell).unwrap_or((0, cell)),
            Part::HalfDay { upper } => {
                let half = if upper { ["AM", "PM"] } else { ["am", "pm"] };
                let at = half.iter().position(|h| cell.starts_with(h))?;
                (at as i64, &cell[2..])
            }
            Part::Zone { z, colon, minutes, seconds } => zone(cell, z, colon, minutes, seconds)?,
            Part::ZoneName => {
                let rest = cell.trim_start_matches(|c: char| c.is_ascii_uppercase());
                ((3..=5).contains(&(cell.len() - rest.len())).then_some(0)?, rest)
            }
        };
        match part {
            Part::Year => self.year = value,
            Part::ShortYear => self.year = if value >= 69 { value + 1900 } else { value + 2000 },
            Part::Month(_) => self.month = value,
            Part::MonthName { .. } => self.month = value + 1,
            Part::Day(_) | Part::PaddedDay => self.day = value,
            Part::DayOfYear => self.day_of_year = Some(value),
            Part::Hour | Part::Hour12(_) => {
                if matches!(part, Part::Hour12(_)) && value > 12 {
                    return None;
                }
                self.hour = value;
            }
            Part::Minute(_) => self.minute = value,
            Part::Second(_) => {
                self.second = value;
                // Seconds may have a fraction that the layout does not show.
                let shown =
                    matches!(self::part(rest_of_layout), Some((Part::Fraction(_) | Part::AnyFraction, _)));
                if let (false, Some((nanoseconds, rest))) = (shown, fraction_here(rest)) {
                    self.nanosecond = nanoseconds;
                    return Some(rest);
                }
            }
            Part::Fraction(_) | Part::AnyFraction => self.nanosecond = value,
            Part::HalfDay { .. } => self.afternoon = Some(value == 1),
            Part::Zone { .. } => self.offset = value,
            Part::WeekDay { .. } | Part::ZoneName => {}
        }
        Some(rest)
    }

    fn time(&self) -> Option<i64> {
        let hour = match self.afternoon {
            Some(true) if self.hour < 12 => self.hour + 12,
            Some(false) if self.hour == 12 => 0,
            _ => self.hour,
        };
        // Days of the year are counted on from the first of January.
        let (month, day) = if self.day_of_year.is_some() { (1, 1) } else { (self.month, self.day) };
        let text = format!(
            "{:04}-{month:02}-{day:02}T{hour:02}:{:02}:{:02}.{:09}Z",
            self.year, self.minute, self.second, self.nanosecond
        );
        let days = self.day_of_year.map_or(0, |d| d - 1);
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        if !(0..if leap { 366 } else { 365 }).contains(&days) {
            return None;
        }
        let shift = days.checked_mul(86_400)?.checked_sub(self.offset)?.checked_mul(1_000_000_000)?;
        text::parse_rfc3339(&text)?.checked_add(shift)
    }
}

/// A fraction of a second, if `cell` begins with one.
fn fraction_here(cell: &str) -> Option<(i64, &str)> {
    let digits = cell.strip_prefix(['.', ','])?;
    let rest = digits.trim_start_matches(|c: char| c.is_ascii_digit());
    let length = digits.len() - rest.len();
    (length > 0).then(|| (fraction(&digits[..length]), rest))
}

/// An offset from UTC in seconds, and what is after it.
fn zone(cell: &str, z: bool, colon: bool, minutes: bool, seconds: bool) -> Option<(i64, &str)> {
    if let (true, Some(rest)) = (z, cell.strip_prefix('Z')) {
        return Some((0, rest));
    }
    let (sign, mut rest) = match (cell.strip_prefix('+'), cell.strip_prefix('-')) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let mut total = 0;
    for (i, (asked, unit)) in [(true, 3600), (minutes, 60), (seconds, 1)].into_iter().enumerate() {
        if !asked {
            break;
        }
        if colon && i > 0 {
            rest = rest.strip_prefix(':')?;
        }
        let (value, after) = number(rest, 2, 2)?;
        total += value * unit;
        rest = after;
    }
    Some((sign * total, rest))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn times_are_read_as_their_layouts_show() {
        let cases = [
            ("2006-01-02", "2026-01-05", Some(1_767_571_200_000_000_000)),
            ("2006-01-02 15:04:05", "2026-01-05 00:00:01", Some(1_767_571_201_000_000_000)),
            ("2006-01-02 15:04:05", "2026-01-05 00:00:01.25", Some(1_767_571_201_250_000_000)),
            ("02/01/06 15:04:05.000", "05/01/26 00:00:01.250", Some(1_767_571_201_250_000_000)),
            ("Mon Jan _2 15:04:05 2006", "Mon Jan  5 00:00:00 2026", Some(1_767_571_200_000_000_000)),
            ("January 2, 2006 3:04 PM", "January 5, 2026 12:00 AM", Some(1_767_571_200_000_000_000)),
            (
                "Mon, 02 Jan 2006 15:04:05 -0700",
                "Mon, 05 Jan 2026 01:00:00 +0100",
                Some(1_767_571_200_000_000_000),
            ),
            ("2006-01-02T15:04:05.999Z07:00", "2026-01-05T01:00:00+01:00", Some(1_767_571_200_000_000_000)),
            ("2006-002", "2026-005", Some(1_767_571_200_000_000_000)),
            ("2006-01-02", "2026-13-05", None),
            ("2006-01-02", "2026-01-05x", None),
            ("2006-01-02", "2026-1-5", None),
            ("number", "1000", None),
        ];
        for (layout, cell, want) in cases {
            assert_eq!(parse(layout, cell), want, "{layout} {cell}");
        }
    }
}
