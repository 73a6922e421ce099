//! Variables.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{Arguments, Authorized, NewVariable, Paging, Variable, VariableFilter};
use weir_model::{Error, Id, Result};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, found, in_spec, number, short_name};
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::reference::Reference;
use crate::templates::spec::{Object, Read, Write, text_of};
use crate::templates::template::{Input, Output};

struct Described {
    name: String,
    description: String,
    selected: Vec<String>,
    /// Null if the template says nothing.
    arguments: Value,
    existing: Option<Variable>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let spec = input.spec;
    let mut invalid: Vec<Invalid> = short_name(&input.name, 1).into_iter().collect();
    let kind = spec.word("type");
    let values = match kind.as_str() {
        "map" => {
            let texts = |(key, value): (&String, &Value)| Some((key.clone(), Value::String(text_of(value)?)));
            let values: Map<String, Value> = spec
                .object("values")
                .map(|values| values.iter().filter_map(texts).collect())
                .unwrap_or_default();
            if values.is_empty() {
                invalid.push(Invalid::new("values", "map variable must have at least 1 key/val pair"));
            }
            Value::Object(values)
        }
        "constant" => {
            let values = spec.texts("values").unwrap_or_default();
            if values.is_empty() {
                let reason = "constant variable must have a least 1 value provided";
                invalid.push(Invalid::new("values", reason));
            }
            json!(values)
        }
        "query" => {
            let (query, language) = (spec.text("query").trim().to_owned(), spec.word("language"));
            if query.is_empty() {
                invalid.push(Invalid::new("query", "query variable must provide a query string"));
            }
            if language != "influxql" && language != "flux" {
                let reason = format!(
                    "query variable language must be either \"influxql\" or \"flux\"; got {language:?}"
                );
                invalid.push(Invalid::new("language", reason));
            }
            json!({"query": query, "language": language})
        }
        _ => Value::Null,
    };
    let arguments = if kind.is_empty() { Value::Null } else { json!({"type": kind, "values": values}) };
    let (mut selected, mut references) = (Vec::new(), Vec::new());
    let all = spec.get("selected").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    for (at, value) in all.iter().enumerate() {
        let mut reference = Reference::of(value);
        if !reference.env.is_empty() {
            reference.value = input.references.given(&reference.env);
            references.push(reference.row(&format!("spec.selected[{at}]")));
        }
        input.references.note(&reference);
        let text = reference.text();
        if !text.is_empty() {
            selected.push(text);
        }
    }
    let description = spec.text("description");
    let body = Described { name: input.name, description, selected, arguments, existing: None };
    Output { body: Box::new(body), invalid: in_spec(invalid), references, name: None }
}

impl Described {
    fn new_variable(&self, org_id: Id) -> Result<NewVariable> {
        Ok(NewVariable {
            org_id,
            name: self.name.clone(),
            description: self.description.clone(),
            selected: Some(self.selected.clone()),
            arguments: Arguments::new(&self.arguments).map_err(Error::from)?,
        })
    }
}

fn as_it_is(variable: &Variable) -> NewVariable {
    NewVariable {
        org_id: variable.org_id,
        name: variable.name.clone(),
        description: variable.description.clone(),
        selected: variable.selected.clone(),
        arguments: variable.arguments.clone(),
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        self.existing = match id {
            Some(id) => found(site.catalog.find_variable(id).await)?,
            None => {
                let filter = VariableFilter { org_id: Some(site.org), org: None };
                let all = site.catalog.list_variables(&filter, &Paging::default()).await?;
                all.into_iter().find(|variable| variable.name == self.name)
            }
        };
        Ok(self.existing.as_ref().map(|variable| variable.id))
    }

    fn differs(&self) -> bool {
        self.existing.as_ref().is_none_or(|variable| {
            variable.name != self.name
                || variable.description != self.description
                || *variable.arguments.json() != self.arguments
                || variable.selected.as_deref().unwrap_or_default() != self.selected
        })
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        Ok(site.catalog.create_variable(self.new_variable(site.org)?).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        site.catalog.replace_variable(id, self.new_variable(site.org)?).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_variable(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(variable) = &self.existing else { return Ok(()) };
        site.catalog.replace_variable(id, as_it_is(variable)).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        match &self.existing {
            Some(variable) => Ok(site.catalog.create_variable(as_it_is(variable)).await?.id),
            None => self.create(site, None).await,
        }
    }

    fn new_value(&self, _: &Shown) -> Value {
        json!({"name": self.name, "description": self.description, "args": self.arguments})
    }

    fn old_value(&self, _: &Shown) -> Value {
        self.existing.as_ref().map_or(Value::Null, |variable| {
            let (name, args) = (&variable.name, variable.arguments.json());
            json!({"name": name, "description": variable.description, "args": args})
        })
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        let mut summary = Map::new();
        if shown.id.is_some() {
            summary.insert("id".to_owned(), number(shown.id));
        }
        // The reference knows it only once it is applied.
        if shown.applied {
            summary.insert("orgID".to_owned(), number(Some(shown.org)));
        }
        summary.insert("name".to_owned(), json!(self.name));
        summary.insert("description".to_owned(), json!(self.description));
        summary.insert("variables".to_owned(), json!(self.selected));
        summary.insert("arguments".to_owned(), self.arguments.clone());
        summary
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let all = async |org_id| {
        catalog.list_variables(&VariableFilter { org_id, org: None }, &Paging::default()).await
    };
    let variables = match wanted {
        Wanted::Id(id) => vec![catalog.find_variable(id).await?],
        Wanted::Name(name) => all(None).await?.into_iter().filter(|variable| variable.name == name).collect(),
        Wanted::OfOrg(org) => all(Some(org)).await?,
    };
    Ok(variables.iter().map(exported).collect())
}

fn exported(variable: &Variable) -> Exported {
    let mut spec = Object::new();
    spec.put("description", variable.description.clone());
    spec.put("name", variable.name.clone());
    spec.put("selected", variable.selected.clone().unwrap_or_default());
    let arguments = variable.arguments.json();
    let kind = arguments["type"].as_str().unwrap_or_default();
    spec.insert("type".to_owned(), json!(kind));
    if kind == "query" {
        let (query, language) = (&arguments["values"]["query"], &arguments["values"]["language"]);
        spec.insert("language".to_owned(), language.clone());
        spec.insert("query".to_owned(), json!(query.as_str().unwrap_or_default().trim()));
    } else {
        spec.insert("values".to_owned(), arguments["values"].clone());
    }
    let (id, name) = (variable.id, variable.name.clone());
    Exported { id, kind: Kind::Variable, spec, name, endpoint: None }
}
