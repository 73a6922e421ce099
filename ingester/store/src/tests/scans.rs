//! Scans of more rows than fit a page, a row group, a block of the series index.

use std::sync::Arc;

use object_store::memory::InMemory;
use weir_batch::{ColumnRef, Literal, Predicate, ScanRequest, TimeRange};

use super::support::{bucket, flush, points, row, shown, store_over};
use crate::StoreOptions;

#[tokio::test]
async fn many_rows_of_many_series_come_back() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    let mut rows = Vec::new();
    // 5,000 series of 50 rows: 2.5 row groups, two blocks of the series index; then a long series over many pages.
    for host in 0..5000i64 {
        for t in 0..50i64 {
            let mut fields =
                vec![("f", Literal::Float((host * 7 + t) as f64 / 100.0)), ("i", Literal::Integer(host - t))];
            if (host + t) % 3 == 0 {
                fields.push(("s", Literal::String(format!("{}", host % 10))));
                fields.push(("x", Literal::Float((host as f64).sqrt() + t as f64)));
            }
            rows.push(row("m", &format!("host=h{host:05}"), t * 10, 7, &fields));
        }
    }
    for t in 0..40_000i64 {
        rows.push(row(
            "long",
            "",
            t,
            8 + t as u64,
            &[("u", Literal::Unsigned(t as u64 * 3)), ("b", Literal::Boolean(t % 7 == 0))],
        ));
    }
    flush(&store, &rows, 90_000).await;
    rows.sort_by(|a, b| (&a.measurement, &a.key, a.time).cmp(&(&b.measurement, &b.key, b.time)));

    let ask = |range, predicate| ScanRequest { bucket: bucket(), range, predicate };
    let want = |keep: &dyn Fn(&super::support::Row) -> bool, field: Option<&str>| -> Vec<_> {
        rows.iter()
            .filter(|r| keep(r))
            .filter_map(|r| {
                let fields: Vec<_> = r
                    .fields
                    .iter()
                    .filter(|(n, _)| field.is_none_or(|f| f == *n))
                    .map(|(n, v)| (n.clone(), shown(v)))
                    .collect();
                (!fields.is_empty()).then(|| (r.measurement.clone(), r.key.clone(), r.time, fields))
            })
            .collect()
    };
    let all = points(store.scan(ask(TimeRange::ALL, Predicate::TRUE)).await.unwrap()).await;
    assert!(all == want(&|_| true, None));

    let one = Predicate::equals(ColumnRef::Tag("host".into()), "h04321");
    let range = TimeRange { start: 100, stop: 201 };
    let got = points(store.scan(ask(range, one)).await.unwrap()).await;
    assert_eq!(got, want(&|r| r.key == "host=h04321" && range.contains(r.time), None));
    assert_eq!(got.len(), 11);

    let narrow = TimeRange { start: 250, stop: 260 };
    for (predicate, field) in [(Predicate::TRUE, None), (Predicate::equals(ColumnRef::Field, "s"), Some("s"))]
    {
        let got = points(store.scan(ask(narrow, predicate)).await.unwrap()).await;
        assert!(got == want(&|r| narrow.contains(r.time), field));
    }
}
