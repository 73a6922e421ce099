//! User: a person or program with a password, and the organizations it belongs to.

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Activity, name_or};
use crate::{
    api::{Call, Method},
    crd::{Home, KeySelector, Management, Status},
    reconcile::{Desired, Managed, Note, Problem, Route, Scope, collection, object},
};

/// A user.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "User",
    namespaced,
    status = "Status",
    shortname = "wuser",
    doc = "A user on a server, with a password from a Secret and a membership in an organization.",
    printcolumn(name = "Role", type_ = "string", json_path = ".spec.role")
)]
#[serde(rename_all = "camelCase")]
pub struct UserSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// An inactive user's tokens and sessions are refused.
    #[serde(default)]
    pub status: Activity,
    /// The Secret key that holds the password (8 to 72 bytes). Its changes are passed on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<KeySelector>,
    /// What the user is in the organization.
    #[serde(default)]
    pub role: Role,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

/// What a user is in an organization.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub enum Role {
    /// May read everything in it.
    #[default]
    Member,
    /// May change everything in it.
    Owner,
    /// Does not belong to it.
    None,
}

impl Managed for User {
    // Users have no description, so a new one is marked in its name until the first update.
    const ROUTE: Route = Route { marker: "name", organized: false, ..Route::new("/api/v2/users", "users") };
    const SENDS_SECRETS_AT_CREATION: bool = false;

    super::accessors!(above organizations but home);

    fn home(&self) -> Option<&Home> {
        (self.spec.role != Role::None).then_some(&self.spec.home)
    }

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let UserSpec { name, status, password_secret_ref, .. } = &self.spec;
        let name = name_or(name, self);
        let mut desired =
            Desired { fields: object(json!({ "name": name, "status": status })), name, ..Desired::default() };
        if let Some(selector) = password_secret_ref {
            let (password, version) = scope.secret(selector).await?;
            desired.secret = object(json!({ "password": password }));
            desired.secret_version = Some(version);
        }
        Ok(desired)
    }

    async fn candidates(&self, scope: &Scope<'_>, desired: &Desired) -> Result<Vec<Value>, Problem> {
        let mut found = collection::named(Self::ROUTE, scope, &scope.marker(Self::ROUTE)).await?;
        found.extend(collection::named(Self::ROUTE, scope, &desired.name).await?);
        Ok(found)
    }

    async fn create(&self, scope: &Scope<'_>, desired: &Desired) -> Result<Value, Problem> {
        let bare = Desired { secret: Map::new(), ..desired.clone() };
        collection::create(Self::ROUTE, scope, &bare).await
    }

    async fn update(
        &self,
        scope: &Scope<'_>,
        actual: &Value,
        desired: &Desired,
        mut difference: Map<String, Value>,
    ) -> Result<(), Problem> {
        let password = difference.remove("password");
        if !difference.is_empty() {
            collection::update(Self::ROUTE, scope, actual, desired, difference).await?;
        }
        match password {
            Some(_) => set_password(scope, actual, &desired.secret).await,
            None => Ok(()),
        }
    }

    async fn attend(
        &self,
        scope: &Scope<'_>,
        id: &str,
        _before: &Status,
        _status: &mut Status,
    ) -> Result<Vec<Note>, Problem> {
        let (wanted, other) = match self.spec.role {
            Role::None => return Ok(Vec::new()),
            Role::Member => ("members", "owners"),
            Role::Owner => ("owners", "members"),
        };
        let organization = scope.organization_id()?;
        if belongs(scope, organization, wanted, id).await? {
            return Ok(Vec::new());
        }
        if belongs(scope, organization, other, id).await? {
            let path = format!("/api/v2/orgs/{organization}/{other}/{id}");
            scope.remote.call(Call::new(Method::DELETE, path)).await?;
        }
        let call = Call::new(Method::POST, format!("/api/v2/orgs/{organization}/{wanted}"));
        scope.remote.call(call.body(json!({ "id": id }))).await?;
        Ok(vec![Note::normal("Joined", format!("{id} is now among the {wanted} of {organization}"))])
    }
}

async fn belongs(scope: &Scope<'_>, organization: &str, role: &str, id: &str) -> Result<bool, Problem> {
    let answer = scope.remote.call(Call::get(format!("/api/v2/orgs/{organization}/{role}"))).await?;
    let users = answer.get("users").and_then(Value::as_array);
    Ok(users.is_some_and(|users| users.iter().any(|user| collection::id_of(user) == Some(id))))
}

async fn set_password(scope: &Scope<'_>, user: &Value, secret: &Map<String, Value>) -> Result<(), Problem> {
    if secret.is_empty() {
        return Ok(());
    }
    let id = collection::id_of(user).unwrap_or_default();
    let call = Call::new(Method::POST, format!("/api/v2/users/{id}/password"));
    scope.remote.call(call.body(Value::Object(secret.clone()))).await?;
    Ok(())
}
