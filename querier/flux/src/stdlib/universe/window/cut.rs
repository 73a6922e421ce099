//! Where rows are cut.

use std::ops::Range;

use hashbrown::HashMap;
use weir_table::window::Window;

use crate::error::{FluxError, Result};
use crate::exec::Budget;
use crate::plan::Bounds;

/// Tables cut out of tables.
#[derive(Default)]
pub(super) struct Cut {
    pub(super) runs: Vec<u32>,
    pub(super) starts: Vec<i64>,
    pub(super) stops: Vec<i64>,
    /// Stretches of rows, in the order of the output.
    stretches: Vec<Range<usize>>,
    pub(super) offsets: Vec<usize>,
}

/// What a window takes, and a stretch of rows with its place in the table of windows.
pub(super) const WINDOW: usize = 4 + 8 + 8 + 8;
const STRETCH: usize = 96;

/// A window: its bounds, cut to those of the query, and what tells it from others that have the same bounds then.
pub(super) type Place = (i64, i64, i64);

/// A window that has rows, and its stretches of rows.
type Found = (Place, Vec<Range<usize>>);

/// The place of a window within bounds. `apart` tells whether windows that are cut to the same bounds stay two.
pub(super) fn place((start, stop): (i64, i64), clip: Bounds, apart: bool) -> Place {
    (start.max(clip.start), stop.min(clip.stop), if apart { start } else { 0 })
}

impl Cut {
    /// Makes room for so many windows.
    pub(super) fn reserve(&mut self, windows: usize) {
        self.runs.reserve_exact(windows);
        self.starts.reserve_exact(windows);
        self.stops.reserve_exact(windows);
        self.offsets.reserve_exact(windows + 1);
    }

    fn push(&mut self, run: usize, window: Place, stretches: &[Range<usize>]) {
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        let rows: usize = stretches.iter().map(Range::len).sum();
        self.runs.push(run as u32);
        self.starts.push(window.0);
        self.stops.push(window.1);
        self.stretches.extend_from_slice(stretches);
        self.offsets.push(self.offsets[self.offsets.len() - 1] + rows);
    }

    /// The rows of the output as indices; `None` if they are all rows in order.
    pub(super) fn rows(&self, all: usize) -> Option<Vec<u32>> {
        let mut next = 0;
        let in_order = self.stretches.iter().all(|s| {
            let follows = s.start == next;
            next = s.end;
            follows
        });
        if in_order && next == all {
            return None;
        }
        Some(self.stretches.iter().flat_map(|s| s.start as u32..s.end as u32).collect())
    }

    /// Cuts one table. Rows of a window stay in their order.
    #[expect(clippy::too_many_arguments, reason = "what one loop works on")]
    pub(super) fn cut_run(
        &mut self,
        run: usize,
        range: Range<usize>,
        times: &[i64],
        window: &Window,
        clip: Bounds,
        every_window: &[Place],
        apart: bool,
        budget: &mut Budget,
    ) -> Result<()> {
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        let mut found = find_windows(range, times, window, clip, apart, budget)?;
        if apart && !every_window.is_empty() {
            leave_out_outside(&mut found);
        }
        // Windows come in the order of their bounds, whatever order rows come in.
        if apart {
            found.sort_by_key(|f| f.0.2);
        } else if !found.is_sorted_by_key(|f| f.0) {
            found.sort_by_key(|f| f.0);
        }
        if every_window.is_empty() {
            for (bounds, stretches) in &found {
                budget.add(WINDOW + size_of_val(stretches.as_slice()))?;
                self.push(run, *bounds, stretches);
            }
            return Ok(());
        }
        let places: HashMap<Place, &[Range<usize>]> = found.iter().map(|(b, s)| (*b, s.as_slice())).collect();
        let mut windows: Vec<Place> = every_window.to_vec();
        windows.extend(found.iter().map(|f| f.0).filter(|b| every_window.binary_search(b).is_err()));
        windows.sort_unstable();
        for bounds in windows {
            let stretches = places.get(&bounds).copied().unwrap_or_default();
            // Room for the window is taken already.
            budget.add(size_of_val(stretches))?;
            self.push(run, bounds, stretches);
        }
        Ok(())
    }
}

/// Leaves out windows of no time, which lie outside of the bounds. Where such a one comes first, the incumbent finds no
/// other's place among all windows.
fn leave_out_outside(found: &mut Vec<Found>) {
    let outside = |f: &Found| f.0.0 == f.0.1;
    if found.first().is_some_and(outside) {
        found.clear();
    }
    found.retain(|f| !outside(f));
}

/// The windows that rows lie in, in order of first appearance.
fn find_windows(
    range: Range<usize>,
    times: &[i64],
    window: &Window,
    clip: Bounds,
    apart: bool,
    budget: &mut Budget,
) -> Result<Vec<Found>> {
    let bounds = |index: i64| window.bounds(index).map_err(|e| FluxError::invalid(e.to_string()));
    // A row outside of the bounds (an aggregate's time is mostly its window's stop) has all of the bounds for its window,
    // as recorded; where windows stay apart it is left out, and its window has no time.
    let stop = if apart { clip.start } else { clip.stop };
    let clipped = |window: (i64, i64)| {
        let place = place(window, clip, apart);
        if place.0 < place.1 { place } else { (clip.start, stop, place.2) }
    };
    let mut found: Vec<Found> = Vec::new();
    // Made when times do not ascend: until then a window is the last one, or new.
    let mut places: Option<HashMap<Place, usize>> = None;
    let mut add = |window: Place, rows: Range<usize>| {
        let last = found.last().map(|f| f.0);
        let at = if last == Some(window) {
            found.len() - 1
        } else {
            let ascends = last.is_none_or(|last| window > last);
            if !ascends && places.is_none() {
                places = Some(found.iter().enumerate().map(|(at, f)| (f.0, at)).collect());
            }
            let known = places.as_ref().and_then(|places| places.get(&window).copied());
            known.unwrap_or_else(|| {
                found.push((window, Vec::new()));
                if let Some(places) = &mut places {
                    places.insert(window, found.len() - 1);
                }
                found.len() - 1
            })
        };
        let inside = |row: &usize| (clip.start..clip.stop).contains(&times[*row]);
        let rows = match apart {
            // These are in the order of their times.
            true => {
                let start = rows.clone().find(inside).unwrap_or(rows.end);
                start..rows.clone().rfind(inside).map_or(start, |row| row + 1)
            }
            false => rows,
        };
        if rows.is_empty() {
            return;
        }
        match found[at].1.last_mut() {
            Some(last) if last.end == rows.start => last.end = rows.end,
            _ => found[at].1.push(rows),
        }
    };
    let mut row = range.start;
    while row < range.end {
        let t = times[row];
        if !window.is_tiling() {
            for index in window.indices_of(t, || budget.add(size_of::<i64>()))? {
                add(clipped(bounds(index)?), row..row + 1);
                budget.add(STRETCH)?;
            }
            row += 1;
            continue;
        }
        // Rows mostly ascend, so a window's rows are mostly one stretch.
        let (start, stop) = bounds(window.last_index(t))?;
        let rest = &times[row..range.end];
        let len = rest.iter().position(|&t| t < start || t >= stop).unwrap_or(rest.len()).max(1);
        add(clipped((start, stop)), row..row + len);
        budget.add(STRETCH)?;
        row += len;
    }
    Ok(found)
}
