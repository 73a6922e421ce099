//! Token: an API token, kept in a Secret ([`secret`]) and replaced when asked.

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Activity, Bucket, name_or};
use crate::{
    api::{Call, Method},
    crd::{Credential, Home, Management, Origin, Reference, Retiring, Status},
    reconcile::{Desired, Managed, Note, Problem, Route, Scope, collection, compare, conditions},
};

mod secret;

/// An API token.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Token",
    namespaced,
    status = "Status",
    shortname = "wtoken",
    doc = "An API token of a server, written to a Secret and rotated by interval or by the annotation weir.dev/rotate.",
    printcolumn(name = "Secret", type_ = "string", json_path = ".status.credential.secretName"),
    printcolumn(name = "Rotates", type_ = "string", json_path = ".status.credential.rotatesAt")
)]
#[serde(rename_all = "camelCase")]
pub struct TokenSpec {
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// An inactive token is refused.
    #[serde(default)]
    pub status: Activity,
    /// What the token may do. A change issues another token.
    #[schemars(length(min = 1, max = 200))]
    pub permissions: Vec<Permission>,
    /// The Secret to write, metadata.name when absent. A Secret that is already there and not ours is a conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 253))]
    pub secret_name: Option<String>,
    /// The key of the Secret that holds the token; url and org are written beside it.
    #[serde(default = "key")]
    #[schemars(length(min = 1, max = 253))]
    pub secret_key: String,
    /// When the token is replaced by another. To replace it once, change the annotation weir.dev/rotate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotation: Option<Rotation>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed. Only tokens that the operator issued can be managed: adopt has no effect.
    #[serde(flatten)]
    pub management: Management,
}

fn key() -> String {
    "token".into()
}

/// When a token is replaced.
#[derive(KubeSchema, Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Rotation {
    /// Age at which the token is replaced, in seconds.
    #[schemars(range(min = 1))]
    pub interval_seconds: i64,
    /// How long a replaced token still works, in seconds, so that programs have time to read the Secret again.
    #[serde(default = "grace")]
    #[schemars(range(min = 0))]
    pub grace_period_seconds: i64,
}

fn grace() -> i64 {
    300
}

/// Something that a token may do, inside its organization.
#[derive(KubeSchema, Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("!has(self.bucket) && !has(self.bucketRef) || self.resource == 'buckets'").message("bucket and bucketRef go with resource: buckets"),
    validation = Rule::new("[has(self.bucket), has(self.bucketRef), has(self.id)].filter(x, x).size() <= 1").message("give at most one of bucket, bucketRef and id")
)]
pub struct Permission {
    /// read or write.
    pub action: Action,
    /// The type of resource.
    pub resource: Resource,
    /// One bucket only, by its name on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub bucket: Option<String>,
    /// One bucket only, by a Bucket resource of the same namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bucket_ref: Option<Reference>,
    /// One object only, by its id on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub id: Option<String>,
}

/// What a permission allows.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// To read.
    Read,
    /// To write.
    Write,
}

/// A type of resource, in the server's words.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub enum Resource {
    Authorizations,
    Buckets,
    Dashboards,
    Orgs,
    Sources,
    Tasks,
    Telegrafs,
    Users,
    Variables,
    Scrapers,
    Secrets,
    Labels,
    Views,
    Documents,
    NotificationRules,
    NotificationEndpoints,
    Checks,
    Dbrp,
    Notebooks,
    Annotations,
    Remotes,
    Replications,
}

impl Managed for Token {
    const ROUTE: Route =
        Route { filter: None, name: "description", ..Route::new("/api/v2/authorizations", "authorizations") };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let organization = scope.organization_id()?;
        let mut permissions = Vec::new();
        for permission in &self.spec.permissions {
            let Permission { action, resource, bucket, bucket_ref, id } = permission;
            let mut target = json!({ "type": resource, "orgID": organization });
            if bucket.is_some() || bucket_ref.is_some() {
                let id = scope.id_of("Bucket", Bucket::ROUTE, bucket.as_ref(), bucket_ref.as_ref()).await?;
                target["id"] = json!(id);
            } else if let Some(id) = id {
                target["id"] = json!(id);
            } else if *resource == Resource::Orgs {
                target["id"] = json!(organization); // organizations are known by their own id
            }
            permissions.push(json!({ "action": action, "resource": target }));
        }
        let mut once = scope.in_organization()?;
        once.insert("permissions".into(), json!(permissions));
        // The uid stays in the description, so that every token made for this resource can always be found.
        let description = match &self.spec.description {
            Some(text) => format!("{text} ({})", scope.me.uid),
            None => scope.marker(Self::ROUTE),
        };
        let mut fields = crate::reconcile::object(json!({ "status": self.spec.status }));
        fields.insert("description".into(), json!(description));
        Ok(Desired { name: self.secret_name(), fields, once, ..Desired::default() })
    }

    async fn candidates(&self, scope: &Scope<'_>, _desired: &Desired) -> Result<Vec<Value>, Problem> {
        let mut all = collection::list(Self::ROUTE, scope, None).await?;
        all.retain(|token| scope.is_marked(Self::ROUTE, token));
        Ok(all)
    }

    async fn settle(
        &self,
        scope: &Scope<'_>,
        status: &mut Status,
        notes: &mut Vec<Note>,
    ) -> Result<(), Problem> {
        let desired = self.desired(scope).await?;
        let secret = self.secret(scope).await?;
        status.server = Some(scope.server.to_owned());
        status.organization_id = Some(scope.organization_id()?.to_owned());
        status.origin = Some(Origin::Created);
        let mut credential = status.credential.clone().unwrap_or_default();
        let mut held = secret.as_ref().and_then(|secret| self.held(secret));
        if status.id != held {
            // Either the status was not written after the Secret, or the Secret was lost.
            if let Some(old) = status.id.take() {
                let grace = if held.is_some() { self.grace() } else { 0 };
                credential.retire(old, scope, grace);
                status.credential = Some(credential.clone());
            }
        }
        let mut actual = None;
        if let Some(id) = &held {
            actual = self.read(scope, id).await?;
            if actual.is_none() {
                notes.push(Note::warning("Lost", format!("{id} is gone from the server")));
                held = None;
            }
        }
        let grant = compare::digest(&json!(desired.once));
        if let (Some(_), Some(secret)) = (&held, &secret) {
            credential.secret_name.clone_from(&desired.name);
            secret::recall(secret, &mut credential);
        }
        let why = match &held {
            None => Some("none was there"),
            Some(_) if credential.grant != grant => Some("its permissions changed"),
            Some(_) if credential.rotation != scope.me.rotate => {
                Some("the annotation weir.dev/rotate changed")
            }
            Some(_) if self.age_left(&credential, scope) == Some(0) => Some("it is old enough"),
            Some(_) => None,
        };
        status.id.clone_from(&held);
        if let Some(why) = why {
            self.remove_strays(scope, &desired, held.as_deref(), &credential, notes).await?;
            let made = self.issue(scope, &desired, &grant).await?;
            notes.push(Note::normal(
                "Issued",
                format!("issued {} since {why}", collection::id_of(&made).unwrap_or_default()),
            ));
            if let Some(old) = held {
                credential.retire(old, scope, self.grace());
            }
            status.id = collection::id_of(&made).map(str::to_owned);
            credential.secret_name.clone_from(&desired.name);
            credential.issued_at = conditions::stamp(scope.now);
            credential.grant = grant;
            credential.rotation.clone_from(&scope.me.rotate);
            actual = Some(made);
        } else if let (Some(secret), Some(actual)) = (&secret, &actual)
            && self.tend(scope, secret, actual).await?
        {
            notes.push(Note::normal("Corrected", format!("wrote the Secret {} again", desired.name)));
        }
        credential.rotates_at = self.spec.rotation.as_ref().and_then(|rotation| {
            let issued: jiff::Timestamp = credential.issued_at.parse().ok()?;
            let due = issued.checked_add(jiff::SignedDuration::from_secs(rotation.interval_seconds)).ok()?;
            Some(conditions::stamp(due))
        });
        status.credential = Some(credential);
        if let Some(actual) = actual {
            let different = compare::difference(&desired.fields, &actual);
            if !different.is_empty() {
                collection::update(Self::ROUTE, scope, &actual, &desired, different).await?;
                notes.push(Note::normal("Corrected", "put back status and description".into()));
            }
        }
        self.bury(scope, status, notes).await
    }

    async fn farewell(&self, scope: &Scope<'_>, status: &Status) -> Result<(), Problem> {
        let retiring = status.credential.as_ref().map(|c| c.retiring.as_slice()).unwrap_or_default();
        for Retiring { id, .. } in retiring {
            collection::delete(Self::ROUTE, scope, id).await?;
        }
        Ok(())
    }

    fn due(&self, status: &Status, now: jiff::Timestamp) -> Option<std::time::Duration> {
        let credential = status.credential.as_ref()?;
        let times = credential.retiring.iter().map(|r| &r.until).chain(&credential.rotates_at);
        let first = times.filter_map(|time| time.parse::<jiff::Timestamp>().ok()).min()?;
        let wait = u64::try_from(first.as_millisecond() - now.as_millisecond()).unwrap_or(0);
        Some(std::time::Duration::from_millis(wait + 500)) // a little late rather than a little early
    }
}

impl Token {
    fn secret_name(&self) -> String {
        name_or(&self.spec.secret_name, self)
    }

    fn grace(&self) -> i64 {
        self.spec.rotation.as_ref().map_or(grace(), |rotation| rotation.grace_period_seconds)
    }

    /// Seconds until the interval is over; `None` without one.
    fn age_left(&self, credential: &Credential, scope: &Scope<'_>) -> Option<i64> {
        let rotation = self.spec.rotation.as_ref()?;
        let issued = credential.issued_at.parse::<jiff::Timestamp>().map_or(0, |time| time.as_second());
        Some((issued + rotation.interval_seconds - scope.now.as_second()).max(0))
    }

    /// Tokens that were made for this resource and never came into its Secret are of no use to anybody.
    async fn remove_strays(
        &self,
        scope: &Scope<'_>,
        desired: &Desired,
        held: Option<&str>,
        credential: &Credential,
        notes: &mut Vec<Note>,
    ) -> Result<(), Problem> {
        for token in self.candidates(scope, desired).await? {
            let Some(id) = collection::id_of(&token) else { continue };
            if held == Some(id) || credential.retiring.iter().any(|r| r.id == id) {
                continue;
            }
            collection::delete(Self::ROUTE, scope, id).await?;
            notes.push(Note::normal("Deleted", format!("deleted {id}, whose Secret was not written")));
        }
        Ok(())
    }

    /// Makes a token and puts it into the Secret.
    async fn issue(&self, scope: &Scope<'_>, desired: &Desired, grant: &str) -> Result<Value, Problem> {
        let mut body = desired.once.clone();
        body.extend(desired.fields.clone());
        let call = Call::new(Method::POST, Self::ROUTE.path).body(Value::Object(body));
        let made = scope.remote.call(call).await?;
        self.keep(scope, &made, grant).await?;
        Ok(made)
    }

    /// Deletes replaced tokens whose time has come.
    async fn bury(
        &self,
        scope: &Scope<'_>,
        status: &mut Status,
        notes: &mut Vec<Note>,
    ) -> Result<(), Problem> {
        let retiring = status.credential.as_ref().map(|c| c.retiring.clone()).unwrap_or_default();
        let due = |until: &str| until.parse::<jiff::Timestamp>().is_ok_and(|until| until <= scope.now);
        for Retiring { id, .. } in retiring.into_iter().filter(|retiring| due(&retiring.until)) {
            collection::delete(Self::ROUTE, scope, &id).await?;
            if let Some(credential) = &mut status.credential {
                credential.retiring.retain(|retiring| retiring.id != id);
            }
            notes.push(Note::normal("Deleted", format!("deleted {id}, which was replaced")));
        }
        Ok(())
    }
}

impl Credential {
    fn retire(&mut self, id: String, scope: &Scope<'_>, grace: i64) {
        let until = scope.now.checked_add(jiff::SignedDuration::from_secs(grace)).unwrap_or(scope.now);
        self.retiring.retain(|retiring| retiring.id != id);
        self.retiring.push(Retiring { id, until: conditions::stamp(until) });
    }
}
