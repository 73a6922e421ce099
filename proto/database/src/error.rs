//! What can go wrong, sorted by what a caller can do about it.

use sqlx::error::ErrorKind;
use weir_model::ErrorCode;

/// A result of this crate.
pub type Result<T, E = DatabaseError> = std::result::Result<T, E>;

/// An error of the database. Its text may name tables and columns: log it, do not send it.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The URL names no database we speak.
    #[error("invalid database URL: {0}")]
    Url(String),
    /// A `UNIQUE` or `PRIMARY KEY` constraint refused the row. Holds the database's own message.
    #[error("not unique: {0}")]
    Unique(String),
    /// A `REFERENCES` constraint refused the row. Holds the database's own message.
    #[error("foreign key: {0}")]
    ForeignKey(String),
    /// No connection, no lock in time, or a conflict with another transaction: the same call may succeed later.
    #[error("database unavailable: {0}")]
    Unavailable(#[source] sqlx::Error),
    /// A text holds what the database cannot keep: PostgreSQL has no U+0000 in texts.
    #[error("not a text: {0}")]
    Text(String),
    /// A stored value is not what its column should hold.
    #[error("column {column}: {reason}")]
    Column {
        /// The column, as asked for.
        column: String,
        /// What is wrong with the value.
        reason: String,
    },
    /// The database was migrated by a newer or another program.
    #[error("schema of {owner}: {reason}")]
    Schema {
        /// Which crate's tables.
        owner: String,
        /// What does not fit.
        reason: String,
    },
    /// Anything else: a wrong SQL text, a broken file, a full disk.
    #[error("database: {0}")]
    Other(#[source] sqlx::Error),
}

impl DatabaseError {
    /// Whether a constraint refused the row because one like it exists.
    pub fn is_unique(&self) -> bool {
        matches!(self, Self::Unique(_))
    }

    /// Whether the same call may succeed when tried again.
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Unavailable(_))
    }
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(refusal) => match refusal.kind() {
                ErrorKind::UniqueViolation => Self::Unique(refusal.message().to_owned()),
                ErrorKind::ForeignKeyViolation => Self::ForeignKey(refusal.message().to_owned()),
                // PostgreSQL's character_not_in_repertoire and untranslatable_character.
                _ if matches!(refusal.code().as_deref(), Some("22021" | "22P05")) => {
                    Self::Text(refusal.message().to_owned())
                }
                _ if refusal.code().is_some_and(|code| is_transient(&code)) => Self::Unavailable(error),
                _ => Self::Other(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            sqlx::Error::ColumnDecode { index, source } => {
                Self::Column { column: index.clone(), reason: source.to_string() }
            }
            _ => Self::Other(error),
        }
    }
}

/// PostgreSQL: connection lost (08), serialization failure or deadlock (40), too many connections (53300),
/// shutting down or starting (57P), lock not available (55P03). SQLite: busy (5) and locked (6), with their
/// extended forms in the higher bits.
fn is_transient(code: &str) -> bool {
    if code.len() == 5 {
        return code.starts_with("08")
            || code.starts_with("40")
            || code.starts_with("57P")
            || matches!(code, "53300" | "55P03");
    }
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}

impl From<DatabaseError> for weir_model::Error {
    /// Logs the cause and answers what may be shown. Callers that know what a broken constraint means handle it
    /// before this.
    fn from(error: DatabaseError) -> Self {
        if let DatabaseError::Text(_) = error {
            return Self::new(ErrorCode::Invalid, "texts must not contain the character U+0000");
        }
        tracing::error!(%error, "database error");
        if error.is_retryable() {
            Self::new(ErrorCode::Unavailable, "the metadata database is not available, try again")
        } else {
            Self::internal("An internal error has occurred - check server logs")
        }
    }
}
