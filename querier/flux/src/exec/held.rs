//! The buffers that a batch keeps alive.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use weir_table::TableBatch;

/// Calls `f` with the address and the size in bytes of each allocation that the batch refers to, at least once.
pub(super) fn each_buffer(batch: &TableBatch, f: &mut impl FnMut(usize, usize)) {
    f(Arc::as_ptr(&batch.offsets).cast::<usize>() as usize, batch.offsets.len() * 8);
    for column in &batch.columns {
        each_of_array(column.data.array(), f);
    }
}

fn each_of_array(array: &ArrayRef, f: &mut impl FnMut(usize, usize)) {
    let mut pending = vec![array.to_data()];
    while let Some(data) = pending.pop() {
        let nulls = data.nulls().map(|n| n.buffer());
        for buffer in data.buffers().iter().chain(nulls) {
            f(buffer.data_ptr().as_ptr() as usize, buffer.capacity());
        }
        pending.extend(data.child_data().iter().cloned());
    }
}
