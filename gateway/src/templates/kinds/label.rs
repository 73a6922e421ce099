//! Labels.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{Authorized, Label, LabelFilter, LabelUpdate, NewLabel};
use weir_model::{Id, Result};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, number, short_name};
use crate::templates::kind::Kind;
use crate::templates::spec::{Object, Read, Write};
use crate::templates::template::{Input, Output};

struct Described {
    name: String,
    color: String,
    description: String,
    existing: Option<Label>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let invalid = in_spec(short_name(&input.name, 2).into_iter().collect());
    let (color, description) = (input.spec.text("color"), input.spec.text("description"));
    let body = Described { name: input.name, color, description, existing: None };
    Output { body: Box::new(body), invalid, references: Vec::new(), name: None }
}

fn property(label: &Label, key: &str) -> String {
    label.properties.get(key).cloned().unwrap_or_default()
}

impl Described {
    fn properties(&self) -> BTreeMap<String, String> {
        let (color, description) = (self.color.clone(), self.description.clone());
        BTreeMap::from([("color".to_owned(), color), ("description".to_owned(), description)])
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        self.existing = match id {
            Some(id) => found(site.catalog.find_label(id).await)?,
            None => {
                let filter = LabelFilter { org_id: Some(site.org), name: Some(self.name.clone()) };
                site.catalog.list_labels(&filter).await?.pop()
            }
        };
        Ok(self.existing.as_ref().map(|label| label.id))
    }

    fn differs(&self) -> bool {
        self.existing.as_ref().is_none_or(|label| {
            label.name != self.name
                || property(label, "color") != self.color
                || property(label, "description") != self.description
        })
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        let (name, properties) = (self.name.clone(), self.properties());
        Ok(site.catalog.create_label(NewLabel { org_id: site.org, name, properties }).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        let update = LabelUpdate { name: Some(self.name.clone()), properties: Some(self.properties()) };
        site.catalog.update_label(id, update).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_label(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(label) = &self.existing else { return Ok(()) };
        let mut properties: BTreeMap<String, String> = self.properties();
        properties.values_mut().for_each(String::clear);
        properties.extend(label.properties.clone());
        let update = LabelUpdate { name: Some(label.name.clone()), properties: Some(properties) };
        site.catalog.update_label(id, update).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        let Some(label) = &self.existing else { return self.create(site, None).await };
        let (org_id, name, properties) = (label.org_id, label.name.clone(), label.properties.clone());
        Ok(site.catalog.create_label(NewLabel { org_id, name, properties }).await?.id)
    }

    fn new_value(&self, _: &Shown) -> Value {
        json!({"name": self.name, "color": self.color, "description": self.description})
    }

    fn old_value(&self, _: &Shown) -> Value {
        self.existing.as_ref().map_or(Value::Null, |label| {
            let (color, description) = (property(label, "color"), property(label, "description"));
            json!({"name": label.name, "color": color, "description": description})
        })
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        let mut summary = Map::new();
        summary.insert("id".to_owned(), number(shown.id));
        summary.insert("orgID".to_owned(), number(Some(shown.org)));
        summary.insert("name".to_owned(), json!(self.name));
        let properties = json!({"color": self.color, "description": self.description});
        summary.insert("properties".to_owned(), properties);
        summary
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let all = |org_id, name| LabelFilter { org_id, name };
    let labels = match wanted {
        Wanted::Id(id) => vec![catalog.find_label(id).await?],
        Wanted::Name(name) => catalog.list_labels(&all(None, Some(name.to_owned()))).await?,
        Wanted::OfOrg(org) => catalog.list_labels(&all(Some(org), None)).await?,
    };
    Ok(labels.iter().map(exported).collect())
}

fn exported(label: &Label) -> Exported {
    let mut spec = Object::new();
    spec.put("color", property(label, "color"));
    spec.put("description", property(label, "description"));
    spec.put("name", label.name.clone());
    let (id, name) = (label.id, label.name.clone());
    Exported { id, kind: Kind::Label, spec, name, endpoint: None }
}
