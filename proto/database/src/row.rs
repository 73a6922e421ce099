//! Rows of an answer.

use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{ColumnIndex, Row as _};
use weir_model::Id;

use crate::{DatabaseError, Result};

/// One row of an answer.
pub struct Row(pub(crate) Inner);

pub(crate) enum Inner {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// A type a column can be read as: `String`, `i64`, `bool`, `f64`, `Vec<u8>`, [`Id`] (from text) and `Option`s.
pub trait ColumnType: Sized {
    /// Reads `column` (a name or a number from 0) of `row`.
    ///
    /// # Errors
    /// [`DatabaseError::Column`] or [`DatabaseError::Other`] if there is no such column, or it holds something else.
    fn read<C>(row: &Row, column: C) -> Result<Self>
    where
        C: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>;
}

macro_rules! plain {
    ($($type:ty),*) => {$(
        impl ColumnType for Option<$type> {
            fn read<C>(row: &Row, column: C) -> Result<Self>
            where
                C: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
            {
                match &row.0 {
                    Inner::Sqlite(row) => Ok(row.try_get(column)?),
                    Inner::Postgres(row) => Ok(row.try_get(column)?),
                }
            }
        }
        impl ColumnType for $type {
            fn read<C>(row: &Row, column: C) -> Result<Self>
            where
                C: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
            {
                // SQLite's decoders take NULL for 0 or empty, so absence is looked for here.
                Option::<$type>::read(row, &column)?.ok_or_else(|| DatabaseError::Column {
                    column: format!("{column:?}"),
                    reason: "it is NULL".to_owned(),
                })
            }
        }
    )*};
}

plain!(String, i64, bool, f64, Vec<u8>);

fn parse_id(text: &str) -> Result<Id> {
    text.parse().map_err(|error: weir_model::IdError| DatabaseError::Column {
        column: "id".to_owned(),
        reason: format!("{text:?}: {error}"),
    })
}

impl ColumnType for Id {
    fn read<C>(row: &Row, column: C) -> Result<Self>
    where
        C: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        parse_id(&String::read(row, column)?)
    }
}

impl ColumnType for Option<Id> {
    fn read<C>(row: &Row, column: C) -> Result<Self>
    where
        C: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        Option::<String>::read(row, column)?.as_deref().map(parse_id).transpose()
    }
}

impl Row {
    /// The value of `column`, a name or a number from 0.
    ///
    /// # Errors
    /// [`DatabaseError::Column`] or [`DatabaseError::Other`] if there is no such column, or it holds something else.
    pub fn get<T: ColumnType, C>(&self, column: C) -> Result<T>
    where
        C: ColumnIndex<SqliteRow> + ColumnIndex<PgRow>,
    {
        T::read(self, column)
    }
}
