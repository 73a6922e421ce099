//! Builds Arrow columns from sorted rows.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, PrimitiveBuilder, StringBuilder};
use arrow_array::types::{ArrowPrimitiveType, Float64Type, Int64Type, UInt64Type};
use arrow_array::{ArrayRef, Int64Array, UInt64Array};
use weir_batch::{FieldArray, FieldType, FieldValues, SeriesBatch, SeriesKeys};

use super::sort::{Entry, Sorted};

/// Rows of a batch, unless the answer has fewer.
const BATCH_ROWS: usize = 1 << 16;
const NONE: u32 = u32::MAX;

/// Cuts sorted rows into batches.
#[derive(Debug)]
pub(crate) struct Batches {
    sorted: Sorted,
    /// By output column and chunk: where the values are.
    access: Vec<Vec<Access>>,
    /// The next row, and the series it is of.
    row: usize,
    series: usize,
}

/// How to find a row's value in a chunk's column.
#[derive(Debug)]
enum Access {
    /// No row has one.
    Absent,
    /// Value `i` of the chunk's column at this place is row `i`'s.
    Dense(usize),
    /// Row `i`'s value is at `index[i]`, or it has none.
    Sparse(usize, Vec<u32>),
}

impl Batches {
    pub(crate) fn new(sorted: Sorted) -> Self {
        let mut access: Vec<Vec<Access>> = Vec::with_capacity(sorted.selection.columns().len());
        for _ in sorted.selection.columns() {
            access.push(sorted.chunks.iter().map(|_| Access::Absent).collect());
        }
        for (i, chunk) in sorted.chunks.iter().enumerate() {
            for (place, column) in chunk.chunk.columns.iter().enumerate() {
                let output = sorted.selection.output_column(chunk.table as usize, column.column) as usize;
                if !sorted.selection.classes().iter().any(|c| c.wants[output]) {
                    continue;
                }
                access[output][i] = match &column.rows {
                    None => Access::Dense(place),
                    Some(rows) => {
                        let mut index = vec![NONE; chunk.chunk.rows()];
                        rows.iter().enumerate().for_each(|(value, row)| index[*row as usize] = value as u32);
                        Access::Sparse(place, index)
                    }
                };
            }
        }
        Self { sorted, access, row: 0, series: 0 }
    }

    /// The place of a line's value in a chunk's column: (column, value).
    fn find(&self, output: usize, entry: &Entry) -> Option<(usize, usize)> {
        match &self.access[output][entry.chunk as usize] {
            Access::Absent => None,
            Access::Dense(column) => Some((*column, entry.row as usize)),
            Access::Sparse(column, index) => {
                let value = index[entry.row as usize];
                (value != NONE).then_some((*column, value as usize))
            }
        }
    }

    /// A row's value: that of the last line that has one.
    fn value(&self, output: usize, row: usize) -> Option<(&FieldValues, usize)> {
        self.sorted.lines(row).iter().rev().find_map(|line| {
            let (column, value) = self.find(output, line)?;
            Some((&self.sorted.chunks[line.chunk as usize].chunk.columns[column].values, value))
        })
    }

    /// Leaves out rows all of whose values later rows of the same series and time replace. Only that is safe: a row
    /// that keeps a value of its own keeps its sequence, because another source may have one in between.
    pub(crate) fn drop_replaced(&mut self) {
        let rows = self.sorted.rows();
        let columns = self.access.len();
        let mut keep = vec![true; rows];
        let mut start = 0;
        let mut found = false;
        for series in &self.sorted.series {
            let end = series.end as usize;
            let mut at = end;
            while at > start {
                let time = self.sorted.lines(at - 1)[0].time;
                let mut first = at - 1;
                while first > start && self.sorted.lines(first - 1)[0].time == time {
                    first -= 1;
                }
                if at - first > 1 {
                    let mut covered = vec![false; columns];
                    for row in (first..at).rev() {
                        let mut fresh = false;
                        for (column, covered) in covered.iter_mut().enumerate() {
                            if !*covered && self.value(column, row).is_some() {
                                *covered = true;
                                fresh = true;
                            }
                        }
                        keep[row] = fresh;
                        found |= !fresh;
                    }
                }
                at = first;
            }
            start = end;
        }
        if found {
            self.retain(&keep);
        }
    }

    fn retain(&mut self, keep: &[bool]) {
        let mut entries = Vec::with_capacity(self.sorted.entries.len());
        let mut ends = Vec::new();
        let mut start = 0;
        let mut series_ends = Vec::with_capacity(self.sorted.series.len());
        for series in &self.sorted.series {
            for (row, keep) in (start..).zip(&keep[start..series.end as usize]) {
                if *keep {
                    entries.extend_from_slice(self.sorted.lines(row));
                    ends.push(entries.len() as u32);
                }
            }
            start = series.end as usize;
            series_ends.push(ends.len() as u32);
        }
        for (series, end) in self.sorted.series.iter_mut().zip(series_ends) {
            series.end = end;
        }
        self.sorted.entries = entries;
        self.sorted.row_ends = Some(ends);
    }

    fn run<T: ArrowPrimitiveType>(
        &self,
        output: usize,
        runs: &[(bool, usize, usize)],
        rows: usize,
        values_of: impl Fn(&FieldValues) -> Option<&[T::Native]>,
    ) -> ArrayRef {
        let mut out = PrimitiveBuilder::<T>::with_capacity(rows);
        let chunks = &self.sorted.chunks;
        // The slice of each chunk, looked up once.
        let slices: Vec<&[T::Native]> = chunks
            .iter()
            .zip(&self.access[output])
            .map(|(chunk, access)| match access {
                Access::Absent => &[][..],
                Access::Dense(c) | Access::Sparse(c, _) => {
                    values_of(&chunk.chunk.columns[*c].values).unwrap_or(&[])
                }
            })
            .collect();
        for (wanted, from, to) in runs {
            if !wanted {
                out.append_nulls(to - from);
                continue;
            }
            for row in *from..*to {
                let value = self.sorted.lines(row).iter().rev().find_map(|line| {
                    let (_, value) = self.find(output, line)?;
                    slices[line.chunk as usize].get(value).copied()
                });
                out.append_option(value);
            }
        }
        Arc::new(out.finish())
    }

    fn column(&self, output: usize, runs: &[(bool, usize, usize)], rows: usize) -> ArrayRef {
        let ty = self.sorted.selection.columns()[output].ty;
        match ty {
            FieldType::Float => self.run::<Float64Type>(output, runs, rows, |v| match v {
                FieldValues::Float(v) => Some(v),
                _ => None,
            }),
            FieldType::Integer => self.run::<Int64Type>(output, runs, rows, |v| match v {
                FieldValues::Integer(v) => Some(v),
                _ => None,
            }),
            FieldType::Unsigned => self.run::<UInt64Type>(output, runs, rows, |v| match v {
                FieldValues::Unsigned(v) => Some(v),
                _ => None,
            }),
            FieldType::Boolean => {
                let mut out = BooleanBuilder::with_capacity(rows);
                self.each(output, runs, |value| {
                    out.append_option(value.and_then(|(values, i)| match values {
                        FieldValues::Boolean(v) => v.get(i).copied(),
                        _ => None,
                    }));
                });
                Arc::new(out.finish())
            }
            FieldType::String => {
                let mut out = StringBuilder::with_capacity(rows, rows * 16);
                self.each(output, runs, |value| {
                    out.append_option(value.and_then(|(values, i)| values.string(i)))
                });
                Arc::new(out.finish())
            }
        }
    }

    fn each<'a>(
        &'a self,
        output: usize,
        runs: &[(bool, usize, usize)],
        mut push: impl FnMut(Option<(&'a FieldValues, usize)>),
    ) {
        for (wanted, from, to) in runs {
            for row in *from..*to {
                push(if *wanted { self.value(output, row) } else { None });
            }
        }
    }
}

impl Iterator for Batches {
    type Item = SeriesBatch;

    fn next(&mut self) -> Option<SeriesBatch> {
        let rows = self.sorted.rows();
        if self.row >= rows {
            return None;
        }
        let first = self.row;
        let end = rows.min(first + BATCH_ROWS);
        let mut series = SeriesKeys::new();
        let mut offsets = vec![0];
        let mut runs: Vec<(u32, usize, usize)> = Vec::new();
        while self.row < end {
            let run = self.sorted.series[self.series];
            let stop = end.min(run.end as usize);
            if stop > self.row {
                series.push(self.sorted.tables[run.table as usize].series.get(run.id));
                offsets.push(stop - first);
                match runs.last_mut() {
                    Some(last) if last.0 == run.class => last.2 = stop,
                    _ => runs.push((run.class, self.row, stop)),
                }
            }
            self.row = stop;
            if stop == run.end as usize {
                self.series += 1;
            }
        }
        let lines = |row| self.sorted.lines(row);
        let times: Int64Array = (first..end).map(|row| lines(row)[0].time).collect::<Vec<_>>().into();
        let sequences: UInt64Array =
            (first..end).map(|row| self.sorted.sequence(&lines(row)[0]).0).collect::<Vec<_>>().into();
        let mut fields = Vec::new();
        for (output, column) in self.sorted.selection.columns().iter().enumerate() {
            let classes = self.sorted.selection.classes();
            let wanted: Vec<_> = runs
                .iter()
                .map(|(class, from, to)| (classes[*class as usize].wants[output], *from, *to))
                .collect();
            if !wanted.iter().any(|w| w.0) {
                continue;
            }
            let values = self.column(output, &wanted, end - first);
            if values.null_count() < values.len() {
                fields.push(FieldArray { name: Arc::clone(&column.name), values });
            }
        }
        Some(SeriesBatch {
            measurement: Arc::clone(&self.sorted.selection.filter().measurement),
            series,
            offsets,
            times,
            sequences: Some(sequences),
            fields,
        })
    }
}
