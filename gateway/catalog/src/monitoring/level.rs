//! How bad things are.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The level of a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Level {
    /// None of the others, and what an unknown text is taken for.
    #[default]
    Unknown,
    /// Fine.
    Ok,
    /// Worth knowing.
    Info,
    /// Not fine.
    Warn,
    /// Bad.
    Crit,
    /// Whichever; for rules.
    Any,
}

impl Level {
    /// As the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Ok => "OK",
            Self::Info => "INFO",
            Self::Warn => "WARN",
            Self::Crit => "CRIT",
            Self::Any => "ANY",
        }
    }

    /// As scripts and statuses write it.
    pub fn lower(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Crit => "crit",
            Self::Any => "any",
        }
    }

    /// The level of this name in whatever case.
    pub fn parse(text: &str) -> Self {
        let all = [Self::Ok, Self::Info, Self::Warn, Self::Crit, Self::Any];
        all.into_iter().find(|level| level.as_str().eq_ignore_ascii_case(text)).unwrap_or_default()
    }
}

impl Serialize for Level {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self::parse(&String::deserialize(from)?))
    }
}
