//! Small things that several messages have.

use weir_batch::{SeriesKey, SeriesKeys, TimeRange};
use weir_model::{Error, Id, Result};

use super::pb::scan as pb;

/// A message that no version of ours sends.
pub(super) fn malformed(what: &str) -> Error {
    Error::invalid(format!("malformed message: {what}"))
}

pub(super) fn id(value: u64) -> Result<Id> {
    Id::new(value).ok_or_else(|| malformed("an id is zero"))
}

pub(super) fn range(range: Option<pb::TimeRange>) -> Result<TimeRange> {
    let range = range.ok_or_else(|| malformed("no time range"))?;
    Ok(TimeRange { start: range.start, stop: range.stop })
}

pub(super) fn put_range(range: TimeRange) -> Option<pb::TimeRange> {
    Some(pb::TimeRange { start: range.start, stop: range.stop })
}

/// Texts one behind the other, and where each ends.
pub(super) fn put_keys(keys: &SeriesKeys) -> (String, Vec<u32>) {
    let mut text = String::with_capacity(keys.iter().map(|key| key.0.len()).sum());
    let ends = keys
        .iter()
        .map(|key| {
            text.push_str(key.0);
            text.len() as u32
        })
        .collect();
    (text, ends)
}

pub(super) fn keys(text: &str, ends: &[u32]) -> Result<SeriesKeys> {
    let mut keys = SeriesKeys::new();
    let mut start = 0;
    for end in ends {
        let key = text.get(start..*end as usize).ok_or_else(|| malformed("a series key lies outside"))?;
        keys.push(SeriesKey(key));
        start = *end as usize;
    }
    Ok(keys)
}
