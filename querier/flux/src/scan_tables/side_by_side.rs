//! Small batches of series made one.
//!
//! Each batch costs every operation behind a scan some time of its own. Summaries are few rows a batch, so several
//! batches are put side by side.

use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, new_null_array};
use weir_batch::{FieldArray, SeriesBatch, SeriesKeys};
use weir_table::concat;

/// A batch of so many cells is not small. Half a megabyte need not be counted.
const CELLS: usize = 1 << 16;

/// Collects batches of a stream until they are enough.
#[derive(Default)]
pub(crate) struct SideBySide {
    parts: Vec<SeriesBatch>,
    cells: usize,
}

impl SideBySide {
    /// Adds a batch. Answers what was collected before, if the batch cannot go with it.
    pub(crate) fn push(&mut self, batch: SeriesBatch) -> Option<SeriesBatch> {
        let cells = batch.rows() * (batch.fields.len() + 1);
        let fits = self.parts.last().is_none_or(|last| last.measurement == batch.measurement)
            && self.cells + cells <= CELLS;
        let before = if fits { None } else { self.take() };
        self.cells += cells;
        self.parts.push(batch);
        before
    }

    /// What was collected, if anything.
    pub(crate) fn take(&mut self) -> Option<SeriesBatch> {
        self.cells = 0;
        let parts = std::mem::take(&mut self.parts);
        if parts.len() > 1 { Some(joined(&parts)) } else { parts.into_iter().next() }
    }
}

/// Batches of one measurement that follow each other as one; at least one. A field that one of them lacks is null there.
pub(super) fn joined(parts: &[SeriesBatch]) -> SeriesBatch {
    let mut series: Vec<_> = Vec::new();
    let mut offsets = vec![0];
    let mut fields: Vec<(Arc<str>, arrow_schema::DataType)> = Vec::new();
    for part in parts {
        for (i, key) in part.series.iter().enumerate() {
            let rows = part.offsets[i + 1] - part.offsets[i];
            let end = offsets[offsets.len() - 1] + rows;
            if i == 0 && series.last() == Some(&key) {
                // The last series of the part before goes on.
                offsets.pop();
            } else {
                series.push(key);
            }
            offsets.push(end);
        }
        for field in &part.fields {
            if !fields.iter().any(|(name, ty)| *name == field.name && ty == field.values.data_type()) {
                fields.push((Arc::clone(&field.name), field.values.data_type().clone()));
            }
        }
    }
    let column = |(name, ty): (Arc<str>, arrow_schema::DataType)| {
        let arrays: Vec<ArrayRef> = parts
            .iter()
            .map(|part| {
                let found = part.fields.iter().find(|f| f.name == name && *f.values.data_type() == ty);
                found.map_or_else(|| new_null_array(&ty, part.rows()), |f| Arc::clone(&f.values))
            })
            .collect();
        FieldArray { name, values: concat(&arrays) }
    };
    let times: Vec<i64> = parts.iter().flat_map(|part| part.times.values().iter().copied()).collect();
    SeriesBatch {
        measurement: Arc::clone(&parts[0].measurement),
        series: series.into_iter().collect::<SeriesKeys>(),
        offsets,
        times: Int64Array::from(times),
        sequences: None,
        fields: fields.into_iter().map(column).collect(),
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::Float64Array;
    use weir_batch::SeriesKey;

    use super::*;

    fn batch(hosts: &[(&'static str, usize)], field: &str) -> SeriesBatch {
        let ends = hosts.iter().scan(0, |end, (_, rows)| {
            *end += rows;
            Some(*end)
        });
        let offsets: Vec<usize> = std::iter::once(0).chain(ends).collect();
        let rows = offsets[offsets.len() - 1];
        SeriesBatch {
            measurement: "m".into(),
            series: hosts.iter().map(|(host, _)| SeriesKey(host)).collect(),
            offsets,
            times: (0..rows as i64).map(Some).collect(),
            sequences: None,
            fields: vec![FieldArray {
                name: field.into(),
                values: Arc::new((0..rows).map(|i| Some(i as f64)).collect::<Float64Array>()),
            }],
        }
    }

    #[test]
    fn a_series_goes_on_and_missing_fields_are_null() {
        let mut all = SideBySide::default();
        assert_eq!(all.push(batch(&[("host=a", 2), ("host=b", 1)], "x")), None);
        assert_eq!(all.push(batch(&[("host=b", 1), ("host=c", 3)], "y")), None);
        let joined = all.take().unwrap();
        assert_eq!((joined.series.len(), &joined.offsets), (3, &vec![0, 2, 4, 7]));
        assert_eq!(joined.times.len(), 7);
        let nulls: Vec<_> = joined.fields.iter().map(|f| (&*f.name, f.values.null_count())).collect();
        assert_eq!(nulls, [("x", 4), ("y", 3)]);
        assert_eq!(all.take(), None);
    }

    #[test]
    fn what_is_large_stays_by_itself() {
        let mut all = SideBySide::default();
        assert_eq!(all.push(batch(&[("host=a", 2)], "x")), None);
        let large = batch(&[("host=b", CELLS)], "x");
        assert_eq!(all.push(large.clone()).map(|b| b.rows()), Some(2));
        assert_eq!(all.take(), Some(large));
    }
}
