//! Where windows begin and end.

use std::ops::Range;
use std::sync::Arc;

/// How time is cut into windows that neither overlap nor leave gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanWindows {
    /// All of time is one.
    Whole,
    /// Windows of one length, counted from 1970.
    Every {
        /// Their length in nanoseconds, positive.
        every: i64,
        /// How much later than 1970 one begins, in nanoseconds.
        offset: i64,
    },
    /// Windows between each of these times and the next, ascending; rows before the first or from the last on are in
    /// none. Months and zones make such.
    Bounds(Arc<[i64]>),
}

impl ScanWindows {
    /// Start (inclusive) and stop (exclusive) of the window that holds a time. A stop of [`i64::MAX`] takes in the last
    /// time too.
    pub fn around(&self, time: i64) -> Option<(i64, i64)> {
        match self {
            Self::Whole => Some((i64::MIN, i64::MAX)),
            Self::Every { every, offset } => {
                let every = i128::from((*every).max(1));
                let from = i128::from(time) - i128::from(*offset);
                let start = i128::from(time) - from.rem_euclid(every);
                Some((
                    i64::try_from(start).unwrap_or(i64::MIN),
                    i64::try_from(start + every).unwrap_or(i64::MAX),
                ))
            }
            Self::Bounds(bounds) => {
                let next = bounds.partition_point(|b| *b <= time);
                Some((*bounds.get(next.checked_sub(1)?)?, *bounds.get(next)?))
            }
        }
    }

    /// Whether each stretch of time `every` long that begins at a multiple of it lies in one window.
    pub fn tiled_by(&self, every: i64) -> bool {
        match self {
            Self::Whole => true,
            Self::Every { every: own, offset } => own % every == 0 && offset % every == 0,
            Self::Bounds(bounds) => bounds.iter().all(|b| b % every == 0),
        }
    }

    /// Cuts a run of rows, whose times ascend, and tells the start of each window that has rows, and these.
    pub fn cut(&self, times: &[i64], rows: Range<usize>, mut found: impl FnMut(i64, Range<usize>)) {
        let mut at = rows.start;
        while at < rows.end {
            let Some((start, stop)) = self.around(times[at]) else {
                at += 1;
                continue;
            };
            let end = if stop == i64::MAX { rows.end } else { end_of(times, at..rows.end, stop) };
            found(start, at..end);
            at = end;
        }
    }
}

/// The first row from `stop` on. Windows are mostly short, so the search goes out from the first row.
fn end_of(times: &[i64], rows: Range<usize>, stop: i64) -> usize {
    let mut step = 1;
    let mut low = rows.start;
    while low + step < rows.end && times[low + step] < stop {
        low += step;
        step *= 2;
    }
    let high = (low + step).min(rows.end);
    low + times[low..high].partition_point(|t| *t < stop)
}
