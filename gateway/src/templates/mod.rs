//! Templates: resources as text, applied and exported.
//!
//! [`source`] gets templates, [`template`] understands them with the page that each kind has under [`kinds`],
//! [`plan`] compares them with what is there, [`apply`] does what the plan says or nothing, [`export`] goes the other
//! way. Everything goes through the catalog of the caller: a template can do what its caller can, one resource after
//! the other, and nothing else.

mod apply;
mod chart;
mod chart_export;
mod durations;
pub(crate) mod export;
mod invalid;
pub(crate) mod kind;
pub(crate) mod kinds;
pub(crate) mod plan;
mod query;
mod reference;
pub(crate) mod source;
mod spec;
pub(crate) mod template;
pub(crate) mod yaml;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use weir_catalog::{Stack, StackEvent, StackEventKind};
use weir_model::{Error, ErrorCode, Result};

use invalid::InvalidObject;
use kinds::Site;
use plan::{Plan, Skips};
use reference::References;
use source::Encoding;
use template::{Template, Understood};

/// A template with all that a request says about its application.
#[derive(Default)]
pub(crate) struct Application {
    pub template: Template,
    /// Values of parameters.
    pub env: BTreeMap<String, Value>,
    pub secrets: BTreeMap<String, String>,
    pub skips: Skips,
}

/// Why a template is not applied.
pub(crate) enum Refusal {
    /// It is wrong; where, as it is answered.
    Invalid(Vec<Value>),
    /// Something failed.
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Vec<InvalidObject>> for Refusal {
    fn from(objects: Vec<InvalidObject>) -> Self {
        Self::Invalid(invalid::rows(&objects))
    }
}

/// The answer to an application: what changed or would change.
pub(crate) fn answer(
    sources: &[String],
    stack: &str,
    plan: &Plan,
    missing: Option<&References>,
) -> Map<String, Value> {
    let mut summary = plan.summary();
    if let Some(references) = missing {
        summary.insert("missingEnvRefs".to_owned(), json!(References::missing(&references.env)));
        summary.insert("missingSecrets".to_owned(), json!(References::missing(&references.secrets)));
    }
    Map::from_iter([
        ("sources".to_owned(), json!(sources)),
        ("stackID".to_owned(), json!(stack)),
        ("diff".to_owned(), plan.diff()),
        ("summary".to_owned(), Value::Object(summary)),
    ])
}

impl Application {
    /// Adds the templates that the stack is made of whenever it is applied.
    async fn fetch(&mut self, stack: &Stack, hardened: bool) -> Result<()> {
        for url in stack.latest().urls {
            let encoding = Encoding::of_template("", &url);
            let fetched = source::fetch(&url, encoding, hardened).await.map_err(|why| {
                let message = format!("template from url[{url:?}] had an issue: {why}");
                Error::new(ErrorCode::UnprocessableEntity, message)
            })?;
            if !fetched.objects.is_empty() {
                self.template.sources.extend(fetched.sources);
                self.template.objects.extend(fetched.objects);
            }
        }
        Ok(())
    }

    /// What is there and what the template says, compared.
    async fn plan(&self, site: Site<'_>, stack: Option<&Stack>) -> Result<(Plan, References), Refusal> {
        // A template must be right with its defaults, too.
        let mut understood = self.template.understand(&BTreeMap::new())?;
        if !self.env.is_empty() {
            understood = self.template.understand(&self.env)?;
        }
        let mut references = std::mem::take(&mut understood.references);
        if !references.secrets.is_empty() {
            for name in site.catalog.list_secrets(site.org).await? {
                if let Some(present) = references.secrets.get_mut(&name) {
                    *present = true;
                }
            }
        }
        let plan = Plan::make(site, understood, &self.skips, stack).await?;
        Ok((plan, references))
    }

    /// What would change.
    ///
    /// # Errors
    /// The template is wrong, or the comparison failed.
    pub(crate) async fn dry_run(
        mut self,
        site: Site<'_>,
        stack: Option<Stack>,
        hardened: bool,
    ) -> Result<Map<String, Value>, Refusal> {
        if let Some(stack) = &stack {
            self.fetch(stack, hardened).await?;
        }
        let (plan, references) = self.plan(site, stack.as_ref()).await?;
        let stack = stack.map(|stack| stack.id.to_string()).unwrap_or_default();
        Ok(answer(&self.template.sources, &stack, &plan, Some(&references)))
    }

    /// Applies the template, to this stack or to one that is made for it.
    ///
    /// # Errors
    /// The template is wrong, or something failed; everything is as it was then.
    pub(crate) async fn apply(
        mut self,
        site: Site<'_>,
        stack: Option<Stack>,
        hardened: bool,
    ) -> Result<Map<String, Value>, Refusal> {
        if let Some(stack) = &stack {
            self.fetch(stack, hardened).await?;
        }
        let (mut plan, mut references) = self.plan(site, stack.as_ref()).await?;
        let (stack, made) = match stack {
            Some(stack) => (stack, false),
            None => (site.catalog.create_stack_of_template(site.org).await?, true),
        };
        if let Err(error) = plan.apply(site, &self.secrets).await {
            if made {
                site.catalog.delete_stack(&stack).await?;
            } else {
                plan.tell_new_ids(site, &stack).await?;
            }
            return Err(error.into());
        }
        let event = StackEvent {
            kind: StackEventKind::Update,
            resources: plan.stack_resources(),
            sources: self.template.sources.clone(),
            ..stack.latest()
        };
        site.catalog.add_stack_event(&stack, event).await?;
        for name in self.secrets.keys() {
            if let Some(present) = references.secrets.get_mut(name) {
                *present = true;
            }
        }
        Ok(answer(&self.template.sources, &stack.id.to_string(), &plan, Some(&references)))
    }
}

/// The answer to a template that is wrong.
pub(crate) fn refused(site: Site<'_>, errors: Vec<Value>) -> Map<String, Value> {
    let code = ErrorCode::UnprocessableEntity.as_str();
    let mut body = answer(&[], "", &plan::nothing(site.org), None);
    body.insert("errors".to_owned(), Value::Array(errors));
    body.insert("code".to_owned(), json!(code));
    body.insert("message".to_owned(), json!(code));
    body
}

/// Deletes everything that belongs to a stack, which stays with nothing in it.
///
/// # Errors
/// Something failed; everything is as it was then.
pub(crate) async fn uninstall(site: Site<'_>, stack: &Stack) -> Result<Stack> {
    let nothing = Understood { resources: Vec::new(), references: References::default() };
    let mut plan = Plan::make(site, nothing, &Skips::default(), Some(stack)).await?;
    if let Err(error) = plan.apply(site, &BTreeMap::new()).await {
        plan.tell_new_ids(site, stack).await?;
        return Err(error);
    }
    let event = StackEvent { kind: StackEventKind::Uninstall, resources: Vec::new(), ..stack.latest() };
    site.catalog.add_stack_event(stack, event).await
}
