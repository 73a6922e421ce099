//! Keys of bytes, one a row.

use arrow_array::BinaryArray;

/// Keys one after the other.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    /// Adds the key that `write` appends.
    pub(crate) fn push(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    /// Takes the last key off.
    pub(crate) fn pop(&mut self) {
        self.ends.pop();
        self.bytes.truncate(self.ends.last().copied().unwrap_or(0));
    }

    /// Adds a table's number as a key: rows of the table with the smallest number come first.
    pub(crate) fn push_table(&mut self, table: usize) {
        self.push(|out| out.extend((table as u64).to_be_bytes()));
    }

    /// The key at `i`.
    pub(crate) fn get(&self, i: usize) -> &[u8] {
        let start = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.bytes[start..self.ends[i]]
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of memory they take.
    pub(crate) fn size(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<usize>()
    }
}

/// The first eight bytes of a key as a number that sorts as they do: the number of the table, where keys begin with it.
pub(super) fn prefix(key: &[u8]) -> u64 {
    let mut first = [0; 8];
    let n = key.len().min(8);
    first[..n].copy_from_slice(&key[..n]);
    u64::from_be_bytes(first)
}

/// The table that the key at `i` begins with.
pub(crate) fn table_of(keys: &BinaryArray, i: usize) -> usize {
    usize::try_from(prefix(keys.value(i))).unwrap_or(usize::MAX)
}
