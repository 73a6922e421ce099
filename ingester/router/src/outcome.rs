//! What became of a write.

use weir_batch::{FieldType, SeriesKey};
use weir_line_protocol::{Flaw, MAX_STRING_LENGTH};
use weir_model::{Error, ErrorCode, Id};

/// A write whose points are kept, except those told of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[must_use]
pub struct WriteOutcome {
    /// How many points are kept.
    pub written: usize,
    /// What was left out.
    pub partial: Option<PartialWrite>,
}

impl WriteOutcome {
    /// The outcome as the v2 API answers it: an error if a point was left out or stripped.
    ///
    /// # Errors
    /// [`PartialWrite::error`].
    pub fn into_result(self) -> Result<usize, Error> {
        self.partial.map_or(Ok(self.written), |partial| Err(partial.error()))
    }
}

/// Points that were left out while others were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartialWrite {
    /// Why, in the words of the reference.
    pub reason: String,
    /// How many points the reference would count: those of one shard group, or those outside retention.
    pub dropped: usize,
    /// The bucket, which the reference names when points are outside retention.
    pub bucket: Option<Id>,
}

impl PartialWrite {
    /// The error the v2 API answers: 422, though the other points are kept.
    pub fn error(&self) -> Error {
        let mut message = format!(
            "failure writing points to database: partial write: {} dropped={}",
            self.reason, self.dropped
        );
        if let Some(bucket) = self.bucket {
            message.push_str(&format!(" for database: {bucket} for retention policy: autogen"));
        }
        Error::new(ErrorCode::UnprocessableEntity, message)
    }
}

/// The reason for points whose field has another type.
pub(crate) fn conflict(field: &str, measurement: &str, ty: FieldType, registered: FieldType) -> String {
    format!(
        "field type conflict: input field \"{field}\" on measurement \"{measurement}\" is type {ty}, already exists as type {registered}"
    )
}

/// The reason for points that no bucket takes.
pub(crate) fn flaw(flaw: &Flaw, measurement: &str) -> String {
    match flaw {
        Flaw::OnlyTimeField => {
            format!("invalid field name: input field \"time\" on measurement \"{measurement}\" is invalid")
        }
        Flaw::TimeField => format!(
            "invalid field name: input field \"time\" on measurement \"{measurement}\" is invalid. Field \"time\" has been stripped from point."
        ),
        Flaw::LongString { field, length } => format!(
            "input field \"{field}\" on measurement \"{measurement}\" is too long, {length} > {MAX_STRING_LENGTH}"
        ),
    }
}

/// A point as the reference names it.
pub(crate) struct Point {
    pub(crate) measurement: String,
    pub(crate) series: String,
    pub(crate) time: i64,
}

/// The reason for points outside retention.
pub(crate) fn retention(count: usize, duration: i64, bound: i64, oldest: &Point, newest: &Point) -> String {
    let point = |p: &Point| {
        format!(
            "point {} at {} dropped because it violates a Retention Policy Lower Bound at {}",
            key(p),
            rfc3339(p.time),
            rfc3339(bound)
        )
    };
    format!(
        "dropped {count} points outside retention policy of duration {} - oldest {}, newest {}",
        go_duration(duration),
        point(oldest),
        point(newest)
    )
}

/// Measurement and tags as line protocol writes them.
fn key(point: &Point) -> String {
    let escape = |text: &str, chars: &[char], out: &mut String| {
        for c in text.chars() {
            if chars.contains(&c) {
                out.push('\\');
            }
            out.push(c);
        }
    };
    let mut out = String::new();
    escape(&point.measurement, &[',', ' '], &mut out);
    for (name, value) in SeriesKey(&point.series).tags() {
        out.push(',');
        escape(&name, &[',', ' ', '='], &mut out);
        out.push('=');
        escape(&value, &[',', ' ', '='], &mut out);
    }
    out
}

/// A duration as Go prints it: `1h0m0s`, `1.5s`, `2ms`.
fn go_duration(nanoseconds: i64) -> String {
    let seconds = nanoseconds / 1_000_000_000;
    let fraction = nanoseconds % 1_000_000_000;
    if seconds == 0 {
        return match fraction {
            0 => "0s".into(),
            n if n < 1_000 => format!("{n}ns"),
            n if n < 1_000_000 => format!("{}µs", decimal(n / 1_000, n % 1_000, 3)),
            n => format!("{}ms", decimal(n / 1_000_000, n % 1_000_000, 6)),
        };
    }
    let last = decimal(seconds % 60, fraction, 9);
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{last}s"),
        (0, m) => format!("{m}m{last}s"),
        (h, m) => format!("{h}h{m}m{last}s"),
    }
}

/// A number and its fraction of so many digits, without trailing zeros.
fn decimal(whole: i64, fraction: i64, digits: usize) -> String {
    if fraction == 0 {
        return whole.to_string();
    }
    format!("{whole}.{}", format!("{fraction:0digits$}").trim_end_matches('0'))
}

/// A time as RFC 3339 in UTC, with as much of the fraction as there is.
fn rfc3339(time: i64) -> String {
    let (seconds, fraction) = (time.div_euclid(1_000_000_000), time.rem_euclid(1_000_000_000));
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    // Days since 0000-03-01, in eras of 400 years; March comes first, so that the leap day is a year's last.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (month, year) = if month < 10 { (month + 3, year) } else { (month - 9, year + 1) };
    format!(
        "{:04}-{month:02}-{date:02}T{:02}:{:02}:{}Z",
        era * 400 + year,
        second / 3600,
        second / 60 % 60,
        match decimal(second % 60, fraction, 9) {
            text if second % 60 < 10 => format!("0{text}"),
            text => text,
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_durations_look_as_in_go() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(1_700_000_000_123_456_700), "2023-11-14T22:13:20.1234567Z");
        assert_eq!(rfc3339(951_782_400_000_000_000), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(i64::MIN + 2), "1677-09-21T00:12:43.145224194Z");
        assert_eq!(rfc3339(i64::MAX - 1), "2262-04-11T23:47:16.854775806Z");
        assert_eq!(rfc3339(5_541_000_000), "1970-01-01T00:00:05.541Z");
        assert_eq!(go_duration(3_600_000_000_000), "1h0m0s");
        assert_eq!(go_duration(90_500_000_000), "1m30.5s");
        assert_eq!(go_duration(1_500_000), "1.5ms");
        assert_eq!(go_duration(604_800_000_000_000), "168h0m0s");
    }

    #[test]
    fn a_point_is_named_as_line_protocol_names_it() {
        let point =
            Point { measurement: "a b".into(), series: "k\\=1=v\\ w,l=back\\\\slash".into(), time: 0 };
        assert_eq!(key(&point), "a\\ b,k\\=1=v\\ w,l=back\\slash");
    }
}
