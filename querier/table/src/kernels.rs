//! Whole-array kernels over batches.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, BooleanArray, StringArray, UInt32Array, new_null_array};
use arrow_schema::DataType;

use crate::{Column, ColumnBuilder, ColumnData, ColumnType, Scalar, TableBatch};

/// An array of `len` nulls of type `ty`.
pub fn null_array(ty: ColumnType, len: usize) -> ArrayRef {
    new_null_array(&ty.data_type(), len)
}

/// An array of `len` times the same value; of nulls if the value is of another type than `ty`.
pub fn repeat(value: &Scalar, ty: ColumnType, len: usize) -> ArrayRef {
    if let Scalar::String(text) = value
        && ty == ColumnType::String
        && len > 4
    {
        let values: ArrayRef = Arc::new(StringArray::from(vec![&**text]));
        return take(&values, &UInt32Array::from(vec![0; len]));
    }
    let mut builder = ColumnBuilder::new(ty, len);
    for _ in 0..len {
        builder.push(value);
    }
    builder.finish()
}

/// The cells at `indices`; null where an index is null. Long takes of text become dictionary-coded.
pub fn take(array: &ArrayRef, indices: &UInt32Array) -> ArrayRef {
    if let (DataType::Utf8, true) = (array.data_type(), indices.len() > array.len().saturating_mul(2)) {
        let dictionary =
            arrow_array::DictionaryArray::<UInt32Type>::try_new(indices.clone(), Arc::clone(array));
        if let Ok(dictionary) = dictionary {
            return Arc::new(dictionary);
        }
    }
    arrow_select::take::take(array, indices, None)
        .expect("indices lie within the array and types are supported")
}

/// Spreads one value a run over the rows of the runs.
pub fn repeat_each(values: &ArrayRef, offsets: &[usize]) -> ArrayRef {
    let rows = offsets[offsets.len() - 1];
    let mut indices = Vec::with_capacity(rows);
    for (run, w) in offsets.windows(2).enumerate() {
        indices.resize(indices.len() + (w[1] - w[0]), run as u32);
    }
    take(values, &UInt32Array::from(indices))
}

/// The arrays one after the other. All hold values of one column type; text arrays may be laid out differently.
pub fn concat(arrays: &[ArrayRef]) -> ArrayRef {
    if let [one] = arrays {
        return Arc::clone(one);
    }
    let mixed = arrays.windows(2).any(|w| w[0].data_type() != w[1].data_type());
    let decoded: Vec<ArrayRef>;
    let arrays = if mixed {
        decoded = arrays.iter().map(plain).collect();
        &decoded
    } else {
        arrays
    };
    let refs: Vec<&dyn Array> = arrays.iter().map(AsRef::as_ref).collect();
    arrow_select::concat::concat(&refs).expect("the arrays hold values of one column type")
}

/// A dictionary-coded array as a plain one; any other as it is.
pub fn plain(array: &ArrayRef) -> ArrayRef {
    match array.as_dictionary_opt::<UInt32Type>() {
        Some(d) => {
            arrow_select::take::take(d.values(), d.keys(), None).expect("the codes lie within the dictionary")
        }
        None => Arc::clone(array),
    }
}

/// Keeps the rows where `keep` is true (null counts as false). Tables that lose all rows stay, empty.
pub fn filter_rows(batch: &TableBatch, keep: &BooleanArray) -> TableBatch {
    let keep =
        if keep.null_count() > 0 { arrow_select::filter::prep_null_mask_filter(keep) } else { keep.clone() };
    let mut offsets = Vec::with_capacity(batch.offsets.len());
    offsets.push(0);
    let mut total = 0;
    for run in 0..batch.runs() {
        let range = batch.run(run);
        total += keep.values().slice(range.start, range.len()).count_set_bits();
        offsets.push(total);
    }
    if total == batch.rows() {
        return batch.clone();
    }
    let columns = batch
        .columns
        .iter()
        .map(|c| match &c.data {
            ColumnData::Key(_) => c.clone(),
            ColumnData::Row(a) => Column {
                data: ColumnData::Row(
                    arrow_select::filter::filter(a, &keep).expect("the mask is as long as the column"),
                ),
                ..c.clone()
            },
        })
        .collect();
    TableBatch { columns, offsets: offsets.into(), continues: batch.continues }
}

/// The tables `runs` of a batch, without copying cells.
pub fn slice_runs(batch: &TableBatch, runs: Range<usize>) -> TableBatch {
    let (start, end) = (batch.offsets[runs.start], batch.offsets[runs.end]);
    let offsets: Vec<usize> = batch.offsets[runs.start..=runs.end].iter().map(|o| o - start).collect();
    let columns = batch
        .columns
        .iter()
        .map(|c| Column {
            data: match &c.data {
                ColumnData::Key(a) => ColumnData::Key(a.slice(runs.start, runs.len())),
                ColumnData::Row(a) => ColumnData::Row(a.slice(start, end - start)),
            },
            ..c.clone()
        })
        .collect();
    TableBatch { columns, offsets: offsets.into(), continues: batch.continues && runs.start == 0 }
}
