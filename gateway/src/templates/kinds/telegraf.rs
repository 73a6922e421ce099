//! Telegraf configurations.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{Authorized, NewTelegraf, Telegraf};
use weir_model::{Id, Result};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, short_name};
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::spec::{Object, Read, Write};
use crate::templates::template::{Input, Output};

struct Described {
    name: String,
    description: String,
    config: String,
    existing: Option<Telegraf>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let mut invalid: Vec<Invalid> = short_name(&input.name, 1).into_iter().collect();
    let (description, config) = (input.spec.text("description"), input.spec.text("config"));
    if config.is_empty() {
        invalid.push(Invalid::new("config", "no config provided"));
    }
    let body = Described { name: input.name, description, config, existing: None };
    Output { body: Box::new(body), invalid: in_spec(invalid), references: Vec::new(), name: None }
}

impl Described {
    fn new_telegraf(&self, org_id: Id) -> NewTelegraf {
        NewTelegraf {
            org_id,
            name: self.name.clone(),
            description: self.description.clone(),
            config: self.config.clone(),
            buckets: Vec::new(),
        }
    }

    fn value(&self, id: Option<Id>, org: Option<Id>) -> Value {
        value(id, org, &self.name, &self.description, &self.config)
    }
}

fn value(id: Option<Id>, org: Option<Id>, name: &str, description: &str, config: &str) -> Value {
    let mut value = Map::new();
    if let Some(id) = id {
        value.insert("id".to_owned(), json!(id));
    }
    if let Some(org) = org {
        value.insert("orgID".to_owned(), json!(org));
    }
    value.insert("name".to_owned(), json!(name));
    value.put("description", description);
    value.insert("config".to_owned(), json!(config));
    Value::Object(value)
}

fn as_it_is(telegraf: &Telegraf) -> NewTelegraf {
    NewTelegraf {
        org_id: telegraf.org_id,
        name: telegraf.name.clone(),
        description: telegraf.description.clone(),
        config: telegraf.config.clone(),
        buckets: telegraf.buckets.clone(),
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        if let Some(id) = id {
            self.existing = found(site.catalog.find_telegraf(id).await)?;
        }
        Ok(self.existing.as_ref().map(|telegraf| telegraf.id))
    }

    fn differs(&self) -> bool {
        self.existing.as_ref().is_none_or(|telegraf| {
            telegraf.name != self.name
                || telegraf.description != self.description
                || telegraf.config != self.config
        })
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        Ok(site.catalog.create_telegraf(self.new_telegraf(site.org)).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        site.catalog.replace_telegraf(id, self.new_telegraf(site.org)).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_telegraf(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(telegraf) = &self.existing else { return Ok(()) };
        site.catalog.replace_telegraf(id, as_it_is(telegraf)).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        match &self.existing {
            Some(telegraf) => Ok(site.catalog.create_telegraf(as_it_is(telegraf)).await?.id),
            None => self.create(site, None).await,
        }
    }

    fn new_value(&self, _: &Shown) -> Value {
        self.value(None, None)
    }

    fn old_value(&self, _: &Shown) -> Value {
        self.existing.as_ref().map_or(Value::Null, |telegraf| {
            let mut old = value(
                Some(telegraf.id),
                Some(telegraf.org_id),
                &telegraf.name,
                &telegraf.description,
                &telegraf.config,
            );
            old["metadata"] = json!({"buckets": telegraf.buckets});
            old
        })
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        Map::from_iter([("telegrafConfig".to_owned(), self.value(shown.own, Some(shown.org)))])
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let telegrafs = match wanted {
        Wanted::Id(id) => vec![catalog.find_telegraf(id).await?],
        Wanted::Name(name) => {
            let all = catalog.list_telegrafs(None).await?;
            all.into_iter().filter(|telegraf| telegraf.name == name).collect()
        }
        Wanted::OfOrg(org) => catalog.list_telegrafs(Some(org)).await?,
    };
    Ok(telegrafs.iter().map(exported).collect())
}

fn exported(telegraf: &Telegraf) -> Exported {
    let mut spec = Object::new();
    spec.put("config", telegraf.config.clone());
    spec.put("description", telegraf.description.clone());
    spec.put("name", telegraf.name.clone());
    let (id, name) = (telegraf.id, telegraf.name.clone());
    Exported { id, kind: Kind::Telegraf, spec, name, endpoint: None }
}
