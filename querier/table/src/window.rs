//! Windows of time.
//!
//! Windows of length `period` begin every `every` from the epoch (1970-01-01T00:00 on the clock of the zone) plus
//! `offset`, numbered from there. A window's index gives its start: `zero + index · every`; months are counted on the
//! calendar, nanoseconds on the clock of the zone, so that a day of 23 or 25 hours is one window.

use jiff::tz::TimeZone;

use crate::time::{self, Duration, TimeError};

/// A way to cut time into windows.
#[derive(Debug, Clone)]
pub struct Window {
    every: Duration,
    period: Duration,
    offset: Duration,
    zone: Zone,
}

/// Where the clock is read: a zone of the time zone database and a fixed shift.
#[derive(Debug, Clone)]
pub struct Zone {
    zone: TimeZone,
    shift: Duration,
    utc: bool,
}

impl Zone {
    /// UTC.
    pub fn utc() -> Self {
        Self { zone: TimeZone::UTC, shift: Duration::default(), utc: true }
    }

    /// A zone of the database, shifted. `None` if there is no zone of that name.
    pub fn named(name: &str, shift: Duration) -> Option<Self> {
        let utc = (name == "UTC" || name.is_empty()) && shift.is_zero();
        let zone = if name == "UTC" || name.is_empty() { TimeZone::UTC } else { TimeZone::get(name).ok()? };
        Some(Self { zone, shift, utc })
    }

    /// Whether the clock is plain UTC.
    pub fn is_utc(&self) -> bool {
        self.utc
    }

    /// The zone without its shift.
    pub fn time_zone(&self) -> &TimeZone {
        &self.zone
    }

    /// What the clock on the wall shows at `t`, as if it were UTC.
    pub fn to_clock(&self, t: i64) -> i64 {
        if self.utc {
            return t;
        }
        let offset = i64::from(self.zone.to_offset(time::timestamp(t)).seconds()) * 1_000_000_000;
        t.saturating_add(offset).saturating_add(self.shift.signed_nanoseconds())
    }

    /// When the clock on the wall shows `clock`: the earlier of two such times; where the clock jumps over it, the
    /// time of the jump.
    pub fn from_clock(&self, clock: i64) -> i64 {
        if self.utc {
            return clock;
        }
        let clock = clock.saturating_sub(self.shift.signed_nanoseconds());
        let civil = TimeZone::UTC.to_datetime(time::timestamp(clock));
        let ambiguous = self.zone.to_ambiguous_timestamp(civil);
        let zoned = match ambiguous.offset() {
            // Inside a gap both offsets give the wrong side; the jump itself is the first instant after it.
            jiff::tz::AmbiguousOffset::Gap { before, .. } => {
                let late = clock.saturating_sub(i64::from(before.seconds()) * 1_000_000_000);
                let jump = self.zone.preceding(time::timestamp(late.saturating_add(1))).next();
                return jump.and_then(|j| time::nanoseconds(j.timestamp()).ok()).unwrap_or(late);
            }
            _ => ambiguous.compatible(),
        };
        zoned.ok().and_then(|t| time::nanoseconds(t).ok()).unwrap_or(clock)
    }
}

impl std::fmt::Display for Window {
    /// The parameters that are not what they are by default.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "every={}", self.every)?;
        if !self.is_tiling() {
            write!(f, " period={}", self.period)?;
        }
        if !self.offset.is_zero() {
            write!(f, " offset={}", self.offset)?;
        }
        if !self.zone.is_utc() {
            write!(f, " location={}", self.zone.time_zone().iana_name().unwrap_or("fixed"))?;
        }
        Ok(())
    }
}

impl Window {
    /// Windows. `None` unless `every` is positive and of months only or nanoseconds only.
    pub fn new(every: Duration, period: Duration, offset: Duration, zone: Zone) -> Option<Self> {
        if every.is_zero() || every.negative || every.is_mixed() {
            return None;
        }
        Some(Self { every, period, offset, zone })
    }

    /// Whether each time lies in exactly one window.
    pub fn is_tiling(&self) -> bool {
        self.every == self.period
    }

    /// Whether windows are cut by plain UTC, and begin at their offset or after it.
    pub fn is_plain(&self) -> bool {
        self.zone.is_utc() && !self.offset.negative
    }

    /// Length and offset in nanoseconds, if windows are of one length on any clock and tile time.
    pub fn fixed(&self) -> Option<(i64, i64)> {
        let plain =
            self.zone.is_utc() && self.is_tiling() && self.every.months == 0 && self.offset.months == 0;
        plain.then(|| (self.every.signed_nanoseconds(), self.offset.signed_nanoseconds()))
    }

    /// Start and stop of the window with this index.
    ///
    /// # Errors
    /// When a bound is out of range.
    pub fn bounds(&self, index: i64) -> Result<(i64, i64), TimeError> {
        if let Some(bounds) = self.fixed_bounds(index) {
            return Ok(bounds);
        }
        let utc = TimeZone::UTC;
        let start = time::add(time::add(0, self.every.scale(index), &utc)?, self.offset, &utc)?;
        let (start, stop) = if self.period.negative {
            (time::add(start, self.period, &utc)?, start)
        } else {
            (start, time::add(start, self.period, &utc)?)
        };
        Ok((self.zone.from_clock(start), self.zone.from_clock(stop)))
    }

    /// The bounds of windows of one length, without a calendar; `None` of other windows and at the ends of time.
    fn fixed_bounds(&self, index: i64) -> Option<(i64, i64)> {
        let (every, offset) = self.fixed()?;
        let start = every.checked_mul(index)?.checked_add(offset)?;
        Some((start, start.checked_add(every)?))
    }

    /// The index of the last window that begins at or before `t`.
    pub fn last_index(&self, t: i64) -> i64 {
        if let Some((every, offset)) = self.fixed()
            && let Some(from) = t.checked_sub(offset)
            && self.fixed_bounds(from.div_euclid(every)).is_some()
        {
            return from.div_euclid(every);
        }
        let clock = self.zone.to_clock(t);
        let utc = TimeZone::UTC;
        let zero = time::add(0, self.offset, &utc).unwrap_or(0);
        let mut index = if self.every.months == 0 {
            clock.saturating_sub(zero).div_euclid(self.every.nanoseconds)
        } else {
            let shifted = clock.saturating_sub(self.offset.signed_nanoseconds());
            let date = utc.to_datetime(time::timestamp(shifted));
            let months = (i64::from(date.year()) - 1970) * 12 + i64::from(date.month()) - 1;
            (months - self.offset.signed_months()).div_euclid(self.every.months)
        };
        // Calendar clamping and clock changes can be off by one; the bounds decide.
        let starts = |i: i64| self.start(i).is_some_and(|s| s <= t);
        while !starts(index) && index > i64::MIN / 2 && self.start(index).is_some() {
            index -= 1;
        }
        while starts(index + 1) {
            index += 1;
        }
        index
    }

    fn start(&self, index: i64) -> Option<i64> {
        self.bounds(index).ok().map(|(start, stop)| if self.period.negative { stop } else { start })
    }

    /// How many windows hold a time, about, where lengths can be compared; else 0.
    fn depth(&self) -> i64 {
        match (self.every.months, self.period.months) {
            (0, 0) => self.period.nanoseconds / self.every.nanoseconds.max(1),
            (every, period) if every > 0 => period / every,
            _ => 0,
        }
    }

    /// Indices of the windows that hold `t`, ascending. There may be very many: `look` is called for each, and ends the
    /// search with its error.
    ///
    /// # Errors
    /// Those of `look`.
    pub fn indices_of<E>(&self, t: i64, mut look: impl FnMut() -> Result<(), E>) -> Result<Vec<i64>, E> {
        let mut out = Vec::new();
        let mut index = self.last_index(t);
        if self.period.negative {
            // The window lies before its anchor: look ahead while it still can begin before t.
            let mut next = index + 1;
            while let Ok((start, stop)) = self.bounds(next) {
                if start > t {
                    break;
                }
                look()?;
                if t < stop {
                    out.push(next);
                }
                next += 1;
            }
            return Ok(out);
        }
        while let Ok((start, stop)) = self.bounds(index) {
            if stop <= t {
                break;
            }
            look()?;
            if start <= t {
                out.push(index);
            }
            index -= 1;
        }
        out.reverse();
        Ok(out)
    }

    /// Indices of the windows that overlap `start..stop`, ascending.
    pub fn overlapping(&self, start: i64, stop: i64) -> std::ops::Range<i64> {
        if start >= stop {
            return 0..0;
        }
        // Long windows that begin often overlap: most of those are leapt over, the bounds decide.
        let leap = |from: i64, by: i64| Some(from.saturating_add(by)).filter(|i| self.bounds(*i).is_ok());
        let last = self.last_index(start);
        let mut first = leap(last, -self.depth()).unwrap_or(last);
        while let Ok((_, s)) = self.bounds(first - 1) {
            if s <= start {
                break;
            }
            first -= 1;
        }
        while self.bounds(first).is_ok_and(|(_, s)| s <= start) {
            first += 1;
        }
        let mut end = self.last_index(stop - 1) + 1;
        if self.period.negative {
            end = leap(end, self.depth()).unwrap_or(end);
            while end > first && self.bounds(end - 1).is_ok_and(|(s, _)| s >= stop) {
                end -= 1;
            }
            while self.bounds(end).is_ok_and(|(s, _)| s < stop) {
                end += 1;
            }
        }
        first..end.max(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000_000_000;

    fn ns(text: &str) -> i64 {
        text.parse::<jiff::Timestamp>().unwrap().as_nanosecond() as i64
    }

    #[test]
    fn plain_windows_tile_from_the_epoch() {
        let every = Duration::from_nanoseconds(MINUTE);
        let w = Window::new(every, every, Duration::default(), Zone::utc()).unwrap();
        assert_eq!(w.last_index(-1), -1);
        assert_eq!(w.bounds(w.last_index(61_000_000_000)).unwrap(), (MINUTE, 2 * MINUTE));
        assert_eq!(w.overlapping(30, 2 * MINUTE + 1), 0..3);
    }

    #[test]
    fn months_follow_the_calendar() {
        let every = Duration::from_months(1);
        let w = Window::new(every, every, Duration::default(), Zone::utc()).unwrap();
        let (start, stop) = w.bounds(w.last_index(ns("2024-02-29T12:00:00Z"))).unwrap();
        assert_eq!((start, stop), (ns("2024-02-01T00:00:00Z"), ns("2024-03-01T00:00:00Z")));
    }

    #[test]
    fn a_day_is_as_long_as_the_clock_says() {
        let day = Duration::from_nanoseconds(86_400_000_000_000);
        let zone = Zone::named("America/New_York", Duration::default()).unwrap();
        let w = Window::new(day, day, Duration::default(), zone).unwrap();
        let (start, stop) = w.bounds(w.last_index(ns("2025-03-09T12:00:00Z"))).unwrap();
        assert_eq!((start, stop), (ns("2025-03-09T05:00:00Z"), ns("2025-03-10T04:00:00Z")));
    }

    #[test]
    fn overlapping_windows_share_times() {
        let (every, period) = (Duration::from_nanoseconds(MINUTE), Duration::from_nanoseconds(3 * MINUTE));
        let w = Window::new(every, period, Duration::default(), Zone::utc()).unwrap();
        let look = || Ok::<(), ()>(());
        assert_eq!(w.indices_of(5 * MINUTE, look), Ok(vec![3, 4, 5]));
        assert_eq!(w.indices_of(5 * MINUTE, || Err(())), Err(()));
        // As those that hold one of the times.
        let often = Window::new(
            Duration::from_nanoseconds(7),
            Duration::from_nanoseconds(1000),
            Duration::default(),
            Zone::utc(),
        );
        let often = often.expect("is positive");
        let (first, last) =
            (often.indices_of(5000, look).expect("looks"), often.indices_of(5999, look).expect("looks"));
        assert_eq!(often.overlapping(5000, 6000), first[0]..last[last.len() - 1] + 1);
    }
}
