use std::collections::BTreeMap;

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use proptest::prelude::*;
use weir_batch::{
    ColumnRef, CompareOp, FieldColumn, FieldValues, Literal, MeasurementRows, SeriesKey, SeriesKeys,
};

use super::*;

/// A line: series, time, integer field `i`, string field `s`.
type Line = (u8, i64, Option<i64>, Option<u8>);

fn key(series: u8) -> String {
    if series == 0 { String::new() } else { format!("host=h{series},r={}", series % 2) }
}

fn batch(lines: &[Line]) -> WriteBatch {
    let mut rows = MeasurementRows::new("m");
    let mut ids = BTreeMap::new();
    let (mut ints, mut int_rows) = (Vec::new(), Vec::new());
    let (mut offsets, mut bytes, mut text_rows) = (vec![0u32], String::new(), Vec::new());
    for (i, (series, time, int, text)) in lines.iter().enumerate() {
        let id = *ids.entry(*series).or_insert_with(|| rows.series.push(SeriesKey(&key(*series))));
        rows.row_series.push(id);
        rows.times.push(*time);
        if let Some(v) = int {
            ints.push(*v);
            int_rows.push(i as u32);
        }
        if let Some(v) = text {
            bytes.push_str(&v.to_string());
            offsets.push(bytes.len() as u32);
            text_rows.push(i as u32);
        }
    }
    let mut field = |name: &str, values: FieldValues, has: Vec<u32>| {
        if !has.is_empty() {
            let rows_ = (has.len() < lines.len()).then_some(has);
            rows.fields.push(FieldColumn { name: name.into(), values, rows: rows_ });
        }
    };
    field("i", FieldValues::Integer(ints), int_rows);
    field("s", FieldValues::String { offsets, bytes }, text_rows);
    WriteBatch { measurements: vec![rows] }
}

fn bucket() -> Id {
    Id::new(1).unwrap()
}

fn request(range: TimeRange, predicate: Predicate) -> ScanRequest {
    ScanRequest { bucket: bucket(), range, predicate }
}

type Rows = Vec<(String, i64, u64, Option<i64>, Option<String>)>;

fn rows(batches: impl Iterator<Item = SeriesBatch>) -> Rows {
    let mut out = Vec::new();
    for b in batches {
        let ints = b.fields.iter().find(|f| &*f.name == "i").map(|f| f.values.as_primitive::<Int64Type>());
        let texts = b.fields.iter().find(|f| &*f.name == "s").map(|f| f.values.as_string::<i32>());
        let sequences = b.sequences.as_ref().unwrap();
        for run in 0..b.series.len() {
            for row in b.offsets[run]..b.offsets[run + 1] {
                out.push((
                    b.series.get(run).0.to_owned(),
                    b.times.value(row),
                    sequences.value(row),
                    ints.filter(|v| v.is_valid(row)).map(|v| v.value(row)),
                    texts.filter(|v| v.is_valid(row)).map(|v| v.value(row).to_owned()),
                ));
            }
        }
    }
    out
}

#[derive(Debug, Clone)]
enum Step {
    Write(u8, Vec<Line>),
    Delete(Option<u8>, i64, i64),
    Freeze,
}

fn line() -> impl Strategy<Value = Line> {
    (0u8..6, 0i64..12, proptest::option::of(0i64..9), proptest::option::of(0u8..9)).prop_map(
        |(k, t, i, s)| {
            let i = if s.is_none() { i.or(Some(0)) } else { i };
            (k, t, i, s)
        },
    )
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0u8..2, proptest::collection::vec(line(), 1..20)).prop_map(|(g, l)| Step::Write(g, l)),
        1 => (proptest::option::of(1u8..6), 0i64..12, 0i64..6).prop_map(|(k, t, n)| Step::Delete(k, t, t + n)),
        1 => Just(Step::Freeze),
    ]
}

type Model = BTreeMap<(String, i64, u64), (Option<i64>, Option<String>)>;

proptest! {
    #[test]
    fn scans_are_as_the_model_says(steps in proptest::collection::vec(step(), 1..25), start in 0i64..6, stop in 6i64..13) {
        let mut buffer = Buffer::default();
        let mut model = Model::new();
        for (i, step) in steps.iter().enumerate() {
            let sequence = Sequence(i as u64 + 1);
            match step {
                Step::Write(group, lines) => {
                    buffer.append(bucket(), i64::from(*group), batch(lines), sequence);
                    for (k, t, i, s) in lines {
                        let row = model.entry((key(*k), *t, sequence.0)).or_default();
                        row.0 = i.or(row.0);
                        row.1 = s.map(|s| s.to_string()).or(row.1.take());
                    }
                }
                Step::Delete(series, from, to) => {
                    let predicate = series.map_or(Predicate::TRUE, |k| Predicate::equals(ColumnRef::Tag("host".into()), format!("h{k}")));
                    let range = TimeRange { start: *from, stop: *to };
                    buffer.delete(Tombstone { bucket: bucket(), sequence, range, predicate });
                    model.retain(|(k, t, _), _| !(range.contains(*t) && series.is_none_or(|s| *k == key(s))));
                }
                Step::Freeze => { buffer.freeze(); }
            }
        }
        let all = |range, predicate| rows(buffer.snapshot(&request(range, predicate)).into_iter().flat_map(MeasurementSnapshot::read));
        let expect = |keep: &dyn Fn(&str, i64) -> bool| -> Rows {
            model.iter().filter(|((k, t, _), _)| keep(k, *t)).map(|((k, t, q), (i, s))| (k.clone(), *t, *q, *i, s.clone())).collect()
        };
        prop_assert_eq!(all(TimeRange::ALL, Predicate::TRUE), expect(&|_, _| true));
        let range = TimeRange { start, stop };
        let tag = Predicate::Compare { column: ColumnRef::Tag("r".into()), op: CompareOp::Ne, literal: Literal::String("1".into()) };
        prop_assert_eq!(all(range, tag.clone()), expect(&|k, t| range.contains(t) && !k.ends_with("r=1")));
        // Only the field `i`, and for one series only `s`: rows that have neither are left out, values not wanted are null.
        let only_i = Predicate::Or(vec![
            Predicate::equals(ColumnRef::Field, "i"),
            Predicate::equals(ColumnRef::Tag("host".into()), "h3").and(Predicate::equals(ColumnRef::Field, "s")),
        ]);
        let mut want = expect(&|_, _| true);
        for row in &mut want {
            if !row.0.starts_with("host=h3") { row.4 = None; }
        }
        want.retain(|row| row.3.is_some() || row.4.is_some());
        prop_assert_eq!(all(TimeRange::ALL, only_i), want);
    }

    #[test]
    fn what_goes_to_the_store_merges_to_the_same(steps in proptest::collection::vec(proptest::collection::vec(line(), 1..20), 1..12)) {
        let mut buffer = Buffer::default();
        for (i, lines) in steps.iter().enumerate() {
            buffer.append(bucket(), 1, batch(lines), Sequence(i as u64 + 1));
        }
        let number = buffer.freeze();
        let (frozen, tombstones) = buffer.frozen(number).unwrap();
        let table = frozen.tables.values().next().unwrap();
        let snapshot = || MeasurementSnapshot::of_table("m".into(), bucket(), Arc::clone(table), &tombstones);
        let merge = |rows: Rows| {
            let mut out: BTreeMap<(String, i64), (Option<i64>, Option<String>)> = BTreeMap::new();
            for (k, t, _, i, s) in rows {
                let row = out.entry((k, t)).or_default();
                row.0 = i.or(row.0);
                row.1 = s.or(row.1.take());
            }
            out
        };
        let (all, kept) = (rows(snapshot().read()), rows(snapshot().read_to_store()));
        prop_assert!(kept.len() <= all.len());
        prop_assert!(kept.iter().all(|row| all.contains(row)));
        prop_assert_eq!(merge(kept), merge(all));
    }
}

#[test]
fn long_answers_come_in_batches_that_go_on() {
    let mut buffer = Buffer::default();
    for round in 0..20i64 {
        let mut rows = MeasurementRows::new("m");
        let mut values = Vec::new();
        for host in 0..3 {
            rows.series.push(SeriesKey(&format!("host={host}")));
            for t in 0..2000 {
                rows.row_series.push(host);
                rows.times.push(round * 2000 + t);
                values.push(t as f64);
            }
        }
        rows.fields.push(FieldColumn { name: "f".into(), values: FieldValues::Float(values), rows: None });
        buffer.append(bucket(), 1, WriteBatch { measurements: vec![rows] }, Sequence(round as u64 + 1));
    }
    let batches: Vec<_> = buffer
        .snapshot(&request(TimeRange::ALL, Predicate::TRUE))
        .into_iter()
        .flat_map(MeasurementSnapshot::read)
        .collect();
    assert_eq!(batches.iter().map(SeriesBatch::rows).sum::<usize>(), 120_000);
    assert_eq!(batches.len(), 2);
    assert_eq!(batches[0].series.iter().last(), batches[1].series.iter().next());
    assert_eq!(batches[1].fields[0].values.as_primitive::<Float64Type>().null_count(), 0);
    assert!(buffer.bytes() > 120_000 * 20);
    let keys: SeriesKeys = batches[1].series.clone();
    assert_eq!(keys.get(keys.len() - 1).0, "host=2");
}

#[test]
fn a_dropped_bucket_is_gone_from_all_generations() {
    let mut buffer = Buffer::default();
    let other = Id::new(2).unwrap();
    for b in [bucket(), other] {
        buffer.append(b, 1, batch(&[(1, 1, Some(1), None)]), Sequence(1));
    }
    buffer.freeze();
    for b in [bucket(), other] {
        buffer.append(b, 1, batch(&[(1, 2, Some(1), None)]), Sequence(2));
    }
    buffer.drop_bucket(bucket());
    assert!(buffer.snapshot(&request(TimeRange::ALL, Predicate::TRUE)).is_empty());
    let rest = ScanRequest { bucket: other, range: TimeRange::ALL, predicate: Predicate::TRUE };
    assert_eq!(rows(buffer.snapshot(&rest).into_iter().flat_map(MeasurementSnapshot::read)).len(), 2);
}
