//! Which part of a list is wanted.

use weir_database::Query;
use weir_model::Id;

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

impl Paging {
    /// Appends the order and the part of a list that is ordered by `table`'s id. The text ends in a `WHERE`.
    pub(crate) fn by_id(&self, query: &mut Query, id_column: &str) {
        if let Some(after) = self.after {
            query
                .push_bind(&format!(" AND {id_column} {} ?", if self.descending { "<" } else { ">" }), after);
        }
        self.order_and_limit(query, id_column);
    }

    /// Appends the order and the limits, without `after`.
    pub(crate) fn order_and_limit(&self, query: &mut Query, columns: &str) {
        let direction = if self.descending { " DESC" } else { "" };
        query.push(&format!(" ORDER BY {columns}{direction}"));
        query.push_bind(" LIMIT ?", self.limit.map_or(i64::MAX, i64::from));
        query.push_bind(" OFFSET ?", self.offset);
    }
}
