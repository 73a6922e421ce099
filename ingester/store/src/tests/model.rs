//! Random writes, flushes and deletes, against a list of rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use object_store::memory::InMemory;
use proptest::prelude::*;
use weir_batch::{ColumnRef, CompareOp, Literal, Predicate, ScanRequest, Sequence, SeriesKey, TimeRange};
use weir_proto::{DeleteRequest, FileIndexService, ScanService};

use super::support::{LiveRows, Point, Row, bucket, flush, points, row, shard_group, shown, store_over};
use crate::{Compaction, Ingesters, MergedScan, StoreOptions, Upkeep};

#[derive(Debug, Clone)]
enum Step {
    /// One write; the numbers pick measurement, series, time and fields.
    Write(Vec<(u8, u8, i64, u8, i8)>),
    /// All unflushed rows become a segment; with `true` the ingester still has them.
    Flush(bool),
    Delete(u8, i64, i64),
    /// Upkeep; with `true` the shard group takes no more writes.
    Compact(bool),
}

const KEYS: [&str; 5] = ["", "host=a", "host=a,region=x", "host=b", "region=x"];

fn values(fields: u8, value: i8) -> Vec<(&'static str, Literal)> {
    let v = i64::from(value);
    let all = [
        ("f", Literal::Float(v as f64 / 4.0)),
        ("i", Literal::Integer(v)),
        ("s", Literal::String(format!("text {v}"))),
        ("b", Literal::Boolean(v % 2 == 0)),
        // The type of one field changes, as it may between shard groups.
        ("t", if v < 0 { Literal::Integer(v) } else { Literal::Unsigned(v as u64) }),
    ];
    let some: Vec<_> =
        all.iter().enumerate().filter(|(i, _)| fields >> i & 1 == 1).map(|(_, f)| f.clone()).collect();
    if some.is_empty() { vec![all[0].clone()] } else { some }
}

fn predicates() -> Vec<Predicate> {
    let tag = |name: &str, op, value: &str| Predicate::Compare {
        column: ColumnRef::Tag(name.into()),
        op,
        literal: Literal::String(value.into()),
    };
    let field = |name: &str| Predicate::equals(ColumnRef::Field, name);
    let value = |op, literal| Predicate::Compare { column: ColumnRef::Value, op, literal };
    vec![
        Predicate::TRUE,
        Predicate::equals(ColumnRef::Measurement, "m"),
        tag("host", CompareOp::Eq, "a"),
        tag("host", CompareOp::Ne, "a").and(field("f")),
        Predicate::Or(vec![field("f"), field("s")]),
        value(CompareOp::Gt, Literal::Float(0.5)),
        value(CompareOp::Ge, Literal::Integer(2)).and(field("i")),
        Predicate::Or(vec![
            tag("host", CompareOp::Eq, "a").and(field("i")).and(value(CompareOp::Lt, Literal::Integer(3))),
            tag("region", CompareOp::Eq, "x").and(field("b")),
        ]),
        Predicate::Compare {
            column: ColumnRef::Tag("host".into()),
            op: CompareOp::Match,
            literal: Literal::Regex(regex::Regex::new("^[ab]$").unwrap()),
        },
        value(CompareOp::Eq, Literal::String("text 1".into())),
        Predicate::Constant(false),
    ]
}

fn deletes(number: u8) -> Predicate {
    match number % 4 {
        0 => Predicate::TRUE,
        1 => Predicate::equals(ColumnRef::Measurement, "m"),
        2 => Predicate::equals(ColumnRef::Tag("host".into()), "a"),
        _ => Predicate::Compare {
            column: ColumnRef::Tag("host".into()),
            op: CompareOp::Ne,
            literal: Literal::String("b".into()),
        },
    }
}

fn deleted(number: u8, row: &Row) -> bool {
    let host = SeriesKey(&row.key).tag("host").map(|h| h.into_owned());
    match number % 4 {
        0 => true,
        1 => row.measurement == "m",
        2 => host.as_deref() == Some("a"),
        _ => host.is_some_and(|h| h != "b"),
    }
}

/// What a scan must answer, the slow way.
fn expected(rows: &[Row], deletes: &[(u8, TimeRange, u64)], request: &ScanRequest) -> Vec<Point> {
    type Newest = BTreeMap<(String, &'static str), Literal>;
    let mut points: BTreeMap<(&str, &str, i64), Newest> = BTreeMap::new();
    let mut rows: Vec<&Row> = rows.iter().collect();
    rows.sort_by_key(|r| r.sequence);
    for row in rows {
        let hidden = deletes
            .iter()
            .any(|(n, range, seq)| row.sequence < *seq && range.contains(row.time) && deleted(*n, row));
        if hidden || !request.range.contains(row.time) {
            continue;
        }
        let point = points.entry((&row.measurement, &row.key, row.time)).or_default();
        for (name, value) in &row.fields {
            point.insert((name.clone(), super::support::type_of(value).as_str()), value.clone());
        }
    }
    points
        .into_iter()
        .filter_map(|((measurement, key, time), fields)| {
            let rest = request.predicate.for_series(measurement, SeriesKey(key));
            let mut fields: Vec<_> = fields
                .into_iter()
                .filter(|((name, _), value)| rest.for_field(name).holds_for_value(value))
                .map(|((name, _), value)| (name, shown(&value)))
                .collect();
            fields.sort();
            (!fields.is_empty()).then(|| (measurement.to_owned(), key.to_owned(), time, fields))
        })
        .collect()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let written = (0..2u8, 0..KEYS.len() as u8, 0..12i64, any::<u8>(), -8..8i8);
    let step = prop_oneof![
        6 => prop::collection::vec(written, 1..12).prop_map(Step::Write),
        3 => any::<bool>().prop_map(Step::Flush),
        2 => any::<bool>().prop_map(Step::Compact),
        1 => (any::<u8>(), 0..12i64, 0..12i64).prop_map(|(p, a, b)| Step::Delete(p, a.min(b), a.max(b) + 1)),
    ];
    prop::collection::vec(step, 1..14)
}

async fn check(steps: Vec<Step>, batch_rows: usize, range: (i64, i64)) {
    let options = StoreOptions { batch_rows, parallel: 2, ..StoreOptions::default() };
    let store = store_over(Arc::new(InMemory::new()), options).await;
    let (mut all, mut unflushed, mut live) = (Vec::new(), Vec::new(), Vec::new());
    let mut deletes_made = Vec::new();
    for (number, step) in steps.into_iter().enumerate() {
        let sequence = number as u64 * 10 + 10;
        match step {
            Step::Write(written) => {
                for (measurement, key, time, fields, value) in written {
                    let measurement = if measurement == 0 { "m" } else { "n" };
                    let row = row(measurement, KEYS[key as usize], time, sequence, &values(fields, value));
                    all.push(row.clone());
                    unflushed.push(row.clone());
                    live.push(row);
                }
            }
            Step::Flush(keep) => {
                if !unflushed.is_empty() {
                    flush(&store, &std::mem::take(&mut unflushed), 5).await;
                }
                if !keep {
                    live.clear();
                }
            }
            Step::Compact(cold) => {
                // What is flushed is settled if nothing older is still to come.
                let settled = if unflushed.is_empty() { sequence } else { 0 };
                let group = shard_group(&store).await;
                let how = Compaction { settled, cold, now_millis: sequence as i64 };
                store.compact(bucket(), group, how).await.unwrap();
                if settled > 0 {
                    // Rows still in memory are older than deletes that are forgotten here.
                    live.clear();
                    let how = Upkeep { now_millis: sequence as i64, settled, retention: None };
                    store.upkeep(bucket(), how).await.unwrap();
                }
            }
            Step::Delete(predicate, start, stop) => {
                let range = TimeRange { start, stop };
                let delete = DeleteRequest {
                    sequence: Sequence(sequence),
                    bucket: bucket(),
                    range,
                    predicate: deletes(predicate),
                };
                store.index().insert_tombstone(&delete).await.unwrap();
                deletes_made.push((predicate, range, sequence));
            }
        }
    }
    // Rows in memory may be on two replicas.
    let ingesters: Vec<Arc<dyn ScanService>> =
        vec![Arc::new(LiveRows(live.clone())), Arc::new(LiveRows(live))];
    let ingesters: Arc<dyn Ingesters> = Arc::new(ingesters);
    let merged = MergedScan::new(ingesters, store);
    let part = TimeRange { start: range.0.min(range.1), stop: range.0.max(range.1) };
    for range in [TimeRange::ALL, part] {
        for predicate in predicates() {
            let request = ScanRequest { bucket: bucket(), range, predicate };
            let want = expected(&all, &deletes_made, &request);
            let got = points(merged.scan(request.clone()).await.unwrap()).await;
            assert_eq!(got, want, "{request:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn scans_answer_what_a_list_of_rows_would(
        steps in steps(),
        batch_rows in prop_oneof![Just(1usize), Just(4), Just(65_536)],
        range in (0..13i64, 0..13i64),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(check(steps, batch_rows, range));
    }
}
