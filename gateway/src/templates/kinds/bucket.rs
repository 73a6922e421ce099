//! Buckets.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{
    Authorized, Bucket, BucketFilter, BucketKind, BucketUpdate, NewBucket, Paging, RetentionRule,
};
use weir_model::{Id, Result};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, number, short_name};
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::spec::{Object, Read, Write};
use crate::templates::template::{Input, Output};

const SECOND: i64 = 1_000_000_000;

struct Rule {
    kind: String,
    seconds: i64,
}

struct Described {
    name: String,
    description: String,
    /// As many as the template has, of which the first counts.
    rules: Vec<Rule>,
    existing: Option<Bucket>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let rules: Vec<Rule> = input
        .spec
        .objects("retentionRules")
        .into_iter()
        .map(|rule| Rule { kind: rule.text("type"), seconds: rule.whole("everySeconds").unwrap_or_default() })
        .collect();
    let mut invalid: Vec<Invalid> = short_name(&input.name, 2).into_iter().collect();
    for (at, rule) in rules.iter().enumerate() {
        let mut wrong = Vec::new();
        if rule.seconds < 3600 {
            wrong.push(Invalid::new("type", "seconds must be a minimum of 3600"));
        }
        if rule.kind != "expire" {
            wrong.push(Invalid::new("type", "type must be \"expire\""));
        }
        if !wrong.is_empty() {
            invalid.push(Invalid::within("retentionRules", wrong).at(at));
        }
    }
    let description = input.spec.text("description");
    let body = Described { name: input.name, description, rules, existing: None };
    Output { body: Box::new(body), invalid: in_spec(invalid), references: Vec::new(), name: None }
}

impl Described {
    fn seconds(&self) -> i64 {
        self.rules.first().map_or(0, |rule| rule.seconds)
    }
}

fn rule(seconds: i64) -> Vec<RetentionRule> {
    // Groups as wide as the new period wants them.
    vec![RetentionRule { every_seconds: Some(seconds), shard_group_duration_seconds: Some(0) }]
}

fn new_bucket(bucket: &Bucket) -> NewBucket {
    NewBucket {
        org_id: bucket.org_id,
        name: bucket.name.clone(),
        description: bucket.description.clone(),
        rp: bucket.rp.clone(),
        retention_rules: vec![bucket.retention.rule()],
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        self.existing = match id {
            Some(id) => found(site.catalog.find_bucket(id).await)?,
            None => found(site.catalog.find_bucket_by_name(site.org, &self.name).await)?,
        };
        Ok(self.existing.as_ref().map(|bucket| bucket.id))
    }

    fn differs(&self) -> bool {
        self.existing.as_ref().is_none_or(|bucket| {
            bucket.name != self.name
                || bucket.description != self.description
                || bucket.retention.period != self.seconds().saturating_mul(SECOND)
        })
    }

    fn is_fixed(&self) -> bool {
        self.existing.as_ref().is_some_and(|bucket| bucket.kind == BucketKind::System)
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        let new = NewBucket {
            org_id: site.org,
            name: self.name.clone(),
            description: self.description.clone(),
            rp: String::new(),
            retention_rules: rule(self.seconds()),
        };
        Ok(site.catalog.create_bucket(new).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        let same_period = self
            .existing
            .as_ref()
            .is_some_and(|bucket| bucket.retention.period == self.seconds().saturating_mul(SECOND));
        let update = BucketUpdate {
            name: Some(self.name.clone()),
            description: Some(self.description.clone()),
            retention_rules: if same_period { Vec::new() } else { rule(self.seconds()) },
        };
        site.catalog.update_bucket(id, update).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_bucket(id).await.map(drop)
    }

    async fn deleted_for_good(&self, site: Site<'_>) {
        let Some(bucket) = &self.existing else { return };
        if let Err(error) = site.gateway.writer().forget(bucket).await {
            tracing::warn!(bucket = %bucket.id, %error, "the points of a deleted bucket are dropped later");
        }
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(bucket) = &self.existing else { return Ok(()) };
        let update = BucketUpdate {
            name: Some(bucket.name.clone()),
            description: Some(bucket.description.clone()),
            retention_rules: vec![bucket.retention.rule()],
        };
        site.catalog.update_bucket(id, update).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        match &self.existing {
            Some(bucket) => Ok(site.catalog.create_bucket(new_bucket(bucket)).await?.id),
            None => self.create(site, None).await,
        }
    }

    fn new_value(&self, _: &Shown) -> Value {
        let rules: Vec<Value> =
            self.rules.iter().map(|rule| json!({"type": rule.kind, "everySeconds": rule.seconds})).collect();
        let rules = if rules.is_empty() { Value::Null } else { Value::Array(rules) };
        json!({"name": self.name, "description": self.description, "retentionRules": rules})
    }

    fn old_value(&self, _: &Shown) -> Value {
        let Some(bucket) = &self.existing else { return Value::Null };
        let seconds = bucket.retention.period / SECOND;
        let rules = json!([{"type": "expire", "everySeconds": seconds}]);
        let rules = if seconds > 0 { rules } else { Value::Null };
        json!({"name": bucket.name, "description": bucket.description, "retentionRules": rules})
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        let mut summary = Map::new();
        if shown.id.is_some() {
            summary.insert("id".to_owned(), number(shown.id));
        }
        summary.insert("orgID".to_owned(), number(Some(shown.org)));
        summary.insert("name".to_owned(), json!(self.name));
        summary.insert("description".to_owned(), json!(self.description));
        summary.insert("retentionPeriod".to_owned(), json!(self.seconds().saturating_mul(SECOND)));
        summary
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let filter = |org_id, name| BucketFilter { org_id, name, ..BucketFilter::default() };
    let buckets = match wanted {
        Wanted::Id(id) => vec![catalog.find_bucket(id).await?],
        Wanted::Name(name) => {
            catalog.list_buckets(&filter(None, Some(name.to_owned())), &Paging::default()).await?
        }
        Wanted::OfOrg(org) => {
            let mut all = catalog.list_buckets(&filter(Some(org), None), &Paging::default()).await?;
            all.retain(|bucket| bucket.kind == BucketKind::User);
            all
        }
    };
    Ok(buckets.iter().map(exported).collect())
}

fn exported(bucket: &Bucket) -> Exported {
    let mut spec = Object::new();
    spec.put("description", bucket.description.clone());
    spec.put("name", bucket.name.clone());
    if bucket.retention.period > 0 {
        let seconds = bucket.retention.period / SECOND;
        spec.put("retentionRules", json!([{"type": "expire", "everySeconds": seconds}]));
    }
    let (id, name) = (bucket.id, bucket.name.clone());
    Exported { id, kind: Kind::Bucket, spec, name, endpoint: None }
}
