//! What requests say about tasks. Errors are without the words that stand before them in answers.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use weir_catalog::{NameOrId, TaskDuration, TaskOptionsUpdate, TaskUpdate};
use weir_model::{Id, Status};

use crate::error::ApiError;
use crate::extract::body;

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    body::decode_loosely(bytes).map_err(ApiError::invalid)
}

fn status(text: &str) -> Result<Status, ApiError> {
    text.parse().map_err(|_| ApiError::invalid(format!("invalid task status: {text:?}")))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct CreateBody {
    flux: Option<String>,
    description: Option<String>,
    status: Option<String>,
    #[serde(rename = "orgID")]
    org_id: Option<Id>,
    org: Option<String>,
}

/// A task to make. All that its script says is taken from there.
pub(super) struct Create {
    pub(super) org: NameOrId,
    pub(super) flux: String,
    pub(super) description: String,
    pub(super) status: Status,
}

impl Create {
    pub(super) fn decode(bytes: &[u8]) -> Result<Self, ApiError> {
        let body: CreateBody = decode(bytes)?;
        let flux = body.flux.filter(|flux| !flux.is_empty());
        let flux = flux.ok_or_else(|| ApiError::invalid("missing flux"))?;
        let org = match (body.org_id, body.org.filter(|org| !org.is_empty())) {
            (Some(id), _) => NameOrId::Id(id),
            (None, Some(name)) => NameOrId::Text(name),
            (None, None) => return Err(ApiError::invalid("missing orgID and org")),
        };
        let status = match body.status.as_deref() {
            None | Some("") => Status::Active,
            Some(text) => status(text)?,
        };
        Ok(Self { org, flux, description: body.description.unwrap_or_default(), status })
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct UpdateBody {
    flux: Option<String>,
    status: Option<String>,
    description: Option<String>,
    name: Option<String>,
    every: Option<String>,
    cron: Option<String>,
    offset: Option<String>,
    concurrency: Option<i64>,
    retry: Option<i64>,
}

/// What is to change. A description alone is no change, nor is an offset of no time: the reference's rule.
pub(super) fn update(bytes: &[u8]) -> Result<TaskUpdate, ApiError> {
    let body: UpdateBody = decode(bytes)?;
    let duration = |text: Option<String>| {
        text.as_deref().map(TaskDuration::parse).transpose().map_err(ApiError::invalid)
    };
    let options = TaskOptionsUpdate {
        name: body.name.unwrap_or_default(),
        every: duration(body.every)?.filter(|every| !every.is_zero()),
        cron: body.cron.unwrap_or_default(),
        offset: duration(body.offset)?,
        concurrency: body.concurrency,
        retry: body.retry,
    };
    if options.every.is_some() && !options.cron.is_empty() {
        return Err(ApiError::invalid("cannot specify both every and cron"));
    }
    if let Some(offset) = &options.offset
        && let Some(unit) = offset.calendar_unit()
    {
        let why = format!("time: unknown unit {unit:?} in duration {:?}", offset.to_string());
        return Err(ApiError::invalid(format!(
            "offset: {offset}, {why} is invalid, the largest unit supported is h"
        )));
    }
    if body.flux.is_none() && body.status.is_none() && options.is_empty() {
        return Err(ApiError::invalid("cannot update task without content"));
    }
    let status = body.status.as_deref().map(status).transpose()?;
    Ok(TaskUpdate { flux: body.flux, status, description: body.description, options })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal<T>(result: Result<T, ApiError>) -> String {
        result.err().map(|error| error.error().message.clone()).unwrap_or_default()
    }

    #[test]
    fn tasks_need_a_script_and_a_place() {
        let create = |body: &str| refusal(Create::decode(body.as_bytes()));
        assert_eq!(create("{}"), "missing flux");
        assert_eq!(create(r#"{"flux": "", "org": "a"}"#), "missing flux");
        assert_eq!(create(r#"{"flux": "x", "org": ""}"#), "missing orgID and org");
        assert_eq!(create(r#"{"flux": "x", "org": "a", "status": "odd"}"#), "invalid task status: \"odd\"");
        assert_eq!(create(""), "EOF");
        let made = Create::decode(br#"{"flux": "x", "org": "a", "orgID": "0123456789abcdef"}"#);
        assert!(matches!(made.map(|made| made.org), Ok(NameOrId::Id(_))));
    }

    #[test]
    fn updates_change_something() {
        let update = |body: &str| refusal(update(body.as_bytes()));
        assert_eq!(update("{}"), "cannot update task without content");
        assert_eq!(update(r#"{"description": "d"}"#), "cannot update task without content");
        assert_eq!(update(r#"{"offset": "0s", "every": ""}"#), "cannot update task without content");
        assert_eq!(update(r#"{"every": "1h", "cron": "@daily"}"#), "cannot specify both every and cron");
        assert_eq!(update(r#"{"every": "often"}"#), "invalid duration often");
        assert_eq!(
            update(r#"{"offset": "-1d"}"#),
            "offset: -1d, time: unknown unit \"d\" in duration \"-1d\" is invalid, the largest unit supported is h"
        );
        assert_eq!(update(r#"{"status": "asleep"}"#), "invalid task status: \"asleep\"");
        assert_eq!(update(r#"{"status": "active", "description": "d"}"#), "");
    }
}
