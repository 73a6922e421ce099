//! Connections: what a database URL means.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions, PgSslMode};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, PgPool, SqlitePool};

use crate::transaction::{Inner as TransactionInner, Transaction};
use crate::{DatabaseError, Result};

/// Which database answers. SQL texts are the same for both; this is for tests, logs and health checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// An embedded SQLite file (or memory).
    Sqlite,
    /// A PostgreSQL server.
    Postgres,
}

/// How to connect; [`Options::default`] fits a server process.
#[derive(Debug, Clone)]
pub struct Options {
    /// The most connections to keep: readers of a SQLite file, or all connections to PostgreSQL.
    pub max_connections: u32,
    /// How long a caller waits for a connection or for SQLite's write lock before it gets an error.
    pub timeout: Duration,
    /// Encryption between us and PostgreSQL, beside what the URL says of it.
    pub tls: Tls,
}

impl Default for Options {
    fn default() -> Self {
        Self { max_connections: 8, timeout: Duration::from_secs(10), tls: Tls::default() }
    }
}

/// How connections to PostgreSQL are encrypted. What is `None` is as the URL says (`sslmode`, `sslrootcert`, `sslcert`,
/// `sslkey`), and the URL's default is to encrypt when the server offers it.
#[derive(Debug, Clone, Default)]
pub struct Tls {
    /// How much is demanded.
    pub mode: Option<TlsMode>,
    /// The authorities that the server's certificate may come from, as PEM, beside the system's.
    pub authorities: Option<PathBuf>,
    /// A certificate and its key to show, as PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
}

/// How much encryption is demanded, in PostgreSQL's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsMode {
    /// None is used.
    Disable,
    /// It is used when the server offers it, whoever that is.
    Prefer,
    /// Without it there is no connection; whoever that is.
    Require,
    /// The server's certificate must come from an authority that is known.
    VerifyCa,
    /// And must be of the host's name.
    VerifyFull,
}

#[derive(Clone)]
pub(crate) enum Pools {
    /// Readers and the one writer. In memory both are the same single connection.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// A pool of connections; a clone shares it.
#[derive(Clone)]
pub struct Database {
    pub(crate) pools: Pools,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Database({:?})", self.backend())
    }
}

impl Database {
    /// Connects to `sqlite:PATH` (created when missing), `sqlite::memory:` or `postgres://user@host/name`.
    ///
    /// In memory there is one connection only: do not use the pool while a transaction of the same task is open.
    ///
    /// # Errors
    /// [`DatabaseError::Url`] for any other URL, [`DatabaseError::Unavailable`] if nobody answers.
    pub async fn connect(url: &str, options: &Options) -> Result<Self> {
        if url == "sqlite::memory:" {
            Self::memory(options).await
        } else if let Some(path) = url.strip_prefix("sqlite:") {
            Self::sqlite(Path::new(path.strip_prefix("//").unwrap_or(path)), options).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            Self::postgres(url, options).await
        } else {
            // The URL may hold a password, so it is not repeated.
            Err(DatabaseError::Url("a database URL starts with `sqlite:` or `postgres://`".to_owned()))
        }
    }

    async fn sqlite(path: &Path, options: &Options) -> Result<Self> {
        if path.as_os_str().is_empty() {
            return Err(DatabaseError::Url("`sqlite:` needs the path of a file".to_owned()));
        }
        let connect = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // FULL: a commit that was acknowledged survives a power cut (WAL with NORMAL may lose it).
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(options.timeout);
        let pool = SqlitePoolOptions::new()
            .acquire_timeout(options.timeout)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false);
        // The writer connects first: it creates the file and switches it to WAL.
        let write = pool.clone().max_connections(1).connect_with(connect.clone()).await?;
        let read = pool
            .max_connections(options.max_connections.max(1))
            .connect_with(connect.pragma("query_only", "ON"))
            .await?;
        Ok(Self { pools: Pools::Sqlite { read, write } })
    }

    async fn memory(options: &Options) -> Result<Self> {
        let connect = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .acquire_timeout(options.timeout)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(connect)
            .await?;
        Ok(Self { pools: Pools::Sqlite { read: pool.clone(), write: pool } })
    }

    async fn postgres(url: &str, options: &Options) -> Result<Self> {
        let connect = PgConnectOptions::from_str(url)
            .map_err(|_| DatabaseError::Url("the postgres:// URL cannot be parsed".to_owned()))?
            .application_name("weir");
        let connect = encrypted(connect, &options.tls);
        // A pool tries for long and then says only that it did; one connection says what is wrong.
        let first = tokio::time::timeout(options.timeout, connect.connect()).await;
        first.map_err(|_| sqlx::Error::PoolTimedOut)??.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(options.max_connections.max(2))
            .acquire_timeout(options.timeout)
            .connect_with(connect)
            .await?;
        Ok(Self { pools: Pools::Postgres(pool) })
    }

    /// Which database answers.
    pub fn backend(&self) -> Backend {
        match self.pools {
            Pools::Sqlite { .. } => Backend::Sqlite,
            Pools::Postgres(_) => Backend::Postgres,
        }
    }

    /// Begins a transaction that may write. On SQLite it holds the write lock from here on; on PostgreSQL it is
    /// `READ COMMITTED` (see [`Transaction::lock`] where that is not enough). Dropping it rolls back.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when no connection or lock comes free in time.
    pub async fn begin(&self) -> Result<Transaction> {
        Ok(Transaction(match &self.pools {
            Pools::Sqlite { write, .. } => {
                TransactionInner::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?)
            }
            Pools::Postgres(pool) => TransactionInner::Postgres(pool.begin().await?),
        }))
    }

    /// Begins a read-only transaction in which all queries see one moment.
    ///
    /// # Errors
    /// [`DatabaseError::Unavailable`] when no connection comes free in time.
    pub async fn begin_read(&self) -> Result<Transaction> {
        Ok(Transaction(match &self.pools {
            Pools::Sqlite { read, .. } => TransactionInner::Sqlite(read.begin().await?),
            Pools::Postgres(pool) => TransactionInner::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?,
            ),
        }))
    }

    /// Waits for connections to come back and closes them; SQLite checkpoints its WAL.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

fn encrypted(mut connect: PgConnectOptions, tls: &Tls) -> PgConnectOptions {
    if let Some(mode) = tls.mode {
        connect = connect.ssl_mode(match mode {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        });
    }
    if let Some(file) = &tls.authorities {
        connect = connect.ssl_root_cert(file);
    }
    if let Some((certificate, key)) = &tls.identity {
        connect = connect.ssl_client_cert(certificate).ssl_client_key(key);
    }
    connect
}
