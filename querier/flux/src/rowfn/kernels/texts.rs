//! Texts put together.

use std::fmt::Write as _;
use std::sync::Arc;

use arrow_array::builder::StringBuilder;
use arrow_array::{Array, ArrayRef};
use weir_flux_syntax::ast::Operator;
use weir_table::{Bools, ColumnType, Floats, Ints, Strings, Uints};

use super::{Level, Rows, Side, sides};
use crate::error::{FluxError, Result};
use crate::rowfn::column::Vector;
use crate::value::{Value, limits, write_float};

/// What is written for each row.
enum Part<'a> {
    One(String),
    Texts(Strings<'a>),
    Bools(Bools<'a>),
    Ints(Ints<'a>),
    Uints(Uints<'a>),
    Floats(Floats<'a>),
}

impl<'a> Part<'a> {
    /// `None` for what is written otherwise, or not at all.
    fn of(side: &'a Side) -> Option<Self> {
        Some(match side {
            Side::One(Value::Null(_) | Value::Dynamic(_)) => return None,
            Side::One(value) => {
                let mut text = String::new();
                crate::push_interpolated(&mut text, value).ok()?;
                Self::One(text)
            }
            Side::Each(ColumnType::String, a) => Self::Texts(Strings::of(a)?),
            Side::Each(ColumnType::Bool, a) => Self::Bools(Bools::of(a)?),
            Side::Each(ColumnType::Int, a) => Self::Ints(Ints::of(a)?),
            Side::Each(ColumnType::UInt, a) => Self::Uints(Uints::of(a)?),
            Side::Each(ColumnType::Float, a) => Self::Floats(Floats::of(a)?),
            Side::Each(ColumnType::Time, _) => return None,
        })
    }

    /// Writes the text of a row; nothing where there is no value.
    fn write(&self, at: usize, out: &mut String) {
        // Writing into a text cannot fail.
        let _ = match self {
            Self::One(text) => out.write_str(text),
            Self::Texts(a) => out.write_str(a.get(at).unwrap_or_default()),
            Self::Bools(a) => a.get(at).map_or(Ok(()), |v| write!(out, "{v}")),
            Self::Ints(a) => a.get(at).map_or(Ok(()), |v| write!(out, "{v}")),
            Self::Uints(a) => a.get(at).map_or(Ok(()), |v| write!(out, "{v}")),
            Self::Floats(a) => a.get(at).map_or(Ok(()), |v| write_float(v, out)),
        };
    }
}

/// The parts one after the other, for each row; null where one is null.
fn joined(parts: &[Part<'_>], sides: &[Side], level: Level, rows: &Rows<'_>) -> Result<ArrayRef> {
    let nulls: Vec<_> = sides.iter().filter_map(Side::nulls).collect();
    let len = level.len(rows);
    let mut out = StringBuilder::with_capacity(len, len * 16);
    let mut text = String::new();
    for at in 0..len {
        if nulls.iter().any(|n| n.is_null(at)) || !level.is_active(at, rows) {
            out.append_null();
            continue;
        }
        text.clear();
        parts.iter().for_each(|part| part.write(at, &mut text));
        limits::text(text.len())?;
        out.append_value(&text);
    }
    Ok(Arc::new(out.finish()))
}

/// `left + right` of texts; `None` if they are none.
pub(super) fn added(
    operator: Operator,
    l: &Side,
    r: &Side,
    level: Level,
    rows: &Rows<'_>,
) -> Result<Option<ArrayRef>> {
    let is_text =
        |side: &Side| matches!(side, Side::One(Value::String(_)) | Side::Each(ColumnType::String, _));
    if operator != Operator::Addition || !is_text(l) || !is_text(r) {
        return Ok(None);
    }
    // A coded text and a constant are put together once a code.
    let coded = |side: &Side| matches!(side, Side::Each(_, a) if matches!(Strings::of(a), Some(Strings::Dictionary(..))));
    if level == Level::Row && (matches!(l, Side::One(_)) && coded(r) || matches!(r, Side::One(_)) && coded(l))
    {
        return Ok(None);
    }
    let (Some(a), Some(b)) = (Part::of(l), Part::of(r)) else { return Ok(None) };
    let sides = [l.clone(), r.clone()];
    joined(&[a, b], &sides, level, rows).map(Some)
}

/// A text with values in it; `None` if they are not written in columns.
///
/// # Errors
/// When a value is null.
pub(in crate::rowfn) fn interpolated(parts: &[Vector], rows: &Rows<'_>) -> Result<Option<Vector>> {
    let Some((level, sides)) = sides(&parts.iter().collect::<Vec<_>>(), rows) else { return Ok(None) };
    let Some(written) = sides.iter().map(Part::of).collect::<Option<Vec<_>>>() else { return Ok(None) };
    let array = joined(&written, &sides, level, rows)?;
    if (0..array.len()).any(|at| array.is_null(at) && level.is_active(at, rows)) {
        return Err(FluxError::invalid("cannot interpolate expression: value is null"));
    }
    Ok(Some(level.vector(ColumnType::String, array)))
}

/// `string(v:)` of a column; `None` if it is not written here.
pub(super) fn written(side: &Side, level: Level, rows: &Rows<'_>) -> Result<Option<ArrayRef>> {
    match side {
        Side::Each(ColumnType::String, array) => Ok(Some(Arc::clone(array))),
        Side::Each(..) => match Part::of(side) {
            Some(part) => joined(&[part], std::slice::from_ref(side), level, rows).map(Some),
            None => Ok(None),
        },
        Side::One(_) => Ok(None),
    }
}
