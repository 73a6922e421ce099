//! The table of series keys seen before, keyed by the bytes as written.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use crate::canonical::{KeyScratch, is_plain};

/// Marks "none" among indices.
pub(crate) const NONE: u32 = u32::MAX;

/// A table larger than this is dropped between bodies: interning pays for series that come again, and a stream of
/// ever new series must not take memory.
const MAX_BYTES: usize = 32 << 20;

/// A series key as written, and what it means.
#[derive(Debug)]
pub(crate) struct Entry {
    hash: u64,
    raw: (u32, u32),
    canonical: (u32, u32),
    /// Index of the measurement's name.
    pub(crate) measurement: u32,
    /// Whether the fast reader may meet it: no escapes, not near the length limit.
    pub(crate) plain: bool,
    /// The entry that followed this one last time.
    pub(crate) next: u32,
    /// The body in which `index` is valid.
    pub(crate) epoch: u32,
    /// The series' index within its measurement's rows, in the body of `epoch`.
    pub(crate) index: u32,
}

/// Interned series keys and measurement names.
#[derive(Default)]
pub(crate) struct Interner {
    hasher: DefaultHashBuilder,
    table: HashTable<u32>,
    entries: Vec<Entry>,
    raw: Vec<u8>,
    canonical: String,
    names: Vec<String>,
    names_index: HashMap<String, u32>,
    scratch: KeyScratch,
}

impl Interner {
    pub(crate) fn entry(&self, id: u32) -> &Entry {
        &self.entries[id as usize]
    }

    pub(crate) fn entry_mut(&mut self, id: u32) -> &mut Entry {
        &mut self.entries[id as usize]
    }

    pub(crate) fn canonical(&self, id: u32) -> &str {
        let (start, end) = self.entry(id).canonical;
        &self.canonical[start as usize..end as usize]
    }

    #[inline]
    fn raw(&self, entry: &Entry) -> &[u8] {
        &self.raw[entry.raw.0 as usize..entry.raw.1 as usize]
    }

    pub(crate) fn name(&self, measurement: u32) -> &str {
        &self.names[measurement as usize]
    }

    pub(crate) fn names(&self) -> usize {
        self.names.len()
    }

    /// The entry that followed `last`, if `rest` starts with its key and a space.
    #[inline]
    pub(crate) fn predict(&self, last: u32, rest: &[u8]) -> Option<(u32, usize)> {
        let next = self.entries.get(last as usize)?.next;
        let entry = self.entries.get(next as usize)?;
        let raw = self.raw(entry);
        (entry.plain && rest.get(raw.len()) == Some(&b' ') && rest.starts_with(raw))
            .then_some((next, raw.len()))
    }

    /// The entry of a key, which the fast reader found; `None` if the exact reader must see it.
    pub(crate) fn plain(&mut self, raw: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(raw.as_bytes());
        if let Some(id) = self.find(hash, raw.as_bytes()) {
            return self.entry(id).plain.then_some(id);
        }
        if raw.len() > crate::MAX_KEY_LENGTH / 2 || !is_plain(raw.as_bytes()) {
            return None;
        }
        let start = self.canonical.len();
        let Some(name) = self.scratch.plain(raw, &mut self.canonical) else {
            self.canonical.truncate(start);
            return None;
        };
        let measurement = self.measurement(&raw[..name]);
        Some(self.insert(hash, raw.as_bytes(), start, measurement, true))
    }

    /// The entry of a key that the exact reader has accepted.
    pub(crate) fn exact(&mut self, raw: &str) -> u32 {
        let hash = self.hasher.hash_one(raw.as_bytes());
        if let Some(id) = self.find(hash, raw.as_bytes()) {
            return id;
        }
        let start = self.canonical.len();
        let name = self.scratch.escaped(raw, &mut self.canonical);
        let measurement = self.measurement(&name);
        self.insert(hash, raw.as_bytes(), start, measurement, false)
    }

    /// Forgets everything if it has grown too large, and says so. Only between bodies.
    pub(crate) fn trim(&mut self) -> bool {
        let size = self.raw.len() + self.canonical.len() + self.entries.len() * size_of::<Entry>();
        if size > 2 * MAX_BYTES {
            *self = Self::default(); // one huge body must not keep its memory
        } else if size > MAX_BYTES {
            self.table.clear();
            self.entries.clear();
            self.raw.clear();
            self.canonical.clear();
            self.names.clear();
            self.names_index.clear();
        }
        size > MAX_BYTES
    }

    #[inline]
    fn find(&self, hash: u64, raw: &[u8]) -> Option<u32> {
        let same = |id: &u32| {
            let entry = &self.entries[*id as usize];
            entry.hash == hash && self.raw(entry) == raw
        };
        self.table.find(hash, same).copied()
    }

    fn insert(&mut self, hash: u64, raw: &[u8], start: usize, measurement: u32, plain: bool) -> u32 {
        let id = self.entries.len() as u32;
        let raw_start = self.raw.len();
        self.raw.extend_from_slice(raw);
        self.entries.push(Entry {
            hash,
            // A body, and so what one body adds, is at most 1 GiB: places fit.
            raw: (raw_start as u32, self.raw.len() as u32),
            canonical: (start as u32, self.canonical.len() as u32),
            measurement,
            plain,
            next: NONE,
            epoch: 0,
            index: 0,
        });
        let Self { table, entries, .. } = self;
        table.insert_unique(hash, id, |id| entries[*id as usize].hash);
        id
    }

    fn measurement(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.names_index.get(name) {
            return id;
        }
        let id = self.names.len() as u32;
        self.names.push(name.to_owned());
        self.names_index.insert(name.to_owned(), id);
        id
    }
}
