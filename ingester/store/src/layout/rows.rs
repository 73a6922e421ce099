//! Sorted rows of one measurement, as a flush hands them over: several batches seen as one table.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef, UInt64Array};
use weir_batch::{FieldType, SeriesBatch, SeriesKey};

use crate::error::{Result, StoreError};

/// The batches of one measurement.
pub(crate) struct Rows<'a> {
    pub(crate) batches: &'a [SeriesBatch],
    /// Number of the first row of each batch, and of the row after the last.
    starts: Vec<usize>,
    pub(crate) columns: Vec<Column>,
    pub(crate) tag_keys: Vec<Arc<str>>,
    /// Tag keys that some series lacks.
    pub(crate) optional_tags: BTreeSet<Arc<str>>,
}

/// One field over all batches.
pub(crate) struct Column {
    pub(crate) name: Arc<str>,
    pub(crate) ty: FieldType,
    /// Each batch's values, where it has any.
    pub(crate) sources: Vec<Option<ArrayRef>>,
    /// Whether every row has a value.
    pub(crate) dense: bool,
}

/// Consecutive rows of one series in one batch.
#[derive(Clone)]
pub(crate) struct Run<'a> {
    pub(crate) key: SeriesKey<'a>,
    pub(crate) batch: usize,
    /// Rows in the batch.
    pub(crate) range: Range<usize>,
    /// Number of the first row in the table.
    pub(crate) first_row: usize,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(batches: &'a [SeriesBatch]) -> Result<Self> {
        let mut starts = vec![0];
        let mut columns: BTreeMap<(Arc<str>, FieldType), Column> = BTreeMap::new();
        for (number, batch) in batches.iter().enumerate() {
            check(batch)?;
            starts.push(starts[number] + batch.rows());
            for field in &batch.fields {
                let ty = field.field_type().ok_or_else(|| broken("a column is of no field type"))?;
                let column = columns.entry((field.name.clone(), ty)).or_insert_with(|| Column {
                    name: field.name.clone(),
                    ty,
                    sources: vec![None; batches.len()],
                    dense: true,
                });
                column.sources[number] = Some(field.values.clone());
            }
        }
        let mut columns: Vec<Column> = columns
            .into_values()
            // A column of nothing but nulls is no column.
            .filter(|c| c.sources.iter().flatten().any(|a| a.null_count() < a.len()))
            .collect();
        for column in &mut columns {
            column.dense = column.sources.iter().zip(batches).all(|(source, batch)| {
                batch.rows() == 0 || source.as_ref().is_some_and(|a| a.null_count() == 0)
            });
        }
        let mut rows =
            Self { batches, starts, columns, tag_keys: Vec::new(), optional_tags: BTreeSet::new() };
        rows.collect_tags();
        Ok(rows)
    }

    fn collect_tags(&mut self) {
        // The tag keys found so far, sorted, and how many series have each. A series mostly has the tags that the one
        // before had, so the next key is looked for where the last was found.
        let mut counts: Vec<(String, usize)> = Vec::new();
        let mut series = 0usize;
        for batch in self.batches {
            for key in batch.series.iter() {
                series += 1;
                let mut next = 0;
                for (tag, _) in key.tags() {
                    if counts.get(next).is_none_or(|(known, _)| *known != tag) {
                        next = match counts.binary_search_by(|(known, _)| known.as_str().cmp(&tag)) {
                            Ok(at) => at,
                            Err(at) => {
                                counts.insert(at, (tag.into_owned(), 0));
                                at
                            }
                        };
                    }
                    counts[next].1 += 1;
                    next += 1;
                }
            }
        }
        for (tag, count) in counts {
            let tag: Arc<str> = tag.into();
            if count < series {
                self.optional_tags.insert(tag.clone());
            }
            self.tag_keys.push(tag);
        }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.starts[self.batches.len()]
    }

    /// The runs of all batches in order. A series that goes on in the next batch is two runs.
    pub(crate) fn runs(&self) -> impl Iterator<Item = Run<'a>> + '_ {
        self.batches
            .iter()
            .enumerate()
            .flat_map(move |(batch, rows)| (0..rows.series.len()).map(move |i| self.run(batch, i)))
    }

    /// The runs that have rows in `range`.
    pub(crate) fn runs_in<'r>(&'r self, range: &Range<usize>) -> impl Iterator<Item = Run<'a>> + 'r {
        let range = range.clone();
        let first = self.starts.partition_point(|start| *start <= range.start).saturating_sub(1);
        (first..self.batches.len()).take_while(move |b| self.starts[*b] < range.end).flat_map(move |batch| {
            let rows = &self.batches[batch];
            let skipped = range.start.saturating_sub(self.starts[batch]);
            let run = rows.offsets.partition_point(|offset| *offset <= skipped).saturating_sub(1);
            let last = rows.offsets.partition_point(|offset| self.starts[batch] + *offset < range.end);
            (run..last.min(rows.series.len())).map(move |i| self.run(batch, i))
        })
    }

    fn run(&self, batch: usize, i: usize) -> Run<'a> {
        let rows = &self.batches[batch];
        Run {
            key: rows.series.get(i),
            batch,
            range: rows.offsets[i]..rows.offsets[i + 1],
            first_row: self.starts[batch] + rows.offsets[i],
        }
    }

    /// Which rows of which batches the rows `range` of the table are.
    pub(crate) fn slices(&self, range: &Range<usize>) -> Vec<(usize, Range<usize>)> {
        (0..self.batches.len())
            .filter_map(|b| {
                let start = range.start.max(self.starts[b]);
                let end = range.end.min(self.starts[b + 1]);
                (start < end).then(|| (b, start - self.starts[b]..end - self.starts[b]))
            })
            .collect()
    }

    /// The sequences of a batch; [`Rows::new`] has seen that there are some.
    pub(crate) fn sequences(&self, batch: usize) -> &'a UInt64Array {
        self.batches[batch].sequences.as_ref().expect("Rows::new refuses batches without sequences")
    }
}

fn broken(what: &str) -> StoreError {
    StoreError::Rows(what.to_owned())
}

/// Refuses batches that break the invariants of [`SeriesBatch`], before they become a file that nobody can read.
fn check(batch: &SeriesBatch) -> Result<()> {
    let rows = batch.rows();
    if batch.sequences.as_ref().is_none_or(|s| s.len() != rows || s.null_count() > 0) {
        return Err(broken("a row has no sequence"));
    }
    if batch.offsets.len() != batch.series.len() + 1
        || batch.offsets.first() != Some(&0)
        || batch.offsets.last() != Some(&rows)
        || batch.offsets.windows(2).any(|w| w[0] >= w[1])
    {
        return Err(broken("the runs do not cover the rows"));
    }
    if batch.times.null_count() > 0 || batch.fields.iter().any(|f| f.values.len() != rows) {
        return Err(broken("columns differ in length, or a time is missing"));
    }
    Ok(())
}
