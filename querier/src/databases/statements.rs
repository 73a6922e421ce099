//! Rows as statements. Values are written into the statement, quoted: the text protocol takes no parameters.

use weir_flux::env::{SqlDriver, SqlRows};
use weir_table::{ColumnType, Scalar, time};

/// Makes the table if it is not there, and inserts the rows.
pub(super) fn of(driver: SqlDriver, table: &str, rows: &SqlRows) -> Vec<String> {
    let name = table.split('.').map(|part| identifier(driver, part)).collect::<Vec<_>>().join(".");
    let columns: Vec<String> = rows.columns.iter().map(|(label, _)| identifier(driver, label)).collect();
    let declared: Vec<String> = columns
        .iter()
        .zip(&rows.columns)
        .map(|(column, (_, ty))| format!("{column} {}", declared(driver, *ty)))
        .collect();
    let mut out = vec![format!("CREATE TABLE IF NOT EXISTS {name} ({})", declared.join(", "))];
    if !rows.rows.is_empty() {
        let values: Vec<String> = rows
            .rows
            .iter()
            .map(|row| {
                let cells: Vec<String> = row.iter().map(|cell| literal(driver, cell)).collect();
                format!("({})", cells.join(", "))
            })
            .collect();
        out.push(format!("INSERT INTO {name} ({}) VALUES {}", columns.join(", "), values.join(", ")));
    }
    out
}

fn identifier(driver: SqlDriver, name: &str) -> String {
    let name = name.replace('\0', "");
    match driver {
        SqlDriver::MySql => format!("`{}`", name.replace('`', "``")),
        SqlDriver::Postgres | SqlDriver::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

fn declared(driver: SqlDriver, ty: ColumnType) -> &'static str {
    match (driver, ty) {
        (SqlDriver::MySql, ColumnType::Float) => "DOUBLE",
        (SqlDriver::Postgres, ColumnType::Float) => "DOUBLE PRECISION",
        (SqlDriver::Sqlite, ColumnType::Float) => "REAL",
        (SqlDriver::MySql, ColumnType::UInt) => "BIGINT UNSIGNED",
        (SqlDriver::Postgres, ColumnType::UInt) => "NUMERIC(20)",
        (SqlDriver::Sqlite, ColumnType::Int | ColumnType::UInt) => "INTEGER",
        (_, ColumnType::Int) => "BIGINT",
        (_, ColumnType::Bool) => "BOOLEAN",
        (SqlDriver::MySql, ColumnType::Time) => "DATETIME(6)",
        (SqlDriver::Postgres, ColumnType::Time) => "TIMESTAMPTZ",
        (SqlDriver::Sqlite, ColumnType::Time) => "DATETIME",
        (SqlDriver::MySql, ColumnType::String) => "TEXT(16383)",
        (_, ColumnType::String) => "TEXT",
    }
}

fn literal(driver: SqlDriver, cell: &Scalar) -> String {
    match cell {
        Scalar::Null => "NULL".into(),
        Scalar::Bool(v) => if *v { "TRUE" } else { "FALSE" }.into(),
        Scalar::Int(v) => v.to_string(),
        Scalar::UInt(v) => v.to_string(),
        Scalar::Float(v) if v.is_finite() => format!("{v:e}"),
        Scalar::Float(v) if driver == SqlDriver::Postgres => {
            let name = if v.is_nan() {
                "NaN"
            } else if *v > 0.0 {
                "Infinity"
            } else {
                "-Infinity"
            };
            format!("'{name}'")
        }
        Scalar::Float(_) => "NULL".into(),
        Scalar::Time(v) => {
            let text = time::format_rfc3339(*v);
            let text =
                if driver == SqlDriver::MySql { text.trim_end_matches('Z').replace('T', " ") } else { text };
            format!("'{text}'")
        }
        Scalar::String(v) => quoted(driver, v),
    }
}

fn quoted(driver: SqlDriver, text: &str) -> String {
    let text = text.replace('\0', "").replace('\'', "''");
    match driver {
        // There a backslash escapes, unless the server is told otherwise.
        SqlDriver::MySql => format!("'{}'", text.replace('\\', "\\\\")),
        // Says itself that a backslash does, so that no setting of the server matters.
        SqlDriver::Postgres => format!("E'{}'", text.replace('\\', "\\\\")),
        SqlDriver::Sqlite => format!("'{text}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_quotes() {
        let rows = SqlRows {
            columns: vec![("a\"b".into(), ColumnType::String), ("n".into(), ColumnType::Float)],
            rows: vec![vec![Scalar::String("x'); DROP TABLE t; --\\".into()), Scalar::Float(1.5)]],
        };
        let statements = of(SqlDriver::Postgres, "s.t", &rows);
        assert_eq!(
            statements[0],
            "CREATE TABLE IF NOT EXISTS \"s\".\"t\" (\"a\"\"b\" TEXT, \"n\" DOUBLE PRECISION)"
        );
        assert_eq!(
            statements[1],
            "INSERT INTO \"s\".\"t\" (\"a\"\"b\", \"n\") VALUES (E'x''); DROP TABLE t; --\\\\', 1.5e0)"
        );
        assert!(of(SqlDriver::MySql, "t", &rows)[1].contains("('x''); DROP TABLE t; --\\\\', 1.5e0)"));
    }
}
