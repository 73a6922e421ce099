//! Notification rules.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{Authorized, Level, NewRule, Paging, Rule, RuleFilter, RuleKind};
use weir_model::{Error, Id, Result, Status};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, number, short_name};
use crate::templates::durations;
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::spec::{Object, Read, Write};
use crate::templates::template::{Input, Output};

const OPERATORS: [&str; 4] = ["equal", "notequal", "equalregex", "notequalregex"];

struct Described {
    name: String,
    description: String,
    channel: String,
    every: i64,
    offset: i64,
    message: String,
    status: String,
    /// The level and the one before it.
    status_rules: Vec<(String, String)>,
    /// Key, value, operator.
    tag_rules: Vec<(String, String, String)>,
    /// What the template calls the endpoint.
    endpoint: String,
    existing: Option<Rule>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let spec = input.spec;
    let endpoint = input.references.resolve(spec, "endpointName");
    input.references.note(&endpoint);
    let status_rule = |rule: &Object| (rule.capitals("currentLevel"), rule.capitals("previousLevel"));
    let tag_rule = |rule: &Object| (rule.text("key"), rule.text("value"), rule.word("operator"));
    let mut status = spec.word("status");
    if status.is_empty() {
        status = Status::Active.to_string();
    }
    let body = Described {
        name: input.name,
        description: spec.text("description"),
        channel: spec.text("channel"),
        every: spec.duration("every"),
        offset: spec.duration("offset"),
        message: spec.text("messageTemplate"),
        status,
        status_rules: spec.objects("statusRules").into_iter().map(status_rule).collect(),
        tag_rules: spec.objects("tagRules").into_iter().map(tag_rule).collect(),
        endpoint: endpoint.text(),
        existing: None,
    };
    let mut invalid: Vec<Invalid> = short_name(&body.name, 1).into_iter().collect();
    if !endpoint.has_value() {
        invalid.push(Invalid::new("endpointName", "must be provided"));
    } else if !input.endpoints.contains_key(&body.endpoint) {
        let reason = format!("notification endpoint {:?} does not exist in pkg", body.endpoint);
        invalid.push(Invalid::new("endpointName", reason));
    }
    invalid.extend(body.findings());
    let references =
        if endpoint.env.is_empty() { Vec::new() } else { vec![endpoint.row("spec.endpointName")] };
    Output { body: Box::new(body), invalid: in_spec(invalid), references, name: None }
}

/// The type of endpoints of a kind, which is that of its rules too.
fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::NotificationEndpointPagerDuty => "pagerduty",
        Kind::NotificationEndpointSlack => "slack",
        _ => "http",
    }
}

impl Described {
    fn findings(&self) -> Vec<Invalid> {
        let mut invalid = Vec::new();
        if self.every == 0 {
            invalid.push(Invalid::new("every", "must be provided"));
        }
        if self.status.parse::<Status>().is_err() {
            let reason = format!("must be 1 in [active, inactive]; got={:?}", self.status);
            invalid.push(Invalid::new("status", reason));
        }
        if self.status_rules.is_empty() {
            invalid.push(Invalid::new("statusRules", "must provide at least 1"));
        }
        let unknown = |level: &str| Level::parse(level) == Level::Unknown;
        let mut wrong = Vec::new();
        for (at, (current, previous)) in self.status_rules.iter().enumerate() {
            let refuse = |field: &str, level: &str| {
                let reason = format!("must be 1 in [CRIT, WARN, INFO, OK]; got={level:?}");
                Invalid::new(field, reason).at(at)
            };
            if unknown(current) {
                wrong.push(refuse("currentLevel", current));
            }
            if !previous.is_empty() && unknown(previous) {
                wrong.push(refuse("previousLevel", previous));
            }
        }
        if !wrong.is_empty() {
            invalid.push(Invalid::within("statusRules", wrong));
        }
        let mut wrong = Vec::new();
        for (at, (_, _, operator)) in self.tag_rules.iter().enumerate() {
            if !OPERATORS.contains(&operator.as_str()) {
                let reason = format!("must be 1 in [equal]; got={operator:?}");
                wrong.push(Invalid::new("operator", reason).at(at));
            }
        }
        if !wrong.is_empty() {
            invalid.push(Invalid::within("tagRules", wrong));
        }
        invalid
    }

    fn new_rule(&self, endpoint: Option<Endpoint>) -> Result<NewRule> {
        let status_rule = |(current, previous): &(String, String)| {
            let previous = if previous.is_empty() { Value::Null } else { json!(previous) };
            json!({"currentLevel": current, "previousLevel": previous})
        };
        let tag_rule = |(key, value, operator): &(String, String, String)| json!({"key": key, "value": value, "operator": operator});
        let kind = endpoint.map_or("http", |endpoint| type_of(endpoint.kind));
        let mut rule = json!({
            "type": kind,
            "name": self.name,
            "description": self.description,
            "status": self.status,
            "endpointID": endpoint.and_then(|endpoint| endpoint.id),
            "every": durations::go(self.every),
            "offset": durations::go(self.offset),
            "statusRules": self.status_rules.iter().map(status_rule).collect::<Value>(),
            "tagRules": self.tag_rules.iter().map(tag_rule).collect::<Value>(),
        });
        if kind != "http" {
            rule["messageTemplate"] = json!(self.message);
        }
        if kind == "slack" {
            rule["channel"] = json!(self.channel);
        }
        NewRule::from_json(&rule).map_err(Error::from)
    }

    fn rows(&self) -> (Value, Value) {
        let mut status_rules = self.status_rules.clone();
        status_rules.sort();
        let mut tag_rules = self.tag_rules.clone();
        tag_rules.sort();
        let status_rule = |(current, previous): (String, String)| json!({"currentLevel": current, "previousLevel": previous});
        let tag_rule = |(key, value, operator): (String, String, String)| json!({"key": key, "value": value, "operator": operator});
        (status_rules.into_iter().map(status_rule).collect(), tag_rules.into_iter().map(tag_rule).collect())
    }
}

fn as_it_is(rule: &Rule) -> NewRule {
    NewRule {
        org_id: Some(rule.org_id),
        name: rule.name.clone(),
        description: rule.description.clone(),
        status: rule.task.status.to_string(),
        endpoint_id: Some(rule.endpoint_id),
        base: rule.base.clone(),
        kind: rule.kind.clone(),
    }
}

/// The message and the channel of a rule.
fn words(kind: &RuleKind) -> (String, String) {
    match kind {
        RuleKind::Slack { channel, message_template } => (message_template.clone(), channel.clone()),
        RuleKind::PagerDuty { message_template } | RuleKind::Telegram { message_template, .. } => {
            (message_template.clone(), String::new())
        }
        RuleKind::Http => (String::new(), String::new()),
    }
}

/// When a rule tells, as the API shows it.
fn base_of(rule: &Rule) -> Object {
    match serde_json::to_value(&rule.base) {
        Ok(Value::Object(base)) => base,
        _ => Object::new(),
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        if let Some(id) = id {
            self.existing = found(site.catalog.find_rule(id).await)?;
        }
        Ok(self.existing.as_ref().map(|rule| rule.id))
    }

    async fn create(&mut self, site: Site<'_>, endpoint: Option<Endpoint>) -> Result<Id> {
        Ok(site.catalog.create_rule(site.org, self.new_rule(endpoint)?).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, endpoint: Option<Endpoint>) -> Result<()> {
        let new = self.new_rule(endpoint)?;
        let same = self.existing.as_ref().is_some_and(|rule| {
            rule.name == new.name
                && rule.description == new.description
                && rule.task.status.to_string() == new.status
                && Some(rule.endpoint_id) == new.endpoint_id
                && rule.base == new.base
                && rule.kind == new.kind
        });
        if same {
            return Ok(());
        }
        site.catalog.replace_rule(id, new).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_rule(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(rule) = &self.existing else { return Ok(()) };
        site.catalog.replace_rule(id, as_it_is(rule)).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        match &self.existing {
            Some(rule) => Ok(site.catalog.create_rule(rule.org_id, as_it_is(rule)).await?.id),
            None => self.create(site, None).await,
        }
    }

    fn new_value(&self, shown: &Shown) -> Value {
        let (status_rules, tag_rules) = self.rows();
        json!({
            "name": self.name,
            "description": self.description,
            "endpointID": number(shown.endpoint.and_then(|endpoint| endpoint.id)),
            "endpointName": shown.endpoint.map_or("", |_| self.endpoint.as_str()),
            "endpointType": shown.endpoint.map_or("", |endpoint| type_of(endpoint.kind)),
            "every": durations::go(self.every),
            "offset": durations::go(self.offset),
            "messageTemplate": self.message,
            "statusRules": status_rules,
            "tagRules": tag_rules,
        })
    }

    fn old_value(&self, _: &Shown) -> Value {
        let Some(rule) = &self.existing else { return Value::Null };
        let base = base_of(rule);
        let level = |rule: &Object, key: &str| json!(rule.text(key));
        let status_rule = |rule: &Object| json!({"currentLevel": level(rule, "currentLevel"), "previousLevel": level(rule, "previousLevel")});
        let list = |all: Vec<Value>| if all.is_empty() { Value::Null } else { Value::Array(all) };
        json!({
            "name": rule.name,
            "description": rule.description,
            "endpointID": number(Some(rule.endpoint_id)),
            // The reference has the rule's own name here.
            "endpointName": rule.name,
            "endpointType": rule.kind.name(),
            "every": durations::go_or_empty(base.duration("every")),
            "offset": if base.contains_key("offset") { durations::go(base.duration("offset")) } else { String::new() },
            "messageTemplate": words(&rule.kind).0,
            "statusRules": list(base.objects("statusRules").into_iter().map(status_rule).collect()),
            "tagRules": base.get("tagRules").cloned().unwrap_or_default(),
        })
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        let (status_rules, tag_rules) = self.rows();
        Map::from_iter([
            ("id".to_owned(), number(shown.own)),
            ("name".to_owned(), json!(self.name)),
            ("description".to_owned(), json!(self.description)),
            ("endpointID".to_owned(), number(shown.endpoint.and_then(|endpoint| endpoint.id))),
            ("endpointTemplateMetaName".to_owned(), json!(self.endpoint)),
            ("endpointType".to_owned(), json!(shown.endpoint.map_or("", |endpoint| type_of(endpoint.kind)))),
            ("every".to_owned(), json!(durations::go(self.every))),
            ("offset".to_owned(), json!(durations::go(self.offset))),
            ("messageTemplate".to_owned(), json!(self.message)),
            ("status".to_owned(), json!(self.status)),
            ("statusRules".to_owned(), status_rules),
            ("tagRules".to_owned(), tag_rules),
        ])
    }

    fn endpoint(&self) -> Option<&str> {
        (!self.endpoint.is_empty()).then_some(self.endpoint.as_str())
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let all = async |org_id| {
        let filter = RuleFilter { org_id, ..RuleFilter::default() };
        catalog.list_rules(&filter, &Paging::default()).await
    };
    let rules = match wanted {
        Wanted::Id(id) => vec![catalog.find_rule(id).await?],
        Wanted::Name(name) => all(None).await?.into_iter().filter(|rule| rule.name == name).collect(),
        Wanted::OfOrg(org) => all(Some(org)).await?,
    };
    Ok(rules.iter().filter_map(exported).collect())
}

/// A rule as an object of a template; templates do not know Telegram.
fn exported(rule: &Rule) -> Option<Exported> {
    if matches!(rule.kind, RuleKind::Telegram { .. }) {
        return None;
    }
    let base = base_of(rule);
    let (message, channel) = words(&rule.kind);
    let mut spec = Object::new();
    spec.put("channel", channel);
    spec.put("description", rule.description.clone());
    for key in ["every", "offset"] {
        spec.put(key, durations::go_or_empty(base.duration(key)));
    }
    if rule.kind != RuleKind::Http {
        spec.insert("messageTemplate".to_owned(), json!(message));
    }
    spec.put("name", rule.name.clone());
    if rule.task.status == Status::Inactive {
        spec.put("status", rule.task.status.to_string());
    }
    let status_rule = |rule: &Object| {
        let mut out = Object::new();
        out.put("currentLevel", rule.text("currentLevel"));
        out.put("previousLevel", rule.text("previousLevel"));
        Value::Object(out)
    };
    let status_rules: Vec<Value> = base.objects("statusRules").into_iter().map(status_rule).collect();
    spec.put("statusRules", status_rules);
    spec.put("tagRules", base.get("tagRules").cloned().unwrap_or_default());
    let (id, name) = (rule.id, rule.name.clone());
    let kind = Kind::NotificationRule;
    Some(Exported { id, kind, spec, name, endpoint: Some(rule.endpoint_id) })
}
