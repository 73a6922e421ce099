//! Templates: lists of objects, and what each object describes once it is understood.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::invalid::{Invalid, InvalidObject};
use super::kind::Kind;
use super::kinds::{self, Body};
use super::reference::{Reference, References};
use super::spec::{Object, Read};

/// The version that exports are written in.
pub(crate) const API_VERSION: &str = "influxdata.com/v2alpha1";
/// The version in which tasks say about themselves what their scripts say.
pub(crate) const API_VERSION_2: &str = "influxdata.com/v2alpha2";

/// An object of a template, not yet understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct TemplateObject {
    pub api_version: String,
    pub kind: String,
    pub metadata: Object,
    pub spec: Object,
}

impl TemplateObject {
    /// An object as a document has it; what the language does not know is ignored.
    ///
    /// # Errors
    /// A part is of another type.
    pub(crate) fn read(value: &Value) -> Result<Self, String> {
        let object =
            value.as_object().ok_or_else(|| format!("an object is expected, not {}", shown(value)))?;
        let text = |key: &str| match object.get(key) {
            None | Some(Value::Null) => Ok(String::new()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => Err(format!("{key} must be a text, not {}", shown(other))),
        };
        let body = |key: &str| match object.get(key) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(body)) => Ok(body.clone()),
            Some(other) => Err(format!("{key} must be an object, not {}", shown(other))),
        };
        Ok(Self {
            api_version: text("apiVersion")?,
            kind: text("kind")?,
            metadata: body("metadata")?,
            spec: body("spec")?,
        })
    }

    /// An object of an export.
    pub(crate) fn new(kind: Kind, meta: &str, spec: Object) -> Self {
        let metadata = Map::from_iter([("name".to_owned(), json!(meta))]);
        Self { api_version: API_VERSION.to_owned(), kind: kind.as_str().to_owned(), metadata, spec }
    }

    /// As it stands in exports.
    pub(crate) fn json(&self) -> Value {
        json!({"apiVersion": self.api_version, "kind": self.kind, "metadata": self.metadata, "spec": self.spec})
    }
}

fn shown(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a flag",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A template.
#[derive(Debug, Clone, Default)]
pub(crate) struct Template {
    pub objects: Vec<TemplateObject>,
    /// Where it came from.
    pub sources: Vec<String>,
}

/// A resource as a template describes it.
pub(crate) struct Described {
    pub kind: Kind,
    /// What the template calls it.
    pub meta: String,
    /// What it is called in the organization.
    pub name: String,
    /// The labels it is to have, by what the template calls them, sorted.
    pub labels: Vec<String>,
    /// The parameters in it, as they are told of.
    pub references: Vec<Value>,
    /// The rest.
    pub body: Box<dyn Body>,
}

/// A template that is understood.
pub(crate) struct Understood {
    pub resources: Vec<Described>,
    pub references: References,
}

/// What a body is read from.
pub(crate) struct Input<'a> {
    pub kind: Kind,
    pub api_version: &'a str,
    pub meta: &'a str,
    pub name: String,
    pub spec: &'a Object,
    pub references: &'a mut References,
    /// The endpoints described so far.
    pub endpoints: &'a BTreeMap<String, Kind>,
}

/// What a body was read as.
pub(crate) struct Output {
    pub body: Box<dyn Body>,
    pub invalid: Vec<Invalid>,
    /// Parameters but those in names and labels.
    pub references: Vec<Value>,
    /// Another name than the object says, if the body knows better.
    pub name: Option<String>,
}

/// The order in which kinds are understood: what is referred to comes first.
const ORDER: [Kind; 12] = [
    Kind::Label,
    Kind::Variable,
    Kind::Bucket,
    Kind::CheckThreshold,
    Kind::CheckDeadman,
    Kind::Dashboard,
    Kind::NotificationEndpointHttp,
    Kind::NotificationEndpointPagerDuty,
    Kind::NotificationEndpointSlack,
    Kind::NotificationRule,
    Kind::Task,
    Kind::Telegraf,
];

impl Template {
    /// What the template describes, with these values of its parameters.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn understand(
        &self,
        given: &BTreeMap<String, Value>,
    ) -> Result<Understood, Vec<InvalidObject>> {
        let mut reading = Reading {
            references: References::new(given.clone()),
            resources: Vec::new(),
            labels: BTreeMap::new(),
            endpoints: BTreeMap::new(),
            metas: BTreeSet::new(),
            names: BTreeSet::new(),
        };
        let mut wrong = Vec::new();
        let mut note = |index: usize, object: &TemplateObject, invalid: Vec<Invalid>| {
            if !invalid.is_empty() {
                wrong.push(InvalidObject { kind: object.kind.clone(), index: Some(index), invalid });
            }
        };
        for kind in ORDER {
            for (index, object) in self.objects.iter().enumerate() {
                match Kind::parse(&object.kind) {
                    Err(reason) => note(index, object, vec![Invalid::new("kind", reason)]),
                    Ok(of) if of == kind => note(index, object, reading.read(kind, object)),
                    Ok(_) => {}
                }
            }
        }
        if wrong.is_empty() {
            reading.resources.sort_by(|a, b| (a.kind.group(), &a.meta).cmp(&(b.kind.group(), &b.meta)));
            Ok(Understood { resources: reading.resources, references: reading.references })
        } else {
            Err(wrong)
        }
    }
}

struct Reading {
    references: References,
    resources: Vec<Described>,
    /// The names of labels, by what the template calls them, and the parameter it is called by.
    labels: BTreeMap<String, (String, Reference)>,
    endpoints: BTreeMap<String, Kind>,
    metas: BTreeSet<(Kind, String)>,
    names: BTreeSet<(Kind, String)>,
}

impl Reading {
    fn read(&mut self, kind: Kind, object: &TemplateObject) -> Vec<Invalid> {
        if ![API_VERSION, API_VERSION_2].contains(&object.api_version.as_str()) {
            let reason = format!(
                "invalid API version provided {:?}; must be 1 in [{API_VERSION}, {API_VERSION_2}]",
                object.api_version
            );
            return vec![Invalid::new("apiVersion", reason)];
        }
        let in_name = |reason| Invalid::within("metadata", vec![Invalid::new("name", reason)]);
        let own = Reference::read(&object.metadata, "name").text();
        if let Some(why) = not_dns_label(&own) {
            return vec![in_name(format!("name {own:?} is invalid; {why}"))];
        }
        let meta = self.references.resolve(&object.metadata, "name");
        let display = self.references.resolve(&object.spec, "name");
        let (meta_text, mut name) = (meta.text(), display.text());
        if !self.metas.insert((kind.group(), meta_text.clone())) {
            return vec![in_name(format!("duplicate name: {meta_text}"))];
        }
        if name.is_empty() {
            name.clone_from(&meta_text);
        }
        if kind.unique_by_name() && !self.names.insert((kind.group(), name.clone())) {
            let reason = format!("duplicate name: {meta_text}");
            return vec![Invalid::within("spec", vec![Invalid::new("name", reason)])];
        }
        self.references.note(&meta);
        self.references.note(&display);
        let (labels, mut invalid) = self.labels_of(kind, &object.spec);
        let input = Input {
            kind,
            api_version: &object.api_version,
            meta: &meta_text,
            name: name.clone(),
            spec: &object.spec,
            references: &mut self.references,
            endpoints: &self.endpoints,
        };
        let output = kinds::read(input);
        invalid.extend(output.invalid);
        let name = output.name.unwrap_or(name);
        let mut references = Vec::new();
        if !meta.env.is_empty() {
            references.push(meta.row("metadata.name"));
        }
        if !display.env.is_empty() {
            references.push(display.row("spec.name"));
        }
        for (at, label) in labels.iter().enumerate() {
            if let Some((_, by)) = self.labels.get(label)
                && !by.env.is_empty()
            {
                references.push(by.row(&format!("spec.associations[{at}].name")));
            }
        }
        references.extend(output.references);
        if matches!(kind, Kind::Dashboard | Kind::Task) {
            references.sort_by_key(|row| row["envRefKey"].as_str().unwrap_or_default().to_owned());
        }
        match kind.group() {
            Kind::Label => drop(self.labels.insert(meta_text.clone(), (name.clone(), meta))),
            Kind::NotificationEndpoint => drop(self.endpoints.insert(meta_text.clone(), kind)),
            _ => {}
        }
        self.resources.push(Described { kind, meta: meta_text, name, labels, references, body: output.body });
        invalid
    }

    /// The labels that an object refers to. Labels have none themselves.
    fn labels_of(&mut self, kind: Kind, spec: &Object) -> (Vec<String>, Vec<Invalid>) {
        let (mut labels, mut invalid) = (Vec::new(), Vec::new());
        if kind == Kind::Label {
            return (labels, invalid);
        }
        let mut seen = BTreeSet::new();
        for (at, association) in spec.objects("associations").into_iter().enumerate() {
            let of = match association.get("kind") {
                None | Some(Value::Null) => Err("no kind provided"),
                Some(_) => Kind::parse(&association.text("kind")),
            };
            let refuse = |reason: String| Invalid::new("associations", reason).at(at);
            match of {
                Err(reason) => {
                    let nested = vec![Invalid::new("kind", reason)];
                    invalid.push(Invalid::within("associations", nested).at(at));
                    continue;
                }
                Ok(Kind::Label) => {}
                Ok(_) => continue,
            }
            let meta = self.references.resolve(association, "name").text();
            match self.labels.get(&meta) {
                None => {
                    let named = association.text("name");
                    invalid.push(refuse(format!("label {:?} does not exist in pkg", named.trim())));
                }
                Some((name, _)) if !seen.insert(name.clone()) => {
                    invalid.push(refuse(format!("duplicate nested label: {name:?}")));
                }
                Some(_) => labels.push(meta),
            }
        }
        labels.sort();
        (labels, invalid)
    }
}

/// Why a text may not be what a template calls a resource.
fn not_dns_label(name: &str) -> Option<String> {
    let mut why = Vec::new();
    if name.len() > 63 {
        why.push("must be no more than 63 characters");
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if !(name.starts_with(plain) && name.ends_with(plain) && name.chars().all(|c| plain(c) || c == '-')) {
        why.push(
            "a DNS-1123 label must consist of lower case alphanumeric characters or '-', and must start and end \
             with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is \
             '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        );
    }
    (!why.is_empty()).then(|| why.join("; "))
}
