//! Which part of a list is wanted, and how it is read.
//!
//! A page far into a list must not cost more than the first. So an offset is never counted over whole rows: a subquery
//! counts over the order's columns, which one index holds, and finds the key that the page begins with. It counts from
//! the nearest place before the page that is known from pages read earlier ([`crate::places`]).

use weir_database::{Query, Row, Value, sql};
use weir_model::{Id, Result};

use crate::Catalog;

/// Which part of a list is wanted; the default is all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Paging {
    /// At most so many rows.
    pub limit: Option<u32>,
    /// Rows to leave out first (of those after `after`).
    pub offset: u32,
    /// Only rows that come after this one in the list's order.
    pub after: Option<Id>,
    /// Backwards.
    pub descending: bool,
}

/// A column that a list is ordered by. Rows are read with the column under its own name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Key {
    /// Of text, with its table: `b.name`.
    Text(&'static str),
    /// Of whole numbers.
    Number(&'static str),
}

impl Key {
    fn column(self) -> &'static str {
        match self {
            Self::Text(column) | Self::Number(column) => column,
        }
    }

    fn read(self, row: &Row) -> Result<Value> {
        let column = self.column();
        let name = column.split_once('.').map_or(column, |(_, name)| name);
        Ok(match self {
            Self::Text(_) => row.get::<String, _>(name)?.into(),
            Self::Number(_) => row.get::<i64, _>(name)?.into(),
        })
    }
}

/// A list that is read by pages.
pub(crate) struct Listing {
    rows: String,
    table: &'static str,
    keys: &'static [Key],
    filter: Query,
}

impl Listing {
    /// The list of what `rows` selects (a text up to its `WHERE`), ordered by `keys`, which no two rows share.
    /// `table` is the table of the keys, under the name it has in `rows`.
    pub(crate) fn new(rows: impl Into<String>, table: &'static str, keys: &'static [Key]) -> Self {
        Self { rows: rows.into(), table, keys, filter: sql("") }
    }

    /// What rows must fulfil: conditions on the table alone, each beginning with ` AND `.
    pub(crate) fn filter(&mut self) -> &mut Query {
        &mut self.filter
    }

    /// Leaves out what does not come after the row that `paging` names, in a list by id.
    #[must_use]
    pub(crate) fn after_id(mut self, paging: &Paging) -> Self {
        if let (Some(after), [id]) = (paging.after, self.keys) {
            let side = if paging.descending { "<" } else { ">" };
            self.filter.push_bind(&format!(" AND {} {side} ?", id.column()), after);
        }
        self
    }

    /// The key's columns, as they are selected.
    fn columns(&self) -> String {
        self.keys.iter().map(|key| key.column()).collect::<Vec<_>>().join(", ")
    }

    /// That a row's key is the following one (a value, a row or a subquery), or comes after it.
    fn no_earlier_than(&self, descending: bool) -> String {
        let columns = self.columns();
        let key = if self.keys.len() == 1 { columns } else { format!("({columns})") };
        format!(" AND {key} {} ", if descending { "<=" } else { ">=" })
    }

    fn order(&self, descending: bool) -> String {
        let direction = if descending { " DESC" } else { "" };
        let columns: Vec<String> =
            self.keys.iter().map(|key| format!("{}{direction}", key.column())).collect();
        format!(" ORDER BY {}", columns.join(", "))
    }

    /// Appends the condition that a row is this one or comes after it.
    fn begin_at(&self, query: &mut Query, row: Vec<Value>, descending: bool) {
        query.push(&self.no_earlier_than(descending));
        query.push_list(row);
    }

    /// The page: `skip` rows after `from`, or after the list's beginning.
    fn page(&self, paging: &Paging, from: Option<Vec<Value>>, skip: u32) -> Query {
        let (descending, order) = (paging.descending, self.order(paging.descending));
        let mut query = sql(format!("{} WHERE TRUE", self.rows));
        query.append(&self.filter);
        match from {
            Some(row) if skip == 0 => self.begin_at(&mut query, row, descending),
            None if skip == 0 => {}
            from => {
                let found = format!("(SELECT {} FROM {} WHERE TRUE", self.columns(), self.table);
                query.push(&self.no_earlier_than(descending)).push(&found).append(&self.filter);
                if let Some(row) = from {
                    self.begin_at(&mut query, row, descending);
                }
                query.push(&order).push_bind(" LIMIT 1 OFFSET ?)", skip);
            }
        }
        query.push(&order);
        if let Some(limit) = paging.limit {
            query.push_bind(" LIMIT ?", limit);
        }
        query
    }
}

impl Catalog {
    /// Reads the part of a list that is wanted.
    pub(crate) async fn read_page(&self, listing: Listing, paging: &Paging) -> Result<Vec<Row>> {
        if paging.limit.is_none() {
            return Ok(self.database().fetch_all(listing.page(paging, None, paging.offset)).await?);
        }
        // Learned first: what is read after it is at least as new.
        let version = self.version().await?;
        let list = format!("{} {} {:?}", listing.table, listing.order(paging.descending), listing.filter);
        let (from, skip) = match self.places().nearest(&list, version, paging.offset) {
            Some((at, row)) => (Some(row), paging.offset - at),
            None => (None, paging.offset),
        };
        let rows = self.database().fetch_all(listing.page(paging, from, skip)).await?;
        let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let ends = [
            (paging.offset, rows.first()),
            (paging.offset.saturating_add(count).saturating_sub(1), rows.last()),
        ];
        for (at, row) in ends.into_iter().filter_map(|(at, row)| Some((at, row?))) {
            let key = listing.keys.iter().map(|key| key.read(row)).collect::<Result<_>>()?;
            self.places().learn(&list, version, at, key);
        }
        Ok(rows)
    }
}
