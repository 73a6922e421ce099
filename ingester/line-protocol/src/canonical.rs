//! From a raw series key to its measurement and canonical key.

use weir_batch::SeriesKeyBuilder;

use crate::exact;

/// What a raw series key means.
#[derive(Debug, Default)]
pub(crate) struct KeyScratch {
    /// Ends of `key` and `value` of each tag: start, end of key, end of value.
    tags: Vec<(u32, u32, u32)>,
    builder: SeriesKeyBuilder,
}

/// Whether a raw key has no escapes and starts as a plain line does.
pub(crate) fn is_plain(raw: &[u8]) -> bool {
    !matches!(raw.first(), None | Some(b'#' | b'\t' | b'\0' | b',' | b'"'))
        && memchr::memchr2(b'\\', b'\n', raw).is_none()
}

impl KeyScratch {
    /// Reads a plain raw key: appends the canonical key to `out` and answers the measurement's length in `raw` and
    /// whether a tag is called `time`. `None` if the exact reader must decide.
    pub(crate) fn plain(&mut self, raw: &str, out: &mut String) -> Option<(usize, bool)> {
        let bytes = raw.as_bytes();
        let name = memchr::memchr(b',', bytes).unwrap_or(bytes.len());
        self.tags.clear();
        let mut at = name;
        let mut time_tag = false;
        while at < bytes.len() {
            let start = at + 1;
            let equals = start + memchr::memchr(b'=', &bytes[start..])?;
            let end = memchr::memchr(b',', &bytes[equals..]).map_or(bytes.len(), |n| equals + n);
            if equals == start
                || end == equals + 1
                || memchr::memchr(b',', &bytes[start..equals]).is_some()
                || memchr::memchr(b'=', &bytes[equals + 1..end]).is_some()
            {
                return None;
            }
            time_tag |= &bytes[start..equals] == b"time";
            self.tags.push((u32::try_from(start).ok()?, equals as u32, u32::try_from(end).ok()?));
            at = end;
        }
        let key = |tag: &(u32, u32, u32)| &bytes[tag.0 as usize..tag.1 as usize];
        self.tags.sort_unstable_by(|a, b| key(a).cmp(key(b)));
        if self.tags.windows(2).any(|two| key(&two[0]) == key(&two[1])) {
            return None;
        }
        for (i, tag) in self.tags.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            out.push_str(raw.get(tag.0 as usize..tag.2 as usize)?);
        }
        Some((name, time_tag))
    }

    /// Reads a raw key that the exact reader has accepted: answers the measurement's name and whether a tag is called
    /// `time`, and appends the canonical key to `out`.
    pub(crate) fn escaped(&mut self, raw: &str, out: &mut String) -> (String, bool) {
        let (name, tags) = exact::split_key(raw);
        let mut time_tag = false;
        for (key, value) in tags {
            time_tag |= key == "time";
            self.builder.push(&key, &value);
        }
        self.builder.finish(out);
        (name, time_tag)
    }
}
