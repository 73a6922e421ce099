//! Which series and fields there are.

use std::sync::Arc;

use arrow_array::Array;

use crate::{FieldArray, FieldType, SeriesBatch, SeriesKeys};

/// Series of one measurement, ascending, and which fields each has.
///
/// It may tell a little more than a scan would answer: where it is made of summaries, times are looked at by their ends (a
/// series whose rows lie on both sides of the range, but not in it, is told too, as is one that a delete has hidden only
/// in part), and conditions on values are not looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct SeriesSet {
    /// The measurement's name.
    pub measurement: Arc<str>,
    /// The series.
    pub series: SeriesKeys,
    /// The fields of all series of the set, by name and type.
    pub fields: Vec<(Arc<str>, FieldType)>,
    /// Different sets of fields: indices into `fields`, ascending.
    pub field_sets: Vec<Vec<usize>>,
    /// For each series its set's index in `field_sets`.
    pub series_fields: Vec<usize>,
}

impl SeriesBatch {
    /// The series that have rows here, and the fields that have values there.
    pub fn series_set(&self) -> SeriesSet {
        let some = |f: &&FieldArray| f.values.null_count() < f.values.len();
        let typed: Vec<_> =
            self.fields.iter().filter(some).filter_map(|f| Some((f, f.field_type()?))).collect();
        let mut field_sets: Vec<Vec<usize>> = Vec::new();
        let mut series_fields = Vec::with_capacity(self.series.len());
        for run in self.offsets.windows(2) {
            let has = |(_, (f, _)): &(usize, &(&FieldArray, FieldType))| {
                let nulls = f.values.nulls();
                nulls.is_none_or(|n| n.slice(run[0], run[1] - run[0]).null_count() < run[1] - run[0])
            };
            let set: Vec<usize> = typed.iter().enumerate().filter(has).map(|(i, _)| i).collect();
            let known = field_sets.iter().rposition(|s| *s == set);
            series_fields.push(known.unwrap_or_else(|| {
                field_sets.push(set);
                field_sets.len() - 1
            }));
        }
        SeriesSet {
            measurement: self.measurement.clone(),
            series: self.series.clone(),
            fields: typed.iter().map(|(f, ty)| (f.name.clone(), *ty)).collect(),
            field_sets,
            series_fields,
        }
    }
}
