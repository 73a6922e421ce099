//! Tables out of CSV.
//!
//! Each block (annotations, header, rows) becomes one batch; a table begins where the table id changes. An empty cell is
//! the column's default, and null if it has none. A text holds one result: that of its first block.

mod block;
mod cell;
mod error;
mod fault;
mod layout;
mod records;

use weir_table::{Scalar, TableBatch};

use block::{Block, ColumnMeta, Meta};
use cell::Format;
use records::Records;

pub use error::DecodeError;

/// Cells before the data: annotation, result, table.
const LEADING: usize = 3;

/// Reads annotated CSV.
///
/// # Errors
/// When the text is malformed, or reports an error of its own.
pub fn decode(text: &str) -> Result<Vec<TableBatch>, DecodeError> {
    let mut records = Records::new(text);
    let mut batches = Vec::new();
    let mut row = Vec::new();
    let mut block: Option<Block> = None;
    let mut result: Option<String> = None;
    while records.read(&mut row) {
        match &mut block {
            Some(current) if row.len() == current.width() && row[0].is_empty() => current.push(&row)?,
            Some(_) if row[0].is_empty() => return Err(DecodeError::FieldCount),
            _ => {
                if let Some(done) = block.take() {
                    batches.push(done.finish()?);
                }
                let meta = read_meta(&mut records, &mut row)?;
                if *result.get_or_insert_with(|| meta.result.clone()) != meta.result {
                    return Err(DecodeError::SecondResult);
                }
                block = Some(Block::new(meta));
            }
        }
    }
    if let Some(done) = block {
        batches.push(done.finish()?);
    }
    Ok(batches)
}

/// Reads CSV without annotations: a header, and rows of text that make one table.
///
/// # Errors
/// When rows differ in length.
pub fn decode_raw(text: &str) -> Result<Vec<TableBatch>, DecodeError> {
    let mut records = Records::new(text);
    let mut row = Vec::new();
    if !records.read(&mut row) {
        return Ok(Vec::new());
    }
    let width = row.len();
    let columns = row
        .drain(..)
        .map(|label| {
            let format = Format::Plain(weir_table::ColumnType::String);
            ColumnMeta { label, format, in_key: false, default: Scalar::Null }
        })
        .collect();
    let meta = Meta {
        result: "_result".to_owned(),
        table: "0".to_owned(),
        columns: unique(columns)?,
        width,
        skip: 0,
    };
    let mut block = Block::new(meta);
    while records.read(&mut row) {
        if row.len() != width {
            return Err(DecodeError::FieldCount);
        }
        block.push(&row)?;
    }
    Ok(vec![block.finish()?])
}

fn metadata(message: impl Into<String>) -> DecodeError {
    DecodeError::Metadata(message.into())
}

/// Reads annotations, of which the first is in `row` already, and the header.
fn read_meta(records: &mut Records<'_>, row: &mut Vec<String>) -> Result<Meta, DecodeError> {
    let width = row.len();
    let (mut types, mut groups, mut defaults) = (None, None, None);
    loop {
        if row.len() != width {
            return Err(metadata("failed to read annotations: wrong number of fields"));
        }
        let name = row[0].strip_prefix('#').unwrap_or(&row[0]);
        if row.len() < LEADING {
            return Err(metadata("missing expected annotation datatype"));
        }
        match name {
            "datatype" => types = Some(row.clone()),
            "group" => groups = Some(row.clone()),
            "default" => defaults = Some(row.clone()),
            _ if !row[0].starts_with('#') => return Err(missing(&types, &groups)),
            _ => {} // annotations of others
        }
        if types.is_some() && groups.is_some() && defaults.is_some() {
            break;
        }
        if !records.read(row) {
            return Err(missing(&types, &groups));
        }
    }
    let (Some(types), Some(groups), Some(defaults)) = (types, groups, defaults) else {
        return Err(metadata("missing expected annotation"));
    };
    if !defaults[2].is_empty() && defaults[2].parse::<i64>().is_err() {
        return Err(metadata("default Table ID is not an integer"));
    }
    if !records.read(row) {
        return Err(metadata("missing expected header row"));
    }
    if row.len() != width {
        return Err(metadata("failed to read header row: wrong number of fields"));
    }
    if row[1] == "error" {
        let reported = records.read(row).then(|| row.get(1).cloned()).flatten();
        return Err(DecodeError::Reported(reported.unwrap_or_else(|| "unexpected EOF".to_owned())));
    }
    let mut columns = Vec::with_capacity(width - LEADING);
    for (j, label) in row.iter().enumerate().skip(LEADING) {
        let format = Format::read(&types[j])
            .map_err(|e| metadata(format!("column \"{label}\" has invalid datatype: {e}")))?;
        let default = match defaults[j].as_str() {
            "" => Scalar::Null,
            cell => cell::scalar(cell, &format)
                .map_err(|e| metadata(format!("column \"{label}\" has invalid default value: {e}")))?,
        };
        columns.push(ColumnMeta { label: label.clone(), format, in_key: groups[j] == "true", default });
    }
    Ok(Meta {
        result: defaults[1].clone(),
        table: defaults[2].clone(),
        columns: unique(columns)?,
        width,
        skip: LEADING,
    })
}

fn missing(types: &Option<Vec<String>>, groups: &Option<Vec<String>>) -> DecodeError {
    metadata(match (types, groups) {
        (None, _) => "missing expected annotation datatype",
        (_, None) => "missing expected annotation group",
        _ => "missing expected annotation default",
    })
}

/// The columns, if no two have the same label.
fn unique(columns: Vec<ColumnMeta>) -> Result<Vec<ColumnMeta>, DecodeError> {
    for (i, column) in columns.iter().enumerate() {
        if columns[..i].iter().any(|c| c.label == column.label) {
            return Err(metadata(format!("column \"{}\" occurs twice", column.label)));
        }
    }
    Ok(columns)
}

#[cfg(test)]
mod tests;
