//! Putting columns together from runs of rows of several sources.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type, UInt64Type};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, BooleanArray, PrimitiveArray, StringArray};
use arrow_buffer::{BooleanBufferBuilder, Buffer, NullBufferBuilder, OffsetBuffer, ScalarBuffer};
use parquet::errors::ParquetError;
use weir_batch::FieldType;

use crate::error::{Result, StoreError};

/// Which rows an answer is made of, in order.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    steps: Vec<Step>,
    /// The rows of groups: (source, place), the newest last.
    group_rows: Vec<(usize, usize)>,
    times: Vec<i64>,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    /// Rows that follow each other in one source.
    Copy { source: usize, at: usize, length: usize },
    /// One row, each field of which is the newest value among `group_rows[start..end]`.
    Group { start: usize, end: usize },
}

impl Gather {
    pub(crate) fn rows(&self) -> usize {
        self.times.len()
    }

    pub(crate) fn into_times(self) -> Vec<i64> {
        self.times
    }

    /// Appends rows of a source from place `at` on.
    pub(crate) fn copy(&mut self, source: usize, at: usize, times: &[i64]) {
        if times.is_empty() {
            return;
        }
        self.times.extend_from_slice(times);
        if let Some(Step::Copy { source: last, at: start, length }) = self.steps.last_mut()
            && *last == source
            && *start + *length == at
        {
            *length += times.len();
            return;
        }
        self.steps.push(Step::Copy { source, at, length: times.len() });
    }

    /// Appends one row made of several, the newest last.
    pub(crate) fn group(&mut self, time: i64, rows: impl Iterator<Item = (usize, usize)>) {
        let start = self.group_rows.len();
        self.group_rows.extend(rows);
        self.times.push(time);
        self.steps.push(Step::Group { start, end: self.group_rows.len() });
    }

    /// The newest value of a group: its source and place.
    fn newest(&self, start: usize, end: usize, sources: &[Option<ArrayRef>]) -> Option<(usize, usize)> {
        let has = |(source, at): &&(usize, usize)| sources[*source].as_ref().is_some_and(|a| a.is_valid(*at));
        self.group_rows[start..end].iter().rev().find(has).copied()
    }
}

/// Puts one column together. A source without the column has nulls.
pub(crate) fn gather(plan: &Gather, ty: FieldType, sources: &[Option<ArrayRef>]) -> Result<ArrayRef> {
    // One run of one source is its array, uncopied.
    if let [Step::Copy { source, at, length }] = plan.steps.as_slice()
        && let Some(array) = &sources[*source]
    {
        return Ok(array.slice(*at, *length));
    }
    Ok(match ty {
        FieldType::Float => Arc::new(primitives::<Float64Type>(plan, sources)),
        FieldType::Integer => Arc::new(primitives::<Int64Type>(plan, sources)),
        FieldType::Unsigned => Arc::new(primitives::<UInt64Type>(plan, sources)),
        FieldType::Boolean => Arc::new(booleans(plan, sources)),
        FieldType::String => Arc::new(strings(plan, sources)?),
    })
}

fn append_nulls(nulls: &mut NullBufferBuilder, array: &dyn Array, at: usize, length: usize) {
    match array.nulls() {
        None => nulls.append_n_non_nulls(length),
        Some(known) => nulls.append_buffer(&known.slice(at, length)),
    }
}

fn primitives<T: ArrowPrimitiveType>(plan: &Gather, sources: &[Option<ArrayRef>]) -> PrimitiveArray<T> {
    let typed: Vec<Option<&PrimitiveArray<T>>> =
        sources.iter().map(|s| s.as_ref().map(|a| a.as_primitive::<T>())).collect();
    let mut values: Vec<T::Native> = Vec::with_capacity(plan.rows());
    let mut nulls = NullBufferBuilder::new(plan.rows());
    for step in &plan.steps {
        match *step {
            Step::Copy { source, at, length } => match typed[source] {
                Some(array) => {
                    values.extend_from_slice(&array.values()[at..at + length]);
                    append_nulls(&mut nulls, array, at, length);
                }
                None => {
                    values.resize(values.len() + length, T::default_value());
                    nulls.append_n_nulls(length);
                }
            },
            Step::Group { start, end } => {
                let newest = plan.newest(start, end, sources);
                let value = newest.and_then(|(source, at)| typed[source].map(|a| a.value(at)));
                values.push(value.unwrap_or_else(T::default_value));
                nulls.append(value.is_some());
            }
        }
    }
    PrimitiveArray::new(ScalarBuffer::from(values), nulls.finish())
}

fn booleans(plan: &Gather, sources: &[Option<ArrayRef>]) -> BooleanArray {
    let mut values = BooleanBufferBuilder::new(plan.rows());
    let mut nulls = NullBufferBuilder::new(plan.rows());
    for step in &plan.steps {
        match *step {
            Step::Copy { source, at, length } => match &sources[source] {
                Some(array) => {
                    values.append_buffer(&array.as_boolean().values().slice(at, length));
                    append_nulls(&mut nulls, array, at, length);
                }
                None => {
                    values.append_n(length, false);
                    nulls.append_n_nulls(length);
                }
            },
            Step::Group { start, end } => {
                let newest = plan.newest(start, end, sources);
                let value = newest.and_then(|(s, at)| sources[s].as_ref().map(|a| a.as_boolean().value(at)));
                values.append(value.unwrap_or_default());
                nulls.append(value.is_some());
            }
        }
    }
    BooleanArray::new(values.finish(), nulls.finish())
}

fn strings(plan: &Gather, sources: &[Option<ArrayRef>]) -> Result<StringArray> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut offsets: Vec<i32> = Vec::with_capacity(plan.rows() + 1);
    offsets.push(0);
    let mut nulls = NullBufferBuilder::new(plan.rows());
    let too_large = || {
        StoreError::Parquet(ParquetError::General("the texts of one batch are larger than 2 GiB".to_owned()))
    };
    for step in &plan.steps {
        match *step {
            Step::Copy { source, at, length } => match &sources[source] {
                Some(array) => {
                    let array = array.as_string::<i32>();
                    let known = &array.value_offsets()[at..=at + length];
                    let base = bytes.len() as i64 - i64::from(known[0]);
                    bytes.extend_from_slice(&array.value_data()[known[0] as usize..known[length] as usize]);
                    i32::try_from(bytes.len()).map_err(|_| too_large())?;
                    offsets.extend(known[1..].iter().map(|offset| (i64::from(*offset) + base) as i32));
                    append_nulls(&mut nulls, array, at, length);
                }
                None => {
                    offsets.resize(offsets.len() + length, bytes.len() as i32);
                    nulls.append_n_nulls(length);
                }
            },
            Step::Group { start, end } => {
                let newest = plan.newest(start, end, sources);
                if let Some((source, at)) = newest
                    && let Some(array) = &sources[source]
                {
                    bytes.extend_from_slice(array.as_string::<i32>().value(at).as_bytes());
                }
                offsets.push(i32::try_from(bytes.len()).map_err(|_| too_large())?);
                nulls.append(newest.is_some());
            }
        }
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    StringArray::try_new(offsets, Buffer::from_vec(bytes), nulls.finish())
        .map_err(|e| StoreError::Parquet(ParquetError::General(e.to_string())))
}
