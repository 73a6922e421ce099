//! Scans of which some rows are enough hold these rows, and read few.

use std::collections::BTreeMap;
use std::sync::Arc;

use object_store::memory::InMemory;
use weir_batch::{ColumnRef, CompareOp, Ends, Literal, Predicate, ScanRequest, TimeRange};

use weir_proto::ScanService;

use super::support::{LiveRows, Point, Row, bucket, flush, points, row, store_over};
use crate::{MergedScan, Store, StoreOptions};

/// Values of one series and field, in order of time.
type Values = BTreeMap<(String, String), Vec<(i64, String)>>;

fn by_field(points: Vec<Point>) -> Values {
    let mut values = Values::new();
    for (_, key, time, fields) in points {
        for (field, value) in fields {
            values.entry((key.clone(), field)).or_default().push((time, value));
        }
    }
    values
}

/// Series of 3 to 9,000 rows; a field that begins late, one that few rows have, and one that only one series has.
fn rows() -> Vec<Row> {
    let mut out = Vec::new();
    for (host, rows) in [3i64, 400, 9000, 70].into_iter().enumerate() {
        for n in 0..rows {
            let mut fields = vec![("f", Literal::Float(n as f64))];
            if n >= 300 {
                fields.push(("late", Literal::Integer(n)));
            }
            if n % 101 == 0 {
                fields.push(("rare", Literal::Boolean(n % 2 == 0)));
            }
            if host == 1 {
                fields.push(("own", Literal::Unsigned(n as u64)));
            }
            out.push(row("m", &format!("host=h{host}"), n * 1000, 5, &fields));
        }
    }
    out
}

/// Compares scans of all rows with those of some; answers how many rows these had, and those.
async fn check(store: &Store, live: Vec<Row>) -> (usize, usize) {
    let ingesters: Vec<Arc<dyn ScanService>> = vec![Arc::new(LiveRows(live))];
    let reader = MergedScan::new(Arc::new(ingesters), store.clone());
    let above =
        Predicate::Compare { column: ColumnRef::Value, op: CompareOp::Gt, literal: Literal::Float(250.0) };
    let field = |name: &str| Predicate::equals(ColumnRef::Field, name);
    let predicates = [Predicate::TRUE, field("f"), field("rare"), field("f").and(above), field("none")];
    let ranges =
        [TimeRange::ALL, TimeRange { start: 50_500, stop: 8_000_000 }, TimeRange { start: 0, stop: 1 }];
    let (mut few, mut all) = (0, 0);
    for predicate in &predicates {
        for range in ranges {
            let request = ScanRequest { bucket: bucket(), range, predicate: predicate.clone() };
            let scanned = reader.scan(request.clone()).await.unwrap();
            let scanned = points(scanned).await;
            all += scanned.len();
            let want = by_field(scanned);
            for last in [false, true] {
                for rows in [2u64, 5, 150, 5000, u64::MAX] {
                    let ends = Ends { rows, last };
                    let got = reader.ends(request.clone(), ends).await.unwrap();
                    let got = points(got).await;
                    if rows == 2 && !last {
                        few += got.len();
                    }
                    let got = by_field(got);
                    for (key, want) in &want {
                        let n = want.len().min(usize::try_from(rows).unwrap_or(usize::MAX));
                        let got = got.get(key).map_or(&[][..], Vec::as_slice);
                        assert!(
                            got.len() >= n,
                            "{key:?} {predicate:?} {range:?} {ends:?}: {} of {n}",
                            got.len()
                        );
                        if last {
                            assert_eq!(got[got.len() - n..], want[want.len() - n..], "{key:?} {ends:?}");
                        } else {
                            assert_eq!(got[..n], want[..n], "{key:?} {ends:?}");
                        }
                    }
                }
            }
        }
    }
    (few, all)
}

#[tokio::test]
async fn of_one_segment() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    flush(&store, &rows(), 5000).await;
    let (few, all) = check(&store, Vec::new()).await;
    assert!(few > 0 && few * 8 < all, "{few} of {all} rows were read");
}

#[tokio::test]
async fn of_segments_and_unflushed_rows_that_overlap() {
    let options = StoreOptions { batch_rows: 500, ..StoreOptions::default() };
    let store = store_over(Arc::new(InMemory::new()), options).await;
    let (mut early, mut late): (Vec<Row>, Vec<Row>) = rows().into_iter().partition(|r| r.time < 4_000_000);
    flush(&store, &early, 90_000).await;
    flush(&store, &late, 90_000).await;
    // Some rows are written again: in a segment, and in what is not flushed.
    early.retain(|r| r.time % 7000 == 0);
    for row in &mut early {
        row.sequence = 8;
        row.fields.insert("f".to_owned(), Literal::Float(-1.0));
    }
    flush(&store, &early, 90_000).await;
    late.retain(|r| r.time % 11_000 == 0);
    for row in &mut late {
        row.sequence = 9;
        row.fields.insert("new".to_owned(), Literal::Integer(1));
    }
    check(&store, late).await;
    check(&store, Vec::new()).await;
}
