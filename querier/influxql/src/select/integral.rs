//! INTEGRAL: the area under the line through the points of each window.

use super::stream::Stream;
use crate::column::Column;

/// The integral of one group while its points go by.
struct Area {
    last: (i64, f64),
    start: i64,
    end: i64,
    sum: f64,
}

/// A group: its number, the area so far, and its windows' areas by their start.
type Group = (u32, Option<Area>, Vec<(i64, f64)>);

/// Areas of the windows of each group, of points in order. `window` says where the window of a time starts and ends, in
/// the direction of the query.
///
/// The line is cut where a window ends, as far as the next point is; a window without points has no area of its own, and
/// what lies over it counts to the window of the next point. All this is what users of the incumbent know, as is that
/// integers count up to the cut with the value there, and from it with both ends as they were.
pub(super) fn of_windows(
    input: &Stream,
    unit: f64,
    ascending: bool,
    window: impl Fn(i64) -> (i64, i64),
) -> Stream {
    let whole_numbers = !matches!(input.value, Column::Float(_));
    let values = input.value.floats();
    let mut groups: Vec<Group> = Vec::new();
    let mut known = hashbrown::HashMap::new();
    for (row, value) in values.iter().enumerate() {
        let (Some(value), time) = (*value, input.time[row]) else { continue };
        let at = *known.entry(input.group[row]).or_insert_with(|| {
            groups.push((input.group[row], None, Vec::new()));
            groups.len() - 1
        });
        let (_, area, out) = &mut groups[at];
        let Some(area) = area else {
            let (start, end) = window(time);
            *area = Some(Area { last: (time, value), start, end, sum: 0.0 });
            continue;
        };
        if let Some(point) = area.add((time, value), unit, ascending, whole_numbers, &window) {
            out.push(point);
        }
    }
    let mut out = Stream::empty(0);
    let mut areas = Vec::new();
    for (group, area, mut points) in groups {
        // A last point that stands where its window starts has no area in it.
        if let Some(area) = area.filter(|a| a.last.0 != a.start) {
            points.push((area.start, area.sum));
        }
        for (time, value) in points {
            out.group.push(group);
            out.time.push(time);
            areas.push(Some(value));
        }
    }
    out.value = Column::Float(areas);
    out
}

impl Area {
    /// Takes the next point; gives the window that it ended.
    fn add(
        &mut self,
        (time, value): (i64, f64),
        unit: f64,
        ascending: bool,
        whole_numbers: bool,
        window: &impl Fn(i64) -> (i64, i64),
    ) -> Option<(i64, f64)> {
        let (last_time, last_value) = self.last;
        if last_time == time {
            self.last = (time, value);
            return None;
        }
        let length = |from: i64, to: i64| (to as f64 - from as f64) / unit;
        let (mut from, mut before, mut after) = (last_time, last_value, value);
        let mut ended = None;
        let passed = if ascending { time >= self.end } else { time <= self.end };
        if passed {
            if last_time != self.end {
                let width = (time - last_time) as f64;
                let cut = (value - last_value) / width * (self.end - last_time) as f64 + last_value;
                self.sum += 0.5 * (cut + last_value) * length(last_time, self.end);
                from = self.end;
                if whole_numbers {
                    after = cut;
                } else {
                    before = cut;
                }
            }
            ended = Some((self.start, self.sum));
            (self.start, self.end) = window(time);
            self.sum = 0.0;
        }
        self.sum += 0.5 * (after + before) * length(from, time);
        self.last = (time, value);
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn areas(points: &[(i64, f64)], ascending: bool) -> Vec<(i64, f64)> {
        let input = Stream {
            group: vec![0; points.len()],
            time: points.iter().map(|p| p.0).collect(),
            value: Column::Float(points.iter().map(|p| Some(p.1)).collect()),
            aux: Vec::new(),
        };
        let out = of_windows(&input, 1.0, ascending, |t| {
            let start = t.div_euclid(10) * 10;
            if ascending { (start, start + 10) } else { (start + 10, start) }
        });
        out.time.iter().copied().zip(out.value.floats().into_iter().flatten()).collect()
    }

    #[test]
    fn lines_are_cut_where_windows_end() {
        assert_eq!(areas(&[(5, 5.0), (15, 15.0)], true), [(0, 37.5), (10, 62.5)]);
        assert_eq!(areas(&[(0, 1.0), (10, 1.0)], true), [(0, 10.0)]);
        assert_eq!(areas(&[(0, 1.0), (5, 3.0), (5, 1.0), (7, 1.0)], true), [(0, 12.0)]);
        assert_eq!(areas(&[(3, 1.0)], true), [(0, 0.0)]);
        assert_eq!(areas(&[(15, 15.0), (5, 5.0)], false), [(20, -62.5), (10, -37.5)]);
    }
}
