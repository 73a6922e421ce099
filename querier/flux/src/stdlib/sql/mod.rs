//! `sql`: reading and writing databases.

mod from;
mod to;

use crate::env::{SqlDriver, SqlSource};
use crate::error::{FluxError, Result};
use crate::registry::Package;

/// The package.
pub static PACKAGE: Package =
    Package { path: "sql", name: "sql", members: &[&from::DEFINITION, &to::DEFINITION] };

/// The database of an address.
fn source(driver: &str, address: &str) -> Result<SqlSource> {
    if address.trim().is_empty() {
        return Err(FluxError::invalid("invalid data source url: empty path supplied"));
    }
    Ok(SqlSource { driver: by_name(driver)?, address: address.to_owned() })
}

fn by_name(name: &str) -> Result<SqlDriver> {
    match name {
        "postgres" => Ok(SqlDriver::Postgres),
        "mysql" => Ok(SqlDriver::MySql),
        "sqlite3" => Ok(SqlDriver::Sqlite),
        "snowflake" | "mssql" | "sqlserver" | "awsathena" | "bigquery" | "hdb" | "vertica" | "vertigo" => {
            let message =
                format!("sql: the driver {name} is not implemented; there are postgres, mysql and sqlite3");
            Err(FluxError::new(weir_model::ErrorCode::NotImplemented, message))
        }
        _ => Err(FluxError::invalid(format!("sql driver {name} not supported"))),
    }
}
