//! A small bloom filter over `key=value` pairs of series keys: a query for one series of a million opens one block of
//! the series index, not all.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use weir_batch::{SeriesKey, SeriesKeyBuilder};
use xxhash_rust::xxh3::xxh3_64;

/// With ten bits a pair and five probes, one block in a hundred is opened in vain.
const BITS_A_PAIR: usize = 10;
const PROBES: u64 = 5;

/// Hashes of pairs; they are not hashed again.
pub(crate) type Hashes = HashSet<u64, BuildHasherDefault<AsItIs>>;

/// A hasher for what is a hash already.
#[derive(Debug, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64(bytes);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// The filter; an empty one may hold anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bloom(Vec<u8>);

impl From<Vec<u8>> for Bloom {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Bloom {
    pub(crate) fn hash(pair: &str) -> u64 {
        xxh3_64(pair.as_bytes())
    }

    pub(crate) fn of(hashes: &Hashes) -> Self {
        let mut bytes = vec![0u8; (hashes.len() * BITS_A_PAIR).div_ceil(8)];
        for hash in hashes {
            for bit in probes(*hash, bytes.len()) {
                bytes[bit / 8] |= 1 << (bit % 8);
            }
        }
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn may_hold(&self, pair: &str) -> bool {
        self.0.is_empty()
            || probes(Self::hash(pair), self.0.len()).all(|bit| self.0[bit / 8] >> (bit % 8) & 1 == 1)
    }
}

fn probes(hash: u64, bytes: usize) -> impl Iterator<Item = usize> {
    let (first, step) = (hash, hash.rotate_left(32) | 1);
    (0..PROBES).map(move |i| (first.wrapping_add(i.wrapping_mul(step)) % (bytes as u64 * 8)) as usize)
}

/// The pairs of a key as they stand in it.
pub(crate) fn pairs(key: SeriesKey<'_>) -> impl Iterator<Item = &str> {
    let mut rest = Some(key.0).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let mut escaped = false;
        let comma = text.bytes().position(|byte| {
            let ends = byte == b',' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        match comma {
            Some(at) => {
                rest = text.get(at + 1..);
                text.get(..at)
            }
            None => rest.take(),
        }
    })
}

/// The pair of a tag as it stands in a canonical key.
pub(crate) fn pair(tag: &str, value: &str) -> String {
    let mut out = String::new();
    let mut builder = SeriesKeyBuilder::new();
    builder.push(tag, value);
    builder.finish(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_stand_in_keys_as_they_are_made() {
        let mut builder = SeriesKeyBuilder::new();
        let tags = [("a b", "x,y"), ("c=", "\\"), ("z", "1")];
        tags.iter().for_each(|(k, v)| builder.push(k, v));
        let mut key = String::new();
        builder.finish(&mut key);
        let want: Vec<String> = tags.iter().map(|(k, v)| pair(k, v)).collect();
        assert_eq!(pairs(SeriesKey(&key)).collect::<Vec<_>>(), want);
        assert_eq!(pairs(SeriesKey("")).count(), 0);
    }

    #[test]
    fn what_was_put_in_is_found_and_little_else() {
        let of = |i: u32| format!("host={i}");
        let bloom = Bloom::of(&(0..5000).map(|i| Bloom::hash(&of(i))).collect());
        assert!((0..5000).all(|i| bloom.may_hold(&of(i))));
        assert!((5000..15_000).filter(|i| bloom.may_hold(&of(*i))).count() < 300);
        assert!(Bloom::of(&Hashes::default()).may_hold("x"));
    }
}
