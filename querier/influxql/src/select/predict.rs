//! HOLT_WINTERS: where the points of windows would go on.

use weir_table::forecast::forecast;

use super::stream::Stream;
use crate::column::Column;

/// What a forecast is asked for.
pub(super) struct Forecast {
    /// How many points.
    pub(super) n: usize,
    /// How many points a season has; below 2 for none.
    pub(super) season: usize,
    /// Whether the points that the model fits come before.
    pub(super) with_fit: bool,
    /// Nanoseconds between points.
    pub(super) every: i64,
}

/// More missing points than this between two make no sense, and would fill the memory.
const GAP: usize = 1_000_000;

impl Forecast {
    /// Forecasts each group of a stream.
    pub(super) fn of(&self, input: &Stream) -> Stream {
        let mut groups: Vec<(u32, Vec<usize>)> = Vec::new();
        let mut known = hashbrown::HashMap::new();
        for row in (0..input.len()).filter(|r| !input.value.is_null(*r)) {
            let at = *known.entry(input.group[row]).or_insert_with(|| {
                groups.push((input.group[row], Vec::new()));
                groups.len() - 1
            });
            groups[at].1.push(row);
        }
        let numbers = input.value.floats();
        let mut out = Stream::empty(0);
        let mut values = Vec::new();
        for (group, rows) in groups {
            let points: Vec<(i64, f64)> =
                rows.iter().filter_map(|r| Some((input.time[*r], numbers[*r]?))).collect();
            for (time, value) in self.go_on(&points) {
                out.group.push(group);
                out.time.push(time);
                values.push(Some(value));
            }
        }
        out.value = Column::Float(values);
        out
    }

    fn go_on(&self, points: &[(i64, f64)]) -> Vec<(i64, f64)> {
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
        if points.len() < 2 || (self.season >= 2 && points.len() < self.season) || self.every <= 0 {
            return Vec::new();
        }
        let place = |t: i64| {
            let up = t % self.every > self.every / 2;
            t / self.every + i64::from(up)
        };
        // Points that run backwards have no future.
        if place(last.0) <= place(first.0) {
            return Vec::new();
        }
        let mut values = vec![Some(first.1)];
        let mut at = place(first.0);
        for (t, value) in &points[1..] {
            let here = place(*t);
            if here <= at {
                continue;
            }
            at += 1;
            while at < here && values.len() < GAP {
                values.push(None);
                at += 1;
            }
            at = here;
            values.push(Some(*value));
        }
        if values.len() < self.season {
            return Vec::new();
        }
        let start = if self.with_fit { first.0 } else { last.0.saturating_add(self.every) };
        let all = forecast(&values, self.n, self.season, self.with_fit);
        let later = |i: usize| start.saturating_add(self.every.saturating_mul(i as i64));
        all.into_iter().enumerate().filter(|(_, v)| !v.is_nan()).map(|(i, v)| (later(i), v)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forecast_of(points: &[(i64, f64)], with_fit: bool) -> Vec<i64> {
        let it = Forecast { n: 2, season: 0, with_fit, every: 10 };
        it.go_on(points).into_iter().map(|(t, _)| t).collect()
    }

    #[test]
    fn points_come_after_the_last() {
        let points = [(0, 1.0), (10, 2.0), (30, 3.0), (40, 4.0)];
        assert_eq!(forecast_of(&points, false), [50, 60]);
        assert_eq!(forecast_of(&points, true), [0, 10, 20, 30, 40, 50, 60]);
        let backwards: Vec<_> = points.iter().rev().copied().collect();
        assert!(forecast_of(&backwards, false).is_empty());
        assert!(forecast_of(&points[..1], true).is_empty());
    }
}
