//! Merging rows of one series whose sources overlap in time.

use std::ops::Range;

use super::gather::Gather;
use crate::index::Tombstone;

/// A piece with its places in the decoded arrays of its source.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) source: usize,
    /// Rows in the source, cut to the range of the scan.
    pub(crate) rows: Range<u64>,
    /// Where the first row is in the decoded times and sequences.
    pub(crate) clock_at: usize,
    /// Where the first row is in the decoded values.
    pub(crate) values_at: usize,
}

struct Row {
    time: i64,
    sequence: u64,
    source: usize,
    values_at: usize,
}

/// Appends the rows of `pieces` to `out`, each time once: rows of one time become a group, whose fields each take
/// the newest value there is. Rows hidden by a tombstone are left out before that. `clock` answers the times and
/// sequences of a source.
pub(crate) fn merge_unit<'a>(
    pieces: &[Resolved],
    clock: &dyn Fn(usize) -> (&'a [i64], &'a [u64]),
    tombstones: &[&Tombstone],
    out: &mut Gather,
) {
    let mut rows = Vec::with_capacity(pieces.iter().map(|p| (p.rows.end - p.rows.start) as usize).sum());
    for piece in pieces {
        let (times, sequences) = clock(piece.source);
        for i in 0..(piece.rows.end - piece.rows.start) as usize {
            let (time, sequence) = (times[piece.clock_at + i], sequences[piece.clock_at + i]);
            if tombstones.iter().any(|t| sequence < t.sequence && t.range.contains(time)) {
                continue;
            }
            rows.push(Row { time, sequence, source: piece.source, values_at: piece.values_at + i });
        }
    }
    // Stable, and made for runs that are sorted already. Rows of one sequence keep their order: a flushed row and the
    // same row still in memory are the same, and of rows of one write the later wins.
    rows.sort_by_key(|row| (row.time, row.sequence));
    let mut start = 0;
    while start < rows.len() {
        let time = rows[start].time;
        let same = rows[start..].iter().take_while(|row| row.time == time).count();
        let group = &rows[start..start + same];
        if let [row] = group {
            out.copy(row.source, row.values_at, &[time]);
        } else {
            out.group(time, group.iter().map(|row| (row.source, row.values_at)));
        }
        start += same;
    }
}
