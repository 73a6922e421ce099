//! Times, windows and zones as statements see them.

use jiff::tz::TimeZone;
use jiff::{Timestamp, civil};

/// The first nanosecond a point may have.
pub(crate) const MIN_TIME: i64 = i64::MIN + 2;
/// The last nanosecond a point may have.
pub(crate) const MAX_TIME: i64 = i64::MAX - 1;

/// How windows of `GROUP BY time` lie.
#[derive(Debug, Clone)]
pub(crate) struct Windows {
    /// The length; 0 for one window that is the whole range.
    pub(crate) every: i64,
    pub(crate) offset: i64,
    pub(crate) zone: Option<TimeZone>,
}

impl Windows {
    fn zone_offset(&self, t: i64) -> i64 {
        self.zone.as_ref().map_or(0, |z| offset_at(z, t))
    }

    /// The start of the window that holds `t`, in a range that begins at `start`.
    pub(crate) fn start(&self, t: i64, start: i64) -> i64 {
        if self.every == 0 {
            return start;
        }
        let shifted = t.saturating_sub(self.offset);
        let zone = self.zone_offset(shifted);
        let into = shifted.saturating_add(zone).rem_euclid(self.every);
        let begin = if MIN_TIME.saturating_add(into) >= shifted { MIN_TIME } else { shifted - into };
        let mut begin = begin.saturating_add(self.offset);
        let change = zone - self.zone_offset(begin);
        // A change of the clock within the window moves its start, unless it is longer than the window.
        if change != 0 && change.abs() < self.every {
            begin = begin.saturating_add(change);
        }
        begin
    }

    /// The start of the window after (or before) the one that starts at `start`.
    pub(crate) fn next(&self, start: i64, ascending: bool) -> i64 {
        let step = if ascending { self.every } else { -self.every };
        let next = start.saturating_add(step);
        let change = self.zone_offset(start) - self.zone_offset(next);
        if change != 0 && change.abs() < self.every { next.saturating_add(change) } else { next }
    }
}

/// Nanoseconds that a zone's clock is ahead of UTC at a time.
pub(crate) fn offset_at(zone: &TimeZone, t: i64) -> i64 {
    let at = Timestamp::from_nanosecond(i128::from(t)).unwrap_or(Timestamp::UNIX_EPOCH);
    i64::from(zone.to_offset(at).seconds()) * 1_000_000_000
}

/// A time as InfluxQL writes it: RFC 3339, or date and maybe time of day on the clock of the zone.
pub(crate) fn parse_time(text: &str, zone: Option<&TimeZone>) -> Option<i64> {
    if text.contains('T')
        && let Ok(at) = text.parse::<Timestamp>()
    {
        return i64::try_from(at.as_nanosecond()).ok();
    }
    let bytes = text.as_bytes();
    if bytes.len() < 10 || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let at: civil::DateTime = if bytes.len() == 10 {
        text.parse::<civil::Date>().ok()?.to_datetime(civil::Time::midnight())
    } else if bytes[10] == b' ' || bytes[10] == b'T' {
        text.trim_end_matches('Z').parse().ok()?
    } else {
        return None;
    };
    let zoned = zone.unwrap_or(&TimeZone::UTC).to_ambiguous_timestamp(at).compatible().ok()?;
    i64::try_from(zoned.as_nanosecond()).ok()
}

/// Whether a text has the shape of a time, whatever it says.
pub(crate) fn looks_like_time(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10
        && bytes[..10]
            .iter()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() })
        && (bytes.len() == 10 || matches!(bytes[10], b' ' | b'T'))
}

/// A time in RFC 3339 with as many decimals as it needs.
pub(crate) fn rfc3339(t: i64, zone: Option<&TimeZone>, out: &mut Vec<u8>) {
    use std::io::Write;
    let offset = zone.map_or(0, |z| offset_at(z, t)) / 1_000_000_000;
    let local = i128::from(t) + i128::from(offset) * 1_000_000_000;
    let days = local.div_euclid(86_400_000_000_000) as i64;
    let of_day = local.rem_euclid(86_400_000_000_000) as i64;
    // Days since 0000-03-01, in eras of 400 years.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    let seconds = of_day / 1_000_000_000;
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    // Writing to a vector cannot fail.
    let _ = write!(out, "{year:04}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}");
    let nanos = of_day % 1_000_000_000;
    if nanos != 0 {
        let digits = format!(".{nanos:09}");
        out.extend_from_slice(digits.trim_end_matches('0').as_bytes());
    }
    if offset == 0 {
        out.push(b'Z');
    } else {
        let sign = if offset < 0 { '-' } else { '+' };
        let _ = write!(out, "{sign}{:02}:{:02}", offset.abs() / 3600, offset.abs() / 60 % 60);
    }
}
