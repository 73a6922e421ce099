//! Checks.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{Authorized, Check, CheckFilter, CheckKind, Level, NewCheck, Paging};
use weir_model::{Error, Id, Result, Status};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, short_name, stamped};
use crate::templates::durations;
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::spec::{Object, Read, Write, shortest};
use crate::templates::template::{Input, Output};

struct Described {
    name: String,
    description: String,
    status: String,
    /// As the API takes it, without what only a check that is there has; null for one of which only a stack knows.
    check: Value,
    existing: Option<Check>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let spec = input.spec;
    let mut status = spec.word("status");
    if status.is_empty() {
        status = Status::Active.to_string();
    }
    let (name, description) = (input.name, spec.text("description"));
    let invalid = findings(input.kind, &name, &status, spec);
    let check = match input.kind {
        Kind::Check => Value::Null,
        kind => as_the_api_takes_it(kind, spec),
    };
    let body = Described { name, description, status, check, existing: None };
    Output { body: Box::new(body), invalid: in_spec(invalid), references: Vec::new(), name: None }
}

fn findings(kind: Kind, name: &str, status: &str, spec: &Object) -> Vec<Invalid> {
    let mut invalid: Vec<Invalid> = short_name(name, 1).into_iter().collect();
    if spec.duration("every") == 0 {
        invalid.push(Invalid::new("every", "duration value must be provided that is >= 5s (seconds)"));
    }
    if spec.text("query").trim().is_empty() {
        invalid.push(Invalid::new("query", "must provide a non zero value"));
    }
    if spec.text("statusMessageTemplate").is_empty() {
        let reason = "must provide a template; ex. \"Check: ${ r._check_name } is: ${ r._level }\"";
        invalid.push(Invalid::new("statusMessageTemplate", reason));
    }
    if status.parse::<Status>().is_err() {
        invalid.push(Invalid::new("status", "must be 1 of [active, inactive]"));
    }
    if kind != Kind::CheckThreshold {
        return invalid;
    }
    let thresholds = spec.objects("thresholds");
    if thresholds.is_empty() {
        invalid.push(Invalid::new("thresholds", "must provide at least 1 threshold entry"));
    }
    for (at, threshold) in thresholds.into_iter().enumerate() {
        let (level, kind) = (threshold.capitals("level"), threshold.word("type"));
        if Level::parse(&level) == Level::Unknown {
            let reason = format!("must be 1 in [CRIT, WARN, INFO, OK]; got={level:?}");
            invalid.push(Invalid::new("level", reason).at(at));
        }
        if !["greater", "lesser", "inside_range", "outside_range"].contains(&kind.as_str()) {
            let reason = format!("must be 1 in [Lesser, Greater, Inside_Range, Outside_Range]; got={kind:?}");
            invalid.push(Invalid::new("type", reason).at(at));
        }
        if threshold.number("min") > threshold.number("max") {
            invalid.push(Invalid::new("min", "min must be < max").at(at));
        }
    }
    invalid
}

fn as_the_api_takes_it(kind: Kind, spec: &Object) -> Value {
    let tag = |tag: &Object| json!({"key": tag.text("key"), "value": tag.text("value")});
    let tags: Vec<Value> = spec.objects("tags").into_iter().map(tag).collect();
    let length = |key: &str| json!(durations::go(spec.duration(key)));
    let mut check = json!({
        "query": {
            "text": spec.text("query").trim(),
            "editMode": "",
            "name": "",
            "builderConfig": {
                "buckets": [], "tags": [], "functions": [],
                "aggregateWindow": {"period": "", "fillValues": false},
            },
        },
        "statusMessageTemplate": spec.text("statusMessageTemplate"),
        "every": length("every"),
        "offset": length("offset"),
        "tags": if tags.is_empty() { Value::Null } else { Value::Array(tags) },
        "createdAt": "0001-01-01T00:00:00Z",
        "updatedAt": "0001-01-01T00:00:00Z",
    });
    if kind == Kind::CheckThreshold {
        check["thresholds"] = spec.objects("thresholds").into_iter().map(threshold).collect();
        check["type"] = json!("threshold");
    } else {
        check["timeSince"] = length("timeSince");
        check["staleTime"] = length("staleTime");
        check["reportZero"] = json!(spec.flag("reportZero"));
        check["level"] = json!(Level::parse(&spec.capitals("level")));
        check["type"] = json!("deadman");
    }
    check
}

fn threshold(spec: &Object) -> Value {
    let mut out =
        json!({"allValues": spec.flag("allValues"), "level": Level::parse(&spec.capitals("level"))});
    match spec.word("type").as_str() {
        kind @ ("greater" | "lesser") => {
            out["value"] = shortest(spec.number("value"));
            out["type"] = json!(kind);
        }
        kind => {
            out["min"] = shortest(spec.number("min"));
            out["max"] = shortest(spec.number("max"));
            out["within"] = json!(kind == "inside_range");
            out["type"] = json!("range");
        }
    }
    out
}

impl Described {
    /// As it is shown.
    fn value(&self, id: Option<Id>, org: Id) -> Value {
        let Value::Object(check) = &self.check else { return Value::Null };
        let mut value = Map::new();
        if let Some(id) = id {
            value.insert("id".to_owned(), json!(id));
        }
        value.insert("name".to_owned(), json!(self.name));
        value.put("description", self.description.clone());
        value.insert("orgID".to_owned(), json!(org));
        value.extend(check.clone());
        Value::Object(value)
    }

    fn new_check(&self) -> Result<NewCheck> {
        let mut value = self.check.clone();
        value["name"] = json!(self.name);
        value["description"] = json!(self.description);
        value["status"] = json!(self.status);
        NewCheck::from_json(&value).map_err(Error::from)
    }
}

fn as_it_is(check: &Check) -> NewCheck {
    NewCheck {
        org_id: Some(check.org_id),
        name: check.name.clone(),
        description: check.description.clone(),
        status: check.task.status.to_string(),
        query: check.query.clone(),
        kind: check.kind.clone(),
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        self.existing = match id {
            Some(id) => found(site.catalog.find_check(id).await)?,
            None => {
                let filter = CheckFilter { org_id: Some(site.org), org: None };
                let all = site.catalog.list_checks(&filter, &Paging::default()).await?;
                all.into_iter().find(|check| check.name == self.name)
            }
        };
        Ok(self.existing.as_ref().map(|check| check.id))
    }

    fn differs(&self) -> bool {
        let (Some(check), Ok(new)) = (&self.existing, self.new_check()) else { return true };
        check.name != self.name
            || check.description != self.description
            || check.task.status.to_string() != self.status
            || check.query.text != new.query.text
            || check.kind.json() != new.kind.json()
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        Ok(site.catalog.create_check(site.org, self.new_check()?).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        site.catalog.replace_check(id, self.new_check()?).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_check(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(check) = &self.existing else { return Ok(()) };
        site.catalog.replace_check(id, as_it_is(check)).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        match &self.existing {
            Some(check) => Ok(site.catalog.create_check(check.org_id, as_it_is(check)).await?.id),
            None => self.create(site, None).await,
        }
    }

    fn new_value(&self, shown: &Shown) -> Value {
        self.value(shown.own, shown.org)
    }

    fn old_value(&self, _: &Shown) -> Value {
        let Some(check) = &self.existing else { return Value::Null };
        let mut value =
            Map::from_iter([("id".to_owned(), json!(check.id)), ("name".to_owned(), json!(check.name))]);
        value.put("description", check.description.clone());
        value.insert("ownerID".to_owned(), json!(check.owner_id));
        value.insert("orgID".to_owned(), json!(check.org_id));
        value.insert("query".to_owned(), json!(check.query));
        value.insert("taskID".to_owned(), json!(check.task_id));
        stamped(&mut value, check.kind.json(), check.created_at, check.updated_at);
        Value::Object(value)
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        Map::from_iter([
            ("check".to_owned(), self.value(shown.own, shown.org)),
            ("status".to_owned(), json!(self.status)),
        ])
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let all =
        async |org_id| catalog.list_checks(&CheckFilter { org_id, org: None }, &Paging::default()).await;
    let checks = match wanted {
        Wanted::Id(id) => vec![catalog.find_check(id).await?],
        Wanted::Name(name) => all(None).await?.into_iter().filter(|check| check.name == name).collect(),
        Wanted::OfOrg(org) => all(Some(org)).await?,
    };
    Ok(checks.iter().filter_map(exported).collect())
}

/// A check as an object of a template; templates do not know custom ones.
fn exported(check: &Check) -> Option<Exported> {
    let kind = match &check.kind {
        CheckKind::Threshold(..) => Kind::CheckThreshold,
        CheckKind::Deadman { .. } => Kind::CheckDeadman,
        CheckKind::Custom => return None,
    };
    let stored = check.kind.json();
    let none = Object::new();
    let stored = stored.as_object().unwrap_or(&none);
    let mut spec = Object::new();
    spec.put("description", check.description.clone());
    spec.put("name", check.name.clone());
    spec.put("query", check.query.text.trim());
    spec.put("status", check.task.status.to_string());
    spec.insert("statusMessageTemplate".to_owned(), json!(stored.text("statusMessageTemplate")));
    for key in ["every", "offset", "timeSince", "staleTime"] {
        spec.put(key, durations::go_or_empty(stored.duration(key)));
    }
    spec.put("tags", stored.get("tags").cloned().unwrap_or_default());
    if kind == Kind::CheckDeadman {
        spec.insert("level".to_owned(), json!(stored.text("level")));
        spec.put("reportZero", stored.flag("reportZero"));
    } else {
        let thresholds: Vec<Object> =
            stored.objects("thresholds").into_iter().map(exported_threshold).collect();
        spec.insert("thresholds".to_owned(), json!(thresholds));
    }
    let (id, name) = (check.id, check.name.clone());
    Some(Exported { id, kind, spec, name, endpoint: None })
}

fn exported_threshold(stored: &Object) -> Object {
    let mut out = Object::new();
    out.put("allValues", stored.flag("allValues"));
    out.insert("level".to_owned(), json!(stored.text("level")));
    let kind = stored.text("type");
    if kind == "range" {
        out.insert("max".to_owned(), shortest(stored.number("max")));
        out.insert("min".to_owned(), shortest(stored.number("min")));
        let kind = if stored.flag("within") { "inside_range" } else { "outside_range" };
        out.insert("type".to_owned(), json!(kind));
    } else {
        out.insert("type".to_owned(), json!(kind));
        out.insert("value".to_owned(), shortest(stored.number("value")));
    }
    out
}
