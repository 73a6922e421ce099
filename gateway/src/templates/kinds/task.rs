//! Tasks. A template has their options beside their scripts; version 2 reads them from the scripts.

use async_trait::async_trait;
use serde_json::{Map, Value, json};
use weir_catalog::{Authorized, NewTask, Task, TaskFilter, TaskUpdate};
use weir_model::{Id, Result, Status};

use super::{Body, Endpoint, Exported, Shown, Site, Wanted, in_spec, number, short_name};
use crate::templates::durations;
use crate::templates::invalid::Invalid;
use crate::templates::kind::Kind;
use crate::templates::query::{Query, quoted};
use crate::templates::reference::Reference;
use crate::templates::spec::{Object, Read, Write};
use crate::templates::template::{API_VERSION_2, Input, Output};

/// The kind of the tasks that users make; those of checks and rules are left to them.
const OF_USERS: &str = "system";

struct Described {
    name: String,
    cron: String,
    description: String,
    every: i64,
    offset: i64,
    query: Query,
    status: String,
    existing: Option<Task>,
}

pub(super) fn read(input: Input<'_>) -> Output {
    let spec = input.spec;
    let prefix = format!("tasks[{}].spec", input.meta);
    let (params, options) = (spec.objects("params"), spec.objects("task"));
    let query = Query::read(&prefix, &spec.text("query"), (&params, &options), input.references);
    let mut task = Described {
        name: input.name,
        cron: spec.text("cron"),
        description: spec.text("description"),
        every: spec.duration("every"),
        offset: spec.duration("offset"),
        query,
        status: spec.word("status"),
        existing: None,
    };
    if task.status.is_empty() {
        task.status = Status::Active.to_string();
    }
    let (mut invalid, mut renamed) = (Vec::new(), None);
    if input.api_version == API_VERSION_2 {
        let said = |key: &str| task.query.task.iter().find(|(name, _)| name == key).map(|(_, said)| said);
        if let Some(name) = said("name") {
            renamed = Some(name.text());
        }
        let every = said("every").map(duration);
        let offset = said("offset").map(duration);
        for (found, slot) in [(every, &mut task.every), (offset, &mut task.offset)] {
            match found {
                Some(Some(nanoseconds)) => *slot = nanoseconds,
                Some(None) => invalid.push(Invalid::new("task", "field every is not duration")),
                None => {}
            }
        }
    }
    if let Some(name) = &renamed {
        task.name.clone_from(name);
    }
    invalid.extend(in_spec(findings(&task)));
    let mut rows = Vec::new();
    for (part, references) in [("params", &task.query.params), ("task", &task.query.task)] {
        for (key, reference) in references {
            rows.push(reference.row(&format!("spec.{part}.{key}")));
        }
    }
    task.query.params.iter().for_each(|(_, reference)| input.references.note(reference));
    Output { body: Box::new(task), invalid, references: rows, name: renamed }
}

fn duration(said: &Reference) -> Option<i64> {
    let value = said.value_or_default();
    value.as_i64().or_else(|| durations::parse(value.as_str()?))
}

fn findings(task: &Described) -> Vec<Invalid> {
    let mut invalid: Vec<Invalid> = short_name(&task.name, 1).into_iter().collect();
    if task.cron.is_empty() && task.every == 0 {
        invalid.push(Invalid::new("every", "must provide if cron field is not provided"));
        invalid.push(Invalid::new("cron", "must provide if every field is not provided"));
    }
    if task.query.source.is_empty() {
        invalid.push(Invalid::new("query", "must provide a non zero value"));
    }
    if task.status.parse::<Status>().is_err() {
        invalid.push(Invalid::new("status", "must be 1 of [active, inactive]"));
    }
    invalid
}

impl Described {
    fn status(&self) -> Status {
        self.status.parse().unwrap_or(Status::Active)
    }

    /// The whole script: imports, the options of the task, the rest.
    fn flux(&self) -> String {
        let mut options = vec![format!("name: {}", quoted(&self.name))];
        if !self.cron.is_empty() {
            options.push(format!("cron: {}", quoted(&self.cron)));
        }
        if self.every > 0 {
            options.push(format!("every: {}", durations::go(self.every)));
        }
        if self.offset > 0 {
            options.push(format!("offset: {}", durations::go(self.offset)));
        }
        let options = format!("option task = {{ {} }}", options.join(", "));
        // A script may have the option already; there can be only one.
        let text = if self.query.task.is_empty() {
            self.query.text.clone()
        } else {
            without_option(&self.query.text)
        };
        let (imports, body) = text.split_at(end_of_imports(&text));
        if imports.is_empty() {
            return format!("{options}\n{body}");
        }
        // An export leaves the lines around the option there: with them, scripts would grow on every way.
        let body = body.strip_prefix("\n\n\n").unwrap_or(body);
        format!("{imports}\n\n{options}\n{body}")
    }

    fn value(&self) -> Map<String, Value> {
        Map::from_iter([
            ("name".to_owned(), json!(self.name)),
            ("cron".to_owned(), json!(self.cron)),
            ("description".to_owned(), json!(self.description)),
            ("every".to_owned(), json!(durations::go_or_empty(self.every))),
            ("offset".to_owned(), json!(durations::go_or_empty(self.offset))),
            ("query".to_owned(), json!(self.query.text)),
            ("status".to_owned(), json!(self.status)),
        ])
    }
}

/// Where a script's last import ends.
fn end_of_imports(text: &str) -> usize {
    let mut end = 0;
    for (at, _) in text.match_indices("import") {
        let after = &text[at + "import".len()..];
        let path = after.trim_start();
        if at < end || path.len() == after.len() || !path.starts_with('"') {
            continue;
        }
        let start = text.len() - path.len();
        let line = &path[..path.find('\n').unwrap_or(path.len())];
        if let Some(quote) = line.rfind('"').filter(|quote| *quote > 0) {
            end = start + quote + 1;
        }
    }
    end
}

/// A script without `option task = {…}`.
fn without_option(text: &str) -> String {
    const OPTION: &str = "option task = {";
    let Some(from) = text.find(OPTION) else { return text.trim().to_owned() };
    let Some(length) = text[from..].find('}') else { return text.trim().to_owned() };
    format!("{}{}", &text[..from], &text[from + length + 1..]).trim().to_owned()
}

fn update(task: &Task) -> TaskUpdate {
    TaskUpdate {
        flux: Some(task.flux.clone()),
        status: Some(task.status),
        description: Some(task.description.clone()),
        ..TaskUpdate::default()
    }
}

#[async_trait]
impl Body for Described {
    async fn look(&mut self, site: Site<'_>, id: Option<Id>) -> Result<Option<Id>> {
        // Here, and only here, a missing right reads as a failure: nothing is known of the task then.
        if let Some(id) = id {
            self.existing = site.catalog.find_task(id).await.ok();
        }
        Ok(self.existing.as_ref().map(|task| task.id))
    }

    fn differs(&self) -> bool {
        self.existing.as_ref().is_none_or(|task| {
            task.flux != self.flux() || task.status != self.status() || task.description != self.description
        })
    }

    fn is_fixed(&self) -> bool {
        self.existing.as_ref().is_some_and(|task| task.kind != OF_USERS)
    }

    async fn create(&mut self, site: Site<'_>, _: Option<Endpoint>) -> Result<Id> {
        let new = NewTask {
            org_id: site.org,
            owner_id: site.catalog.caller().user_id,
            description: self.description.clone(),
            status: self.status(),
            flux: self.flux(),
        };
        Ok(site.catalog.create_task(new).await?.id)
    }

    async fn update(&mut self, site: Site<'_>, id: Id, _: Option<Endpoint>) -> Result<()> {
        let update = TaskUpdate {
            flux: Some(self.flux()),
            status: Some(self.status()),
            description: Some(self.description.clone()),
            ..TaskUpdate::default()
        };
        site.catalog.update_task(id, update).await.map(drop)
    }

    async fn delete(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        site.catalog.delete_task(id).await
    }

    async fn put_back(&mut self, site: Site<'_>, id: Id) -> Result<()> {
        let Some(task) = &self.existing else { return Ok(()) };
        site.catalog.update_task(id, update(task)).await.map(drop)
    }

    async fn make_again(&mut self, site: Site<'_>) -> Result<Id> {
        let Some(task) = &self.existing else { return self.create(site, None).await };
        let new = NewTask {
            org_id: task.org_id,
            owner_id: task.owner_id,
            description: task.description.clone(),
            status: task.status,
            flux: task.flux.clone(),
        };
        Ok(site.catalog.create_task(new).await?.id)
    }

    fn new_value(&self, _: &Shown) -> Value {
        Value::Object(self.value())
    }

    fn old_value(&self, _: &Shown) -> Value {
        self.existing.as_ref().map_or(Value::Null, |task| {
            json!({
                "name": task.name,
                "cron": task.cron,
                "description": task.description,
                "every": task.every,
                "offset": durations::go(task.offset),
                "query": task.flux,
                "status": task.status,
            })
        })
    }

    fn summary(&self, shown: &Shown) -> Map<String, Value> {
        let mut summary = Map::from_iter([("id".to_owned(), number(shown.own))]);
        summary.extend(self.value());
        summary
    }
}

pub(super) async fn export(catalog: &Authorized, wanted: Wanted<'_>) -> Result<Vec<Exported>> {
    let (org_id, name) = match wanted {
        Wanted::Id(id) => return Ok(vec![exported(&catalog.find_task(id).await?)]),
        Wanted::Name(name) => (None, Some(name.to_owned())),
        Wanted::OfOrg(org) => (Some(org), None),
    };
    let mut filter = TaskFilter { org_id, name, limit: 500, ..TaskFilter::default() };
    let mut found = Vec::new();
    loop {
        let page = catalog.list_tasks(&filter).await?;
        found.extend(page.iter().map(exported));
        match page.last() {
            Some(last) => filter.after = Some(last.id),
            None => return Ok(found),
        }
    }
}

fn exported(task: &Task) -> Exported {
    let mut spec = Object::new();
    spec.put("cron", task.cron.clone());
    spec.put("description", task.description.clone());
    spec.put("every", task.every.clone());
    spec.put("name", task.name.clone());
    spec.put("offset", durations::go_or_empty(task.offset));
    spec.put("query", without_option(&task.flux));
    if task.status == Status::Inactive {
        spec.put("status", task.status.to_string());
    }
    let (id, name) = (task.id, task.name.clone());
    Exported { id, kind: Kind::Task, spec, name, endpoint: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_stand_between_imports_and_the_rest() {
        let text = "import \"array\"\nimport  \"x/y\"\narray.from(rows: [{important: 1}])";
        assert_eq!(&text[end_of_imports(text)..], "\narray.from(rows: [{important: 1}])");
        assert_eq!(end_of_imports("imported = 1"), 0);
        assert_eq!(
            without_option("import \"a\"\n\noption task = { name: \"x\" }\n\ny"),
            "import \"a\"\n\n\n\ny"
        );
    }
}
