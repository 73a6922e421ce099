//! Resources as templates.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;
use weir_catalog::{Authorized, Label, LabelFilter};
use weir_model::{Error, ErrorCode, Id, Result};

use super::chart_export::sorted;
use super::kind::Kind;
use super::kinds::{self, Exported, Wanted};
use super::spec::Object;
use super::template::TemplateObject;

/// A resource that is asked for, by its id or else its name.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub kind: Kind,
    pub id: Option<Id>,
    /// With an id, what it is to be called in the template.
    pub name: String,
    /// What the template is to call it; a stack knows.
    pub meta: Option<String>,
}

/// What becomes a template.
pub(crate) struct Export<'a> {
    catalog: &'a Authorized,
    objects: BTreeMap<Id, (Kind, String, TemplateObject)>,
    metas: BTreeSet<String>,
}

impl<'a> Export<'a> {
    pub(crate) fn new(catalog: &'a Authorized) -> Self {
        Self { catalog, objects: BTreeMap::new(), metas: BTreeSet::new() }
    }

    /// The objects, in an order in which each comes before what refers to it.
    pub(crate) fn finish(self) -> Vec<TemplateObject> {
        let mut objects: Vec<(Kind, String, TemplateObject)> = self.objects.into_values().collect();
        objects.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        objects.into_iter().map(|(_, _, object)| object).collect()
    }

    /// Adds everything of an organization, or what is of these kinds and bears one of these labels.
    ///
    /// # Errors
    /// The catalog's.
    pub(crate) async fn add_org(&mut self, org: Id, kinds: &[Kind], labels: &[String]) -> Result<()> {
        let mut borne: BTreeSet<Id> = BTreeSet::new();
        for name in labels {
            let filter = LabelFilter { org_id: Some(org), name: Some(name.clone()) };
            borne.extend(self.catalog.list_labels(&filter).await?.iter().map(|label| label.id));
        }
        for kind in Kind::GROUPS {
            if !(kinds.is_empty() || kinds.contains(&kind)) {
                continue;
            }
            for found in kinds::export(self.catalog, kind, Wanted::OfOrg(org)).await? {
                if kind == Kind::Label && !borne.is_empty() && !borne.contains(&found.id) {
                    continue;
                }
                self.add(found, None, labels).await?;
            }
        }
        Ok(())
    }

    /// Adds resources that are asked for one by one.
    ///
    /// # Errors
    /// One is not there.
    pub(crate) async fn add_asked(&mut self, mut asks: Vec<Ask>) -> Result<()> {
        asks.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        for ask in asks {
            let wanted = match ask.id {
                Some(id) => Wanted::Id(id),
                None => Wanted::Name(&ask.name),
            };
            let mut found = kinds::export(self.catalog, ask.kind, wanted).await.map_err(|error| {
                let id = ask.id.map(|id| id.to_string()).unwrap_or_default();
                let kind = ask.kind.as_str();
                let cause = format!("cloning resource: {}", error.message);
                let message =
                    format!("failed to clone resource: resource_id={id} resource_kind={kind} err={cause:?}");
                Error::new(error.code, message)
            })?;
            // It is there, or asking for it would have failed.
            if let (true, Some(id)) = (found.is_empty(), ask.id) {
                let kind = ask.kind.as_str();
                let message = format!("the {kind} {id} is of a type that templates do not know");
                return Err(Error::new(ErrorCode::UnprocessableEntity, message));
            }
            if found.is_empty() && ask.kind != Kind::Label {
                let message = format!("no {} found", ask.kind.resource_type());
                return Err(Error::not_found(message));
            }
            for resource in &mut found {
                if ask.id.is_some() && !ask.name.is_empty() {
                    resource.spec.insert("name".to_owned(), json!(ask.name));
                }
            }
            for resource in found {
                self.add(resource, ask.meta.clone(), &[]).await?;
            }
        }
        Ok(())
    }

    /// Adds a resource with its labels, of these names if there are any, and what else it refers to.
    async fn add(&mut self, mut resource: Exported, meta: Option<String>, only: &[String]) -> Result<()> {
        let mut associations = Vec::new();
        if resource.kind != Kind::Label {
            let labels = self.catalog.list_labels_of_all(&[resource.id]).await?;
            let mut labels: Vec<&Label> = labels.values().flatten().collect();
            if !only.is_empty() {
                labels.retain(|label| only.contains(&label.name));
                if labels.is_empty() {
                    return Ok(());
                }
            }
            for label in labels {
                associations.push(self.meta_of_label(label.id).await?);
            }
        }
        if let Some(endpoint) = resource.endpoint {
            let known = self.objects.get(&endpoint).map(|(_, meta, _)| meta.clone());
            let meta = match known {
                Some(meta) => meta,
                None => {
                    let wanted = Wanted::Id(endpoint);
                    let found = kinds::export(self.catalog, Kind::NotificationEndpoint, wanted).await?;
                    let mut meta = String::new();
                    for endpoint in found {
                        meta = self.put(endpoint, None);
                    }
                    meta
                }
            };
            resource.spec.insert("endpointName".to_owned(), json!(meta));
        }
        if !associations.is_empty() {
            associations.sort();
            let association = |meta: String| json!({"kind": Kind::Label.as_str(), "name": meta});
            let associations = associations.into_iter().map(association).collect();
            resource.spec.insert("associations".to_owned(), associations);
        }
        self.put(resource, meta);
        Ok(())
    }

    /// What the template calls a label, which is added if it is not there yet.
    async fn meta_of_label(&mut self, id: Id) -> Result<String> {
        if let Some((_, meta, _)) = self.objects.get(&id) {
            return Ok(meta.clone());
        }
        let mut meta = String::new();
        for label in kinds::export(self.catalog, Kind::Label, Wanted::Id(id)).await? {
            meta = self.put(label, None);
        }
        Ok(meta)
    }

    /// Adds an object; what the template calls it.
    fn put(&mut self, mut resource: Exported, meta: Option<String>) -> String {
        if let Some((_, present, _)) = self.objects.get(&resource.id) {
            // What other resources refer to keeps what it is called.
            let present = present.clone();
            resource.spec = sorted(std::mem::take(&mut resource.spec));
            let object = resource.object(&present);
            self.objects.insert(resource.id, (resource.kind, present.clone(), object));
            return present;
        }
        let meta = meta.unwrap_or_else(|| self.new_meta(&resource));
        self.metas.insert(meta.clone());
        let spec: Object = sorted(std::mem::take(&mut resource.spec));
        resource.spec = spec;
        let object = resource.object(&meta);
        self.objects.insert(resource.id, (resource.kind, meta.clone(), object));
        meta
    }

    /// What a template may call a resource: its name as far as that goes, and the end of its id, so that it is
    /// called the same in every export.
    fn new_meta(&self, resource: &Exported) -> String {
        let mut slug = String::new();
        for c in resource.name.to_lowercase().chars() {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                slug.push(c);
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
            if slug.len() >= 40 {
                break;
            }
        }
        let slug = slug.trim_matches('-');
        let slug = if slug.is_empty() { "resource" } else { slug };
        let id = resource.id.to_string();
        let short = format!("{slug}-{}", &id[10..]);
        if self.metas.contains(&short) { format!("{slug}-{id}") } else { short }
    }
}
