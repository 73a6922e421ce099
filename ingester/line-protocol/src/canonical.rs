//! From a raw series key to its measurement and canonical key.

use weir_batch::SeriesKeyBuilder;

use crate::exact;

/// What a raw series key means.
#[derive(Debug, Default)]
pub(crate) struct KeyScratch {
    /// Of each tag: start, end of key, end of value.
    tags: Vec<(u32, u32, u32)>,
    sorted: Vec<(u32, u32, u32)>,
    /// How the tags of the last key had to be put in order; mostly the next key's are to be put so too.
    order: Vec<usize>,
    builder: SeriesKeyBuilder,
}

/// Whether a raw key has no escapes and starts as a plain line does.
pub(crate) fn is_plain(raw: &[u8]) -> bool {
    !matches!(raw.first(), None | Some(b'#' | b'\t' | b'\0' | b',' | b'"'))
        && memchr::memchr2(b'\\', b'\n', raw).is_none()
}

impl KeyScratch {
    /// Reads a plain raw key: appends the canonical key to `out` and answers the measurement's length in `raw`. `None` if
    /// the exact reader must decide.
    pub(crate) fn plain(&mut self, raw: &str, out: &mut String) -> Option<usize> {
        let bytes = raw.as_bytes();
        if u32::try_from(bytes.len()).is_err() {
            return None;
        }
        let name = memchr::memchr(b',', bytes).unwrap_or(bytes.len());
        self.tags.clear();
        let (mut start, mut equals) = (name + 1, 0);
        for at in name + 1..=bytes.len() {
            match bytes.get(at) {
                Some(b'=') if equals != 0 || at == start => return None,
                Some(b'=') => equals = at,
                None | Some(b',') => {
                    if equals == 0 || at == equals + 1 || exact::is_reserved(&bytes[start..equals]) {
                        return None;
                    }
                    self.tags.push((start as u32, equals as u32, at as u32));
                    (start, equals) = (at + 1, 0);
                }
                Some(_) => {}
            }
        }
        self.sort(bytes)?;
        for (i, tag) in self.sorted.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(raw.get(tag.0 as usize..tag.2 as usize)?);
        }
        Some(name)
    }

    /// Sorts the tags by key; `None` if two have the same.
    fn sort(&mut self, bytes: &[u8]) -> Option<()> {
        let key = |tag: &(u32, u32, u32)| &bytes[tag.0 as usize..tag.1 as usize];
        let ascend = |tags: &[(u32, u32, u32)]| tags.windows(2).all(|two| key(&two[0]) < key(&two[1]));
        self.sorted.clear();
        if self.order.len() == self.tags.len() {
            self.sorted.extend(self.order.iter().map(|&i| self.tags[i]));
            if ascend(&self.sorted) {
                return Some(());
            }
        }
        self.order.clear();
        self.order.extend(0..self.tags.len());
        self.order.sort_unstable_by(|&a, &b| key(&self.tags[a]).cmp(key(&self.tags[b])));
        self.sorted.clear();
        self.sorted.extend(self.order.iter().map(|&i| self.tags[i]));
        ascend(&self.sorted).then_some(())
    }

    /// Reads a raw key that the exact reader has accepted: answers the measurement's name, and appends the canonical key
    /// to `out`.
    pub(crate) fn escaped(&mut self, raw: &str, out: &mut String) -> String {
        let (name, tags) = exact::split_key(raw);
        for (key, value) in tags {
            self.builder.push(&key, &value);
        }
        self.builder.finish(out);
        name
    }
}
