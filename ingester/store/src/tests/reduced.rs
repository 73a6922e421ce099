//! Summaries are those of the rows, whether rows are read, or rollups tell.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::TryStreamExt;
use object_store::memory::InMemory;
use weir_batch::{
    ColumnRef, CompareOp, Literal, Predicate, ReduceRequest, ReducedBatch, Reductions, ScanRequest,
    ScanWindows, TimeRange,
};

use super::support::{Row, bucket, flush, row, store_over, text};
use crate::{Store, StoreOptions};

const SECOND: i64 = 1_000_000_000;
const HOUR: i64 = 3600 * SECOND;

/// Three hosts a row each ten seconds for six hours; every seventh row lacks a field, one field is a text.
fn rows() -> Vec<Row> {
    let mut out = Vec::new();
    for host in 0..3i64 {
        for n in 0..2160i64 {
            let value = (n * 7919 + host * 104_729) % 1000 - 500;
            let mut fields = vec![("i", Literal::Integer(value)), ("f", Literal::Float(value as f64 / 4.0))];
            if n % 7 != 0 {
                fields.push(("u", Literal::Unsigned((value + 500) as u64)));
            }
            if host == 2 {
                fields.push(("s", Literal::String(format!("{value}"))));
            }
            out.push(row("m", &format!("host=h{host}"), n * 10 * SECOND + host, 5, &fields));
        }
    }
    out
}

/// Where a row is told of: batch, row and field.
type Places = BTreeMap<(String, i64, String), Vec<(usize, usize, usize)>>;

type Told = BTreeMap<(String, i64, String), Vec<Option<String>>>;

/// What batches of summaries tell, put together.
fn told(batches: &[ReducedBatch]) -> Told {
    let mut rows: Places = BTreeMap::new();
    for (b, batch) in batches.iter().enumerate() {
        for (s, key) in batch.series.iter().enumerate() {
            for r in batch.offsets[s]..batch.offsets[s + 1] {
                for (f, field) in batch.fields.iter().enumerate() {
                    if field.count.value(r) > 0 {
                        let key = (key.0.to_owned(), batch.starts[r], format!("{}:{}", field.name, field.ty));
                        rows.entry(key).or_default().push((b, f, r));
                    }
                }
            }
        }
    }
    let shown = |(b, f, r): (usize, usize, usize)| {
        let field = batches[b].fields[f].combine(&[r], std::slice::from_ref(&(0..1)));
        let picked = [&field.min, &field.max, &field.first, &field.last];
        let mut out =
            vec![Some(field.count.value(0).to_string()), field.sum.as_ref().and_then(|s| text(&**s, 0))];
        out.push(field.float_sum.as_ref().and_then(|s| text(s, 0)));
        out.extend(picked.map(|p| p.as_ref().and_then(|p| text(&*p.values, 0))));
        out
    };
    rows.into_iter()
        .map(|(key, parts)| {
            // One batch tells a window of a series once; this data is too little for two batches.
            assert_eq!(parts.len(), 1, "{key:?} is told twice");
            (key, shown(parts[0]))
        })
        .collect()
}

async fn check(store: &Store) -> usize {
    let wanted = Reductions {
        sum: true,
        float_sum: true,
        min: true,
        max: true,
        first: true,
        last: true,
        times: false,
    };
    let tag = Predicate::equals(ColumnRef::Tag("host".into()), "h1");
    let field = Predicate::equals(ColumnRef::Field, "f");
    let above =
        Predicate::Compare { column: ColumnRef::Value, op: CompareOp::Gt, literal: Literal::Float(3.0) };
    let numbers = Predicate::Or(["i", "f", "u"].map(|f| Predicate::equals(ColumnRef::Field, f)).to_vec());
    let predicates = [
        Predicate::TRUE,
        tag.clone(),
        field.clone(),
        numbers.clone(),
        tag.and(field.clone()),
        field.and(above),
    ];
    let ranges = [
        TimeRange::ALL,
        TimeRange { start: HOUR, stop: 4 * HOUR },
        TimeRange { start: HOUR / 2, stop: 5 * HOUR + 7 },
        TimeRange { start: HOUR + 1, stop: 2 * HOUR - 1 },
    ];
    let windows = [
        ScanWindows::Whole,
        ScanWindows::Every { every: HOUR, offset: 0 },
        ScanWindows::Every { every: 2 * HOUR, offset: HOUR / 2 },
        ScanWindows::Every { every: 60 * SECOND, offset: 0 },
        ScanWindows::Bounds(vec![0, HOUR, HOUR + 5, 3 * HOUR, 4 * HOUR].into()),
    ];
    let mut told_in_all = 0;
    for predicate in &predicates {
        for range in ranges {
            let scan = ScanRequest { bucket: bucket(), range, predicate: predicate.clone() };
            let rows: Vec<_> = store.scan(scan.clone()).await.unwrap().try_collect().await.unwrap();
            for windows in &windows {
                let want: Vec<_> = rows.iter().map(|batch| batch.reduce(windows, wanted)).collect();
                let request = ReduceRequest { scan: scan.clone(), windows: windows.clone(), wanted };
                let got = store.reduce_with(request, Vec::new()).await.unwrap();
                let got: Vec<_> = got.try_collect().await.unwrap();
                let (want, got) = (told(&want), told(&got));
                assert_eq!(want, got, "{predicate:?} {range:?} {windows:?}");
                told_in_all += got.len();
            }
        }
    }
    told_in_all
}

#[tokio::test]
async fn of_one_segment() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    flush(&store, &rows(), 5000).await;
    assert!(check(&store).await > 1000);
}

#[tokio::test]
async fn of_segments_that_overlap() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    flush(&store, &rows(), 5000).await;
    // One host's points of two hours are written again, with other values.
    let again: Vec<Row> = rows()
        .into_iter()
        .filter(|r| r.key == "host=h1" && (2 * HOUR..4 * HOUR).contains(&r.time))
        .map(|mut r| {
            r.sequence = 9;
            r.fields.insert("i".to_owned(), Literal::Integer(1));
            r
        })
        .collect();
    flush(&store, &again, 5000).await;
    assert!(check(&store).await > 1000);
}
