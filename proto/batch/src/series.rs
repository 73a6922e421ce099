//! Canonical series keys: the identity of a series within its measurement.

use std::borrow::Cow;

/// A canonical series key: the tags sorted by key, as `k=v,k2=v2`, where `\`, `,`, `=` and space inside a key or
/// value stand behind a `\`. The series without tags has the empty key. Keys are compared as bytes, which sorts
/// series as the reference sorts them, and files whose measurements have other tag sets merge by the same order.
///
/// Empty tag values don't exist: a tag with an empty value is an absent tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesKey<'a>(pub &'a str);

impl<'a> SeriesKey<'a> {
    /// The tags, in key order, unescaped (borrowed where nothing was escaped).
    pub fn tags(self) -> impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let (key, after) = token(rest, b'=');
            let (value, after) = token(after, b',');
            rest = after;
            Some((key, value))
        })
    }

    /// The value of one tag.
    pub fn tag(self, name: &str) -> Option<Cow<'a, str>> {
        self.tags().find(|(k, _)| k == name).map(|(_, v)| v)
    }
}

/// Cuts an escaped token that ends at `stop` (or at the end) off `text`.
fn token(text: &str, stop: u8) -> (Cow<'_, str>, &str) {
    let bytes = text.as_bytes();
    // Most tokens have nothing escaped; this finds their end a good deal faster than the loop below.
    let plain = bytes.iter().position(|b| *b == stop || *b == b'\\').unwrap_or(bytes.len());
    if bytes.get(plain) != Some(&b'\\') {
        return (Cow::Borrowed(&text[..plain]), text.get(plain + 1..).unwrap_or(""));
    }
    let mut escaped = false;
    let mut i = plain;
    while i < bytes.len() && bytes[i] != stop {
        if bytes[i] == b'\\' {
            escaped = true;
            i += 1;
        }
        i += 1;
    }
    let end = i.min(bytes.len());
    let rest = text.get(end + 1..).unwrap_or("");
    let raw = &text[..end];
    if !escaped {
        return (Cow::Borrowed(raw), rest);
    }
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    (Cow::Owned(out), rest)
}

/// Builds canonical series keys from tags in any order; reuses its memory from key to key.
#[derive(Debug, Default)]
pub struct SeriesKeyBuilder {
    tags: Vec<(String, String)>,
}

impl SeriesKeyBuilder {
    /// A builder without tags.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tag; one with an empty value is left out. Of two tags with one key the later wins.
    pub fn push(&mut self, key: &str, value: &str) {
        self.tags.push((key.to_owned(), value.to_owned()));
    }

    /// Appends the canonical key of the tags pushed so far to `out`, and forgets them.
    pub fn finish(&mut self, out: &mut String) {
        let mut tags = std::mem::take(&mut self.tags);
        tags.sort_by(|a, b| a.0.cmp(&b.0)); // stable: the later of two equal keys stays behind
        let start = out.len();
        for (i, (key, value)) in tags.iter().enumerate() {
            if value.is_empty() || tags.get(i + 1).is_some_and(|next| next.0 == *key) {
                continue;
            }
            if out.len() > start {
                out.push(',');
            }
            escape(key, out);
            out.push('=');
            escape(value, out);
        }
        tags.clear();
        self.tags = tags;
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        if matches!(c, '\\' | ',' | '=' | ' ') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// Many series keys in one buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesKeys {
    offsets: Vec<u32>,
    bytes: String,
}

impl Default for SeriesKeys {
    fn default() -> Self {
        Self { offsets: vec![0], bytes: String::new() }
    }
}

impl SeriesKeys {
    /// No keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The key at `index`; panics past the end, as a slice does.
    pub fn get(&self, index: usize) -> SeriesKey<'_> {
        SeriesKey(&self.bytes[self.offsets[index] as usize..self.offsets[index + 1] as usize])
    }

    /// Appends a canonical key and returns its index.
    pub fn push(&mut self, key: SeriesKey<'_>) -> u32 {
        self.bytes.push_str(key.0);
        self.offsets.push(self.bytes.len() as u32);
        self.offsets.len() as u32 - 2
    }

    /// Appends a canonical key written by `write` into the shared buffer, and returns its index.
    pub fn push_with(&mut self, write: impl FnOnce(&mut String)) -> u32 {
        write(&mut self.bytes);
        self.offsets.push(self.bytes.len() as u32);
        self.offsets.len() as u32 - 2
    }

    /// The keys in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = SeriesKey<'_>> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Bytes of memory the keys take.
    pub fn memory_size(&self) -> usize {
        self.offsets.capacity() * 4 + self.bytes.capacity()
    }
}

impl<'a> FromIterator<SeriesKey<'a>> for SeriesKeys {
    fn from_iter<I: IntoIterator<Item = SeriesKey<'a>>>(iter: I) -> Self {
        let mut keys = Self::new();
        for key in iter {
            keys.push(key);
        }
        keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(tags: &[(&str, &str)]) -> String {
        let mut b = SeriesKeyBuilder::new();
        for (k, v) in tags {
            b.push(k, v);
        }
        let mut out = String::new();
        b.finish(&mut out);
        out
    }

    #[test]
    fn keys_are_sorted_escaped_and_read_back() {
        let k = key(&[("b c", "x,y"), ("a", "1=2\\"), ("empty", ""), ("a", "2")]);
        assert_eq!(k, "a=2,b\\ c=x\\,y");
        let tags: Vec<_> = SeriesKey(&k).tags().collect();
        assert_eq!(tags, [("a".into(), "2".into()), ("b c".into(), "x,y".into())]);
        assert_eq!(SeriesKey(&k).tag("b c").as_deref(), Some("x,y"));
        assert_eq!(SeriesKey(&key(&[("t", "a\\")])).tag("t").as_deref(), Some("a\\"));
        assert_eq!(SeriesKey("").tags().count(), 0);
    }

    #[test]
    fn many_keys_in_one_buffer() {
        let keys: SeriesKeys = ["a=1", "", "b=2"].into_iter().map(SeriesKey).collect();
        assert_eq!(keys.len(), 3);
        assert_eq!(keys.get(1).0, "");
        assert_eq!(keys.get(2).0, "b=2");
    }
}
