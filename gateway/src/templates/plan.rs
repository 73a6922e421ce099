//! What the application of a template would change: the template, the stack it goes with and what is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};
use weir_catalog::{Stack, StackAssociation, StackResource};
use weir_model::{Error, ErrorCode, Id, Result};

use super::kind::Kind;
use super::kinds::{self, Endpoint, Shown, Site, number};
use super::template::{API_VERSION, Described, Understood};

/// What becomes of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    New,
    Exists,
    Remove,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Exists => "exists",
            Self::Remove => "remove",
        }
    }
}

/// What is left alone, by kind, or by kind and what the template calls it.
#[derive(Debug, Default)]
pub(crate) struct Skips {
    pub kinds: BTreeSet<Kind>,
    pub resources: BTreeSet<(Kind, String)>,
}

impl Skips {
    fn contains(&self, kind: Kind, meta: &str) -> bool {
        self.kinds.contains(&kind.group()) || self.resources.contains(&(kind.group(), meta.to_owned()))
    }
}

/// A resource and what becomes of it.
pub(crate) struct Entry {
    pub described: Described,
    pub status: Status,
    /// The id that the stack knows, or that it got when it was made.
    pub own: Option<Id>,
    /// The id of what is there.
    pub existing: Option<Id>,
}

impl Entry {
    pub(crate) fn id(&self) -> Option<Id> {
        match self.status {
            Status::New => self.own,
            _ => self.existing.or(self.own),
        }
    }
}

/// A label on a resource, by their places in the plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mapping {
    pub status: Status,
    pub resource: usize,
    pub label: usize,
}

/// A label that is taken off a resource.
#[derive(Debug, Clone)]
pub(crate) struct Unmapping {
    pub kind: Kind,
    pub resource: Id,
    pub resource_meta: String,
    pub label: Option<Id>,
    pub label_meta: String,
}

/// What the application of a template would change.
pub(crate) struct Plan {
    pub org: Id,
    /// Sorted by kind and what the template calls them.
    pub entries: Vec<Entry>,
    pub mappings: Vec<Mapping>,
    pub unmappings: Vec<Unmapping>,
    /// What belongs to the stack, but is left alone.
    pub kept: Vec<StackResource>,
    /// Whether it has been done.
    pub applied: bool,
}

impl Plan {
    /// The plan for what a template describes and the stack it goes with.
    ///
    /// # Errors
    /// The catalog's, or a rule whose endpoint is left out.
    pub(crate) async fn make(
        site: Site<'_>,
        understood: Understood,
        skips: &Skips,
        stack: Option<&Stack>,
    ) -> Result<Self> {
        let entry = |described| Entry { described, status: Status::New, own: None, existing: None };
        let taken = understood.resources.into_iter();
        let entries =
            taken.filter(|resource| !skips.contains(resource.kind, &resource.meta)).map(entry).collect();
        let mut plan = Self {
            org: site.org,
            entries,
            mappings: Vec::new(),
            unmappings: Vec::new(),
            kept: Vec::new(),
            applied: false,
        };
        let resources = stack.map(|stack| stack.latest().resources).unwrap_or_default();
        for resource in resources {
            plan.know(resource, skips);
        }
        plan.entries.sort_by(|a, b| {
            let key = |entry: &Entry| (entry.described.kind.group(), entry.described.meta.clone());
            key(a).cmp(&key(b))
        });
        for entry in &mut plan.entries {
            entry.existing = entry.described.body.look(site, entry.own).await?;
            if entry.status == Status::New && entry.existing.is_some() {
                entry.status = Status::Exists;
            }
        }
        plan.spare();
        for entry in &plan.entries {
            if entry.status != Status::Remove
                && let Some(endpoint) = entry.described.body.endpoint()
                && plan.find(Kind::NotificationEndpoint, endpoint).is_none()
            {
                let message = format!(
                    "failed to find notification endpoint {endpoint:?} dependency for notification rule {:?}",
                    entry.described.meta
                );
                return Err(Error::new(ErrorCode::UnprocessableEntity, message));
            }
        }
        plan.map_labels(site).await?;
        if let Some(stack) = stack {
            plan.unmap_labels(stack);
        }
        Ok(plan)
    }

    /// Takes in what a stack knows of a resource.
    fn know(&mut self, resource: StackResource, skips: &Skips) {
        let Ok(kind) = Kind::parse(&resource.kind) else {
            self.kept.push(resource);
            return;
        };
        if skips.contains(kind, &resource.meta_name) {
            self.kept.push(resource);
            return;
        }
        match self.find(kind, &resource.meta_name) {
            Some(at) => {
                self.entries[at].own = Some(resource.id);
                self.entries[at].status = Status::Exists;
            }
            None => self.entries.push(Entry {
                described: kinds::removed(kind, &resource.meta_name),
                status: Status::Remove,
                own: Some(resource.id),
                existing: None,
            }),
        }
    }

    /// What the template has under another name than the stack is not removed.
    fn spare(&mut self) {
        let wanted: BTreeSet<Id> = self
            .entries
            .iter()
            .filter(|entry| entry.status != Status::Remove)
            .filter_map(|entry| entry.existing)
            .collect();
        self.entries.retain(|entry| {
            entry.status != Status::Remove || entry.id().is_none_or(|id| !wanted.contains(&id))
        });
    }

    /// Where the plan has a resource.
    pub(crate) fn find(&self, kind: Kind, meta: &str) -> Option<usize> {
        self.entries
            .iter()
            .position(|entry| entry.described.kind.group() == kind.group() && entry.described.meta == meta)
    }

    /// Where the plan has a label that is not going to be removed.
    fn find_label(&self, by: impl Fn(&Described) -> bool) -> Option<usize> {
        self.entries.iter().position(|entry| {
            entry.described.kind == Kind::Label && entry.status != Status::Remove && by(&entry.described)
        })
    }

    /// The labels that a resource is to have.
    fn labels_of(&self, at: usize) -> Vec<usize> {
        let labels = self.entries[at].described.labels.iter();
        labels.filter_map(|meta| self.find_label(|label| label.meta == *meta)).collect()
    }

    async fn map_labels(&mut self, site: Site<'_>) -> Result<()> {
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            if entry.status == Status::Remove || entry.described.kind == Kind::Label {
                continue;
            }
            let mut wanted = self.labels_of(at);
            let mut mappings = Vec::new();
            if entry.status == Status::Exists
                && let Some(id) = entry.id()
            {
                let borne = site.catalog.list_labels_of_all(&[id]).await?.remove(&id).unwrap_or_default();
                for label in borne {
                    if let Some(label) = self.find_label(|known| known.name == label.name) {
                        wanted.retain(|other| *other != label);
                        mappings.push(Mapping { status: Status::Exists, resource: at, label });
                    }
                }
            }
            let new = wanted.into_iter().map(|label| Mapping { status: Status::New, resource: at, label });
            mappings.extend(new);
            self.mappings.extend(mappings);
        }
        Ok(())
    }

    /// Labels that the stack put on a resource, but the template does not.
    fn unmap_labels(&mut self, stack: &Stack) {
        let resources = stack.latest().resources;
        let ids: BTreeMap<&str, Id> = resources
            .iter()
            .filter(|resource| resource.kind == Kind::Label.as_str())
            .map(|resource| (resource.meta_name.as_str(), resource.id))
            .collect();
        for resource in &resources {
            let Ok(kind) = Kind::parse(&resource.kind) else { continue };
            let Some(at) = self.find(kind, &resource.meta_name) else { continue };
            for association in &resource.associations {
                let stays = self.entries[at].described.labels.contains(&association.meta_name);
                if association.kind == Kind::Label.as_str() && !stays {
                    self.unmappings.push(Unmapping {
                        kind,
                        resource: resource.id,
                        resource_meta: resource.meta_name.clone(),
                        label: ids.get(association.meta_name.as_str()).copied(),
                        label_meta: association.meta_name.clone(),
                    });
                }
            }
        }
    }

    /// The endpoint that a rule tells.
    pub(crate) fn endpoint_of(&self, entry: &Entry) -> Option<Endpoint> {
        let found = &self.entries[self.find(Kind::NotificationEndpoint, entry.described.body.endpoint()?)?];
        Some(Endpoint { id: found.id(), kind: found.described.kind })
    }

    fn shown(&self, entry: &Entry) -> Shown {
        Shown {
            own: entry.own,
            id: entry.id(),
            org: self.org,
            applied: self.applied,
            endpoint: self.endpoint_of(entry),
        }
    }

    fn of_group(&self, group: Kind) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.described.kind.group() == group)
    }

    /// What changes.
    pub(crate) fn diff(&self) -> Value {
        let of = |group: Kind| -> Value { self.of_group(group).map(|entry| self.diff_of(entry)).collect() };
        json!({
            "buckets": of(Kind::Bucket),
            "checks": of(Kind::Check),
            "dashboards": of(Kind::Dashboard),
            "labels": of(Kind::Label),
            "labelMappings": self.diff_of_mappings(),
            "notificationEndpoints": of(Kind::NotificationEndpoint),
            "notificationRules": of(Kind::NotificationRule),
            "tasks": of(Kind::Task),
            "telegrafConfigs": of(Kind::Telegraf),
            "variables": of(Kind::Variable),
        })
    }

    fn diff_of(&self, entry: &Entry) -> Value {
        let (shown, described) = (self.shown(entry), &entry.described);
        let mut diff = json!({
            "id": number(entry.id()),
            "stateStatus": entry.status.as_str(),
            "templateMetaName": described.meta,
            "kind": described.kind.as_str(),
            "new": described.body.new_value(&shown),
        });
        let old = described.body.old_value(&shown);
        if !(old.is_null() && described.kind == Kind::Variable) {
            diff["old"] = old;
        }
        diff
    }

    fn diff_of_mappings(&self) -> Value {
        let mut rows: Vec<Value> = Vec::new();
        for mapping in &self.mappings {
            let (resource, label) = (&self.entries[mapping.resource], &self.entries[mapping.label]);
            rows.push(json!({
                "stateStatus": mapping.status.as_str(),
                "resourceType": resource.described.kind.resource_type().as_str(),
                "resourceID": number(resource.id()),
                "resourceName": resource.described.name,
                "resourceTemplateMetaName": resource.described.meta,
                "labelID": number(label.id()),
                "labelName": label.described.name,
                "labelTemplateMetaName": label.described.meta,
            }));
        }
        for unmapping in &self.unmappings {
            rows.push(json!({
                "stateStatus": Status::Remove.as_str(),
                "resourceType": unmapping.kind.resource_type().as_str(),
                "resourceID": unmapping.resource.get(),
                "resourceName": "",
                "resourceTemplateMetaName": unmapping.resource_meta,
                "labelID": number(unmapping.label),
                "labelName": "",
                "labelTemplateMetaName": unmapping.label_meta,
            }));
        }
        rows.sort_by_key(|row| {
            ["resourceType", "resourceTemplateMetaName", "labelName"]
                .map(|key| row[key].as_str().unwrap_or_default().to_owned())
        });
        Value::Array(rows)
    }

    /// What there is, or will be.
    pub(crate) fn summary(&self) -> Map<String, Value> {
        let of = |group: Kind| -> Value {
            let staying = self.of_group(group).filter(|entry| entry.status != Status::Remove);
            staying.map(|entry| self.summary_of(entry)).collect()
        };
        Map::from_iter([
            ("buckets".to_owned(), of(Kind::Bucket)),
            ("checks".to_owned(), of(Kind::Check)),
            ("dashboards".to_owned(), of(Kind::Dashboard)),
            ("notificationEndpoints".to_owned(), of(Kind::NotificationEndpoint)),
            ("notificationRules".to_owned(), of(Kind::NotificationRule)),
            ("labels".to_owned(), of(Kind::Label)),
            ("labelMappings".to_owned(), self.summary_of_mappings()),
            ("missingEnvRefs".to_owned(), Value::Null),
            ("missingSecrets".to_owned(), Value::Null),
            ("summaryTask".to_owned(), of(Kind::Task)),
            ("telegrafConfigs".to_owned(), of(Kind::Telegraf)),
            ("variables".to_owned(), of(Kind::Variable)),
        ])
    }

    fn summary_of(&self, entry: &Entry) -> Value {
        let described = &entry.described;
        let mut summary = Map::from_iter([
            ("kind".to_owned(), json!(described.kind.as_str())),
            ("templateMetaName".to_owned(), json!(described.meta)),
            ("envReferences".to_owned(), json!(described.references)),
        ]);
        summary.extend(described.body.summary(&self.shown(entry)));
        if described.kind != Kind::Label {
            let labels = described.labels.iter();
            let found = labels.filter_map(|meta| self.find_label(|label| label.meta == *meta));
            let labels: Value = found.map(|at| self.summary_of(&self.entries[at])).collect();
            summary.insert("labelAssociations".to_owned(), labels);
        }
        Value::Object(summary)
    }

    fn summary_of_mappings(&self) -> Value {
        let row = |mapping: &Mapping| {
            let (resource, label) = (&self.entries[mapping.resource], &self.entries[mapping.label]);
            json!({
                "status": mapping.status.as_str(),
                "resourceID": number(resource.id()),
                "resourceTemplateMetaName": resource.described.meta,
                "resourceName": resource.described.name,
                "resourceType": resource.described.kind.resource_type().as_str(),
                "labelTemplateMetaName": label.described.meta,
                "labelName": label.described.name,
                "labelID": number(label.id()),
            })
        };
        let mut rows: Vec<Value> = self.mappings.iter().map(row).collect();
        rows.sort_by_key(|row| {
            ["resourceType", "resourceTemplateMetaName", "labelName"]
                .map(|key| row[key].as_str().unwrap_or_default().to_owned())
        });
        Value::Array(rows)
    }

    /// What belongs to the stack once the plan is done.
    pub(crate) fn stack_resources(&self) -> Vec<StackResource> {
        const ORDER: [Kind; 9] = [
            Kind::Bucket,
            Kind::Check,
            Kind::Dashboard,
            Kind::NotificationEndpoint,
            Kind::Label,
            Kind::NotificationRule,
            Kind::Task,
            Kind::Telegraf,
            Kind::Variable,
        ];
        let mut resources = Vec::new();
        for group in ORDER {
            for entry in self.of_group(group) {
                let Some(id) = entry.id() else { continue };
                if entry.status == Status::Remove || entry.described.body.is_fixed() {
                    continue;
                }
                let association = |kind: Kind, meta: &str| StackAssociation {
                    kind: kind.as_str().to_owned(),
                    meta_name: meta.to_owned(),
                };
                let labels = entry.described.labels.iter();
                let labels = labels.filter(|meta| self.find_label(|label| label.meta == **meta).is_some());
                let endpoint = entry.described.body.endpoint();
                resources.push(StackResource {
                    api_version: API_VERSION.to_owned(),
                    id,
                    kind: group.as_str().to_owned(),
                    meta_name: entry.described.meta.clone(),
                    associations: labels
                        .map(|meta| association(Kind::Label, meta))
                        .chain(endpoint.map(|meta| association(Kind::NotificationEndpoint, meta)))
                        .collect(),
                });
            }
        }
        resources.extend(self.kept.iter().cloned());
        resources
    }
}

/// The summary of no plan at all: what is answered to a template that is refused.
pub(crate) fn nothing(org: Id) -> Plan {
    let (mappings, unmappings, kept) = (Vec::new(), Vec::new(), Vec::new());
    Plan { org, entries: Vec::new(), mappings, unmappings, kept, applied: false }
}
