//! Where a value becomes a status.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use super::Level;
use super::json::{lenient, number};
use crate::CatalogError;

/// Values that make a level.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// Only when all values do.
    pub all_values: bool,
    /// The level.
    pub level: Level,
    /// Which values.
    pub bounds: Bounds,
}

/// Which values make a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bounds {
    /// Those above this.
    Greater(f64),
    /// Those below this.
    Lesser(f64),
    /// Those between two, or those not between them.
    Range {
        /// The lower one.
        min: f64,
        /// The higher one.
        max: f64,
        /// Whether between them, the borders excluded.
        within: bool,
    },
}

impl Threshold {
    pub(super) fn check(&self) -> Result<(), CatalogError> {
        match self.bounds {
            Bounds::Range { min, max, .. } if min > max => {
                Err(CatalogError::Monitoring("range threshold min can't be larger than max".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Raw {
    #[serde(deserialize_with = "lenient")]
    all_values: bool,
    #[serde(deserialize_with = "lenient")]
    level: Level,
    #[serde(rename = "type", deserialize_with = "lenient")]
    kind: String,
    #[serde(deserialize_with = "lenient")]
    value: f64,
    #[serde(deserialize_with = "lenient")]
    min: f64,
    #[serde(deserialize_with = "lenient")]
    max: f64,
    #[serde(deserialize_with = "lenient")]
    within: bool,
}

impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let raw = Raw::deserialize(from)?;
        let bounds = match raw.kind.as_str() {
            "greater" => Bounds::Greater(raw.value),
            "lesser" => Bounds::Lesser(raw.value),
            "range" => Bounds::Range { min: raw.min, max: raw.max, within: raw.within },
            other => return Err(serde::de::Error::custom(format!("invalid threshold type {other}"))),
        };
        Ok(Self { all_values: raw.all_values, level: raw.level, bounds })
    }
}

impl Serialize for Threshold {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut shown = json!({"allValues": self.all_values, "level": self.level});
        shown["type"] = json!(match self.bounds {
            Bounds::Greater(value) => {
                shown["value"] = number(value);
                "greater"
            }
            Bounds::Lesser(value) => {
                shown["value"] = number(value);
                "lesser"
            }
            Bounds::Range { min, max, within } => {
                // Zeros are left out, as in the reference.
                for (key, bound) in [("min", min), ("max", max)] {
                    if bound != 0.0 {
                        shown[key] = number(bound);
                    }
                }
                shown["within"] = Value::Bool(within);
                "range"
            }
        });
        shown.serialize(to)
    }
}
