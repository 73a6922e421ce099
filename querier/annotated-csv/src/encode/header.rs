//! Annotation and header rows.

use weir_table::{ColumnType, TableBatch};

use super::cell::{push_char, text};
use super::dialect::{Annotation, Dialect};

/// The name of a type in `#datatype`.
fn datatype(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Bool => "boolean",
        ColumnType::Int => "long",
        ColumnType::UInt => "unsignedLong",
        ColumnType::Float => "double",
        ColumnType::String => "string",
        ColumnType::Time => "dateTime:RFC3339",
    }
}

/// Writes what stands before the rows of a block. `defaults` writes the default row from the table column on, and
/// answers false if there is nothing special to say.
pub(super) fn write(
    dialect: &Dialect,
    result: &str,
    batch: &TableBatch,
    out: &mut Vec<u8>,
    defaults: impl Fn(&mut Vec<u8>) -> bool,
) {
    let d = dialect.delimiter;
    let row = |first: &str, result: &str, table: &str, cell: &dyn Fn(usize) -> String, out: &mut Vec<u8>| {
        out.extend_from_slice(first.as_bytes());
        push_char(d, out);
        text(result, d, out);
        push_char(d, out);
        text(table, d, out);
        for i in 0..batch.columns.len() {
            push_char(d, out);
            text(&cell(i), d, out);
        }
        out.extend_from_slice(b"\r\n");
    };
    for annotation in &dialect.annotations {
        match annotation {
            Annotation::Datatype => {
                row("#datatype", "string", "long", &|i| datatype(batch.columns[i].ty).to_owned(), out);
            }
            Annotation::Group => {
                row("#group", "false", "false", &|i| batch.columns[i].is_key().to_string(), out);
            }
            Annotation::Default => {
                out.extend_from_slice(b"#default");
                push_char(d, out);
                text(result, d, out);
                if !defaults(out) {
                    (0..=batch.columns.len()).for_each(|_| push_char(d, out));
                }
                out.extend_from_slice(b"\r\n");
            }
        }
    }
    if dialect.header {
        row("", "result", "table", &|i| batch.columns[i].label.to_string(), out);
    }
}

/// Writes the error table.
pub(super) fn error(dialect: &Dialect, message: &str, after_rows: bool, out: &mut Vec<u8>) {
    let d = dialect.delimiter;
    if after_rows {
        out.extend_from_slice(b"\r\n");
    }
    let mut row = |cells: [&str; 3]| {
        for (i, cell) in cells.iter().enumerate() {
            if i > 0 {
                push_char(d, out);
            }
            text(cell, d, out);
        }
        out.extend_from_slice(b"\r\n");
    };
    for annotation in &dialect.annotations {
        match annotation {
            Annotation::Datatype => row(["#datatype", "string", "string"]),
            Annotation::Group => row(["#group", "true", "true"]),
            Annotation::Default => row(["#default", "", ""]),
        }
    }
    row(["", "error", "reference"]);
    row(["", message, ""]);
}
