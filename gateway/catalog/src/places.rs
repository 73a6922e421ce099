//! Where in a list a row stands, known from pages that were read: the next page is found from there instead of by
//! counting from the beginning.

use std::collections::{BTreeMap, HashMap};

use parking_lot::Mutex;
use weir_database::Value;

/// More places than this start anew: it bounds memory, not what works.
const MAX_PLACES: usize = 10_000;

/// The rows that are known of a list, as long as the catalog has this version.
struct Known {
    version: i64,
    rows: BTreeMap<u32, Vec<Value>>,
}

#[derive(Default)]
struct Lists {
    by_name: HashMap<String, Known>,
    count: usize,
}

/// The rows that are known, by list and by how many rows stand before them.
#[derive(Default)]
pub(crate) struct Places(Mutex<Lists>);

impl Places {
    /// The known row nearest to `offset`, not after it, with its place. `list` says what is listed in what order.
    pub(crate) fn nearest(&self, list: &str, version: i64, offset: u32) -> Option<(u32, Vec<Value>)> {
        let lists = self.0.lock();
        let known = lists.by_name.get(list).filter(|known| known.version == version)?;
        known.rows.range(..=offset).next_back().map(|(at, row)| (*at, row.clone()))
    }

    /// Remembers the key of the row that has `at` rows before it.
    pub(crate) fn learn(&self, list: &str, version: i64, at: u32, row: Vec<Value>) {
        let mut lists = self.0.lock();
        if lists.count >= MAX_PLACES {
            *lists = Lists::default();
        }
        let Lists { by_name, count } = &mut *lists;
        let known = match by_name.get_mut(list) {
            Some(known) => known,
            None => by_name.entry(list.to_owned()).or_insert(Known { version, rows: BTreeMap::new() }),
        };
        if known.version != version {
            *count -= known.rows.len();
            *known = Known { version, rows: BTreeMap::new() };
        }
        *count += usize::from(known.rows.insert(at, row).is_none());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_row_of_the_same_version_is_found() {
        let places = Places::default();
        let key = |n: i64| vec![Value::from(n)];
        places.learn("l", 1, 0, key(0));
        places.learn("l", 1, 99, key(99));
        places.learn("m", 1, 50, key(50));
        assert_eq!(places.nearest("l", 1, 98), Some((0, key(0))));
        assert_eq!(places.nearest("l", 1, 100), Some((99, key(99))));
        assert_eq!(places.nearest("m", 1, 49), None);
        assert_eq!(places.nearest("l", 2, 100), None);
        places.learn("l", 2, 7, key(8));
        assert_eq!(places.nearest("l", 2, 100), Some((7, key(8))), "what was known is forgotten");
        assert_eq!(places.0.lock().count, 2);
    }

    #[test]
    fn memory_is_bounded() {
        let places = Places::default();
        for at in 0..25_000 {
            places.learn("l", 1, at, Vec::new());
        }
        assert!(places.0.lock().count <= MAX_PLACES);
    }
}
