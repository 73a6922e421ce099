//! Ids: 64 bits, never zero, written as 16 lowercase hex digits.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An id of an organization, bucket, user, token or any other resource.
///
/// Written as 16 lowercase hex digits everywhere: in JSON, in paths, in SQL.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(NonZeroU64);

/// Why a text is not an id; the messages are those of the v2 API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text is not 16 bytes long.
    #[error("id must have a length of 16 bytes")]
    Length,
    /// The text is not hex, or it is zero.
    #[error("invalid ID")]
    Invalid,
}

impl Id {
    /// The id of this number; `None` for zero, which is never an id.
    pub fn new(value: u64) -> Option<Self> {
        NonZeroU64::new(value).map(Self)
    }

    /// The id as a number.
    pub fn get(self) -> u64 {
        self.0.get()
    }

    /// Whether the id may be embedded in the reference's series keys: no byte of it is `\`, `,` or a space.
    /// Organization and bucket ids keep to this so that ids can be exchanged with InfluxDB.
    pub fn is_embeddable(self) -> bool {
        !self.get().to_be_bytes().iter().any(|b| matches!(b, b'\\' | b',' | b' '))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.get())
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(s: &str) -> Result<Self, IdError> {
        if s.len() != 16 {
            return Err(IdError::Length);
        }
        if !s.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(IdError::Invalid);
        }
        u64::from_str_radix(s, 16).ok().and_then(Self::new).ok_or(IdError::Invalid)
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trip_and_refusals() {
        let id: Id = "00000000000000aF".parse().unwrap();
        assert_eq!(id.to_string(), "00000000000000af");
        assert_eq!("af".parse::<Id>(), Err(IdError::Length));
        assert_eq!("0000000000000000".parse::<Id>(), Err(IdError::Invalid));
        assert_eq!("+000000000000001".parse::<Id>(), Err(IdError::Invalid));
    }

    #[test]
    fn an_embeddable_id_has_no_separator_byte() {
        assert!(!Id::new(0x5c00).unwrap().is_embeddable());
        assert!(!Id::new(0x2c).unwrap().is_embeddable());
        assert!(Id::new(0x41).unwrap().is_embeddable());
    }
}
