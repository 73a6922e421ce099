//! `sql`: reading and writing databases.

mod from;
mod to;

use std::sync::Arc;

use crate::env::SqlDriver;
use crate::error::{FluxError, Result};
use crate::registry::Package;

/// The package.
pub static PACKAGE: Package =
    Package { path: "sql", name: "sql", members: &[&from::DEFINITION, &to::DEFINITION] };

/// The driver of a name.
fn driver(name: &Arc<str>) -> Result<SqlDriver> {
    match &**name {
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
