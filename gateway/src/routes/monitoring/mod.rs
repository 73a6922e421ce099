//! Checks, notification endpoints and notification rules, and what their routes share.

mod checks;
mod endpoints;
mod rules;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use weir_catalog::{CatalogError, Label, MonitoringUpdate, Paging, TaskState};
use weir_model::{Id, ResourceType};

use super::builder::Routes;
use super::labels;
use crate::error::{ApiError, ApiResult};
use crate::extract::{Access, Page};
use crate::params::{Params, encode_sorted};

pub(super) fn routes(routes: Routes) -> Routes {
    rules::routes(endpoints::routes(checks::routes(routes)))
}

/// Which part of a list is wanted. The offset may be negative, which the reference takes and echoes.
struct Part {
    page: Page,
    offset: i64,
}

impl Part {
    fn of(params: &Params) -> ApiResult<Self> {
        let others = ["limit", "after", "sortBy", "descending"];
        let given = others.iter().filter_map(|key| Some((*key, params.get(key)?)));
        let page = Page::from_params(&given.collect())?;
        let offset = match params.get("offset").map(str::parse::<i64>) {
            None => 0,
            Some(Ok(offset)) if offset <= i64::from(u32::MAX) => offset,
            Some(_) => return Err(ApiError::invalid("offset is invalid")),
        };
        Ok(Self { page, offset })
    }

    fn paging(&self) -> Paging {
        Paging { offset: u32::try_from(self.offset).unwrap_or(0), ..self.page.paging() }
    }

    /// The links of a page at `path` that holds `count` rows; `filters` are what the caller asked for besides.
    fn links(&self, path: &str, filters: &[(&str, String)], count: usize) -> Value {
        let link = |offset: i64| -> Value {
            let mut pairs: Vec<(&str, Cow<'_, str>)> = vec![
                ("descending", self.page.descending.to_string().into()),
                ("limit", self.page.limit.to_string().into()),
                ("offset", offset.to_string().into()),
            ];
            pairs.extend(self.page.after.map(|id| ("after", id.to_string().into())));
            pairs.extend(self.page.sort_by.as_deref().map(|by| ("sortBy", by.into())));
            pairs.extend(filters.iter().map(|(key, value)| (*key, value.as_str().into())));
            format!("{path}?{}", encode_sorted(&pairs)).into()
        };
        let limit = i64::from(self.page.limit);
        let mut links = Map::new();
        if self.offset > 0 {
            links.insert("prev".to_owned(), link((self.offset - limit).max(0)));
        }
        links.insert("self".to_owned(), link(self.offset));
        if count >= self.page.limit as usize {
            links.insert("next".to_owned(), link(self.offset.saturating_add(limit)));
        }
        Value::Object(links)
    }
}

/// The organization that a list is of: `orgID`, else the name `org`.
struct OfOrg {
    id: Option<Id>,
    name: Option<String>,
    /// The same as links say it.
    filters: Vec<(&'static str, String)>,
}

impl OfOrg {
    fn of(params: &Params) -> ApiResult<Self> {
        let id = params.id("orgID");
        let id = id.map_err(|error| ApiError::invalid(format!("orgID is invalid: {error}")))?;
        if let Some(id) = id {
            return Ok(Self { id: Some(id), name: None, filters: vec![("orgID", id.to_string())] });
        }
        let name = params.get("org").map(str::to_owned);
        let filters = name.iter().map(|name| ("org", name.clone())).collect();
        Ok(Self { id: None, name, filters })
    }
}

/// What a PATCH of any of the three may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Change {
    name: Option<String>,
    description: Option<String>,
    status: Option<String>,
}

impl Change {
    /// `what` is how the reference calls the kind.
    fn checked(self, what: &str) -> ApiResult<MonitoringUpdate> {
        Ok(MonitoringUpdate::new(what, self.name, self.description, self.status.as_deref())
            .map_err(refused)?)
    }
}

fn refused(error: CatalogError) -> weir_model::Error {
    error.into()
}

/// The labels that a new resource asks for. What is no id is passed over, as labels are that do not exist.
fn wanted_labels(body: &Value) -> ApiResult<Vec<Id>> {
    let texts: Option<Vec<String>> = serde_json::from_value(body["labels"].clone())
        .map_err(|error| ApiError::invalid(format!("labels must be ids: {error}")))?;
    Ok(texts.unwrap_or_default().iter().filter_map(|text| text.parse().ok()).collect())
}

/// Puts labels on a new resource; those it cannot have, it goes without.
async fn bear(
    access: &Access,
    kind: ResourceType,
    resource: Id,
    org: Id,
    wanted: Vec<Id>,
) -> ApiResult<Vec<Label>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    for label in wanted {
        if let Err(error) = access.catalog.add_label(kind, resource, org, label).await {
            tracing::debug!(%error, %label, "a new resource goes without a label");
        }
    }
    labels::shown_on(access, resource).await
}

/// Appends labels and links, as all three end; `last` is the link that not all have.
fn finish(view: &mut Value, base: &str, id: Id, borne: &[Label], last: Option<&str>) {
    view["labels"] = borne.iter().map(labels::view).collect();
    let this = format!("{base}/{id}");
    let mut links = json!({
        "self": this,
        "labels": format!("{this}/labels"),
        "members": format!("{this}/members"),
        "owners": format!("{this}/owners"),
    });
    if let Some(last) = last {
        links[last] = json!(format!("{this}/{last}"));
    }
    view["links"] = links;
}

/// Appends what the task behind a check or a rule says of it.
fn show_task(view: &mut Value, task: &TaskState) {
    view["status"] = json!(task.status);
    for (key, time) in
        [("latestCompleted", task.latest_completed), ("latestScheduled", task.latest_scheduled)]
    {
        // Never is the first moment of the reference's calendar.
        view[key] = time.map_or_else(|| json!("0001-01-01T00:00:00Z"), |time| json!(time));
    }
    for (key, text) in [("lastRunStatus", &task.last_run_status), ("lastRunError", &task.last_run_error)] {
        if !text.is_empty() {
            view[key] = json!(text);
        }
    }
}

/// Appends the members of an object.
fn extend(view: &mut Value, with: Value) {
    if let (Value::Object(view), Value::Object(with)) = (view, with) {
        view.extend(with);
    }
}
