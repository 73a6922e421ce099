//! `float(v:)` and its like, of columns.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, BooleanArray, Float64Array, Int64Array, UInt64Array};
use arrow_buffer::BooleanBuffer;
use weir_table::{Bools, ColumnType, Floats, Ints, Uints};

use super::{Rows, Side, sides, texts};
use crate::error::Result;
use crate::registry::Definition;
use crate::rowfn::RecordColumns;
use crate::rowfn::column::Vector;
use crate::stdlib::universe::convert::{int, uint};

/// A conversion of a column; `None` if there is no kernel for it.
pub(in crate::rowfn) fn conversion(
    definition: &Definition,
    named: &RecordColumns,
    rows: &Rows<'_>,
    by_row: bool,
) -> Result<Option<Vector>> {
    let [(label, v)] = named.as_slice() else { return Ok(None) };
    if definition.package != "universe" || &**label != "v" {
        return Ok(None);
    }
    let Some((level, sides)) = sides(&[v], rows) else { return Ok(None) };
    let [side @ Side::Each(ty, array)] = sides.as_slice() else { return Ok(None) };
    if definition.name == "string" {
        let text = texts::written(side, level, rows)?;
        return Ok(text.map(|text| level.vector(ColumnType::String, text)));
    }
    let to = match definition.name {
        "float" => ColumnType::Float,
        "int" => ColumnType::Int,
        "uint" => ColumnType::UInt,
        "time" => ColumnType::Time,
        "bool" => ColumnType::Bool,
        _ => return Ok(None),
    };
    // Column by column the reference also takes times for numbers, which it does not row by row.
    let from =
        if *ty == ColumnType::Time && to == ColumnType::Float && !by_row { ColumnType::Int } else { *ty };
    Ok(converted(from, array, to).map(|array| level.vector(to, array)))
}

/// Numbers, times and booleans as others. Texts, and numbers that may be no boolean, go another way.
fn converted(from: ColumnType, array: &ArrayRef, to: ColumnType) -> Option<ArrayRef> {
    use ColumnType::{Bool, Float, Int, Time, UInt};
    if from == to || matches!((from, to), (Int, Time) | (Time, Int)) {
        return Some(Arc::clone(array));
    }
    let nulls = array.nulls().cloned();
    let floats = |values: Vec<f64>| Arc::new(Float64Array::new(values.into(), nulls.clone())) as ArrayRef;
    let ints = |values: Vec<i64>| Arc::new(Int64Array::new(values.into(), nulls.clone())) as ArrayRef;
    let uints = |values: Vec<u64>| Arc::new(UInt64Array::new(values.into(), nulls.clone())) as ArrayRef;
    Some(match (from, to) {
        (Int, Float) => floats(Ints::of(array)?.0.values().iter().map(|v| *v as f64).collect()),
        (UInt, Float) => floats(Uints::of(array)?.0.values().iter().map(|v| *v as f64).collect()),
        (Bool, Float) => floats(bits(array)?.iter().map(|b| f64::from(u8::from(b))).collect()),
        (Float, Int) => ints(Floats::of(array)?.0.values().iter().map(|v| int::truncate(*v)).collect()),
        (UInt, Int | Time) => ints(Uints::of(array)?.0.values().iter().map(|v| v.cast_signed()).collect()),
        (Bool, Int) => ints(bits(array)?.iter().map(i64::from).collect()),
        (Float, UInt) => uints(Floats::of(array)?.0.values().iter().map(|v| uint::truncate(*v)).collect()),
        (Int | Time, UInt) => uints(Ints::of(array)?.0.values().iter().map(|v| v.cast_unsigned()).collect()),
        (Bool, UInt) => uints(bits(array)?.iter().map(u64::from).collect()),
        _ => return None,
    })
}

fn bits(array: &ArrayRef) -> Option<&BooleanBuffer> {
    let array: &BooleanArray = Bools::of(array)?.0;
    Some(array.values())
}
