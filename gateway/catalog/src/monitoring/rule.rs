//! What a rule is made of, and which rules are refused.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use weir_model::Id;

use super::json::{self, lenient};
use super::{FluxDuration, Level, TagRule};
use crate::CatalogError;

/// What a rule is made of, or replaced by, as a request gives it.
#[derive(Debug, Clone)]
pub struct NewRule {
    /// The organization; a rule that is replaced stays in its own.
    pub org_id: Option<Id>,
    /// The name; others may have it too.
    pub name: String,
    /// A description, possibly empty.
    pub description: String,
    /// `active` or `inactive`; whatever else is refused when the rule is made.
    pub status: String,
    /// Where it tells.
    pub endpoint_id: Option<Id>,
    /// When it tells.
    pub base: RuleBase,
    /// What it tells.
    pub kind: RuleKind,
}

/// When a rule tells.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RuleBase {
    /// Kept for clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sleep_until: Option<String>,
    /// How often it looks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub every: Option<FluxDuration>,
    /// How much later than that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<FluxDuration>,
    /// Kept for clients.
    #[serde(deserialize_with = "lenient")]
    pub runbook_link: String,
    /// Tags that statuses must have.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Vec::is_empty")]
    pub tag_rules: Vec<TagRule>,
    /// Levels, or changes of levels, that are told.
    #[serde(deserialize_with = "lenient", skip_serializing_if = "Vec::is_empty")]
    pub status_rules: Vec<StatusRule>,
    /// Kept for clients.
    #[serde(skip)]
    pub limit: Option<Limit>,
}

/// A level, or a change of levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StatusRule {
    /// The level that is told.
    #[serde(deserialize_with = "lenient")]
    pub current_level: Level,
    /// The level before; of a change only.
    pub previous_level: Option<Level>,
}

/// At most so many messages in so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Limit {
    /// So many messages.
    #[serde(rename = "limit", deserialize_with = "lenient")]
    pub rate: i64,
    /// In so many seconds.
    #[serde(rename = "limitEvery", deserialize_with = "lenient")]
    pub every: i64,
}

/// What a rule tells, in the terms of its kind of endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleKind {
    /// To Slack.
    Slack {
        /// The channel, if it is not the webhook's.
        channel: String,
        /// The message.
        message_template: String,
    },
    /// To PagerDuty.
    PagerDuty {
        /// Kept for clients; incidents bear the status's own message.
        message_template: String,
    },
    /// To an HTTP server: the whole status.
    Http,
    /// To Telegram.
    Telegram {
        /// The message.
        message_template: String,
        /// How Telegram reads the message.
        parse_mode: String,
        /// Whether links in it are not shown as previews.
        disable_web_page_preview: bool,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Raw {
    #[serde(deserialize_with = "lenient")]
    channel: String,
    #[serde(deserialize_with = "lenient")]
    message_template: String,
    #[serde(deserialize_with = "lenient")]
    parse_mode: String,
    #[serde(deserialize_with = "lenient")]
    disable_web_page_preview: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct RawRule {
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    #[serde(rename = "endpointID")]
    endpoint_id: Option<Id>,
    #[serde(deserialize_with = "lenient")]
    name: String,
    #[serde(deserialize_with = "lenient")]
    description: String,
    #[serde(deserialize_with = "lenient")]
    status: String,
}

fn invalid(text: impl Into<String>) -> CatalogError {
    CatalogError::Monitoring(text.into())
}

impl NewRule {
    /// Reads a rule as a request gives it. What is of a wrong type is refused here, what makes no rule only when it is
    /// made.
    ///
    /// # Errors
    /// An unknown type of rules, a duration that is none, a value of a wrong type.
    pub fn from_json(value: &Value) -> Result<Self, CatalogError> {
        let (base, kind) = from_json(value)?;
        let raw: RawRule = json::read(value)?;
        Ok(Self {
            org_id: raw.org_id,
            name: raw.name,
            description: raw.description,
            status: raw.status,
            endpoint_id: raw.endpoint_id,
            base,
            kind,
        })
    }
}

/// Reads when and what a rule tells, from a request or from what [`to_json`] made.
pub(super) fn from_json(value: &Value) -> Result<(RuleBase, RuleKind), CatalogError> {
    let kind =
        json::text(value, "type").map_err(|_| invalid("unable to detect the notification type from json"))?;
    if !["slack", "pagerduty", "http", "telegram"].contains(&kind.as_str()) {
        return Err(invalid(format!("invalid notification type {kind}")));
    }
    let mut base: RuleBase = json::read(value)?;
    if ["limit", "limitEvery"].iter().any(|key| value.get(key).is_some()) {
        base.limit = Some(json::read(value)?);
    }
    let raw: Raw = json::read(value)?;
    let kind = match kind.as_str() {
        "slack" => RuleKind::Slack { channel: raw.channel, message_template: raw.message_template },
        "pagerduty" => RuleKind::PagerDuty { message_template: raw.message_template },
        "telegram" => RuleKind::Telegram {
            message_template: raw.message_template,
            parse_mode: raw.parse_mode,
            disable_web_page_preview: raw.disable_web_page_preview,
        },
        _ => RuleKind::Http,
    };
    Ok((base, kind))
}

/// An object with when and what a rule tells, as the API shows it.
pub(super) fn to_json(base: &RuleBase, kind: &RuleKind) -> Value {
    let mut value = serde_json::to_value(base).expect("texts and durations, which JSON can hold");
    if let Some(limit) = base.limit {
        value["limit"] = json!(limit.rate);
        value["limitEvery"] = json!(limit.every);
    }
    match kind {
        RuleKind::Slack { channel, message_template } => {
            value["channel"] = json!(channel);
            value["messageTemplate"] = json!(message_template);
        }
        RuleKind::PagerDuty { message_template } => value["messageTemplate"] = json!(message_template),
        RuleKind::Http => {}
        RuleKind::Telegram { message_template, parse_mode, disable_web_page_preview } => {
            value["messageTemplate"] = json!(message_template);
            value["parseMode"] = json!(parse_mode);
            value["disableWebPagePreview"] = json!(disable_web_page_preview);
        }
    }
    value["type"] = json!(kind.name());
    value
}

impl RuleKind {
    /// The type, as the API writes it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Slack { .. } => "slack",
            Self::PagerDuty { .. } => "pagerduty",
            Self::Http => "http",
            Self::Telegram { .. } => "telegram",
        }
    }
}

/// Whether a rule of this name could be.
///
/// # Errors
/// What is wrong, in the reference's words and order.
pub(super) fn check(name: &str, base: &RuleBase, kind: &RuleKind) -> Result<(), CatalogError> {
    if name.is_empty() {
        return Err(invalid("Notification Rule Name can't be empty"));
    }
    if let (Some(offset), Some(every)) = (&base.offset, &base.every)
        && offset.length() >= every.length()
    {
        return Err(invalid("Offset should not be equal or greater than the interval"));
    }
    base.tag_rules.iter().try_for_each(|rule| rule.tag.check())?;
    if base.limit.is_some_and(|limit| limit.rate <= 0 || limit.every <= 0) {
        return Err(invalid("if limit is set, limit and limitEvery must be larger than 0"));
    }
    match kind {
        RuleKind::Slack { message_template, .. } if message_template.is_empty() => {
            Err(invalid("slack msg template is empty"))
        }
        RuleKind::PagerDuty { message_template } if message_template.is_empty() => {
            Err(invalid("pagerduty invalid message template"))
        }
        RuleKind::Telegram { message_template, .. } if message_template.is_empty() => {
            Err(invalid("Telegram MessageTemplate is invalid"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(change: Value) -> String {
        let mut rule = json!({"type": "slack", "every": "1m", "messageTemplate": "m"});
        for (key, value) in change.as_object().unwrap() {
            rule[key] = value.clone();
        }
        match from_json(&rule) {
            Err(error) => error.to_string(),
            Ok((base, kind)) => check("n", &base, &kind).unwrap_err().to_string(),
        }
    }

    #[test]
    fn refusals_are_the_references() {
        let limit = "if limit is set, limit and limitEvery must be larger than 0";
        for (change, text) in [
            (json!({"type": "smtp"}), "invalid notification type smtp"),
            (json!({"type": 1}), "unable to detect the notification type from json"),
            (json!({"offset": "1m"}), "Offset should not be equal or greater than the interval"),
            (json!({"tagRules": [{"key": "k"}]}), "tag must contain a key and a value"),
            (json!({"tagRules": [{"operator": "odd"}]}), "unrecognized operator"),
            (json!({"limit": 5}), limit),
            (json!({"limitEvery": 5}), limit),
            (json!({"limit": null}), limit),
            (json!({"messageTemplate": ""}), "slack msg template is empty"),
            (json!({"type": "pagerduty", "messageTemplate": ""}), "pagerduty invalid message template"),
            (json!({"type": "telegram", "messageTemplate": ""}), "Telegram MessageTemplate is invalid"),
        ] {
            assert_eq!(refusal(change), text);
        }
    }

    #[test]
    fn what_is_shown_can_be_read_back() {
        for rule in [
            json!({"every": "1h", "offset": "0s", "runbookLink": "l",
                "tagRules": [{"key": "k", "value": "v", "operator": "notequalregex"}],
                "statusRules": [{"currentLevel": "CRIT", "previousLevel": null},
                    {"currentLevel": "ANY", "previousLevel": "OK"}],
                "limit": 5, "limitEvery": 60, "channel": "#c", "messageTemplate": "m", "type": "slack"}),
            json!({"every": "1h", "runbookLink": "", "messageTemplate": "m", "parseMode": "HTML",
                "disableWebPagePreview": true, "type": "telegram"}),
            json!({"every": "1h", "runbookLink": "", "type": "http"}),
        ] {
            let (base, kind) = from_json(&rule).unwrap();
            assert_eq!(to_json(&base, &kind), rule);
        }
    }
}
