//! SELECT: from a tree to columns.

mod aggregate;
mod calls;
mod ends;
mod expand;
mod go_sort;
mod integral;
mod load;
mod names;
mod predict;
mod sources;
mod stream;
mod summed;
mod transform;
mod types;
mod validate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use weir_batch::FieldType;
use weir_influxql_syntax::{DataType, Expr, Fill, Measurement, Select, Source};

pub(crate) use stream::Groups;

use crate::column::Column;
use crate::condition::{Clock, split};
use crate::engine::Run;
use crate::error::{InfluxQlError, Result};
use crate::eval::{Frame, eval};
use crate::time::{MAX_TIME, MIN_TIME, Windows};
use load::{Loaded, load};
use stream::Stream;

/// The field type that a cast asks for.
pub(crate) fn field_type(ty: DataType) -> Option<FieldType> {
    match ty {
        DataType::Float => Some(FieldType::Float),
        DataType::Integer => Some(FieldType::Integer),
        DataType::Unsigned => Some(FieldType::Unsigned),
        DataType::String => Some(FieldType::String),
        DataType::Boolean => Some(FieldType::Boolean),
        _ => None,
    }
}

/// What a subquery takes over from the query around it.
pub(crate) struct Parent {
    start: i64,
    end: i64,
    ascending: bool,
    every: i64,
    offset: i64,
    dims: Vec<String>,
    group_by: BTreeSet<String>,
    series: (u64, u64),
    /// Whether it wants the rows by time, not series by series.
    ordered: bool,
}

/// The rows of a SELECT, column by column, in order.
#[derive(Debug)]
pub(crate) struct Output {
    /// What the time is called.
    pub(crate) time_name: String,
    /// The names of the columns after the time.
    pub(crate) names: Vec<String>,
    pub(crate) group: Vec<u32>,
    pub(crate) time: Vec<i64>,
    pub(crate) columns: Vec<Column>,
    /// What `GROUP BY` names.
    pub(crate) dims: Vec<String>,
    /// Where clocks are read for showing times.
    pub(crate) zone: Option<TimeZone>,
}

/// A source, read.
enum Input {
    Measurements(Loaded),
    Subquery(Output),
    Summed(summed::Summed),
}

/// A SELECT while it runs.
struct Running<'a> {
    run: &'a Run<'a>,
    select: &'a Select,
    start: i64,
    end: i64,
    windows: Windows,
    ascending: bool,
    fill: Fill,
    /// By which tags the final rows are grouped; a subquery has those of the query around it.
    outer_dims: Vec<String>,
    /// By which tags points are grouped here.
    group_by: BTreeSet<String>,
    /// SLIMIT and SOFFSET, with those of the query around it.
    series: (u64, u64),
    /// Whether rows as they are come by time, not series by series.
    ordered: bool,
    /// WHERE without time.
    rest: Option<Expr>,
    inputs: Vec<Input>,
    /// The measurements among them.
    measured: Vec<(weir_model::Id, Vec<String>)>,
}

/// A source, found.
enum Found<'a> {
    Measurements { bucket: weir_model::Id, names: Vec<String> },
    Subquery(&'a Select),
}

/// Runs a SELECT.
pub(crate) fn run(run: &Run<'_>, select: &Select, parent: Option<&Parent>) -> Result<Output> {
    if select.target.is_some() {
        return Err(InfluxQlError::not_implemented("SELECT INTO"));
    }
    let select = &expand::without_distinct(select);
    let zone = zone_of(select)?;
    let clock = Clock { now: run.now, zone: zone.as_ref() };
    let parts = split(select.condition.as_ref(), clock)?;
    let (own_every, mut offset) = interval(select, clock)?;
    validate::validate(select, own_every)?;
    let mut ascending = !select.descending.unwrap_or(false);
    let (mut start, mut end) = (parts.start.unwrap_or(MIN_TIME), parts.end.unwrap_or(MAX_TIME));
    let mut every = own_every;
    let mut fill = select.fill;
    if let Some(parent) = parent {
        if select.descending.is_some() && ascending != parent.ascending {
            return Err(InfluxQlError::invalid(
                "subqueries must be ordered in the same direction as the query itself",
            ));
        }
        ascending = parent.ascending;
        (start, end) = (start.max(parent.start), end.min(parent.end));
        if every == 0 {
            (every, offset) = (parent.every, parent.offset);
        }
        // The query around it leaves nulls out anyway.
        if matches!(fill, Fill::Default | Fill::Null) {
            fill = Fill::None;
        }
    }
    if every > 0 && end == MAX_TIME {
        end = run.now.max(start);
    }
    let found = find_sources(run, select, (start, end))?;
    let schema =
        expand::needs_schema(select).then(|| expand::schema(run, &found, (start, end))).transpose()?;
    let dims = expand::dimensions(select, schema.as_ref())?;
    let mut group_by: BTreeSet<String> = dims.iter().cloned().collect();
    let mut outer_dims = dims.clone();
    if let Some(parent) = parent {
        group_by.extend(parent.group_by.iter().cloned());
        outer_dims.clone_from(&parent.dims);
    }
    outer_dims.sort();
    outer_dims.dedup();
    let mut running = Running {
        run,
        select,
        start,
        end,
        windows: Windows { every, offset, zone: zone.clone() },
        ascending,
        fill,
        outer_dims,
        group_by,
        series: parent.map_or((select.slimit, select.soffset), |p| {
            (select.slimit.saturating_add(p.series.0), select.soffset.saturating_add(p.series.1))
        }),
        ordered: parent.is_none_or(|p| p.ordered),
        rest: parts.rest,
        inputs: Vec::new(),
        measured: Vec::new(),
    };
    let (first, last) = running.widest_range();
    let mut subqueries = Vec::new();
    for source in &found {
        if let Found::Subquery(inner) = source {
            let parent = Parent {
                start: first,
                end: last,
                ascending,
                every,
                offset,
                dims: running.outer_dims.clone(),
                group_by: running.group_by.clone(),
                series: running.series,
                ordered: wants_order(select).unwrap_or(running.ordered),
            };
            subqueries.push(self::run(run, inner, Some(&parent))?);
        }
    }
    let fields = expand::fields(select, schema.as_ref(), &subqueries, &dims)?;
    let wanted = expand::references(&fields);
    // What summaries tell is not read row by row.
    let told = match running.summed_inputs(&found, &fields)? {
        None => running.newest_inputs(&found, &fields)?,
        some => some,
    };
    let mut subqueries = subqueries.into_iter();
    for source in found {
        match source {
            Found::Measurements { bucket, names } if told.is_some() => running.measured.push((bucket, names)),
            Found::Measurements { bucket, names } => {
                let rest = running.rest.as_ref();
                let loaded = load(run, bucket, &names, &wanted, (first, last), rest)?;
                running.measured.push((bucket, names));
                running.inputs.push(Input::Measurements(loaded));
            }
            Found::Subquery(_) => {
                let output =
                    subqueries.next().ok_or_else(|| InfluxQlError::invalid("a subquery is missing"))?;
                running.inputs.push(Input::Subquery(output));
            }
        }
    }
    if let Some(told) = told {
        running.inputs = told;
    }
    running.check_types(&fields)?;
    let (group, time, columns) = running.execute(&fields)?;
    let shown = expand::shown_fields(&fields);
    let columns = if parent.is_some() { running.as_declared(&shown, columns)? } else { columns };
    let names = names::column_names(&shown);
    Ok(Output { time_name: names::of_time(select), names, group, time, columns, dims, zone })
}

/// Whether the functions of a SELECT look at the rows of a subquery in the order of their times: those that need no
/// order read series by series, which a LIMIT there shows. `None` without a function.
fn wants_order(select: &Select) -> Option<bool> {
    let mut wants = None;
    for field in &select.fields {
        field.expr.walk(&mut |e| match e {
            Expr::Call { name, .. } if crate::eval::is_math(name) => true,
            Expr::Call { name, .. } => {
                let any_order =
                    matches!(name.as_str(), "min" | "max" | "sum" | "first" | "last" | "mean" | "count");
                wants = Some(wants.unwrap_or(false) || !any_order);
                false
            }
            _ => true,
        });
    }
    wants
}

/// The zone of `tz()`.
pub(crate) fn zone_of(select: &Select) -> Result<Option<TimeZone>> {
    match &select.zone {
        None => Ok(None),
        Some(name) if name == "UTC" || name.is_empty() => Ok(Some(TimeZone::UTC)),
        Some(name) => TimeZone::get(name)
            .map(Some)
            .map_err(|_| InfluxQlError::invalid(format!("unable to find time zone {name}"))),
    }
}

/// Length and offset of `GROUP BY time`.
fn interval(select: &Select, clock: Clock<'_>) -> Result<(i64, i64)> {
    let mut out = None;
    for dimension in &select.dimensions {
        let Expr::Call { name, args } = &dimension.expr else { continue };
        if name != "time" {
            return Err(InfluxQlError::invalid("only time() calls allowed in dimensions"));
        }
        if args.is_empty() || args.len() > 2 {
            return Err(InfluxQlError::invalid("time dimension expected 1 or 2 arguments"));
        }
        let Expr::Duration(every) = args[0].unparen() else {
            return Err(InfluxQlError::invalid("time dimension must have duration argument"));
        };
        if out.is_some() {
            return Err(InfluxQlError::invalid("multiple time dimensions not allowed"));
        }
        let every = (*every).max(0);
        let offset = match args.get(1).map(Expr::unparen) {
            None => 0,
            Some(Expr::Duration(offset)) if every > 0 => offset % every,
            Some(Expr::Call { name, args }) if name == "now" && args.is_empty() && every > 0 => {
                clock.now.rem_euclid(every)
            }
            Some(other) => {
                return Err(InfluxQlError::invalid(format!("invalid time dimension offset: {other}")));
            }
        };
        out = Some((every, offset));
    }
    Ok(out.unwrap_or((0, 0)))
}

fn find_sources<'a>(run: &Run<'_>, select: &'a Select, range: (i64, i64)) -> Result<Vec<Found<'a>>> {
    let mut out: Vec<Found<'a>> = Vec::new();
    for source in &select.sources {
        match source {
            Source::Subquery(inner) => out.push(Found::Subquery(inner)),
            Source::Measurement(measurement) => {
                let (bucket, names) = measurements(run, measurement, range)?;
                // Measurements of one bucket are read at once.
                match out.last_mut() {
                    Some(Found::Measurements { bucket: known, names: list }) if *known == bucket => {
                        list.extend(names)
                    }
                    _ => out.push(Found::Measurements { bucket, names }),
                }
            }
        }
    }
    for found in &mut out {
        if let Found::Measurements { names, .. } = found {
            names.sort();
            names.dedup();
        }
    }
    Ok(out)
}

fn measurements(
    run: &Run<'_>,
    measurement: &Measurement,
    range: (i64, i64),
) -> Result<(weir_model::Id, Vec<String>)> {
    let bucket = run.bucket(&measurement.database, &measurement.policy)?;
    let names = match &measurement.name {
        weir_influxql_syntax::MeasurementName::Name(name) => vec![name.clone()],
        weir_influxql_syntax::MeasurementName::Regex(regex) => {
            crate::meta::names_matching(run, bucket, regex, range)?
        }
        weir_influxql_syntax::MeasurementName::Same => {
            return Err(InfluxQlError::invalid("a source cannot be :MEASUREMENT"));
        }
    };
    Ok((bucket, names))
}

/// The final columns of a SELECT before its expressions are evaluated.
struct Table<'a> {
    rows: usize,
    known: &'a BTreeMap<String, Column>,
}

impl Frame for Table<'_> {
    fn rows(&self) -> usize {
        self.rows
    }

    fn column(&self, expr: &Expr) -> Option<Column> {
        self.known.get(&expr.to_string()).cloned()
    }
}

struct SubqueryFrame<'a> {
    output: &'a Output,
    groups: &'a Groups,
    /// Whether a condition looks for its columns, to which whatever is no column is a tag, if need be an empty one.
    of_condition: bool,
}

impl Frame for SubqueryFrame<'_> {
    fn rows(&self) -> usize {
        self.output.time.len()
    }

    fn column(&self, expr: &Expr) -> Option<Column> {
        let Expr::VarRef { name, ty } = expr else { return None };
        if let Some(i) = self.output.names.iter().position(|n| n == name) {
            let column = &self.output.columns[i];
            return match field_type(*ty) {
                Some(to) => column.cast(to),
                None => Some(column.clone()),
            };
        }
        if name.is_empty() || !(self.of_condition || self.output.dims.contains(name)) {
            return None;
        }
        let value = |group: &u32| {
            let tags = &self.groups.get(*group).tags;
            let value = tags.iter().find(|(k, _)| k == name).map(|(_, v)| Arc::from(v.as_str()));
            if self.of_condition { value.or_else(|| Some(Arc::from(""))) } else { value }
        };
        Some(Column::String(self.output.group.iter().map(value).collect()))
    }
}

impl Running<'_> {
    /// The times read, with the windows before the first that transformations want.
    fn widest_range(&self) -> (i64, i64) {
        let mut extra = 0;
        for field in &self.select.fields {
            field.expr.walk(&mut |e| {
                if let Expr::Call { name, args } = e {
                    extra = extra.max(transform::extra_windows(name, args));
                }
                true
            });
        }
        self.extended(extra)
    }

    fn extended(&self, windows: i64) -> (i64, i64) {
        let more = windows.saturating_mul(self.windows.every);
        if self.ascending {
            let start =
                if self.start == MIN_TIME { MIN_TIME } else { self.start.saturating_sub(more).max(MIN_TIME) };
            (start, self.end)
        } else {
            (
                self.start,
                if self.end == MAX_TIME { MAX_TIME } else { self.end.saturating_add(more).min(MAX_TIME) },
            )
        }
    }

    fn execute(&self, fields: &[weir_influxql_syntax::Field]) -> Result<(Vec<u32>, Vec<i64>, Vec<Column>)> {
        let mut calls: Vec<Expr> = Vec::new();
        let mut refs: Vec<Expr> = Vec::new();
        for field in expand::shown_fields(fields) {
            collect(&field.expr, &mut calls, &mut refs);
        }
        refs.sort_by_key(ToString::to_string);
        let mut known: BTreeMap<String, Column> = BTreeMap::new();
        let (group, time);
        if calls.is_empty() {
            let stream = self.limited(self.raw(&refs)?);
            (group, time) = (stream.group, stream.time);
            for (r, column) in refs.iter().zip(stream.aux) {
                known.insert(r.to_string(), column);
            }
        } else {
            let selector = calls.len() == 1
                && matches!(&calls[0], Expr::Call { name, .. } if validate::is_selector(name));
            let mut streams = Vec::new();
            for call in &calls {
                streams.push(self.limited(self.call(call, &refs, selector)?));
            }
            (group, time) = self.join(&calls, &refs, streams, &mut known);
        }
        let table = Table { rows: time.len(), known: &known };
        let columns = expand::shown_fields(fields).iter().map(|f| eval(&f.expr, &table)).collect();
        self.run.check()?;
        Ok((group, time, columns))
    }

    fn limited(&self, stream: Stream) -> Stream {
        stream.limited(self.select.limit, self.select.offset)
    }

    /// Rows as they are: those that have one of the fields.
    fn raw(&self, refs: &[Expr]) -> Result<Stream> {
        let ordered = self.ordered || self.windows.every > 0;
        let mut stream = self.source(None, refs, (self.start, self.end), ordered, &self.group_by)?;
        // OFFSET without LIMIT: the reference reads one point more than it passes over, and no further.
        if self.select.limit == 0 && self.select.offset > 0 && !self.reads_subquery() {
            stream = stream.limited(self.select.offset.saturating_add(1), 0);
        }
        Ok(stream)
    }

    fn reads_subquery(&self) -> bool {
        self.inputs.iter().any(|i| matches!(i, Input::Subquery(_)))
    }
}

/// The calls that are computed over points, and the references outside of them.
fn collect(expr: &Expr, calls: &mut Vec<Expr>, refs: &mut Vec<Expr>) {
    match expr {
        Expr::Call { name, args } if crate::eval::is_math(name) => {
            args.iter().for_each(|a| collect(a, calls, refs))
        }
        Expr::Call { .. } if !calls.contains(expr) => calls.push(expr.clone()),
        Expr::VarRef { .. } if !refs.contains(expr) => refs.push(expr.clone()),
        Expr::Binary { lhs, rhs, .. } => {
            collect(lhs, calls, refs);
            collect(rhs, calls, refs);
        }
        Expr::Paren(e) => collect(e, calls, refs),
        _ => {}
    }
}
