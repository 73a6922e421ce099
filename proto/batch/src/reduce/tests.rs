use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, Float64Array, Int64Array, StringArray};
use proptest::prelude::*;

use super::*;
use crate::{FieldArray, SeriesKey};

fn batch(rows: &[(usize, i64, Option<i64>)]) -> SeriesBatch {
    let mut series = SeriesKeys::new();
    let mut offsets = vec![0];
    for (i, row) in rows.iter().enumerate() {
        if i == 0 || rows[i - 1].0 != row.0 {
            series.push(SeriesKey(&format!("k={:03}", row.0)));
            if i > 0 {
                offsets.push(i);
            }
        }
    }
    offsets.push(rows.len());
    SeriesBatch {
        measurement: "m".into(),
        series,
        offsets,
        times: rows.iter().map(|r| Some(r.1)).collect(),
        sequences: None,
        fields: vec![
            FieldArray {
                name: "i".into(),
                values: Arc::new(rows.iter().map(|r| r.2).collect::<Int64Array>()),
            },
            FieldArray {
                name: "f".into(),
                values: Arc::new(rows.iter().map(|r| r.2.map(|v| v as f64 / 2.0)).collect::<Float64Array>()),
            },
            FieldArray {
                name: "s".into(),
                values: Arc::new(rows.iter().map(|r| r.2.map(|v| v.to_string())).collect::<StringArray>()),
            },
        ],
    }
}

const ALL: Reductions =
    Reductions { sum: true, float_sum: true, min: true, max: true, first: true, last: true, times: true };

/// The same, row by row: (series, window) to (values with their times).
fn model(
    rows: &[(usize, i64, Option<i64>)],
    windows: &ScanWindows,
) -> std::collections::BTreeMap<(usize, i64), Vec<(i64, i64)>> {
    let mut out = std::collections::BTreeMap::new();
    for (series, time, value) in rows {
        if let Some((start, stop)) = windows.around(*time) {
            assert!(start <= *time && (*time < stop || stop == i64::MAX));
            let all: &mut Vec<(i64, i64)> = out.entry((*series, start)).or_default();
            all.extend(value.map(|v| (*time, v)));
        }
    }
    out
}

proptest! {
    #[test]
    fn as_row_by_row(
        rows in prop::collection::btree_map((0usize..4, -50i64..50), prop::option::of(-5i64..5), 1..60),
        every in 1i64..30,
        offset in -20i64..20,
        kind in 0..3,
    ) {
        let rows: Vec<_> = rows.into_iter().map(|((s, t), v)| (s, t, v)).collect();
        let windows = match kind {
            0 => ScanWindows::Whole,
            1 => ScanWindows::Every { every, offset },
            _ => ScanWindows::Bounds(vec![-30, -30 + every, 10 + every].into()),
        };
        let got = batch(&rows).reduce(&windows, ALL);
        let want = model(&rows, &windows);
        let mut keys = Vec::new();
        for (i, key) in got.series.iter().enumerate() {
            let series: usize = key.tag("k").unwrap().parse().unwrap();
            keys.extend(got.starts[got.offsets[i]..got.offsets[i + 1]].iter().map(|s| (series, *s)));
        }
        prop_assert_eq!(&keys, &want.keys().copied().collect::<Vec<_>>());
        let field = |name: &str| got.fields.iter().find(|f| &*f.name == name).unwrap();
        let (ints, floats, texts) = (field("i"), field("f"), field("s"));
        for (n, values) in want.values().enumerate() {
            prop_assert_eq!(ints.count.value(n) as usize, values.len());
            prop_assert_eq!(texts.count.value(n) as usize, values.len());
            let int = |a: &ArrayRef| a.is_valid(n).then(|| a.as_primitive::<Int64Type>().value(n));
            let picked = |p: &Option<Picked>| {
                let p = p.as_ref().unwrap();
                let times = p.times.as_ref().unwrap();
                int(&p.values).map(|v| (times.value(n), v))
            };
            let sum = (!values.is_empty()).then(|| values.iter().map(|v| v.1).sum::<i64>());
            prop_assert_eq!(int(ints.sum.as_ref().unwrap()), sum);
            let as_float = ints.float_sum.as_ref().unwrap();
            prop_assert_eq!(as_float.is_valid(n).then(|| as_float.value(n)), sum.map(|s| s as f64));
            let float = floats.sum.as_ref().unwrap();
            prop_assert_eq!(float.is_valid(n).then(|| float.as_primitive::<Float64Type>().value(n)), sum.map(|s| s as f64 / 2.0));
            prop_assert_eq!(picked(&ints.first), values.first().copied());
            prop_assert_eq!(picked(&ints.last), values.last().copied());
            prop_assert_eq!(picked(&ints.min), values.iter().copied().min_by_key(|v| (v.1, v.0)));
            prop_assert_eq!(picked(&ints.max), values.iter().copied().min_by_key(|v| (-v.1, v.0)));
            let last = &texts.last.as_ref().unwrap().values;
            let text = last.is_valid(n).then(|| last.as_string::<i32>().value(n).to_owned());
            prop_assert_eq!(text, values.last().map(|v| v.1.to_string()));
        }
    }
}

#[test]
fn windows_at_the_ends_of_time() {
    let windows = ScanWindows::Every { every: 1000, offset: 0 };
    assert_eq!(windows.around(i64::MAX).map(|w| w.1), Some(i64::MAX));
    assert_eq!(windows.around(i64::MIN).map(|w| w.0), Some(i64::MIN));
    assert!(windows.tiled_by(100) && !windows.tiled_by(300));
}

proptest! {
    #[test]
    fn parts_put_together_are_the_whole(
        rows in prop::collection::btree_map(-50i64..50, prop::option::of(-5i64..5), 1..60),
        parts in prop::collection::vec(1i64..20, 1..4),
    ) {
        let rows: Vec<_> = rows.into_iter().map(|(t, v)| (0, t, v)).collect();
        let whole = batch(&rows).reduce(&ScanWindows::Whole, ALL);
        let mut bounds = vec![-60i64];
        parts.iter().for_each(|p| bounds.push(bounds[bounds.len() - 1] + p));
        bounds.push(60);
        let cut = batch(&rows).reduce(&ScanWindows::Bounds(bounds.into()), ALL);
        let order: Vec<usize> = (0..cut.rows()).collect();
        let one = 0..order.len();
        for (want, got) in whole.fields.iter().zip(&cut.fields) {
            let got = got.combine(&order, std::slice::from_ref(&one));
            prop_assert_eq!(format!("{want:?}"), format!("{got:?}"));
        }
    }
}
