//! What a check is made of, and which checks are refused.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use weir_model::Id;

use super::json::{self, lenient};
use super::{CheckQuery, FluxDuration, Level, Tag, Threshold};
use crate::CatalogError;

/// What a check is made of, or replaced by, as a request gives it.
#[derive(Debug, Clone)]
pub struct NewCheck {
    /// The organization; a check that is replaced stays in its own.
    pub org_id: Option<Id>,
    /// The name.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// `active` or `inactive`; whatever else is refused when the check is made.
    pub status: String,
    /// The query whose rows it looks at.
    pub query: CheckQuery,
    /// What it looks for.
    pub kind: CheckKind,
}

/// What a check looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum CheckKind {
    /// Values beyond thresholds.
    Threshold(CheckSchedule, Vec<Threshold>),
    /// Series that write no more.
    Deadman {
        /// When it runs, and what it writes.
        schedule: CheckSchedule,
        /// Silent for how long.
        time_since: Option<FluxDuration>,
        /// Silent for so long that nobody waits any more.
        stale_time: Option<FluxDuration>,
        /// Kept for clients; scripts do not know it.
        report_zero: bool,
        /// The level of being silent.
        level: Level,
    },
    /// Whatever the query itself says.
    Custom,
}

/// When a check runs, and what its statuses bear.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CheckSchedule {
    /// The message of a status.
    #[serde(deserialize_with = "lenient")]
    pub status_message_template: String,
    /// Kept for clients; checks run by intervals.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "String::is_empty")]
    pub cron: String,
    /// How often it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<FluxDuration>,
    /// How much later than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<FluxDuration>,
    /// Tags of its statuses.
    pub tags: Option<Vec<Tag>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RawDeadman {
    time_since: Option<FluxDuration>,
    stale_time: Option<FluxDuration>,
    #[serde(deserialize_with = "lenient")]
    report_zero: bool,
    #[serde(deserialize_with = "lenient")]
    level: Level,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawThresholds {
    #[serde(deserialize_with = "lenient")]
    thresholds: Vec<Threshold>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawCheck {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    #[serde(deserialize_with = "lenient")]
    name: String,
    #[serde(deserialize_with = "lenient")]
    description: String,
    #[serde(deserialize_with = "lenient")]
    status: String,
    #[serde(deserialize_with = "lenient")]
    query: CheckQuery,
}

fn invalid(text: impl Into<String>) -> CatalogError {
    CatalogError::Monitoring(text.into())
}

impl NewCheck {
    /// Reads a check as a request gives it. What is of a wrong type is refused here, what makes no check only when it
    /// is made.
    ///
    /// # Errors
    /// An unknown type of checks or thresholds, a duration that is none, a value of a wrong type.
    pub fn from_json(value: &Value) -> Result<Self, CatalogError> {
        let kind = CheckKind::from_json(value)?;
        let raw: RawCheck = json::read(value)?;
        Ok(Self {
            org_id: raw.org_id,
            name: raw.name,
            description: raw.description,
            status: raw.status,
            query: raw.query,
            kind,
        })
    }
}

impl CheckKind {
    /// Reads what is not common to all checks, from a request or from what [`CheckKind::json`] made.
    pub(super) fn from_json(value: &Value) -> Result<Self, CatalogError> {
        let kind =
            json::text(value, "type").map_err(|_| invalid("unable to detect the check type from json"))?;
        Ok(match kind.as_str() {
            "threshold" => {
                let raw: RawThresholds = json::read(value)?;
                Self::Threshold(json::read(value)?, raw.thresholds)
            }
            "deadman" => {
                let raw: RawDeadman = json::read(value)?;
                Self::Deadman {
                    schedule: json::read(value)?,
                    time_since: raw.time_since,
                    stale_time: raw.stale_time,
                    report_zero: raw.report_zero,
                    level: raw.level,
                }
            }
            "custom" => Self::Custom,
            other => return Err(invalid(format!("invalid check type {other}"))),
        })
    }

    /// The type, as the API writes it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Threshold(..) => "threshold",
            Self::Deadman { .. } => "deadman",
            Self::Custom => "custom",
        }
    }

    /// An object with what is not common to all checks, as the API shows it.
    pub fn json(&self) -> Value {
        let shown = |schedule: &CheckSchedule| {
            serde_json::to_value(schedule).expect("texts and durations, which JSON can hold")
        };
        let mut value = match self {
            Self::Threshold(schedule, thresholds) => {
                let mut value = shown(schedule);
                value["thresholds"] = if thresholds.is_empty() { Value::Null } else { json!(thresholds) };
                value
            }
            Self::Deadman { schedule, time_since, stale_time, report_zero, level } => {
                let mut value = shown(schedule);
                for (key, duration) in [("timeSince", time_since), ("staleTime", stale_time)] {
                    if let Some(duration) = duration {
                        value[key] = json!(duration);
                    }
                }
                value["reportZero"] = json!(report_zero);
                value["level"] = json!(level);
                value
            }
            Self::Custom => json!({}),
        };
        value["type"] = json!(self.name());
        value
    }

    fn schedule(&self) -> Option<&CheckSchedule> {
        match self {
            Self::Threshold(schedule, _) | Self::Deadman { schedule, .. } => Some(schedule),
            Self::Custom => None,
        }
    }

    /// Whether a check of this name could be. Custom checks are known by their scripts only.
    ///
    /// # Errors
    /// What is wrong, in the reference's words and order.
    pub(super) fn check(&self, name: &str) -> Result<(), CatalogError> {
        let Some(schedule) = self.schedule() else { return Ok(()) };
        if name.is_empty() {
            return Err(invalid("Check Name can't be empty"));
        }
        let every = schedule.every.as_ref().ok_or_else(|| invalid("Check Every must exist"))?;
        if schedule.offset.as_ref().is_some_and(|offset| offset.length() >= every.length()) {
            return Err(invalid("Offset should not be equal or greater than the interval"));
        }
        schedule.tags.iter().flatten().try_for_each(Tag::check)?;
        match self {
            Self::Threshold(_, thresholds) => thresholds.iter().try_for_each(Threshold::check),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: Value) -> String {
        let mut check = json!({"type": "threshold", "name": "n", "every": "1m", "status": "active"});
        for (key, value) in change.as_object().unwrap() {
            check[key] = value.clone();
        }
        match NewCheck::from_json(&check) {
            Err(error) => error.to_string(),
            Ok(new) => new.kind.check(&new.name).unwrap_err().to_string(),
        }
    }

    #[test]
    fn refusals_are_the_references() {
        for (change, text) in [
            (json!({"type": null}), "invalid check type "),
            (json!({"type": "odd"}), "invalid check type odd"),
            (json!({"type": 5}), "unable to detect the check type from json"),
            (json!({"name": null}), "Check Name can't be empty"),
            (json!({"every": null}), "Check Every must exist"),
            (json!({"offset": "1m"}), "Offset should not be equal or greater than the interval"),
            (json!({"offset": "1h"}), "Offset should not be equal or greater than the interval"),
            (json!({"tags": [{"key": "k"}]}), "tag must contain a key and a value"),
            (json!({"thresholds": [{"type": "odd"}]}), "invalid threshold type odd"),
            (json!({"thresholds": [{}]}), "invalid threshold type "),
            (
                json!({"thresholds": [{"type": "range", "min": 5, "max": 1}]}),
                "range threshold min can't be larger than max",
            ),
            (json!({"every": "often"}), "invalid duration often"),
        ] {
            assert_eq!(refusal(change), text);
        }
    }

    #[test]
    fn what_is_shown_can_be_read_back() {
        for check in [
            json!({"statusMessageTemplate": "m", "every": "1h30m", "offset": "0s", "tags": null,
                "thresholds": [{"allValues": true, "level": "CRIT", "type": "greater", "value": 90},
                    {"allValues": false, "level": "OK", "type": "lesser", "value": 1.5},
                    {"allValues": false, "level": "INFO", "type": "range", "max": 2, "within": true}],
                "type": "threshold"}),
            json!({"statusMessageTemplate": "", "every": "1d", "tags": [{"key": "a", "value": "b"}],
                "thresholds": null, "type": "threshold"}),
            json!({"statusMessageTemplate": "", "every": "1h", "tags": [], "timeSince": "90s", "staleTime": "10m",
                "reportZero": true, "level": "WARN", "type": "deadman"}),
            json!({"type": "custom"}),
        ] {
            assert_eq!(CheckKind::from_json(&check).unwrap().json(), check);
        }
    }
}
