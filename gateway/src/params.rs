//! The query string: read as the reference reads it, written back sorted.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use weir_model::{Id, IdError};

/// What `application/x-www-form-urlencoded` leaves as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b' ');

/// The parameters of a query string or of a form, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Params(Vec<(String, String)>);

impl Params {
    /// Reads a query string. Pairs that are not valid percent-encoding are left out.
    pub(crate) fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|pair| !pair.is_empty() && !pair.contains(';'));
        Self(
            pairs
                .filter_map(|pair| {
                    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                    Some((decode(key)?, decode(value)?))
                })
                .collect(),
        )
    }

    /// Pairs that were read elsewhere.
    pub(crate) fn from_pairs(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of `key`; an empty one counts as absent, as everywhere in the reference.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let found = self.0.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str());
        found.filter(|value| !value.is_empty())
    }

    /// The id under `key`, if there is one.
    pub(crate) fn id(&self, key: &str) -> Result<Option<Id>, IdError> {
        self.get(key).map(str::parse).transpose()
    }

    /// All values of `key` but empty ones.
    pub(crate) fn all<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(k, value)| k == key && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// The ids under `key`.
    pub(crate) fn ids(&self, key: &str) -> Result<Vec<Id>, IdError> {
        self.all(key).map(str::parse).collect()
    }

    /// Every pair, in order.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Params {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect())
    }
}

/// `key=value&…` with sorted keys.
pub(crate) fn encode_sorted(pairs: &[(&str, Cow<'_, str>)]) -> String {
    let mut sorted: Vec<_> = pairs.iter().collect();
    sorted.sort_by_key(|(key, _)| *key);
    let parts: Vec<String> =
        sorted.iter().map(|(key, value)| format!("{}={}", escape(key), escape(value))).collect();
    parts.join("&")
}

/// One component of a query string, a space as `+`.
pub(crate) fn escape(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string().replace(' ', "+")
}

fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let valid =
        bytes.iter().enumerate().filter(|(_, b)| **b == b'%').all(|(at, _)| {
            bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit))
        });
    if !valid {
        return None;
    }
    let spaced = text.replace('+', " ");
    Some(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_value_wins_and_empty_is_absent() {
        let p = Params::parse("a=1&a=2&b=&c&d=x+y%26z&bad=%zz");
        assert_eq!(p.get("a"), Some("1"));
        assert_eq!((p.get("b"), p.get("c")), (None, None));
        assert_eq!(p.get("d"), Some("x y&z"));
        assert!(p.pairs().all(|(key, _)| key != "bad"));
    }

    #[test]
    fn written_sorted_and_escaped() {
        let text = encode_sorted(&[("org", "Ö & co".into()), ("limit", "1".into())]);
        assert_eq!(text, "limit=1&org=%C3%96+%26+co");
    }
}
