//! SHOW: what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regex::Regex;
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate, ScanRequest, SeriesKey, TimeRange};
use weir_influxql_syntax::{
    Cardinality, CardinalityOf, Expr, Measurement, MeasurementName, On, Op, ShowKeys, ShowMeasurements,
    Statement, TagKeys,
};
use weir_model::Id;

use crate::column::Value;
use crate::condition::{Clock, split, tag_predicate};
use crate::engine::{Row, Run, Sink, StatementResult};
use crate::env::Listing;
use crate::error::{InfluxQlError, Result};
use crate::time::{MAX_TIME, MIN_TIME};

/// Listings are as fine as shard groups are: a week from Monday to Monday.
const WEEK: i64 = 604_800_000_000_000;
/// A Monday: 1970-01-05.
const MONDAY: i64 = 4 * 86_400_000_000_000;

/// A row of a listing.
pub(crate) fn row(name: &str, columns: &[&str], values: Vec<Vec<Value>>) -> Row {
    let columns = columns.iter().map(|c| (*c).to_owned()).collect();
    Row { name: Arc::from(name), tags: Vec::new(), columns, values, partial: false, zone: None }
}

fn string(text: &str) -> Value {
    Value::String(Arc::from(text))
}

fn regex(text: &str) -> Result<Regex> {
    Regex::new(text).map_err(|error| InfluxQlError::invalid(error.to_string()))
}

fn weeks((start, end): (i64, i64)) -> TimeRange {
    let floor = |t: i64| t.saturating_sub(t.saturating_sub(MONDAY).rem_euclid(WEEK));
    let start = if start == MIN_TIME { i64::MIN } else { floor(start) };
    let stop = if end >= MAX_TIME { i64::MAX } else { floor(end).saturating_add(WEEK) };
    TimeRange { start, stop }
}

/// Whether a name is what is asked for.
type Holds<'a> = &'a dyn Fn(&str) -> bool;

/// The same, owned.
type Fits<'a> = Box<dyn Fn(&str) -> bool + 'a>;

/// What there is of measurements of these names, of series that a condition can hold for; with it comes what tells
/// fields from tags.
pub(crate) fn listing(
    run: &Run<'_>,
    bucket: Id,
    names: &[String],
    range: (i64, i64),
    condition: Option<(&Expr, Holds<'_>)>,
) -> Result<BTreeMap<String, Listing>> {
    if names.is_empty() || range.0 > range.1 {
        return Ok(BTreeMap::new());
    }
    let one = |name: &String| Predicate::equals(ColumnRef::Measurement, name.clone());
    let mut predicate = Predicate::Or(names.iter().map(one).collect());
    let tags = |(c, is_field): (&Expr, &dyn Fn(&str) -> bool)| {
        tag_predicate(c, &|name| !is_field(name), &mut Vec::new())
    };
    if let Some(tags) = condition.and_then(tags) {
        predicate = predicate.and(tags);
    }
    Ok(run.block_on(run.env.list(ScanRequest { bucket, range: weeks(range), predicate }))?)
}

/// The measurements whose names match.
pub(crate) fn names_matching(
    run: &Run<'_>,
    bucket: Id,
    pattern: &str,
    range: (i64, i64),
) -> Result<Vec<String>> {
    if range.0 > range.1 {
        return Ok(Vec::new());
    }
    let literal = Literal::Regex(regex(pattern)?);
    let predicate = Predicate::Compare { column: ColumnRef::Measurement, op: CompareOp::Match, literal };
    let found = run.block_on(run.env.list(ScanRequest { bucket, range: weeks(range), predicate }))?;
    Ok(found.into_keys().collect())
}

/// The listings that a statement asks for.
fn find(
    run: &Run<'_>,
    bucket: Id,
    sources: &[Measurement],
    condition: Option<&Expr>,
) -> Result<BTreeMap<String, Listing>> {
    let parts = split(condition, Clock { now: run.now, zone: None })?;
    let range = (parts.start.unwrap_or(MIN_TIME), parts.end.unwrap_or(MAX_TIME));
    if range.0 > range.1 {
        return Ok(BTreeMap::new());
    }
    let mut predicate = Predicate::TRUE;
    if let Some(rest) = &parts.rest
        && let Some(tags) = tag_predicate(rest, &|_| true, &mut Vec::new())
    {
        predicate = tags;
    }
    let mut named = Vec::new();
    for source in sources {
        named.push(match &source.name {
            MeasurementName::Name(name) => Predicate::equals(ColumnRef::Measurement, name.clone()),
            MeasurementName::Regex(text) => {
                let literal = Literal::Regex(regex(text)?);
                Predicate::Compare { column: ColumnRef::Measurement, op: CompareOp::Match, literal }
            }
            MeasurementName::Same => return Err(InfluxQlError::invalid("a source cannot be :MEASUREMENT")),
        });
    }
    if !named.is_empty() {
        predicate = Predicate::Or(named).and(predicate);
    }
    Ok(run.block_on(run.env.list(ScanRequest { bucket, range: weeks(range), predicate }))?)
}

fn window<T>(items: Vec<T>, limit: u64, offset: u64) -> Vec<T> {
    let limit = if limit == 0 { usize::MAX } else { usize::try_from(limit).unwrap_or(usize::MAX) };
    items.into_iter().skip(usize::try_from(offset).unwrap_or(usize::MAX)).take(limit).collect()
}

/// The bucket of a SHOW with `ON db`.
fn bucket_on(run: &Run<'_>, on: Option<&String>, listing: bool) -> Result<Id> {
    let database = run.database(on.map(String::as_str).unwrap_or_default())?;
    match run.bucket(database, "") {
        Err(_) if listing => {
            Err(InfluxQlError::invalid(format!("default retention policy not set for: {database}")))
        }
        other => other,
    }
}

fn fits(keys: &TagKeys) -> Result<Fits<'_>> {
    Ok(match keys {
        TagKeys::Equals(name) => Box::new(move |k| k == name),
        TagKeys::NotEquals(name) => Box::new(move |k| k != name),
        TagKeys::In(names) => Box::new(move |k| names.iter().any(|n| n == k)),
        TagKeys::Matches(text) => {
            let regex = regex(text)?;
            Box::new(move |k| regex.is_match(k))
        }
        TagKeys::NotMatches(text) => {
            let regex = regex(text)?;
            Box::new(move |k| !regex.is_match(k))
        }
    })
}

fn tag_keys(listing: &Listing) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for key in &listing.series {
        for (name, _) in SeriesKey(key).tags() {
            if !out.contains(name.as_ref()) {
                out.insert(name.into_owned());
            }
        }
    }
    out
}

fn tag_values(listing: &Listing, wanted: &dyn Fn(&str) -> bool) -> BTreeSet<(String, String)> {
    let tags = listing.series.iter().flat_map(|key| SeriesKey(key).tags());
    tags.filter(|(k, _)| wanted(k)).map(|(k, v)| (k.into_owned(), v.into_owned())).collect()
}

/// A measurement and the tags of a series, as line protocol writes them.
fn series_key(measurement: &str, key: &str) -> String {
    let escaped = |text: &str, equals: bool| {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(c, ',' | ' ') || (equals && c == '=') {
                out.push('\\');
            }
            out.push(c);
        }
        out
    };
    let mut out = escaped(measurement, false);
    for (k, v) in SeriesKey(key).tags() {
        out.push(',');
        out.push_str(&escaped(&k, true));
        out.push('=');
        out.push_str(&escaped(&v, true));
    }
    out
}

/// Sends rows one by one; a statement without any answers an empty result.
fn send(id: usize, rows: Vec<Row>, announces_more: bool, sink: &mut Sink<'_>) -> Result<()> {
    if rows.is_empty() {
        return sink(StatementResult { id, ..StatementResult::default() });
    }
    let last = rows.len() - 1;
    for (i, row) in rows.into_iter().enumerate() {
        sink(StatementResult { id, rows: vec![row], partial: announces_more && i < last, error: None })?;
    }
    Ok(())
}

/// Runs a SHOW.
pub(crate) fn execute(run: &Run<'_>, id: usize, statement: &Statement, sink: &mut Sink<'_>) -> Result<()> {
    match statement {
        Statement::ShowDatabases => {
            let names: BTreeSet<&str> = run.mappings()?.iter().map(|m| m.database.as_str()).collect();
            let values = names.into_iter().map(|n| vec![string(n)]).collect();
            send(id, vec![row("databases", &["name"], values)], true, sink)
        }
        Statement::ShowRetentionPolicies(on) => {
            let database = run.database(on.as_deref().unwrap_or_default())?;
            let of = run.mappings()?.iter().filter(|m| m.database == database);
            let values = of
                .map(|m| {
                    let default = Value::Boolean(m.default);
                    vec![string(&m.policy), string("0s"), string("168h0m0s"), Value::Integer(1), default]
                })
                .collect();
            let columns = ["name", "duration", "shardGroupDuration", "replicaN", "default"];
            send(id, vec![row("", &columns, values)], true, sink)
        }
        Statement::ShowMeasurements(show) => {
            let rows = measurements(run, show)?;
            send(id, rows, true, sink)
        }
        Statement::ShowTagKeys(show) => {
            let found =
                find(run, bucket_on(run, show.on.as_ref(), true)?, &show.sources, show.condition.as_ref())?;
            let rows = found.iter().filter_map(|(name, listing)| {
                let keys: Vec<String> = tag_keys(listing).into_iter().collect();
                let values: Vec<_> =
                    window(keys, show.limit, show.offset).iter().map(|k| vec![string(k)]).collect();
                (!values.is_empty()).then(|| row(name, &["tagKey"], values))
            });
            send(id, window(rows.collect(), show.slimit, show.soffset), false, sink)
        }
        Statement::ShowTagValues(show) => {
            let ShowKeys { on, sources, condition, limit, offset, .. } = &show.show;
            let found = find(run, bucket_on(run, on.as_ref(), true)?, sources, condition.as_ref())?;
            let wanted = fits(&show.keys)?;
            let rows = found.iter().filter_map(|(name, listing)| {
                let pairs: Vec<_> = tag_values(listing, &*wanted).into_iter().collect();
                let values: Vec<_> =
                    window(pairs, *limit, *offset).iter().map(|(k, v)| vec![string(k), string(v)]).collect();
                (!values.is_empty()).then(|| row(name, &["key", "value"], values))
            });
            send(id, rows.collect(), false, sink)
        }
        Statement::ShowFieldKeys(show) => {
            let found = find(run, bucket_on(run, show.on.as_ref(), false)?, &show.sources, None)?;
            let rows = found.iter().filter_map(|(name, listing)| {
                let fields: Vec<_> = listing.fields.iter().collect();
                let values: Vec<_> = window(fields, show.limit, show.offset)
                    .iter()
                    .map(|(k, ty)| vec![string(k), string(ty.as_str())])
                    .collect();
                (!values.is_empty()).then(|| row(name, &["fieldKey", "fieldType"], values))
            });
            send(id, rows.collect(), true, sink)
        }
        Statement::ShowSeries(show) => {
            let bucket = bucket_on(run, show.on.as_ref(), false)?;
            if orders(show.condition.as_ref()) {
                return Err(InfluxQlError::invalid("invalid tag comparison operator"));
            }
            let found = find(run, bucket, &show.sources, show.condition.as_ref())?;
            let mut keys: Vec<String> =
                found.iter().flat_map(|(name, l)| l.series.iter().map(|k| series_key(name, k))).collect();
            keys.sort();
            let values: Vec<_> =
                window(keys, show.limit, show.offset).iter().map(|k| vec![string(k)]).collect();
            let rows = if values.is_empty() { Vec::new() } else { vec![row("", &["key"], values)] };
            send(id, rows, true, sink)
        }
        Statement::ShowCardinality(show) => {
            let rows = cardinality(run, show)?;
            send(id, rows, true, sink)
        }
        other => Err(InfluxQlError::not_implemented(&other.to_string())),
    }
}

fn measurements(run: &Run<'_>, show: &ShowMeasurements) -> Result<Vec<Row>> {
    no_time(show.condition.as_ref(), "SHOW MEASUREMENTS")?;
    let sources: Vec<Measurement> = show.source.iter().cloned().collect();
    let names = |bucket: Id| -> Result<Vec<String>> {
        let found = find(run, bucket, &sources, None)?;
        match &show.condition {
            None => Ok(found.into_keys().collect()),
            Some(condition) => Ok(held_by(condition, &found)?.into_iter().map(str::to_owned).collect()),
        }
    };
    let (database, policy) = match &show.on {
        None => (run.database("")?.to_owned(), None),
        Some(On::Database { database, policy: None }) => (database.clone(), None),
        Some(On::Database { database, policy: Some(policy) }) => (database.clone(), Some(policy.clone())),
        Some(On::Any { database: None, policy: None }) => {
            return Err(InfluxQlError::invalid(
                "query 'SHOW MEASUREMENTS ON *' not supported. use 'ON *.*' or specify a database",
            ));
        }
        Some(On::Any { database: None, policy: Some(policy) }) if policy != "*" => {
            return Err(InfluxQlError::invalid(
                "query 'SHOW MEASUREMENTS ON *.rp' not supported. use 'ON *.*' or specify a database",
            ));
        }
        Some(On::Any { database, .. }) => {
            let mut values = Vec::new();
            for m in run.mappings()? {
                if database.as_ref().is_none_or(|d| *d == m.database) {
                    for name in names(m.bucket)? {
                        values.push(vec![string(&name), string(&m.database), string(&m.policy)]);
                    }
                }
            }
            let values = window(values, show.limit, show.offset);
            let columns = ["name", "database", "retention policy"];
            return Ok(if values.is_empty() {
                Vec::new()
            } else {
                vec![row("measurements", &columns, values)]
            });
        }
    };
    let mut of = run.mappings()?.iter().filter(|m| m.database == database);
    let mapping = match &policy {
        Some(policy) => of.find(|m| m.policy == *policy),
        None => of.find(|m| m.default),
    };
    let Some(mapping) = mapping else { return Ok(Vec::new()) };
    let found = window(names(mapping.bucket)?, show.limit, show.offset);
    if found.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![match policy {
        None => row("measurements", &["name"], found.iter().map(|n| vec![string(n)]).collect()),
        Some(policy) => {
            let values = found.iter().map(|n| vec![string(n), string(&database), string(&policy)]).collect();
            row("measurements", &["name", "database", "retention policy"], values)
        }
    }])
}

/// Refuses a condition that speaks of time.
fn no_time(condition: Option<&Expr>, statement: &str) -> Result<()> {
    let mut speaks = false;
    if let Some(condition) = condition {
        condition.walk(&mut |e| {
            speaks |= matches!(e, Expr::VarRef { name, .. } if name.eq_ignore_ascii_case("time"));
            true
        });
    }
    if speaks {
        return Err(InfluxQlError::invalid(format!("{statement} doesn't support time in WHERE clause")));
    }
    Ok(())
}

/// The measurements that a condition on tags names. One is named by `=` where it has the value, by `!=` where it has the
/// tag, but nowhere the value.
fn held_by<'a>(condition: &Expr, found: &'a BTreeMap<String, Listing>) -> Result<BTreeSet<&'a str>> {
    let invalid = |text: String| Err(InfluxQlError::invalid(text));
    match condition {
        Expr::Paren(inner) => held_by(inner, found),
        Expr::Binary { op: op @ (Op::And | Op::Or), lhs, rhs } => {
            let (lhs, rhs) = (held_by(lhs, found)?, held_by(rhs, found)?);
            Ok(if *op == Op::And { &lhs & &rhs } else { &lhs | &rhs })
        }
        Expr::Binary { op: op @ (Op::Eq | Op::Ne | Op::Match | Op::NotMatch), lhs, rhs } => {
            let Expr::VarRef { name: tag, .. } = lhs.unparen() else {
                return invalid(format!("left side of '{}' must be a tag key", op.symbol()));
            };
            let equals: Fits<'_> = match (op, rhs.unparen()) {
                (Op::Match | Op::NotMatch, Expr::Regex(text)) => {
                    let regex = regex(text)?;
                    Box::new(move |value| regex.is_match(value))
                }
                (Op::Match | Op::NotMatch, _) => {
                    return invalid(format!("right side of '{}' must be a regular expression", op.symbol()));
                }
                (_, Expr::String(text)) => Box::new(move |value| value == text),
                _ => return invalid(format!("right side of '{}' must be a tag value string", op.symbol())),
            };
            let wanted = matches!(op, Op::Eq | Op::Match);
            if tag == "_name" {
                return Ok(found.keys().map(String::as_str).filter(|name| equals(name) == wanted).collect());
            }
            let holds = |listing: &Listing| {
                let mut values = tag_values(listing, &|key| key == tag).into_iter().peekable();
                values.peek().is_some() && values.any(|(_, value)| equals(&value)) == wanted
            };
            Ok(found.iter().filter(|(_, l)| holds(l)).map(|(name, _)| name.as_str()).collect())
        }
        Expr::Binary { .. } => invalid("invalid tag comparison operator".to_owned()),
        other => invalid(format!("invalid measurement expression {other}")),
    }
}

/// Whether a condition compares what no tag can be compared with.
fn orders(condition: Option<&Expr>) -> bool {
    let mut found = false;
    if let Some(condition) = condition {
        condition.walk(&mut |e| {
            let is_time = |e: &Expr| matches!(e.unparen(), Expr::VarRef { name, .. } if name.eq_ignore_ascii_case("time"));
            if let Expr::Binary { op: Op::Lt | Op::Le | Op::Gt | Op::Ge, lhs, rhs } = e {
                found |= !is_time(lhs) && !is_time(rhs);
            }
            true
        });
    }
    found
}

fn cardinality(run: &Run<'_>, show: &Cardinality) -> Result<Vec<Row>> {
    let filtered = !show.sources.is_empty()
        || show.condition.is_some()
        || !show.dimensions.is_empty()
        || show.limit > 0
        || show.offset > 0;
    if !show.exact && !filtered && matches!(show.of, CardinalityOf::Series) {
        return Err(InfluxQlError::not_implemented("SHOW SERIES CARDINALITY"));
    }
    if !show.exact && !filtered && matches!(show.of, CardinalityOf::Measurements) {
        return Err(InfluxQlError::not_implemented("SHOW MEASUREMENT CARDINALITY"));
    }
    match &show.of {
        CardinalityOf::Measurements => {
            no_time(show.condition.as_ref(), "SHOW MEASUREMENT EXACT CARDINALITY")?;
        }
        CardinalityOf::Series => no_time(show.condition.as_ref(), "SHOW SERIES EXACT CARDINALITY")?,
        CardinalityOf::TagKeys => no_time(show.condition.as_ref(), "SHOW TAG KEY EXACT CARDINALITY")?,
        CardinalityOf::FieldKeys => no_time(show.condition.as_ref(), "SHOW FIELD KEY CARDINALITY")?,
        CardinalityOf::TagValues(_) => {}
    }
    let bucket = bucket_on(run, show.on.as_ref(), false)?;
    // Each count is a row of its own series, of which a page beyond the first is empty.
    if show.offset > 0 || orders(show.condition.as_ref()) {
        return Ok(Vec::new());
    }
    let found = find(run, bucket, &show.sources, show.condition.as_ref())?;
    let count = |n: usize| vec![vec![Value::Integer(n as i64)]];
    if matches!(show.of, CardinalityOf::Measurements) {
        let rows = if found.is_empty() { Vec::new() } else { vec![row("", &["count"], count(found.len()))] };
        return Ok(rows);
    }
    let mut rows = Vec::new();
    let dims: Vec<String> = show
        .dimensions
        .iter()
        .map(|d| match &d.expr {
            Expr::VarRef { name, .. } => name.clone(),
            other => other.to_string(),
        })
        .collect();
    for (name, listing) in &found {
        let parts = if dims.is_empty() {
            BTreeMap::from([(Vec::new(), listing.clone())])
        } else {
            grouped(listing, &dims)
        };
        for (tags, listing) in parts {
            let n = match &show.of {
                CardinalityOf::Series | CardinalityOf::Measurements => listing.series.len(),
                CardinalityOf::TagKeys => tag_keys(&listing).len(),
                CardinalityOf::FieldKeys => listing.fields.len(),
                CardinalityOf::TagValues(keys) => tag_values(&listing, &*fits(keys)?).len(),
            };
            if n > 0 {
                rows.push(Row { tags, ..row(name, &["count"], count(n)) });
            }
        }
    }
    Ok(rows)
}

/// A listing, apart by tags.
fn grouped(listing: &Listing, dims: &[String]) -> BTreeMap<Vec<(String, String)>, Listing> {
    let mut dims = dims.to_vec();
    dims.sort();
    let mut out: BTreeMap<Vec<(String, String)>, Listing> = BTreeMap::new();
    for key in &listing.series {
        let tags = dims.iter().map(|d| (d.clone(), SeriesKey(key).tag(d).unwrap_or_default().into_owned()));
        let part = out
            .entry(tags.collect())
            .or_insert_with(|| Listing { series: BTreeSet::new(), fields: listing.fields.clone() });
        part.series.insert(key.clone());
    }
    out
}
