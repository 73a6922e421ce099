//! Sorting a batch out: which rows go to which shard group, and which go nowhere.

use std::collections::HashMap;

use weir_batch::{FieldColumn, FieldType, MeasurementRows, WriteBatch};
use weir_line_protocol::{Flaw, Flawed};
use weir_model::{Id, Result};
use weir_proto::{FieldClaim, ShardGroup};

use crate::outcome::{self, PartialWrite, Point};
use crate::router::{Bucket, Router};
use crate::select::select;

/// Points on their way.
pub(crate) struct Rows {
    pub(crate) batch: WriteBatch,
    /// The measurement of each row in the order of the lines; `None`: measurement by measurement.
    pub(crate) order: Option<Vec<u32>>,
    pub(crate) flawed: Vec<Flawed>,
}

/// Marks a row that has no shard group because it is outside retention.
const EXPIRED: u32 = u32::MAX;

/// A batch being sorted out.
struct Sorting {
    rows: Rows,
    groups: Vec<ShardGroup>,
    /// For each measurement, the group (index) of each row.
    group_of: Vec<Vec<u32>>,
    /// For each measurement, whether a row is dropped.
    dropped: Vec<Vec<bool>>,
    conflicts: Vec<Conflict>,
}

/// A column whose type is not the registered one.
struct Conflict {
    group: u32,
    measurement: usize,
    column: usize,
    registered: FieldType,
}

impl Router {
    /// Sorts rows by shard group and drops those outside retention or with a conflict of types.
    pub(crate) async fn sort(
        &self,
        bucket: &Bucket,
        rows: Rows,
        now: i64,
    ) -> Result<(Vec<(i64, WriteBatch)>, Option<PartialWrite>)> {
        let known = self.cache.bucket(bucket.id);
        known.refresh(&*self.index, bucket.id, now, false).await?;
        let bound = bucket.retention.map(|retention| now.saturating_sub(retention));
        let expired = |time: i64| bound.is_some_and(|bound| time < bound);
        let mut sorting = Sorting {
            dropped: rows.batch.measurements.iter().map(|m| vec![false; m.times.len()]).collect(),
            group_of: Vec::new(),
            groups: Vec::new(),
            conflicts: Vec::new(),
            rows,
        };
        for m in 0..sorting.rows.batch.measurements.len() {
            let mut of = Vec::with_capacity(sorting.rows.batch.measurements[m].times.len());
            let mut last = EXPIRED;
            for row in 0..sorting.rows.batch.measurements[m].times.len() {
                let time = sorting.rows.batch.measurements[m].times[row];
                if expired(time) {
                    of.push(EXPIRED);
                    continue;
                }
                let here = |g: &ShardGroup| g.range.contains(time);
                if !sorting.groups.get(last as usize).is_some_and(here) {
                    last = match sorting.groups.iter().position(here) {
                        Some(group) => group as u32,
                        None => {
                            sorting.groups.push(known.group(&*self.index, bucket.id, time, now).await?);
                            sorting.groups.len() as u32 - 1
                        }
                    };
                }
                of.push(last);
            }
            sorting.group_of.push(of);
        }
        let mut flawed_groups = Vec::with_capacity(sorting.rows.flawed.len());
        for i in 0..sorting.rows.flawed.len() {
            let time = sorting.rows.flawed[i].time;
            flawed_groups.push(if expired(time) {
                None
            } else {
                Some(known.group(&*self.index, bucket.id, time, now).await?)
            });
        }
        self.resolve_types(bucket, &mut sorting, now).await?;
        // A conflict is only told of after the newest types have been asked for.
        if !sorting.conflicts.is_empty() && known.refresh(&*self.index, bucket.id, now, true).await? {
            sorting.conflicts.clear();
            sorting.dropped.iter_mut().flatten().for_each(|dropped| *dropped = false);
            self.resolve_types(bucket, &mut sorting, now).await?;
        }
        let partial = sorting
            .group_failure(bucket.id, &flawed_groups)
            .or_else(|| sorting.retention_failure(bucket, bound.unwrap_or(i64::MIN), &flawed_groups));
        Ok((sorting.kept(), partial))
    }

    /// Drops rows whose type is known to be another, then registers what is new, and drops what lost.
    async fn resolve_types(&self, bucket: &Bucket, sorting: &mut Sorting, now: i64) -> Result<()> {
        let known = self.cache.bucket(bucket.id);
        for group in 0..sorting.groups.len() as u32 {
            let id = sorting.groups[group as usize].id;
            let columns = sorting.columns_in(group);
            let registered = {
                let names = |&(m, c, _): &(usize, usize, u32)| {
                    let m = &sorting.rows.batch.measurements[m];
                    (m.measurement.as_str(), m.fields[c].name.as_str())
                };
                known.types(id, columns.iter().map(names))
            };
            for (&(m, c, _), registered) in columns.iter().zip(&registered) {
                if let Some(registered) = registered {
                    sorting.hold(group, m, c, *registered);
                }
            }
            // Of two columns of one new field, the one that comes first in the lines decides.
            let mut first: HashMap<(usize, &str), (u32, usize)> = HashMap::new();
            let batch = &sorting.rows.batch;
            for (m, c, row) in sorting.columns_in(group) {
                let name = batch.measurements[m].fields[c].name.as_str();
                let place = columns.iter().position(|&(a, b, _)| (a, b) == (m, c));
                if place.is_some_and(|place| registered[place].is_none()) {
                    let best = first.entry((m, name)).or_insert((row, c));
                    *best = (*best).min((row, c));
                }
            }
            let claims: Vec<FieldClaim> = first
                .iter()
                .map(|((m, name), (_, c))| FieldClaim {
                    measurement: batch.measurements[*m].measurement.clone(),
                    field: (*name).to_owned(),
                    field_type: batch.measurements[*m].fields[*c].field_type(),
                })
                .collect();
            let names: Vec<(usize, String)> =
                first.keys().map(|(m, name)| (*m, (*name).to_owned())).collect();
            if claims.is_empty() {
                continue;
            }
            let types = known.claim(&*self.index, bucket.id, id, claims, now).await?;
            for ((m, name), registered) in names.into_iter().zip(types) {
                for c in 0..sorting.rows.batch.measurements[m].fields.len() {
                    if sorting.rows.batch.measurements[m].fields[c].name == name {
                        sorting.hold(group, m, c, registered);
                    }
                }
            }
        }
        Ok(())
    }
}

/// The rows that have a value in the column, ascending.
fn rows_of<'a>(m: &'a MeasurementRows, column: &'a FieldColumn) -> Box<dyn Iterator<Item = u32> + 'a> {
    match &column.rows {
        None => Box::new(0..m.times.len() as u32),
        Some(rows) => Box::new(rows.iter().copied()),
    }
}

impl Sorting {
    /// The columns that have a row in the group that is not dropped: measurement, column, first such row.
    fn columns_in(&self, group: u32) -> Vec<(usize, usize, u32)> {
        let mut out = Vec::new();
        for (m, rows) in self.rows.batch.measurements.iter().enumerate() {
            for (c, column) in rows.fields.iter().enumerate() {
                let here =
                    |row: &u32| self.group_of[m][*row as usize] == group && !self.dropped[m][*row as usize];
                if let Some(first) = rows_of(rows, column).find(here) {
                    out.push((m, c, first));
                }
            }
        }
        out
    }

    /// Drops the rows of a column in a group, if its type is not the registered one.
    fn hold(&mut self, group: u32, m: usize, c: usize, registered: FieldType) {
        let rows = &self.rows.batch.measurements[m];
        let column = &rows.fields[c];
        if column.field_type() == registered {
            return;
        }
        let mut any = false;
        for row in rows_of(rows, column) {
            if self.group_of[m][row as usize] == group {
                self.dropped[m][row as usize] = true;
                any = true;
            }
        }
        if any {
            self.conflicts.push(Conflict { group, measurement: m, column: c, registered });
        }
    }

    /// For each measurement, the place of each row in the order of the lines.
    fn positions(&self) -> Vec<Vec<usize>> {
        let measurements = &self.rows.batch.measurements;
        let mut out: Vec<Vec<usize>> =
            measurements.iter().map(|m| Vec::with_capacity(m.times.len())).collect();
        match &self.rows.order {
            Some(order) => order.iter().enumerate().for_each(|(place, m)| {
                if let Some(rows) = out.get_mut(*m as usize) {
                    rows.push(place);
                }
            }),
            None => {
                let mut place = 0;
                for (m, rows) in measurements.iter().zip(&mut out) {
                    rows.extend(place..place + m.times.len());
                    place += m.times.len();
                }
            }
        }
        out
    }

    /// What the earliest shard group that dropped or stripped a point says about it.
    fn group_failure(&self, bucket: Id, flawed_groups: &[Option<ShardGroup>]) -> Option<PartialWrite> {
        let flawed: Vec<(&Flawed, ShardGroup)> =
            self.rows.flawed.iter().zip(flawed_groups).filter_map(|(f, g)| Some((f, (*g)?))).collect();
        if self.conflicts.is_empty() && flawed.is_empty() {
            return None;
        }
        let of_conflicts = self.conflicts.iter().map(|c| self.groups[c.group as usize]);
        let worst = of_conflicts.chain(flawed.iter().map(|f| f.1)).min_by_key(|g| g.range.start)?;
        let positions = self.positions();
        // Points that are left out speak before those that stay; then the lines in their order, and in a line its fields.
        let mut reasons: Vec<((bool, usize, usize), String)> = Vec::new();
        let mut count = 0;
        for (flawed, group) in flawed.iter().filter(|(_, g)| g.id == worst.id).map(|(f, g)| (*f, g)) {
            debug_assert_eq!(group.id, worst.id);
            let place = (flawed.flaw == Flaw::TimeField, flawed.position, 0);
            reasons.push((place, outcome::flaw(&flawed.flaw, &flawed.measurement)));
            count += usize::from(flawed.flaw != Flaw::TimeField);
        }
        if let Some(group) = self.groups.iter().position(|g| g.id == worst.id) {
            let group = group as u32;
            for conflict in self.conflicts.iter().filter(|c| c.group == group) {
                let m = &self.rows.batch.measurements[conflict.measurement];
                let column = &m.fields[conflict.column];
                let of = &self.group_of[conflict.measurement];
                let first = rows_of(m, column).find(|row| of[*row as usize] == group);
                let place = first.map_or(usize::MAX, |row| positions[conflict.measurement][row as usize]);
                let reason =
                    outcome::conflict(&column.name, &m.measurement, column.field_type(), conflict.registered);
                reasons.push(((false, place, conflict.column + 1), reason));
            }
            for (dropped, of) in self.dropped.iter().zip(&self.group_of) {
                count += dropped.iter().zip(of).filter(|(dropped, of)| **dropped && **of == group).count();
            }
        }
        let (_, reason) = reasons.into_iter().min_by_key(|(place, _)| *place)?;
        // Where nothing was left out, the reference names the bucket too.
        Some(PartialWrite { reason, dropped: count, bucket: (count == 0).then_some(bucket) })
    }

    /// What is said about points outside retention, if there are any.
    fn retention_failure(
        &self,
        bucket: &Bucket,
        bound: i64,
        flawed_groups: &[Option<ShardGroup>],
    ) -> Option<PartialWrite> {
        let positions = self.positions();
        let mut points: Vec<(usize, Point)> = Vec::new();
        let mut count = 0;
        for (m, rows) in self.rows.batch.measurements.iter().enumerate() {
            let expired = |&row: &usize| self.group_of[m][row] == EXPIRED;
            let key = |&row: &usize| (rows.times[row], positions[m][row]);
            let all = || (0..rows.times.len()).filter(expired);
            count += all().count();
            let newest = all().min_by_key(|row| (std::cmp::Reverse(key(row).0), key(row).1));
            for row in [all().min_by_key(key), newest].into_iter().flatten() {
                let series = rows.series.get(rows.row_series[row] as usize).0.to_owned();
                let point = Point { measurement: rows.measurement.clone(), series, time: rows.times[row] };
                points.push((positions[m][row], point));
            }
        }
        for (flawed, group) in self.rows.flawed.iter().zip(flawed_groups) {
            if group.is_none() && flawed.flaw != Flaw::TimeField {
                count += 1;
                let Flawed { position, measurement, series, time, .. } = flawed.clone();
                points.push((position, Point { measurement, series, time }));
            }
        }
        let oldest = points.iter().min_by_key(|(place, p)| (p.time, *place))?;
        let newest = points.iter().min_by_key(|(place, p)| (std::cmp::Reverse(p.time), *place))?;
        let reason =
            outcome::retention(count, bucket.retention.unwrap_or_default(), bound, &oldest.1, &newest.1);
        Some(PartialWrite { reason, dropped: count, bucket: Some(bucket.id) })
    }

    /// The rows that stay, by shard group.
    fn kept(self) -> Vec<(i64, WriteBatch)> {
        let Self { rows, groups, group_of, dropped, .. } = self;
        let stays = |m: usize, group: u32| {
            let rows = group_of[m].iter().zip(&dropped[m]).enumerate();
            rows.filter(move |(_, (of, dropped))| **of == group && !**dropped).map(|(row, _)| row as u32)
        };
        if let [group] = groups.as_slice() {
            let all = |m: &(usize, &MeasurementRows)| stays(m.0, 0).count() == m.1.times.len();
            if rows.batch.measurements.iter().enumerate().all(|m| all(&m)) {
                return vec![(group.id, rows.batch)];
            }
        }
        let mut out = Vec::new();
        for (group, known) in groups.iter().enumerate() {
            let mut batch = WriteBatch::default();
            for (m, from) in rows.batch.measurements.iter().enumerate() {
                let rows: Vec<u32> = stays(m, group as u32).collect();
                if !rows.is_empty() {
                    batch.measurements.push(select(from, &rows));
                }
            }
            if !batch.measurements.is_empty() {
                out.push((known.id, batch));
            }
        }
        out
    }
}
