//! Group keys as bytes, for hashing and comparing.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef};

use crate::ColumnType;
use crate::access::{Bools, Floats, Ints, Strings, Uints};

/// Writes cells of some columns as bytes, so that two rows have the same bytes exactly when the cells are equal
/// (labels and types included) and the bytes sort as the cells do, nulls first.
#[derive(Debug)]
pub struct KeyEncoder<'a> {
    columns: Vec<View<'a>>,
}

#[derive(Debug)]
enum View<'a> {
    Bool(Bools<'a>),
    Int(Ints<'a>, u8),
    UInt(Uints<'a>),
    Float(Floats<'a>),
    String(Strings<'a>),
    Nothing,
}

impl<'a> KeyEncoder<'a> {
    /// An encoder over these arrays, all of one length.
    pub fn new(columns: impl IntoIterator<Item = (ColumnType, &'a ArrayRef)>) -> Self {
        let columns = columns
            .into_iter()
            .map(|(ty, array)| {
                let array: &dyn Array = array;
                match ty {
                    ColumnType::Bool => Bools::of(array).map(View::Bool),
                    ColumnType::Int => Ints::of(array).map(|a| View::Int(a, 2)),
                    ColumnType::UInt => Uints::of(array).map(View::UInt),
                    ColumnType::Float => Floats::of(array).map(View::Float),
                    ColumnType::String => Strings::of(array).map(View::String),
                    ColumnType::Time => Ints::of(array).map(|a| View::Int(a, 6)),
                }
                .unwrap_or(View::Nothing)
            })
            .collect();
        Self { columns }
    }

    /// Whether rows `i` and `j` are equal.
    pub fn agree(&self, i: usize, j: usize) -> bool {
        self.columns.iter().all(|column| match column {
            View::Bool(a) => a.get(i) == a.get(j),
            View::Int(a, _) => a.get(i) == a.get(j),
            View::UInt(a) => a.get(i) == a.get(j),
            View::Float(a) => a.get(i).map(f64::to_bits) == a.get(j).map(f64::to_bits),
            View::String(a) => {
                let coded_alike = matches!(a, Strings::Dictionary(codes, _)
                    if codes.is_valid(i) && codes.is_valid(j) && codes.keys().value(i) == codes.keys().value(j));
                coded_alike || a.get(i) == a.get(j)
            }
            View::Nothing => true,
        })
    }

    /// Appends the bytes of row `i` to `out`.
    pub fn encode(&self, i: usize, out: &mut Vec<u8>) {
        self.columns.iter().for_each(|column| column.encode(i, out));
    }

    /// The same with the label of each column before its cell. Keys of different columns sort by the first column in which
    /// they differ: the greater label first, as the other key has no such column; then by type, then by value. A key that
    /// is another's beginning comes before it.
    pub fn encode_labelled(&self, labels: &[Arc<str>], i: usize, out: &mut Vec<u8>) {
        for (label, column) in labels.iter().zip(&self.columns) {
            out.extend(label.bytes().map(|byte| !byte));
            out.push(u8::MAX);
            column.encode(i, out);
        }
    }
}

impl View<'_> {
    fn encode(&self, i: usize, out: &mut Vec<u8>) {
        match self {
            View::Bool(a) => match a.get(i) {
                Some(v) => out.extend([1, u8::from(v)]),
                None => out.push(0),
            },
            View::Int(a, tag) => match a.get(i) {
                Some(v) => {
                    out.push(*tag);
                    out.extend(((v as u64) ^ (1 << 63)).to_be_bytes());
                }
                None => out.push(0),
            },
            View::UInt(a) => match a.get(i) {
                Some(v) => {
                    out.push(3);
                    out.extend(v.to_be_bytes());
                }
                None => out.push(0),
            },
            View::Float(a) => match a.get(i) {
                Some(v) => {
                    let bits = v.to_bits();
                    let sortable = if bits >> 63 == 1 { !bits } else { bits ^ (1 << 63) };
                    out.push(4);
                    out.extend(sortable.to_be_bytes());
                }
                None => out.push(0),
            },
            View::String(a) => match a.get(i) {
                Some(v) => {
                    out.push(5);
                    if v.as_bytes().contains(&0) {
                        // A zero byte inside a text is not its end.
                        for b in v.bytes() {
                            out.push(b);
                            if b == 0 {
                                out.push(1);
                            }
                        }
                    } else {
                        out.extend_from_slice(v.as_bytes());
                    }
                    out.extend([0, 0]);
                }
                None => out.push(0),
            },
            View::Nothing => out.push(0),
        }
    }
}
