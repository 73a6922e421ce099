//! From what was read to points: series by series, or the rows of a subquery.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use weir_batch::SeriesKey;
use weir_influxql_syntax::{DataType, Expr};

use super::load::{Loaded, Series};
use super::stream::{Group, Stream, text};
use super::{Frame, Input, Output, Running, SubqueryFrame, field_type};
use crate::column::{Column, Value};
use crate::error::Result;
use crate::eval::eval;

impl Running<'_> {
    /// The points of all sources: of `driver` if there is one, else of rows that have one of the fields in `aux`.
    pub(super) fn source(
        &self,
        driver: Option<&Expr>,
        aux: &[Expr],
        range: (i64, i64),
        ordered: bool,
        group_by: &BTreeSet<String>,
    ) -> Result<Stream> {
        let mut found: Vec<Stream> = Vec::new();
        let mut whole: Vec<Stream> = Vec::new();
        for input in &self.inputs {
            self.run.check()?;
            match input {
                Input::Measurements(loaded) => {
                    let streams = loaded.series.iter();
                    let streams =
                        streams.filter_map(|s| self.of_series(loaded, s, driver, aux, range, group_by));
                    found.extend(streams);
                }
                Input::Subquery(output) => {
                    whole.extend(self.of_subquery(output, driver, aux, range, group_by))
                }
                Input::Summed(_) => {}
            }
        }
        self.slimit(&mut found)?;
        if !ordered {
            found.extend(whole);
            return Ok(Stream::concat(found, aux.len()));
        }
        // Series that are shown as one are merged at once, in the order of their keys.
        let ranks = self.run.groups.borrow().ranks(&self.outer_dims);
        let mut by_place: BTreeMap<u32, Vec<Stream>> = BTreeMap::new();
        for stream in found {
            by_place.entry(ranks[stream.group[0] as usize]).or_default().push(stream);
        }
        let mut inputs = Vec::new();
        for (_, mut streams) in by_place {
            if !self.ascending {
                streams.reverse();
            }
            inputs.push(Stream::merge(streams, &ranks, self.ascending, aux.len()));
        }
        if !self.ascending {
            inputs.reverse();
        }
        inputs.extend(whole);
        Ok(Stream::merge(inputs, &ranks, self.ascending, aux.len()))
    }

    /// SLIMIT and SOFFSET, measurement by measurement: they count what is shown as one series, with rows or without.
    pub(super) fn slimit(&self, found: &mut Vec<Stream>) -> Result<()> {
        let (limit, offset) = self.series;
        if limit == 0 && offset == 0 {
            return Ok(());
        }
        let shown = |tags: &dyn Fn(&str) -> String| -> Vec<String> {
            self.outer_dims.iter().map(|d| tags(d)).collect()
        };
        let groups = self.run.groups.borrow();
        let key = |stream: &Stream| {
            let group = groups.get(stream.group[0]);
            let tag =
                |d: &str| group.tags.iter().find(|(k, _)| k == d).map(|(_, v)| v.clone()).unwrap_or_default();
            (group.name.to_string(), shown(&tag))
        };
        let mut all: BTreeMap<String, BTreeSet<Vec<String>>> = BTreeMap::new();
        for (name, tags) in found.iter().map(key) {
            all.entry(name).or_default().insert(tags);
        }
        for (bucket, names) in &self.measured {
            let range = (self.start, self.end);
            let fields = crate::meta::listing(self.run, *bucket, names, range, None)?;
            let is_field = |name: &str| fields.values().any(|l| l.fields.contains_key(name));
            let rest = self.rest.as_ref().map(|rest| (rest, &is_field as &dyn Fn(&str) -> bool));
            for (name, listing) in crate::meta::listing(self.run, *bucket, names, range, rest)? {
                let tags = all.entry(name).or_default();
                for series in &listing.series {
                    tags.insert(shown(&|d| SeriesKey(series).tag(d).unwrap_or_default().into_owned()));
                }
            }
        }
        let (first, count) = (offset as usize, limit as usize);
        found.retain(|stream| {
            let (name, tags) = key(stream);
            let place = all.get(&name).and_then(|all| all.iter().position(|t| *t == tags));
            place.is_some_and(|place| place >= first && place - first < count)
        });
        Ok(())
    }

    pub(super) fn of_series(
        &self,
        loaded: &Loaded,
        series: &Series,
        driver: Option<&Expr>,
        aux: &[Expr],
        (start, end): (i64, i64),
        group_by: &BTreeSet<String>,
    ) -> Option<Stream> {
        let first = series.times.partition_point(|t| *t < start);
        let last = series.times.partition_point(|t| *t <= end);
        if first >= last {
            return None;
        }
        let column = |expr: &Expr| -> (bool, Column) {
            let Expr::VarRef { name, ty } = expr else { return (false, Column::Null(series.times.len())) };
            let is_field = *ty != DataType::Tag && loaded.types.contains_key(name);
            if is_field {
                let found = series.fields.get(name);
                let to = field_type(*ty).or_else(|| loaded.types.get(name).copied());
                let cast = found.and_then(|c| to.map_or_else(|| Some(c.clone()), |to| c.cast(to)));
                return (true, cast.unwrap_or(Column::Null(series.times.len())));
            }
            let value = match ty {
                DataType::Any | DataType::Tag => series.tag(name).map_or(Value::Null, text),
                _ => Value::Null,
            };
            (false, Column::repeat(&value, series.times.len()))
        };
        let aux: Vec<(bool, Column)> = aux.iter().map(column).collect();
        let driver = driver.map(column);
        let wanted = |row: usize| match &driver {
            Some((field, column)) => *field && !column.is_null(row),
            None => aux.iter().any(|(field, column)| *field && !column.is_null(row)),
        };
        let mut rows: Vec<usize> = (first..last).filter(|r| wanted(*r)).collect();
        if rows.is_empty() {
            return None;
        }
        if !self.ascending {
            rows.reverse();
        }
        let tags =
            group_by.iter().map(|k| (k.clone(), series.tag(k).unwrap_or_default().to_owned())).collect();
        let group =
            self.run.groups.borrow_mut().number(Group { name: Arc::clone(&series.measurement), tags });
        Some(Stream {
            group: vec![group; rows.len()],
            time: rows.iter().map(|r| series.times[*r]).collect(),
            value: driver.map_or(Column::Null(rows.len()), |(_, c)| c.take(&rows)),
            aux: aux.iter().map(|(_, c)| c.take(&rows)).collect(),
        })
    }

    pub(super) fn of_subquery(
        &self,
        output: &Output,
        driver: Option<&Expr>,
        aux: &[Expr],
        (start, end): (i64, i64),
        group_by: &BTreeSet<String>,
    ) -> Option<Stream> {
        let renumbered: Vec<u32> = {
            let mut groups = self.run.groups.borrow_mut();
            let mut number = |group: &u32| {
                let group = groups.get(*group).clone();
                let value = |k: &String| {
                    group.tags.iter().find(|(name, _)| name == k).map(|(_, v)| v.clone()).unwrap_or_default()
                };
                let tags = group_by.iter().map(|k| (k.clone(), value(k))).collect();
                groups.number(Group { name: Arc::clone(&group.name), tags })
            };
            let mut known = hashbrown::HashMap::new();
            output.group.iter().map(|g| *known.entry(*g).or_insert_with(|| number(g))).collect()
        };
        let groups = self.run.groups.borrow();
        let frame = SubqueryFrame { output, groups: &groups, of_condition: false };
        let filter = SubqueryFrame { output, groups: &groups, of_condition: true };
        let rows = output.time.len();
        let column = |expr: &Expr| frame.column(expr).unwrap_or(Column::Null(rows));
        let keep = self.rest.as_ref().map(|rest| eval(&without_math(rest), &filter));
        let asked = aux;
        let aux: Vec<Column> = aux.iter().map(column).collect();
        let value = driver.map(column);
        // Rows of a source that has nothing of what is asked for are there all the same where another source has it.
        if driver.is_none() && aux.iter().all(|c| c.ty().is_none()) && !self.knows_any(asked) {
            return None;
        }
        let first = if start == self.start && self.windows.every > 0 {
            self.windows.start(start, start)
        } else {
            start
        };
        let wanted = |row: usize| {
            let holds = match &keep {
                None => true,
                Some(Column::Boolean(v)) => v[row] == Some(true),
                Some(_) => false,
            };
            let t = output.time[row];
            holds
                && t <= end
                && (t >= first || start == self.start)
                && value.as_ref().is_none_or(|v| !v.is_null(row))
        };
        let rows: Vec<usize> = (0..rows).filter(|r| wanted(*r)).collect();
        Some(Stream {
            group: rows.iter().map(|r| renumbered[*r]).collect(),
            time: rows.iter().map(|r| output.time[*r]).collect(),
            value: value.map_or(Column::Null(rows.len()), |c| c.take(&rows)),
            aux: aux.iter().map(|c| c.take(&rows)).collect(),
        })
    }
}

impl Running<'_> {
    /// Whether a source has a column of one of these references.
    fn knows_any(&self, references: &[Expr]) -> bool {
        let named = |has: &dyn Fn(&str) -> bool| {
            references.iter().any(|r| matches!(r, Expr::VarRef { name, .. } if has(name)))
        };
        self.inputs.iter().any(|input| match input {
            Input::Measurements(loaded) => named(&|name| loaded.types.contains_key(name)),
            Input::Subquery(output) => named(&|name| {
                let place = output.names.iter().position(|n| n == name);
                place.is_some_and(|i| output.columns[i].ty().is_some())
            }),
            Input::Summed(_) => false,
        })
    }
}

/// A condition on the rows of a subquery, which no function is called in: as in the reference, what one would answer is
/// not known there.
fn without_math(condition: &Expr) -> Expr {
    match condition {
        Expr::Call { .. } => Expr::VarRef { name: String::new(), ty: weir_influxql_syntax::DataType::Any },
        Expr::Paren(inner) => Expr::Paren(Box::new(without_math(inner))),
        Expr::Binary { op, lhs, rhs } => Expr::binary(*op, without_math(lhs), without_math(rhs)),
        other => other.clone(),
    }
}
