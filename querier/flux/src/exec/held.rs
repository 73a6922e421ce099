//! The buffers that a batch keeps alive.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, StringArray};
use arrow_buffer::Buffer;
use weir_table::{Bools, Floats, Ints, TableBatch, Uints};

/// What a buffer takes besides its bytes: it is rounded up to 64, and shared by way of a header in an array that is
/// shared itself. Of tables of a few rows that is most of what they take.
const BESIDES: usize = 192;

/// Calls `f` with the address and the size in bytes of each allocation that the batch refers to, at least once.
pub(super) fn each_buffer(batch: &TableBatch, f: &mut impl FnMut(usize, usize)) {
    f(Arc::as_ptr(&batch.offsets).cast::<usize>() as usize, batch.offsets.len() * 8 + BESIDES);
    for column in &batch.columns {
        each_of_array(column.data.array(), f);
    }
}

/// The arrays that tables are made of are looked into as they are: there are queries of very many small batches.
fn each_of_array(array: &ArrayRef, f: &mut impl FnMut(usize, usize)) {
    if let Some(nulls) = array.nulls() {
        tell(nulls.buffer(), f);
    }
    if let Some(numbers) = Ints::of(array) {
        tell(numbers.0.values().inner(), f);
    } else if let Some(numbers) = Floats::of(array) {
        tell(numbers.0.values().inner(), f);
    } else if let Some(numbers) = Uints::of(array) {
        tell(numbers.0.values().inner(), f);
    } else if let Some(bits) = Bools::of(array) {
        tell(bits.0.values().inner(), f);
    } else if let Some(texts) = array.as_any().downcast_ref::<StringArray>() {
        each_of_texts(texts, f);
    } else if let Some(codes) = array.as_any().downcast_ref::<DictionaryArray<UInt32Type>>() {
        tell(codes.keys().values().inner(), f);
        each_of_array(codes.values(), f);
    } else {
        each_of_any(array, f);
    }
}

fn each_of_texts(texts: &StringArray, f: &mut impl FnMut(usize, usize)) {
    tell(texts.offsets().inner().inner(), f);
    tell(texts.values(), f);
}

fn each_of_any(array: &ArrayRef, f: &mut impl FnMut(usize, usize)) {
    let mut pending = vec![array.to_data()];
    while let Some(data) = pending.pop() {
        let nulls = data.nulls().map(|n| n.buffer());
        for buffer in data.buffers().iter().chain(nulls) {
            tell(buffer, f);
        }
        pending.extend(data.child_data().iter().cloned());
    }
}

fn tell(buffer: &Buffer, f: &mut impl FnMut(usize, usize)) {
    f(buffer.data_ptr().as_ptr() as usize, buffer.capacity() + BESIDES);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use arrow_array::{BooleanArray, Float64Array, Int64Array, UInt32Array, UInt64Array};

    use super::*;

    #[test]
    fn arrays_of_each_kind_are_counted_as_any() {
        let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("bc")]));
        let codes = UInt32Array::from(vec![Some(0), Some(2), None]);
        let coded = DictionaryArray::<UInt32Type>::try_new(codes, Arc::clone(&texts)).unwrap();
        let arrays: [ArrayRef; 6] = [
            Arc::new(Int64Array::from(vec![Some(1), None])),
            Arc::new(UInt64Array::from(vec![1, 2])),
            Arc::new(Float64Array::from(vec![None, Some(0.5)])),
            Arc::new(BooleanArray::from(vec![Some(true), None])),
            Arc::new(coded),
            texts,
        ];
        for array in arrays.iter().flat_map(|array| [Arc::clone(array), array.slice(1, 1)]) {
            let (mut known, mut any) = (BTreeSet::new(), BTreeSet::new());
            each_of_array(&array, &mut |address, bytes| {
                known.insert((address, bytes));
            });
            each_of_any(&array, &mut |address, bytes| {
                any.insert((address, bytes));
            });
            // A mask of no nulls is kept too.
            if let Some(nulls) = array.nulls() {
                tell(nulls.buffer(), &mut |address, bytes| {
                    any.insert((address, bytes));
                });
            }
            assert_eq!(known, any, "{:?}", array.data_type());
        }
    }
}
