//! Operators on vectors. Where all that an operator takes is the same for a table, it is computed once a table; where it
//! is the same for all rows, once.

mod choose;
mod compare;
mod convert;
mod logic;
mod natives;
mod numbers;
mod texts;

use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder, NullBuffer};
use weir_flux_syntax::ast::Operator;
use weir_table::{ColumnType, Strings, repeat_each, scalar_at, take};

use super::cells::Cells;
use super::column::Vector;
use super::output::Output;
use super::rows::Rows;
use crate::error::Result;
use crate::eval::ops;
use crate::value::Value;

pub(super) use choose::choose;
pub(super) use convert::conversion;
pub(super) use logic::{exists, logical, truth, unary};
pub(super) use natives::native;
pub(super) use texts::interpolated;

/// Computes a value for each row from the values of some vectors.
pub(super) fn per_row(
    parts: &[Vector],
    rows: &Rows<'_>,
    mut f: impl FnMut(&[Value]) -> Result<Value>,
) -> Result<Vector> {
    let batch = rows.batch();
    if !rows.any() {
        return Ok(Vector::Const(Value::Null(None)));
    }
    let mut values: Vec<Value> = parts.iter().map(|p| p.value(0, 0)).collect();
    let each: Vec<usize> =
        (0..parts.len()).filter(|i| !matches!(parts[*i], Vector::Const(_) | Vector::Run(..))).collect();
    let runs: Vec<usize> = (0..parts.len()).filter(|i| matches!(parts[*i], Vector::Run(..))).collect();
    if each.is_empty() && runs.is_empty() {
        return Ok(Vector::Const(f(&values)?));
    }
    if each.is_empty() {
        let mut output = Output::new(batch.runs());
        for run in 0..batch.runs() {
            if !rows.any_in(run) {
                output.push(Value::Null(None));
                continue;
            }
            runs.iter().for_each(|&i| values[i] = parts[i].value(run, 0));
            output.push(f(&values)?);
        }
        return Ok(match output.finish() {
            Vector::Rows(ty, array) => Vector::Run(ty, array),
            Vector::Const(value) => Vector::Const(value),
            other => spread(&other, rows),
        });
    }
    if let ([one], []) = (each.as_slice(), runs.as_slice())
        && let Vector::Rows(ColumnType::String, array) = &parts[*one]
        && let Some(vector) = per_text(array, rows, |text| {
            values[*one] = text;
            f(&values)
        })?
    {
        return Ok(vector);
    }
    let mut cells: Vec<Cells<'_>> = each.iter().map(|&i| Cells::of(&parts[i])).collect();
    let mut output = Output::new(batch.rows());
    for run in 0..batch.runs() {
        if !runs.is_empty() && rows.any_in(run) {
            runs.iter().for_each(|&i| values[i] = parts[i].value(run, 0));
        }
        for row in batch.run(run) {
            if !rows.is_active(row) {
                output.push(Value::Null(None));
                continue;
            }
            each.iter().zip(&mut cells).for_each(|(&i, cells)| values[i] = cells.get(run, row));
            output.push(f(&values)?);
        }
    }
    Ok(output.finish())
}

/// Values that no column holds, one a table, as one a row.
fn spread(vector: &Vector, rows: &Rows<'_>) -> Vector {
    let batch = rows.batch();
    let row_of = |run: usize| batch.run(run).map(move |_| run);
    Vector::from_values((0..batch.runs()).flat_map(row_of).map(|run| vector.value(run, run)).collect())
}

/// Computes a value for each text that is coded; `None` if coding saves nothing, or no column holds the values.
fn per_text(
    array: &ArrayRef,
    rows: &Rows<'_>,
    mut f: impl FnMut(Value) -> Result<Value>,
) -> Result<Option<Vector>> {
    let Some(Strings::Dictionary(codes, texts)) = Strings::of(array) else { return Ok(None) };
    if texts.len() * 2 > codes.len() || codes.null_count() > 0 {
        return Ok(None);
    }
    let mut seen = BooleanBufferBuilder::new(texts.len());
    seen.append_n(texts.len(), false);
    for (row, code) in codes.keys().values().iter().enumerate() {
        if rows.is_active(row) {
            seen.set_bit(*code as usize, true);
        }
    }
    let mut output = Output::new(texts.len());
    for code in 0..texts.len() {
        output.push(match (seen.get_bit(code), texts.is_valid(code)) {
            (false, _) => Value::Null(None),
            (true, true) => f(Value::from(texts.value(code)))?,
            (true, false) => f(Value::Null(Some(ColumnType::String)))?,
        });
    }
    Ok(match output.finish() {
        Vector::Rows(ty, answers) => Some(Vector::Rows(ty, take(&answers, codes.keys()))),
        _ => None,
    })
}

/// `left operator right`.
pub(super) fn binary(operator: Operator, left: &Vector, right: &Vector, rows: &Rows<'_>) -> Result<Vector> {
    if let Some((level, sides)) = sides(&[left, right], rows)
        && let [l, r] = sides.as_slice()
    {
        if let Some((ty, array)) = numbers::arithmetic(operator, l, r, level, rows)? {
            return Ok(level.vector(ty, array));
        }
        if let Some(answers) = compare::compare(operator, l, r) {
            return Ok(level.vector(ColumnType::Bool, std::sync::Arc::new(answers)));
        }
        if let Some(joined) = texts::added(operator, l, r, level, rows)? {
            return Ok(level.vector(ColumnType::String, joined));
        }
    }
    per_row(&[left.clone(), right.clone()], rows, |v| ops::binary(operator, &v[0], &v[1]))
}

/// How many values there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// One a table.
    Run,
    /// One a row.
    Row,
}

impl Level {
    pub(super) fn len(self, rows: &Rows<'_>) -> usize {
        match self {
            Self::Run => rows.batch().runs(),
            Self::Row => rows.batch().rows(),
        }
    }

    pub(super) fn vector(self, ty: ColumnType, array: ArrayRef) -> Vector {
        match self {
            Self::Run => Vector::Run(ty, array),
            Self::Row => Vector::Rows(ty, array),
        }
    }

    /// Whether the value at a place is looked at.
    fn is_active(self, at: usize, rows: &Rows<'_>) -> bool {
        match self {
            Self::Run => rows.any_in(at),
            Self::Row => rows.is_active(at),
        }
    }
}

/// What a kernel takes.
#[derive(Debug, Clone)]
enum Side {
    /// The same for all.
    One(Value),
    /// As many as the level has.
    Each(ColumnType, ArrayRef),
}

impl Side {
    fn nulls(&self) -> Option<NullBuffer> {
        match self {
            Self::Each(_, array) => array.logical_nulls(),
            Self::One(_) => None,
        }
    }
}

/// Vectors as sides of one level. `None` if one of them is no column, or all are the same for all rows.
fn sides(parts: &[&Vector], rows: &Rows<'_>) -> Option<(Level, Vec<Side>)> {
    let mut level = None;
    for part in parts {
        match part {
            Vector::Const(_) => {}
            Vector::Run(..) => level = level.or(Some(Level::Run)),
            Vector::Rows(..) => level = Some(Level::Row),
            Vector::Record(_) | Vector::Values(_) => return None,
        }
    }
    let level = level?;
    let batch = rows.batch();
    let side = |part: &&Vector| {
        Some(match part {
            Vector::Const(value) => Side::One(value.clone()),
            Vector::Run(ty, array) if level == Level::Row && array.len() == 1 => {
                Side::One(Value::from_scalar(scalar_at(array, *ty, 0), *ty))
            }
            Vector::Run(ty, array) if level == Level::Row => {
                Side::Each(*ty, repeat_each(array, &batch.offsets))
            }
            Vector::Run(ty, array) | Vector::Rows(ty, array) => Side::Each(*ty, array.clone()),
            Vector::Record(_) | Vector::Values(_) => return None,
        })
    };
    Some((level, parts.iter().map(side).collect::<Option<_>>()?))
}

/// Booleans of bits.
fn bools(bits: BooleanBuffer, nulls: Option<NullBuffer>) -> BooleanArray {
    BooleanArray::new(bits, nulls)
}
