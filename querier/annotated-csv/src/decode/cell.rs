//! Cells: their types, and their values out of text.

use weir_table::{ColumnBuilder, ColumnType, Scalar, text};

use super::{DecodeError, fault, layout};

/// The type of a column, and how its cells are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Format {
    /// As the type is always written.
    Plain(ColumnType),
    /// Times in RFC 3339.
    Rfc3339,
    /// Times as a layout shows.
    OtherTime(String),
}

impl Format {
    /// Reads a `#datatype` annotation.
    pub(super) fn read(annotation: &str) -> Result<Self, String> {
        let (name, description) = annotation.split_once(':').unwrap_or((annotation, ""));
        Ok(match name {
            "boolean" => Self::Plain(ColumnType::Bool),
            "long" => Self::Plain(ColumnType::Int),
            "unsignedLong" => Self::Plain(ColumnType::UInt),
            "double" => Self::Plain(ColumnType::Float),
            "string" => Self::Plain(ColumnType::String),
            "dateTime" if matches!(description, "RFC3339" | "RFC3339Nano") => Self::Rfc3339,
            "dateTime" => Self::OtherTime(description.to_owned()),
            other => return Err(format!("unsupported data type \"{other}\"")),
        })
    }

    pub(super) fn ty(&self) -> ColumnType {
        match self {
            Self::Plain(ty) => *ty,
            Self::Rfc3339 | Self::OtherTime(_) => ColumnType::Time,
        }
    }
}

/// Appends the value of a cell that is not empty.
pub(super) fn parse(cell: &str, format: &Format, builder: &mut ColumnBuilder) -> Result<(), DecodeError> {
    if let (Format::Plain(ColumnType::String), ColumnBuilder::String(b)) = (format, &mut *builder) {
        b.append_value(cell);
        return Ok(());
    }
    builder.push(&scalar(cell, format)?);
    Ok(())
}

/// The value of a cell that is not empty.
pub(super) fn scalar(cell: &str, format: &Format) -> Result<Scalar, DecodeError> {
    let value = match format {
        Format::Plain(ColumnType::Bool) => text::parse_bool(cell).map(Scalar::Bool).ok_or("ParseBool"),
        Format::Plain(ColumnType::Int) => text::parse_int(cell).map(Scalar::Int).ok_or("ParseInt"),
        Format::Plain(ColumnType::UInt) => text::parse_uint(cell).map(Scalar::UInt).ok_or("ParseUint"),
        Format::Plain(ColumnType::Float) => text::parse_float(cell).map(Scalar::Float).ok_or("ParseFloat"),
        Format::Plain(ColumnType::String) => Ok(Scalar::String(cell.into())),
        Format::Rfc3339 | Format::Plain(ColumnType::Time) => {
            return text::parse_rfc3339(cell).map(Scalar::Time).ok_or_else(|| fault::of_time(cell));
        }
        Format::OtherTime(layout) => {
            return layout::parse(layout, cell).map(Scalar::Time).ok_or_else(|| {
                DecodeError::Value(format!("parsing time \"{cell}\" as \"{layout}\": cannot parse it"))
            });
        }
    };
    value.map_err(|function| fault::of_number(function, cell))
}
