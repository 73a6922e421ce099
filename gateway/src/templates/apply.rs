//! Doing what a plan says, and taking it back when something fails.

use std::collections::BTreeMap;

use weir_catalog::{Stack, StackEvent, StackEventKind};
use weir_model::{Error, ErrorCode, Id, Result};

use super::kind::Kind;
use super::kinds::Site;
use super::plan::{Plan, Status};

/// Something that was done.
enum Done {
    Secrets { set: Vec<String>, before: BTreeMap<String, String> },
    Created(usize),
    Updated(usize),
    Deleted(usize),
    Mapped(usize),
    Unmapped(usize),
}

/// The order in which resources are made: what is referred to comes first. They are removed in the other order.
const ORDER: [&[Kind]; 3] = [
    &[Kind::Label],
    &[
        Kind::Variable,
        Kind::Bucket,
        Kind::Check,
        Kind::Dashboard,
        Kind::NotificationEndpoint,
        Kind::Task,
        Kind::Telegraf,
    ],
    &[Kind::NotificationRule],
];

/// What could not be done, by what the failure is reported under.
#[derive(Default)]
struct Failures {
    rows: BTreeMap<&'static str, Vec<(String, String)>>,
    codes: Vec<ErrorCode>,
}

impl Failures {
    fn note(&mut self, under: &'static str, name: &str, error: &Error, during: &str) {
        self.codes.push(error.code);
        let message =
            if during.is_empty() { error.message.clone() } else { format!("{during}: {}", error.message) };
        self.rows.entry(under).or_default().push((name.to_owned(), message));
    }

    /// One error for all, if there are any.
    fn check(self) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let code = self.code();
        let of_kind = |(under, rows): (&str, Vec<(String, String)>)| {
            let mut text = format!("resource_type={under:?} err=\"failed to apply resource\"");
            for (name, message) in rows {
                text += &format!("\n\tmetadata_name={name:?} err_msg={message:?}");
            }
            text
        };
        let text: Vec<String> = self.rows.into_iter().map(of_kind).collect();
        Err(Error::new(code, text.join("\n")))
    }

    /// The reference calls every failure an internal one. Here a missing right is told as everywhere else, and what the
    /// template is to blame for as where a template is wrong.
    fn code(&self) -> ErrorCode {
        let not_the_template = |code: &&ErrorCode| {
            let wrong = [
                ErrorCode::Invalid,
                ErrorCode::EmptyValue,
                ErrorCode::UnprocessableEntity,
                ErrorCode::Conflict,
                ErrorCode::NotFound,
            ];
            !wrong.contains(code)
        };
        if self.codes.contains(&ErrorCode::Unauthorized) {
            return ErrorCode::Unauthorized;
        }
        self.codes.iter().find(not_the_template).copied().unwrap_or(ErrorCode::UnprocessableEntity)
    }
}

impl Plan {
    /// Does it. When something fails, everything is as it was.
    ///
    /// # Errors
    /// What failed.
    pub(crate) async fn apply(&mut self, site: Site<'_>, secrets: &BTreeMap<String, String>) -> Result<()> {
        let mut done = Vec::new();
        match self.apply_noting(site, secrets, &mut done).await {
            Ok(()) => {
                self.applied = true;
                for entry in self.entries.iter().filter(|entry| entry.status == Status::Remove) {
                    entry.described.body.deleted_for_good(site).await;
                }
                Ok(())
            }
            Err(error) => {
                self.take_back(site, done).await;
                Err(error)
            }
        }
    }

    async fn apply_noting(
        &mut self,
        site: Site<'_>,
        secrets: &BTreeMap<String, String>,
        done: &mut Vec<Done>,
    ) -> Result<()> {
        if !secrets.is_empty() {
            let mut before = BTreeMap::new();
            for name in site.catalog.list_secrets(site.org).await.unwrap_or_default() {
                if secrets.contains_key(&name)
                    && let Ok(Some(value)) = site.catalog.find_secret(site.org, &name).await
                {
                    before.insert(name, value);
                }
            }
            let mut failures = Failures::default();
            match site.catalog.set_secrets(site.org, secrets).await {
                Ok(()) => done.push(Done::Secrets { set: secrets.keys().cloned().collect(), before }),
                Err(error) => failures.note("secrets", "secrets", &error, ""),
            }
            failures.check()?;
        }
        for kinds in ORDER {
            let mut failures = Failures::default();
            for at in self.places(kinds, false) {
                self.make_one(site, at, done, &mut failures).await;
            }
            failures.check()?;
        }
        let mut failures = Failures::default();
        self.change_labels(site, done, &mut failures).await;
        failures.check()?;
        // What is deleted cannot be brought back as it was: it goes when nothing else can fail.
        for kinds in ORDER.iter().rev() {
            let mut failures = Failures::default();
            for at in self.places(kinds, true).into_iter().rev() {
                self.remove_one(site, at, done, &mut failures).await;
            }
            failures.check()?;
        }
        Ok(())
    }

    fn places(&self, kinds: &[Kind], removed: bool) -> Vec<usize> {
        let wanted = |kind: Kind| {
            self.entries.iter().enumerate().filter(move |(_, entry)| {
                entry.described.kind.group() == kind && (entry.status == Status::Remove) == removed
            })
        };
        kinds.iter().flat_map(|kind| wanted(*kind).map(|(at, _)| at)).collect()
    }

    async fn make_one(&mut self, site: Site<'_>, at: usize, done: &mut Vec<Done>, failures: &mut Failures) {
        let endpoint = self.endpoint_of(&self.entries[at]);
        let entry = &mut self.entries[at];
        let (kind, body) = (entry.described.kind, &mut entry.described.body);
        if body.is_fixed() || !body.differs() {
            return;
        }
        let outcome = match entry.existing {
            Some(id) => body.update(site, id, endpoint).await.map(|()| done.push(Done::Updated(at))),
            None => body.create(site, endpoint).await.map(|id| {
                entry.own = Some(id);
                done.push(Done::Created(at));
            }),
        };
        if let Err(error) = outcome {
            let method = if entry.existing.is_some() { "update" } else { "create" };
            failures.note(
                kind.in_failures(),
                &entry.described.meta,
                &error,
                &during(method, kind, entry.id(), &entry.described.meta),
            );
        }
    }

    async fn remove_one(&mut self, site: Site<'_>, at: usize, done: &mut Vec<Done>, failures: &mut Failures) {
        let entry = &mut self.entries[at];
        let (kind, Some(id)) = (entry.described.kind, entry.id()) else { return };
        if entry.described.body.is_fixed() {
            return;
        }
        match entry.described.body.delete(site, id).await {
            Ok(()) => done.push(Done::Deleted(at)),
            Err(error) if error.code == ErrorCode::NotFound => {}
            Err(error) => {
                let meta = &entry.described.meta;
                failures.note(kind.in_failures(), meta, &error, &during("delete", kind, Some(id), meta));
            }
        }
    }

    async fn change_labels(&self, site: Site<'_>, done: &mut Vec<Done>, failures: &mut Failures) {
        for (at, mapping) in self.mappings.iter().enumerate() {
            let (resource, label) = (&self.entries[mapping.resource], &self.entries[mapping.label]);
            let (Status::New, Some(id), Some(label)) = (mapping.status, resource.id(), label.id()) else {
                continue;
            };
            let kind = resource.described.kind.resource_type();
            match site.catalog.add_label(kind, id, site.org, label).await {
                Ok(_) => done.push(Done::Mapped(at)),
                Err(error) => {
                    failures.note("label_mapping", &format!("{kind}:{id}:{label}"), &error, "");
                }
            }
        }
        for (at, unmapping) in self.unmappings.iter().enumerate() {
            let (kind, id) = (unmapping.kind.resource_type(), unmapping.resource);
            let Some(label) = unmapping.label else { continue };
            match site.catalog.remove_label(kind, id, site.org, label).await {
                Ok(()) => done.push(Done::Unmapped(at)),
                Err(error) if error.code == ErrorCode::NotFound => {}
                Err(error) => {
                    failures.note("removed_label_mapping", &format!("{kind}:{id}:{label}"), &error, "");
                }
            }
        }
    }

    /// Takes back what was done, the last first. What cannot be taken back is logged: there is nobody to tell.
    async fn take_back(&mut self, site: Site<'_>, done: Vec<Done>) {
        for step in done.into_iter().rev() {
            if let Err(error) = self.take_one_back(site, step).await {
                tracing::error!(%error, "a step of a template that failed could not be taken back");
            }
        }
    }

    async fn take_one_back(&mut self, site: Site<'_>, step: Done) -> Result<()> {
        match step {
            Done::Secrets { set, before } => {
                let new: Vec<String> = set.into_iter().filter(|name| !before.contains_key(name)).collect();
                site.catalog.delete_secrets(site.org, &new).await?;
                site.catalog.set_secrets(site.org, &before).await
            }
            Done::Created(at) => {
                let entry = &mut self.entries[at];
                match entry.own {
                    Some(id) => entry.described.body.delete(site, id).await,
                    None => Ok(()),
                }
            }
            Done::Updated(at) => {
                let entry = &mut self.entries[at];
                match entry.existing {
                    Some(id) => entry.described.body.put_back(site, id).await,
                    None => Ok(()),
                }
            }
            Done::Deleted(at) => {
                let entry = &mut self.entries[at];
                entry.own = Some(entry.described.body.make_again(site).await?);
                entry.existing = entry.own;
                Ok(())
            }
            Done::Mapped(at) => {
                let mapping = self.mappings[at];
                let (resource, label) = (&self.entries[mapping.resource], &self.entries[mapping.label]);
                let (Some(id), Some(label)) = (resource.id(), label.id()) else { return Ok(()) };
                let kind = resource.described.kind.resource_type();
                site.catalog.remove_label(kind, id, site.org, label).await
            }
            Done::Unmapped(at) => {
                let unmapping = &self.unmappings[at];
                let Some(label) = unmapping.label else { return Ok(()) };
                let kind = unmapping.kind.resource_type();
                site.catalog.add_label(kind, unmapping.resource, site.org, label).await.map(drop)
            }
        }
    }
}

impl Plan {
    /// Tells a stack the ids of resources that were deleted and, since something failed then, made again.
    ///
    /// # Errors
    /// The catalog's.
    pub(crate) async fn tell_new_ids(&self, site: Site<'_>, stack: &Stack) -> Result<()> {
        let mut event = StackEvent { kind: StackEventKind::Update, ..stack.latest() };
        let mut changed = false;
        for resource in &mut event.resources {
            let Ok(kind) = Kind::parse(&resource.kind) else { continue };
            let Some(at) = self.find(kind, &resource.meta_name) else { continue };
            let entry = &self.entries[at];
            if let (Status::Remove, Some(id)) = (entry.status, entry.own)
                && id != resource.id
            {
                resource.id = id;
                changed = true;
            }
        }
        if changed {
            site.catalog.add_stack_event(stack, event).await?;
        }
        Ok(())
    }
}

/// What failed, in the reference's words.
fn during(method: &str, kind: Kind, id: Option<Id>, meta: &str) -> String {
    if kind == Kind::Label {
        return match method {
            "create" => "creating".to_owned(),
            "update" => "updating".to_owned(),
            _ => String::new(),
        };
    }
    let named = id.map_or_else(|| meta.to_owned(), |id| id.to_string());
    format!("failed to {method} {}[{named:?}]", kind.resource_type())
}
