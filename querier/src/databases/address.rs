//! How scripts name databases.

use std::str::FromStr;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use weir_model::{Error, Result};

/// `postgres://user:password@host/database`, or `host=… user=…`.
pub(super) fn postgres(address: &str) -> Result<PgConnectOptions> {
    let bad = |error: &dyn std::fmt::Display| {
        Error::invalid(format!("sql: the data source is no PostgreSQL: {error}"))
    };
    if address.contains("://") {
        return PgConnectOptions::from_str(address).map_err(|e| bad(&e));
    }
    let mut options = PgConnectOptions::new_without_pgpass();
    for pair in address.split_whitespace() {
        let (key, value) = pair.split_once('=').ok_or_else(|| bad(&"a pair has no ="))?;
        let value = value.trim_matches('\'');
        options = match key {
            "host" => options.host(value),
            "port" => options.port(value.parse().map_err(|e| bad(&e))?),
            "user" => options.username(value),
            "password" => options.password(value),
            "dbname" => options.database(value),
            "sslmode" => options.ssl_mode(PgSslMode::from_str(value).map_err(|e| bad(&e))?),
            _ => options,
        };
    }
    Ok(options)
}

/// `user:password@tcp(host:port)/database?…`, with host and port.
pub(super) fn mysql(address: &str) -> Result<(MySqlConnectOptions, String, u16)> {
    let bad = |what: &str| Error::invalid(format!("sql: the data source is no MySQL: {what}"));
    if let Some(rest) = address.strip_prefix("mysql://") {
        let options = MySqlConnectOptions::from_str(address).map_err(|e| bad(&e.to_string()))?;
        let rest = rest.split(['/', '?']).next().unwrap_or_default();
        let server = rest.rsplit('@').next().unwrap_or_default();
        let (host, port) = server.rsplit_once(':').unwrap_or((server, "3306"));
        return Ok((options, host.to_owned(), port.parse().map_err(|_| bad("the port is no number"))?));
    }
    let slash = address.rfind('/').ok_or_else(|| bad("there is no / before the database"))?;
    let (login, rest) = (&address[..slash], &address[slash + 1..]);
    let database = rest.split('?').next().unwrap_or_default();
    let (user, server) = login.rsplit_once('@').unwrap_or(("", login));
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    let inside = match server.split_once('(') {
        Some(("tcp", inside)) => inside.strip_suffix(')').ok_or_else(|| bad("there is no )"))?,
        Some((other, _)) => return Err(bad(&format!("the network {other} is not supported; there is tcp"))),
        None if server.is_empty() || server == "tcp" => "127.0.0.1:3306",
        None => return Err(bad("the server must be written tcp(host:port)")),
    };
    let (host, port) = inside.rsplit_once(':').unwrap_or((inside, "3306"));
    let mut options = MySqlConnectOptions::new().username(name).password(password);
    if !database.is_empty() {
        options = options.database(database);
    }
    Ok((options, host.to_owned(), port.parse().map_err(|_| bad("the port is no number"))?))
}

/// Refuses databases that are files.
pub(super) fn sqlite(address: &str) -> Result<()> {
    let in_memory = address == ":memory:"
        || address == "file::memory:"
        || (address.starts_with("file::memory:?") && !address.contains("mode=rw"));
    if in_memory {
        return Ok(());
    }
    Err(Error::invalid(
        "sql: sqlite3 may only use databases in memory here (:memory:): files are the server's",
    ))
}

/// Refuses statements that reach files from a database in memory.
pub(super) fn sqlite_statement(statement: &str) -> Result<()> {
    let words = statement.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    for word in words {
        if ["attach", "vacuum", "pragma", "load_extension"].iter().any(|w| word.eq_ignore_ascii_case(w)) {
            return Err(Error::invalid(format!("sql: {word} is not allowed here")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_found() {
        let (_, host, port) = mysql("u:p@ss@tcp(db.example.com:3307)/x?parseTime=true").unwrap();
        assert_eq!((host.as_str(), port), ("db.example.com", 3307));
        let (_, host, port) = mysql("mysql://u:p@h/x").unwrap();
        assert_eq!((host.as_str(), port), ("h", 3306));
        assert!(mysql("u@unix(/tmp/s)/x").is_err());
        let options = postgres("host=h port=5433 user=u password='p' dbname=d sslmode=disable").unwrap();
        assert_eq!((options.get_host(), options.get_port()), ("h", 5433));
    }
}
