//! Tables as people read them: columns in line, numbers to the right, the group key above.

use weir_table::{Scalar, TableBatch};

use crate::value::write_float;

/// Cells longer than this are cut.
const WIDEST: usize = 120;

/// Writes all tables of a batch.
pub fn write_tables(batch: &TableBatch, out: &mut String) {
    for run in 0..batch.runs() {
        write_table(batch, run, out);
    }
}

fn write_table(batch: &TableBatch, run: usize, out: &mut String) {
    let keys: Vec<&str> = batch.key_columns().map(|c| &*c.label).collect();
    out.push_str(&format!("Table: keys: [{}]\n", keys.join(", ")));
    // The group key is the same in each row, but a reader of one row wants to see it there.
    let order: Vec<usize> = (0..batch.columns.len())
        .filter(|i| batch.columns[*i].is_key())
        .chain((0..batch.columns.len()).filter(|i| !batch.columns[*i].is_key()))
        .collect();
    let heads: Vec<String> =
        order.iter().map(|i| format!("{}:{}", batch.columns[*i].label, batch.columns[*i].ty)).collect();
    let rows: Vec<Vec<String>> =
        batch.run(run).map(|row| order.iter().map(|i| text(&batch.cell(*i, run, row))).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|r| r[column].chars().count());
        cells.chain([heads[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..order.len()).map(width).collect();
    line(heads.iter().zip(&widths).map(|(cell, w)| format!("{cell:<w$}")), out);
    line(widths.iter().map(|w| "-".repeat(*w)), out);
    for row in &rows {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let w = widths[column];
            if batch.columns[order[column]].ty.is_numeric() {
                format!("{cell:>w$}")
            } else {
                format!("{cell:<w$}")
            }
        });
        line(cells, out);
    }
    out.push('\n');
}

fn line(cells: impl Iterator<Item = String>, out: &mut String) {
    let cells: Vec<String> = cells.collect();
    out.push_str(cells.join("  ").trim_end());
    out.push('\n');
}

fn text(cell: &Scalar) -> String {
    let text = match cell {
        Scalar::Null => String::new(),
        Scalar::Bool(v) => v.to_string(),
        Scalar::Int(v) => v.to_string(),
        Scalar::UInt(v) => v.to_string(),
        Scalar::Float(v) => {
            let mut out = String::new();
            let _ = write_float(*v, &mut out); // writing to a String cannot fail
            out
        }
        Scalar::String(v) => v.replace('\n', "\\n"),
        Scalar::Time(v) => weir_table::time::format_rfc3339(*v),
    };
    match text.char_indices().nth(WIDEST) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use weir_table::{Column, ColumnBuilder, ColumnType};

    use super::*;

    #[test]
    fn columns_are_in_line() {
        let column = |ty, cells: &[Scalar]| {
            let mut builder = ColumnBuilder::new(ty, cells.len());
            cells.iter().for_each(|c| {
                builder.push(c);
            });
            builder.finish()
        };
        let batch = TableBatch::new(
            vec![
                Column::row(
                    "n",
                    ColumnType::Int,
                    column(ColumnType::Int, &[Scalar::Int(7), Scalar::Int(1200)]),
                ),
                Column::key(
                    "t",
                    ColumnType::String,
                    column(ColumnType::String, &[Scalar::String("a".into())]),
                ),
            ],
            vec![0, 2],
        );
        let mut out = String::new();
        write_tables(&batch, &mut out);
        let want = "Table: keys: [t]\nt:string  n:int\n--------  -----\na             7\na          1200\n\n";
        assert_eq!(out, want);
    }
}
