//! Statements, one after the other.

use std::cell::{OnceCell, RefCell};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::runtime::Handle;
use weir_batch::{ColumnRef, Predicate, TimeRange};
use weir_influxql_syntax::{Expr, Measurement, MeasurementName, Params, Select, Source, Statement, parse};
use weir_model::{ErrorCode, Id};

use crate::column::{Column, Value};
use crate::condition::{Clock, split, tag_predicate};
use crate::env::{Environment, Mapping};
use crate::error::{InfluxQlError, Result};
use crate::select::{self, Groups, Output};
use crate::time::{MAX_TIME, MIN_TIME};

/// What a query may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of memory for what is read.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 2 << 30 }
    }
}

/// A query.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The statements.
    pub text: String,
    /// The database that statements mean when they name none; empty for none.
    pub database: String,
    /// The retention policy that they mean; empty for the default.
    pub policy: String,
    /// Bound parameters.
    pub params: Params,
    /// What `now()` answers, nanoseconds since 1970.
    pub now: i64,
    /// So many values of a series come in one piece.
    pub chunk_size: usize,
}

/// Some rows of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The measurement, or what is listed; empty for none.
    pub name: Arc<str>,
    /// The tags grouped by.
    pub tags: Vec<(String, String)>,
    /// The names of the columns.
    pub columns: Arc<[String]>,
    /// The rows.
    pub values: Vec<Vec<Value>>,
    /// Whether more rows of this series follow.
    pub partial: bool,
    /// Where clocks are read for showing times.
    pub zone: Option<jiff::tz::TimeZone>,
}

/// A piece of what a statement answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StatementResult {
    /// Which statement, from 0.
    pub id: usize,
    /// Rows, each of another series.
    pub rows: Vec<Row>,
    /// Whether more of this statement follows.
    pub partial: bool,
    /// Why the statement failed.
    pub error: Option<String>,
}

/// Takes the pieces of an answer; an error stops the query.
pub(crate) type Sink<'a> = dyn FnMut(StatementResult) -> Result<()> + 'a;

/// Runs queries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engine {
    limits: Limits,
}

/// A query while it runs.
pub(crate) struct Run<'a> {
    pub(crate) env: &'a dyn Environment,
    pub(crate) now: i64,
    pub(crate) limits: Limits,
    pub(crate) groups: RefCell<Groups>,
    request: &'a Request,
    cancelled: &'a AtomicBool,
    runtime: Handle,
    mappings: OnceCell<Vec<Mapping>>,
}

impl Run<'_> {
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Stops a query that nobody waits for.
    pub(crate) fn check(&self) -> Result<()> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(InfluxQlError { code: ErrorCode::Canceled, message: "query interrupted".to_owned() });
        }
        Ok(())
    }

    pub(crate) fn mappings(&self) -> Result<&[Mapping]> {
        if let Some(known) = self.mappings.get() {
            return Ok(known);
        }
        let found = self.block_on(self.env.mappings())?;
        Ok(self.mappings.get_or_init(|| found))
    }

    /// The database that is meant: the one named, or the request's.
    pub(crate) fn database<'b>(&'b self, named: &'b str) -> Result<&'b str> {
        let name = if named.is_empty() { self.request.database.as_str() } else { named };
        if name.is_empty() { Err(InfluxQlError::invalid("database name required")) } else { Ok(name) }
    }

    /// The bucket of a database and a policy, either of which may be empty.
    pub(crate) fn bucket(&self, database: &str, policy: &str) -> Result<Id> {
        let policy =
            if policy.is_empty() && database.is_empty() { self.request.policy.as_str() } else { policy };
        let database = self.database(database)?;
        let of_database = || self.mappings().map(|all| all.iter().filter(|m| m.database == database));
        if of_database()?.next().is_none() {
            return Err(InfluxQlError::invalid(format!("database not found: {database}")));
        }
        if policy.is_empty() {
            let default = of_database()?.find(|m| m.default);
            return default.map(|m| m.bucket).ok_or_else(|| {
                InfluxQlError::invalid(format!("default retention policy not set for: {database}"))
            });
        }
        let found = of_database()?.find(|m| m.policy == policy);
        found
            .map(|m| m.bucket)
            .ok_or_else(|| InfluxQlError::invalid(format!("retention policy not found: {policy}")))
    }
}

impl Engine {
    /// An engine.
    pub fn new(limits: Limits) -> Self {
        Self { limits }
    }

    /// Reads the statements of a query.
    ///
    /// # Errors
    /// What does not parse.
    pub fn parse(&self, request: &Request) -> std::result::Result<Vec<Statement>, InfluxQlError> {
        let failed = |why: String| InfluxQlError::invalid(format!("failed to parse query: {why}"));
        let statements = parse(&request.text, &request.params).map_err(|e| failed(e.to_string()))?;
        for statement in &statements {
            if let Statement::Select(select) | Statement::Explain { select, .. } = statement {
                check_zones(select).map_err(|e| failed(e.message))?;
            }
        }
        Ok(statements)
    }

    /// Runs the statements of a query on the calling thread, which must be none of the runtime's own but know it.
    ///
    /// # Errors
    /// Text that does not parse, a query that was cancelled, and what the sink says. What is wrong with a statement is
    /// part of the answer.
    pub fn run(
        &self,
        request: &Request,
        env: &dyn Environment,
        cancelled: &AtomicBool,
        sink: &mut dyn FnMut(StatementResult) -> std::result::Result<(), InfluxQlError>,
    ) -> std::result::Result<(), InfluxQlError> {
        let statements = self.parse(request)?;
        let run = Run {
            env,
            now: request.now,
            limits: self.limits,
            groups: RefCell::new(Groups::default()),
            request,
            cancelled,
            runtime: Handle::current(),
            mappings: OnceCell::new(),
        };
        let mut failed = false;
        for (id, statement) in statements.iter().enumerate() {
            if failed {
                sink(StatementResult {
                    id,
                    error: Some("not executed".to_owned()),
                    ..StatementResult::default()
                })?;
                continue;
            }
            run.groups.replace(Groups::default());
            let mut stopped = None;
            let outcome = execute(&run, id, statement, &mut |result| {
                sink(result).inspect_err(|e| stopped = Some(e.clone()))
            });
            if let Some(error) = stopped {
                return Err(error);
            }
            if let Err(error) = outcome {
                if error.code == ErrorCode::Canceled {
                    return Err(error);
                }
                failed = true;
                sink(StatementResult { id, error: Some(error.message), ..StatementResult::default() })?;
            }
        }
        Ok(())
    }
}

fn check_zones(select: &Select) -> Result<()> {
    select::zone_of(select)?;
    select.sources.iter().try_for_each(|s| match s {
        Source::Subquery(inner) => check_zones(inner),
        Source::Measurement(_) => Ok(()),
    })
}

/// Whether the buckets are there that a SELECT would read.
fn check_buckets(run: &Run<'_>, select: &Select) -> Result<()> {
    select.sources.iter().try_for_each(|source| match source {
        Source::Subquery(inner) => check_buckets(run, inner),
        Source::Measurement(m) => run.bucket(&m.database, &m.policy).map(|_| ()),
    })
}

fn execute(run: &Run<'_>, id: usize, statement: &Statement, sink: &mut Sink<'_>) -> Result<()> {
    match statement {
        Statement::Select(select) => {
            let output = select::run(run, select, None)?;
            send(run, id, output, sink)
        }
        Statement::Explain { analyze, select, .. } => {
            check_buckets(run, select)?;
            let mut lines = vec![format!("EXPRESSION: {select}")];
            for source in &select.sources {
                lines.push(format!("SOURCE: {source}"));
            }
            if *analyze {
                let output = select::run(run, select, None)?;
                lines.push(format!("ROWS: {}", output.time.len()));
            } else if select.target.is_some() {
                return Err(InfluxQlError::not_implemented("SELECT INTO"));
            }
            let column = if *analyze { "EXPLAIN ANALYZE" } else { "QUERY PLAN" };
            let values = lines.into_iter().map(|l| vec![Value::String(l.into())]).collect();
            let row = crate::meta::row("", &[column], values);
            sink(StatementResult { id, rows: vec![row], ..StatementResult::default() })
        }
        Statement::Delete { sources, condition } => delete(run, sources, condition.as_ref()),
        Statement::DropSeries { .. } => Err(InfluxQlError::not_implemented("DROP SERIES")),
        Statement::DropMeasurement(name) => {
            let name = MeasurementName::Name(name.clone());
            delete(run, &[Measurement { database: String::new(), policy: String::new(), name }], None)
        }
        Statement::Admin(admin) => Err(InfluxQlError::not_implemented(admin.name)),
        show => crate::meta::execute(run, id, show, sink),
    }
}

/// Sends the rows of a SELECT, series by series, in pieces.
fn send(run: &Run<'_>, id: usize, output: Output, sink: &mut Sink<'_>) -> Result<()> {
    for column in &output.columns {
        if let Column::Float(v) = column
            && let Some(inf) = v.iter().flatten().find(|v| v.is_infinite())
        {
            let sign = if *inf > 0.0 { '+' } else { '-' };
            return Err(InfluxQlError::invalid(format!("json: unsupported value: {sign}Inf")));
        }
    }
    let rows = output.time.len();
    if rows == 0 {
        return sink(StatementResult { id, ..StatementResult::default() });
    }
    let columns: Arc<[String]> =
        std::iter::once(output.time_name.clone()).chain(output.names.iter().cloned()).collect();
    let size = if run.request.chunk_size == 0 { usize::MAX } else { run.request.chunk_size };
    let mut from = 0;
    while from < rows {
        let group = output.group[from];
        let run_end = (from..rows).find(|r| output.group[*r] != group).unwrap_or(rows);
        let to = run_end.min(from.saturating_add(size));
        let (name, tags) = {
            let groups = run.groups.borrow();
            let group = groups.get(group);
            (Arc::clone(&group.name), group.tags.to_vec())
        };
        let value = |row: usize, column: &Column| match column.get(row) {
            Value::Float(v) if v.is_nan() => Value::Null,
            v => v,
        };
        let values = (from..to)
            .map(|r| {
                let time = std::iter::once(Value::Time(output.time[r]));
                time.chain(output.columns.iter().map(|c| value(r, c))).collect()
            })
            .collect();
        let zone = output.zone.clone();
        let row = Row { name, tags, columns: Arc::clone(&columns), values, partial: to < run_end, zone };
        sink(StatementResult { id, rows: vec![row], partial: to < rows, error: None })?;
        from = to;
        run.check()?;
    }
    Ok(())
}

/// Deletes points of the request's database.
fn delete(run: &Run<'_>, sources: &[Measurement], condition: Option<&Expr>) -> Result<()> {
    let database = run.request.database.as_str();
    if database.is_empty() {
        return Ok(());
    }
    let policy = run.request.policy.as_str();
    let parts = split(condition, Clock { now: run.now, zone: None })?;
    let mut pushed = Vec::new();
    let mut predicate = Predicate::TRUE;
    if let Some(rest) = &parts.rest {
        predicate = tag_predicate(rest, &|_| true, &mut pushed)
            .ok_or_else(|| InfluxQlError::invalid("fields not allowed in DELETE conditions"))?;
        let mut names = std::collections::BTreeSet::new();
        rest.walk(&mut |e| {
            if let Expr::VarRef { name, .. } = e {
                names.insert(name.clone());
            }
            true
        });
        if names.iter().any(|n| !pushed.contains(n)) {
            return Err(InfluxQlError::invalid("fields not allowed in DELETE conditions"));
        }
    }
    let fits = |m: &&Mapping| m.database == database && (policy.is_empty() || m.policy == policy);
    let readable = run.mappings()?.iter().any(|m| fits(&m));
    let writable = run.block_on(run.env.writable())?;
    let buckets: Vec<Id> = writable.iter().filter(fits).map(|m| m.bucket).collect();
    if buckets.is_empty() {
        return Err(InfluxQlError::invalid(if readable {
            "insufficient permissions".to_owned()
        } else {
            format!("no dbrp mappings found: db={database}, rp={policy}, please check")
        }));
    }
    let range = TimeRange {
        start: parts.start.unwrap_or(MIN_TIME).max(MIN_TIME),
        stop: parts.end.unwrap_or(MAX_TIME).min(MAX_TIME).saturating_add(1),
    };
    if range.start >= range.stop {
        return Ok(());
    }
    for bucket in buckets {
        // Deletes name their measurements: what a regular expression matches is looked up first.
        let mut names = Vec::new();
        for source in sources {
            match &source.name {
                MeasurementName::Name(name) => names.push(name.clone()),
                MeasurementName::Regex(text) => {
                    names.extend(crate::meta::names_matching(run, bucket, text, (MIN_TIME, MAX_TIME))?);
                }
                MeasurementName::Same => {
                    return Err(InfluxQlError::invalid("a source cannot be :MEASUREMENT"));
                }
            }
        }
        if sources.is_empty() {
            run.block_on(run.env.delete(bucket, range, predicate.clone()))?;
        }
        for name in names {
            let named = Predicate::equals(ColumnRef::Measurement, name).and(predicate.clone());
            run.block_on(run.env.delete(bucket, range, named))?;
        }
    }
    Ok(())
}
