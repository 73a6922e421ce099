//! A SQL text with its parameters, and the one place where `?` becomes `$n`.

use std::borrow::Cow;
use std::fmt::Write as _;

use sqlx::Arguments as _;
use sqlx::AssertSqlSafe;
use sqlx::postgres::PgArguments;
use sqlx::sqlite::SqliteArguments;
use weir_model::Id;

use crate::Result;
use crate::error::DatabaseError;

/// A parameter. Absent values keep their type, which PostgreSQL wants to know.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `TEXT`
    Text(Option<String>),
    /// `BIGINT`
    Int(Option<i64>),
    /// `BOOLEAN`
    Bool(Option<bool>),
    /// `DOUBLE PRECISION`
    Float(Option<f64>),
    /// `BLOB`
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($type:ty => $variant:ident, $convert:expr;)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(Some($convert(value)))
            }
        }
        impl From<Option<$type>> for Value {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map($convert))
            }
        }
    )*};
}

value_from! {
    &str => Text, str::to_owned;
    String => Text, |text| text;
    &String => Text, String::clone;
    Id => Text, |id: Id| id.to_string();
    i64 => Int, |number| number;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Bool, |flag| flag;
    f64 => Float, |number| number;
    Vec<u8> => Bytes, |bytes| bytes;
    &[u8] => Bytes, <[u8]>::to_vec;
}

/// A SQL text and its parameters. Texts hold `?`; values never enter the text.
#[derive(Debug, Clone)]
pub struct Query {
    pub(crate) text: Cow<'static, str>,
    pub(crate) parameters: Vec<Value>,
}

/// Begins a query with `text`, which has a `?` for each parameter still to be bound.
pub fn sql(text: impl Into<Cow<'static, str>>) -> Query {
    Query { text: text.into(), parameters: Vec::new() }
}

impl Query {
    /// Binds the next `?`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.parameters.push(value.into());
        self
    }

    /// Appends to the text; a `?` in it is bound by the next [`Query::bind`]. `text` is never user input.
    pub fn push(&mut self, text: &str) -> &mut Self {
        self.text.to_mut().push_str(text);
        self
    }

    /// Appends text that has one `?`, and its value.
    pub fn push_bind(&mut self, text: &str, value: impl Into<Value>) -> &mut Self {
        self.push(text);
        self.parameters.push(value.into());
        self
    }

    /// Appends another query's text and parameters.
    pub fn append(&mut self, other: &Query) -> &mut Self {
        self.push(&other.text);
        self.parameters.extend_from_slice(&other.parameters);
        self
    }

    /// Appends `(?, ?, …)` with these values: the right side of `IN`, or one row of `VALUES`.
    pub fn push_list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        let text = self.text.to_mut();
        text.push('(');
        for (index, value) in values.into_iter().enumerate() {
            text.push_str(if index == 0 { "?" } else { ", ?" });
            self.parameters.push(value);
        }
        text.push(')');
        self
    }

    /// Appends `(?, …), (?, …)`: the rows after `VALUES`. SQLite takes 32 766 parameters a query, PostgreSQL
    /// 65 535: callers split before.
    pub fn push_rows<R: IntoIterator<Item = Value>>(
        &mut self,
        rows: impl IntoIterator<Item = R>,
    ) -> &mut Self {
        for (index, row) in rows.into_iter().enumerate() {
            if index > 0 {
                self.text.to_mut().push_str(", ");
            }
            self.push_list(row);
        }
        self
    }

    /// Whether the query only reads, so that a SQLite reader may run it.
    pub(crate) fn is_read(&self) -> bool {
        let start = self.text.trim_start();
        start.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("select"))
    }

    pub(crate) fn into_sqlite(self) -> Result<(AssertSqlSafe<Cow<'static, str>>, SqliteArguments)> {
        let mut arguments = SqliteArguments::default();
        for value in self.parameters {
            match value {
                Value::Text(v) => arguments.add(v),
                Value::Int(v) => arguments.add(v),
                Value::Bool(v) => arguments.add(v),
                Value::Float(v) => arguments.add(v),
                Value::Bytes(v) => arguments.add(v),
            }
            .map_err(encode_error)?;
        }
        Ok((AssertSqlSafe(self.text), arguments))
    }

    pub(crate) fn into_postgres(self) -> Result<(AssertSqlSafe<Cow<'static, str>>, PgArguments)> {
        let mut arguments = PgArguments::default();
        for value in self.parameters {
            match value {
                Value::Text(v) => arguments.add(v),
                Value::Int(v) => arguments.add(v),
                Value::Bool(v) => arguments.add(v),
                Value::Float(v) => arguments.add(v),
                Value::Bytes(v) => arguments.add(v),
            }
            .map_err(encode_error)?;
        }
        Ok((AssertSqlSafe(Cow::Owned(number_placeholders(&self.text))), arguments))
    }
}

fn encode_error(error: sqlx::error::BoxDynError) -> DatabaseError {
    DatabaseError::Other(sqlx::Error::Encode(error))
}

/// Rewrites each `?` outside quotes to `$1`, `$2`, …
pub(crate) fn number_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut quote = None;
    let mut number = 0;
    for c in text.chars() {
        match (quote, c) {
            (None, '?') => {
                number += 1;
                write!(out, "${number}").expect("writing to a String does not fail");
                continue;
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
        out.push(c);
    }
    out
}
