//! Where pages begin: lists that are read page by page by `offset` go on after the last row of the page before,
//! instead of counting all rows again.

use std::collections::HashMap;

use parking_lot::RwLock;
use weir_model::{Id, Result};

use crate::{Catalog, Paging};

/// More places than this start anew: it bounds memory, not what works.
const MAX_PLACES: usize = 10_000;

/// The list (what it shows, in what order) and an offset in it.
type Place = (String, u32);

/// The row before each place, with the version of the catalog it was true in.
#[derive(Default)]
pub(crate) struct Places(RwLock<HashMap<Place, (i64, Id)>>);

/// A page on its way, of a list that is ordered by id.
pub(crate) struct Reading {
    list: String,
    version: i64,
    asked: Paging,
}

impl Catalog {
    /// The page to read in the place of `asked`: the same rows, found by the row before them where that is known.
    /// `list` tells lists apart.
    pub(crate) async fn begin_page(&self, list: String, asked: &Paging) -> Result<(Reading, Paging)> {
        // Learned first: what is read after it is at least as new.
        let version = self.version().await?;
        let list = format!("{list} {:?} {}", asked.after, asked.descending);
        let place = (list, asked.offset);
        let known = self.places().0.read().get(&place).copied();
        let paging = match known {
            Some((of, before)) if of == version => Paging { offset: 0, after: Some(before), ..asked.clone() },
            _ => asked.clone(),
        };
        Ok((Reading { list: place.0, version, asked: asked.clone() }, paging))
    }

    /// Remembers where the next page begins, if this one was full.
    pub(crate) fn end_page(&self, page: Reading, rows: usize, last: Option<Id>) {
        let (Some(limit), Some(last)) = (page.asked.limit, last) else { return };
        if rows < limit as usize {
            return;
        }
        let Some(next) = page.asked.offset.checked_add(limit) else { return };
        let mut known = self.places().0.write();
        if known.len() >= MAX_PLACES {
            known.clear();
        }
        known.insert((page.list, next), (page.version, last));
    }
}
