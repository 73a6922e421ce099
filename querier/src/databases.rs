//! Other databases that scripts read and write.
//!
//! Answers come as text, whatever the database, and become cells by the names of their types. A SQLite database may
//! only be one in memory: a file would be one of the server's.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use futures::TryStreamExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlConnection};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Column, ConnectOptions, Connection, Executor, Row, SqlSafeStr, Statement, TypeInfo, ValueRef};
use weir_flux::env::{SqlDriver, SqlRows, SqlSource};
use weir_model::{Error, Result};
use weir_table::{ColumnType, Scalar, text};

use crate::outgoing::Outgoing;

mod address;
mod statements;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

/// More rows than this are not taken into memory.
const MOST_ROWS: usize = 10_000_000;

fn failed(error: sqlx::Error) -> Error {
    Error::invalid(format!("sql: {error}"))
}

/// A connection of whatever kind.
enum Connected {
    Postgres(PgConnection),
    MySql(MySqlConnection),
    Sqlite(SqliteConnection),
}

async fn connect(outgoing: &Outgoing, source: &SqlSource) -> Result<Connected> {
    let work = async {
        Ok(match source.driver {
            SqlDriver::Postgres => {
                let mut options = address::postgres(&source.address)?;
                let found = outgoing.resolve(options.get_host(), options.get_port()).await?;
                options = options.host(&found.ip().to_string());
                Connected::Postgres(options.connect().await.map_err(failed)?)
            }
            SqlDriver::MySql => {
                let (options, host, port): (MySqlConnectOptions, _, _) = address::mysql(&source.address)?;
                let found = outgoing.resolve(&host, port).await?;
                let options = options.host(&found.ip().to_string()).port(port);
                Connected::MySql(options.connect().await.map_err(failed)?)
            }
            SqlDriver::Sqlite => {
                address::sqlite(&source.address)?;
                let options = SqliteConnectOptions::from_str("sqlite::memory:").map_err(failed)?;
                Connected::Sqlite(options.connect().await.map_err(failed)?)
            }
        })
    };
    let late = || Error::invalid("sql: the database does not answer");
    tokio::time::timeout(CONNECT, work).await.map_err(|_| late())?
}

/// The columns of a query that answered no rows; none of what is not one statement. (No function, since none is general
/// enough over drivers for what must be sent between threads.)
macro_rules! columns {
    ($connection:expr, $query:expr, $type_of:expr) => {
        match $connection.prepare(sqlx::AssertSqlSafe($query.to_owned()).into_sql_str()).await {
            Ok(statement) => {
                let columns = statement.columns().iter();
                columns.map(|c| (Arc::from(c.name()), $type_of(c.type_info().name()))).collect()
            }
            Err(_) => Vec::new(),
        }
    };
}

/// The rows of a query.
///
/// # Errors
/// What the database answers, or that it may not be asked.
pub(crate) async fn query(outgoing: &Outgoing, source: &SqlSource, query: &str) -> Result<SqlRows> {
    match connect(outgoing, source).await? {
        Connected::Postgres(mut c) => {
            let rows = fetch(sqlx::raw_sql(sqlx::AssertSqlSafe(query.to_owned())).fetch(&mut c)).await?;
            let shape = if rows.is_empty() { columns!(c, query, postgres_type) } else { Vec::new() };
            drop(c.close().await);
            table(&rows, shape, postgres_type, |row: &sqlx::postgres::PgRow, i, ty| {
                let value: Option<String> = row.try_get_unchecked(i).map_err(failed)?;
                cell(value.as_deref(), ty)
            })
        }
        Connected::MySql(mut c) => {
            let rows = fetch(sqlx::raw_sql(sqlx::AssertSqlSafe(query.to_owned())).fetch(&mut c)).await?;
            let shape = if rows.is_empty() { columns!(c, query, mysql_type) } else { Vec::new() };
            drop(c.close().await);
            table(&rows, shape, mysql_type, |row: &sqlx::mysql::MySqlRow, i, ty| {
                let value: Option<String> = row.try_get_unchecked(i).map_err(failed)?;
                cell(value.as_deref(), ty)
            })
        }
        Connected::Sqlite(mut c) => {
            address::sqlite_statement(query)?;
            let rows = fetch(sqlx::raw_sql(sqlx::AssertSqlSafe(query.to_owned())).fetch(&mut c)).await?;
            let shape = if rows.is_empty() { columns!(c, query, sqlite_type) } else { Vec::new() };
            sqlite_table(&rows, shape)
        }
    }
}

/// Adds rows to a table.
///
/// # Errors
/// What the database answers, or that it may not be written.
pub(crate) async fn write(outgoing: &Outgoing, source: &SqlSource, table: &str, rows: SqlRows) -> Result<()> {
    let statements = statements::of(source.driver, table, &rows);
    let all = statements.join(";\n");
    match connect(outgoing, source).await? {
        Connected::Postgres(mut c) => {
            sqlx::raw_sql(sqlx::AssertSqlSafe(all)).execute(&mut c).await.map_err(failed)?;
            c.close().await.map_err(failed)
        }
        Connected::MySql(mut c) => {
            sqlx::raw_sql(sqlx::AssertSqlSafe(all)).execute(&mut c).await.map_err(failed)?;
            c.close().await.map_err(failed)
        }
        Connected::Sqlite(mut c) => {
            sqlx::raw_sql(sqlx::AssertSqlSafe(all)).execute(&mut c).await.map_err(failed)?;
            c.close().await.map_err(failed)
        }
    }
}

async fn fetch<R>(mut rows: impl futures::Stream<Item = sqlx::Result<R>> + Unpin) -> Result<Vec<R>> {
    let mut out = Vec::new();
    while let Some(row) = rows.try_next().await.map_err(failed)? {
        if out.len() >= MOST_ROWS {
            return Err(Error::invalid(format!("sql: the answer has more than {MOST_ROWS} rows")));
        }
        out.push(row);
    }
    Ok(out)
}

/// The rows as cells; `shape` are the columns where there is no row to tell.
fn table<R: Row>(
    rows: &[R],
    shape: Vec<(Arc<str>, ColumnType)>,
    type_of: impl Fn(&str) -> ColumnType,
    cell: impl Fn(&R, usize, ColumnType) -> Result<Scalar>,
) -> Result<SqlRows> {
    let mut out = SqlRows { columns: shape, rows: Vec::new() };
    let Some(first) = rows.first() else { return Ok(out) };
    for column in first.columns() {
        out.columns.push((Arc::from(column.name()), type_of(column.type_info().name())));
    }
    for row in rows {
        let cells = out.columns.iter().enumerate().map(|(i, (_, ty))| cell(row, i, *ty));
        out.rows.push(cells.collect::<Result<_>>()?);
    }
    Ok(out)
}

fn postgres_type(name: &str) -> ColumnType {
    match name {
        "INT2" | "INT4" | "INT8" | "OID" => ColumnType::Int,
        "FLOAT4" | "FLOAT8" | "NUMERIC" => ColumnType::Float,
        "BOOL" => ColumnType::Bool,
        "TIMESTAMP" | "TIMESTAMPTZ" | "DATE" => ColumnType::Time,
        _ => ColumnType::String,
    }
}

fn mysql_type(name: &str) -> ColumnType {
    match name {
        "BIGINT UNSIGNED" | "INT UNSIGNED" | "MEDIUMINT UNSIGNED" | "SMALLINT UNSIGNED"
        | "TINYINT UNSIGNED" => ColumnType::UInt,
        "BIGINT" | "INT" | "MEDIUMINT" | "SMALLINT" | "TINYINT" | "YEAR" | "BOOLEAN" => ColumnType::Int,
        "FLOAT" | "DOUBLE" | "DECIMAL" => ColumnType::Float,
        "TIMESTAMP" | "DATETIME" | "DATE" => ColumnType::Time,
        _ => ColumnType::String,
    }
}

/// A cell out of what the database wrote.
fn cell(value: Option<&str>, ty: ColumnType) -> Result<Scalar> {
    let Some(value) = value else { return Ok(Scalar::Null) };
    let read = match ty {
        ColumnType::Int => value.parse().ok().map(Scalar::Int),
        ColumnType::UInt => value.parse().ok().map(Scalar::UInt),
        ColumnType::Float => value.parse().ok().map(Scalar::Float),
        ColumnType::Bool => Some(Scalar::Bool(matches!(value, "t" | "true" | "1"))),
        ColumnType::Time => time(value).map(Scalar::Time),
        ColumnType::String => Some(Scalar::String(value.into())),
    };
    read.ok_or_else(|| Error::invalid(format!("sql: {value:?} is no {ty}")))
}

/// `2026-01-31 12:00:00.5+01`, and what is like it.
fn time(value: &str) -> Option<i64> {
    let mut full = value.replacen(' ', "T", 1);
    if full.contains('T') && !full.ends_with('Z') {
        let clock = full.split_once('T').map_or("", |(_, clock)| clock);
        match clock.rfind(['+', '-']).map(|i| clock.len() - i) {
            None => full.push('Z'),
            Some(3) => full.push_str(":00"),
            Some(_) => {}
        }
    }
    text::parse_time(&full)
}

fn sqlite_type(name: &str) -> ColumnType {
    match name {
        "INTEGER" => ColumnType::Int,
        "REAL" => ColumnType::Float,
        "BOOLEAN" => ColumnType::Bool,
        "DATETIME" | "DATE" | "TIMESTAMP" => ColumnType::Time,
        _ => ColumnType::String,
    }
}

fn sqlite_table(rows: &[sqlx::sqlite::SqliteRow], shape: Vec<(Arc<str>, ColumnType)>) -> Result<SqlRows> {
    let mut out = SqlRows { columns: shape, rows: Vec::new() };
    let Some(first) = rows.first() else { return Ok(out) };
    for (i, column) in first.columns().iter().enumerate() {
        // A cell may have any type; the first that is not null tells what the column is taken for.
        let mut ty = None;
        for row in rows {
            let value = row.try_get_raw(i).map_err(failed)?;
            if !value.is_null() {
                ty = Some(match (column.type_info().name(), value.type_info().name()) {
                    ("DATETIME" | "DATE" | "TIMESTAMP", "TEXT") => ColumnType::Time,
                    ("BOOLEAN", "INTEGER") => ColumnType::Bool,
                    (_, "INTEGER") => ColumnType::Int,
                    (_, "REAL") => ColumnType::Float,
                    (_, declared) => match declared {
                        "DATETIME" => ColumnType::Time,
                        "BOOLEAN" => ColumnType::Bool,
                        _ => ColumnType::String,
                    },
                });
                break;
            }
        }
        out.columns.push((Arc::from(column.name()), ty.unwrap_or(ColumnType::String)));
    }
    for row in rows {
        let mut cells = Vec::with_capacity(out.columns.len());
        for (i, (_, ty)) in out.columns.iter().enumerate() {
            cells.push(
                match ty {
                    ColumnType::Int => {
                        row.try_get_unchecked::<Option<i64>, _>(i).map_err(failed)?.map(Scalar::Int)
                    }
                    ColumnType::Bool => row
                        .try_get_unchecked::<Option<i64>, _>(i)
                        .map_err(failed)?
                        .map(|v| Scalar::Bool(v != 0)),
                    ColumnType::Float => {
                        row.try_get_unchecked::<Option<f64>, _>(i).map_err(failed)?.map(Scalar::Float)
                    }
                    _ => {
                        let value: Option<String> = row.try_get_unchecked(i).map_err(failed)?;
                        Some(cell(value.as_deref(), *ty)?)
                    }
                }
                .unwrap_or(Scalar::Null),
            );
        }
        out.rows.push(cells);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(address: &str) -> SqlSource {
        SqlSource { driver: SqlDriver::Sqlite, address: address.into() }
    }

    #[tokio::test]
    async fn a_database_in_memory_answers() {
        let outgoing = Outgoing::new(true);
        let text = "SELECT 1 AS n, 1.5 AS f, 'x' AS s, NULL AS missing UNION ALL SELECT 2, 2.5, 'y', NULL";
        let answer = query(&outgoing, &source(":memory:"), text).await.unwrap();
        let types: Vec<ColumnType> = answer.columns.iter().map(|c| c.1).collect();
        assert_eq!(types, [ColumnType::Int, ColumnType::Float, ColumnType::String, ColumnType::String]);
        assert_eq!(answer.rows[1][0], Scalar::Int(2));
        let answer =
            query(&outgoing, &source(":memory:"), "SELECT 'x' AS s, 1 AS n WHERE 1 = 0").await.unwrap();
        assert_eq!(answer.columns.iter().map(|c| &*c.0).collect::<Vec<_>>(), ["s", "n"]);
        assert!(answer.rows.is_empty());
    }

    #[tokio::test]
    async fn files_of_the_server_are_out_of_reach() {
        let outgoing = Outgoing::new(false);
        for address in ["/etc/passwd", "file:/etc/passwd", "x.db", "file:x?mode=rwc"] {
            assert!(query(&outgoing, &source(address), "SELECT 1").await.is_err(), "{address}");
        }
        for statement in
            ["ATTACH DATABASE '/tmp/x' AS x", "select 1; attach '/tmp/x' as y", "VACUUM INTO '/tmp/x'"]
        {
            assert!(query(&outgoing, &source(":memory:"), statement).await.is_err(), "{statement}");
        }
    }

    #[tokio::test]
    async fn private_databases_are_not_asked_when_hardened() {
        let outgoing = Outgoing::new(true);
        for (driver, address) in [
            (SqlDriver::Postgres, "postgres://u:p@127.0.0.1:1/db"),
            (SqlDriver::MySql, "u:p@tcp(localhost:1)/db"),
        ] {
            let source = SqlSource { driver, address: address.into() };
            let error = query(&outgoing, &source, "SELECT 1").await.unwrap_err();
            assert!(error.message.contains("no such host"), "{}", error.message);
        }
    }

    #[test]
    fn times_are_read() {
        assert_eq!(time("1970-01-01 00:00:01+00"), Some(1_000_000_000));
        assert_eq!(time("1970-01-01 00:00:01.5"), Some(1_500_000_000));
        assert_eq!(time("1970-01-02"), Some(86_400_000_000_000));
    }
}
