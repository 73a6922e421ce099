//! What each kind of resource is in a template, a page a kind.

mod bucket;
mod check;
mod dashboard;
mod endpoint;
mod label;
mod rule;
mod task;
mod telegraf;
mod variable;

use async_trait::async_trait;
use serde_json::{Map, Value};
use weir_catalog::Authorized;
use weir_model::{Id, Result, Timestamp};

use super::invalid::Invalid;
use super::kind::Kind;
use super::spec::Object;
use super::template::{Described, Input, Output, TemplateObject};
use crate::state::Gateway;

/// Where templates are applied.
#[derive(Clone, Copy)]
pub(crate) struct Site<'a> {
    pub gateway: &'a Gateway,
    /// The resources that the caller may see and change.
    pub catalog: &'a Authorized,
    pub org: Id,
}

/// The endpoint that a rule tells.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Endpoint {
    pub id: Option<Id>,
    pub kind: Kind,
}

/// What of a resource is known when it is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown {
    /// The id that a stack or the application of the template gave it.
    pub own: Option<Id>,
    /// The id of the resource, whoever knows it.
    pub id: Option<Id>,
    pub org: Id,
    /// Whether the template has been applied.
    pub applied: bool,
    /// The endpoint, of a rule.
    pub endpoint: Option<Endpoint>,
}

/// What a template says of one resource, and what there is of it.
#[async_trait]
pub(crate) trait Body: Send + Sync {
    /// Looks for what is there already: by its id if a stack knows one, else by name where names are unique. What the
    /// caller may not read is not there.
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>>;

    /// Whether what is there is another than the template says.
    fn differs(&self) -> bool {
        true
    }

    /// Whether what is there is the server's own: not changed, and no part of a stack.
    fn is_fixed(&self) -> bool {
        false
    }

    /// Makes it.
    async fn create(&mut self, site: Site<'_>, endpoint: Option<Endpoint>) -> Result<Id>;

    /// Makes what is there what the template says.
    async fn update(&mut self, site: Site<'_>, id: Id, endpoint: Option<Endpoint>) -> Result<()>;

    /// Deletes it.
    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()>;

    /// Does what can only be done once nothing can fail any more, after it was deleted.
    async fn deleted_for_good(&self, _: Site<'_>) {}

    /// Takes an update back.
    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()>;

    /// Makes what was there again after it was deleted.
    async fn make_again(&mut self, site: Site<'_>) -> Result<Id>;

    /// What it would be, in a diff.
    fn new_value(&self, shown: &Shown) -> Value;

    /// What it was; null if it was not.
    fn old_value(&self, shown: &Shown) -> Value;

    /// Its part of a summary, without what all kinds have.
    fn summary(&self, shown: &Shown) -> Map<String, Value>;

    /// The endpoint it needs, by what the template calls it.
    fn endpoint(&self) -> Option<&str> {
        None
    }
}

/// Reads what an object says of its resource.
pub(crate) fn read(input: Input<'_>) -> Output {
    match input.kind.group() {
        Kind::Label => label::read(input),
        Kind::Bucket => bucket::read(input),
        Kind::Variable => variable::read(input),
        Kind::Dashboard => dashboard::read(input),
        Kind::Telegraf => telegraf::read(input),
        Kind::Task => task::read(input),
        Kind::NotificationEndpoint => endpoint::read(input),
        Kind::NotificationRule => rule::read(input),
        _ => check::read(input),
    }
}

/// What stands for a resource that is going to be removed, of which only a stack knows.
pub(crate) fn removed(kind: Kind, meta: &str) -> Described {
    let mut references = super::reference::References::default();
    let spec = Object::new();
    let input = Input {
        kind,
        api_version: super::template::API_VERSION,
        meta,
        name: meta.to_owned(),
        spec: &spec,
        references: &mut references,
        endpoints: &std::collections::BTreeMap::new(),
    };
    let body = read(input).body;
    let (meta, name) = (meta.to_owned(), meta.to_owned());
    Described { kind, meta, name, labels: Vec::new(), references: Vec::new(), body }
}

/// A number for an id, as diffs and summaries have it: 0 for none.
pub(crate) fn number(id: Option<Id>) -> Value {
    Value::from(id.map_or(0, Id::get))
}

/// A finding in the name, if it is too short.
fn short_name(name: &str, at_least: usize) -> Option<Invalid> {
    let reason = format!("must be a string of at least {at_least} chars in length");
    (name.len() < at_least).then(|| Invalid::new("name", reason))
}

/// Findings within the spec, if there are any.
fn in_spec(invalid: Vec<Invalid>) -> Vec<Invalid> {
    if invalid.is_empty() { Vec::new() } else { vec![Invalid::within("spec", invalid)] }
}

/// Adds what all resources of the older API have around what their kind has.
fn stamped(value: &mut Object, of_kind: Value, created_at: Timestamp, updated_at: Timestamp) {
    value.insert("createdAt".to_owned(), serde_json::json!(created_at));
    value.insert("updatedAt".to_owned(), serde_json::json!(updated_at));
    if let Value::Object(of_kind) = of_kind {
        value.extend(of_kind);
    }
}

/// What was not found is not there; the rest is a failure.
fn found<T>(result: Result<T>) -> Result<Option<T>> {
    use weir_model::ErrorCode::{Internal, Unavailable};
    match result {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.code, Internal | Unavailable) => Err(error),
        Err(_) => Ok(None),
    }
}

/// A resource to be exported, by the id or the name that a request gives it.
#[derive(Debug, Clone)]
pub(crate) struct Exported {
    pub id: Id,
    /// The object's kind, which is more than the request's for checks and endpoints.
    pub kind: Kind,
    pub spec: Object,
    /// What it is called.
    pub name: String,
    /// The endpoint that a rule tells.
    pub endpoint: Option<Id>,
}

/// Which resources of a kind are exported.
#[derive(Debug, Clone)]
pub(crate) enum Wanted<'a> {
    Id(Id),
    Name(&'a str),
    OfOrg(Id),
}

/// The resources of a kind that are wanted.
///
/// # Errors
/// The one that is wanted by its id is not there.
pub(crate) async fn export(catalog: &Authorized, kind: Kind, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    match kind.group() {
        Kind::Label => label::export(catalog, wanted).await,
        Kind::Bucket => bucket::export(catalog, wanted).await,
        Kind::Variable => variable::export(catalog, wanted).await,
        Kind::Dashboard => dashboard::export(catalog, wanted).await,
        Kind::Telegraf => telegraf::export(catalog, wanted).await,
        Kind::Task => task::export(catalog, wanted).await,
        Kind::NotificationEndpoint => endpoint::export(catalog, wanted).await,
        Kind::NotificationRule => rule::export(catalog, wanted).await,
        _ => check::export(catalog, wanted).await,
    }
}

impl Exported {
    /// As an object of a template.
    pub(crate) fn object(&self, meta: &str) -> TemplateObject {
        TemplateObject::new(self.kind, meta, self.spec.clone())
    }
}
