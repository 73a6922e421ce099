//! The Secret that a token is kept in. Its annotations are the record of what was issued, since it is written before the
//! status.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Token;
use crate::{
    crd::{Credential, DeletionPolicy},
    reconcile::{Managed, Problem, Scope, SecretText, SecretView, collection, compare, conditions},
};

const ID: &str = "weir.dev/token-id";
const UID: &str = "weir.dev/token-uid";
const ISSUED: &str = "weir.dev/issued-at";
const GRANT: &str = "weir.dev/grant";
const ROTATION: &str = "weir.dev/rotation";
const DIGEST: &str = "weir.dev/token-digest";
/// All of them.
const RECORD: &[&str] = &[ID, UID, ISSUED, GRANT, ROTATION, DIGEST];

/// What the Secret has beside the token, for programs that read it.
const URL: &str = "url";
const ORG: &str = "org";

/// Takes what was issued from the record.
pub(super) fn recall(secret: &SecretView, credential: &mut Credential) {
    let told = |key: &str| secret.annotations.get(key).cloned();
    credential.issued_at = told(ISSUED).unwrap_or_default();
    credential.grant = told(GRANT).unwrap_or_default();
    credential.rotation = told(ROTATION);
}

impl Token {
    /// The Secret as it is, if it is ours.
    pub(super) async fn secret(&self, scope: &Scope<'_>) -> Result<Option<SecretView>, Problem> {
        let name = self.secret_name();
        let secret = scope.cluster.secret(&scope.me.namespace, &name).await?;
        if let Some(other) = secret.as_ref().filter(|s| s.annotations.get(UID) != Some(&scope.me.uid)) {
            let owner = if other.ours { "another Token" } else { "somebody else" };
            return Err(Problem::Conflict(format!("the Secret {name} belongs to {owner}")));
        }
        Ok(secret)
    }

    /// The id of the token that a Secret holds, if it holds it still.
    pub(super) fn held(&self, secret: &SecretView) -> Option<String> {
        let value = secret.data.get(&self.spec.secret_key)?;
        let digest = compare::digest(&json!(String::from_utf8_lossy(value)));
        let whole = secret.annotations.get(DIGEST) == Some(&digest);
        secret.annotations.get(ID).filter(|_| whole).cloned()
    }

    /// Puts a new token into the Secret.
    pub(super) async fn keep(&self, scope: &Scope<'_>, made: &Value, grant: &str) -> Result<(), Problem> {
        let word = |member: &str| made.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
        let token = word("token");
        let mut record = BTreeMap::from([
            (ID.to_owned(), collection::id_of(made).unwrap_or_default().to_owned()),
            (UID.to_owned(), scope.me.uid.clone()),
            (ISSUED.to_owned(), conditions::stamp(scope.now)),
            (GRANT.to_owned(), grant.to_owned()),
            (DIGEST.to_owned(), compare::digest(&json!(token))),
        ]);
        record.extend(scope.me.rotate.clone().map(|rotate| (ROTATION.to_owned(), rotate)));
        let data = self.data(scope, &word("org"), token);
        self.write(scope, data, record).await
    }

    /// Writes the Secret of a token that is fine again where something else in it is not what it should be: the server
    /// has moved, the policy has changed, or somebody wrote to it. Tells whether that was so.
    pub(super) async fn tend(
        &self,
        scope: &Scope<'_>,
        secret: &SecretView,
        actual: &Value,
    ) -> Result<bool, Problem> {
        let text = |key: &str| secret.data.get(key).map(|value| String::from_utf8_lossy(value).into_owned());
        let told = actual.get("org").and_then(Value::as_str).map(str::to_owned);
        let organization = told.or_else(|| text(ORG)).unwrap_or_default();
        let token = text(&self.spec.secret_key).unwrap_or_default();
        let data = self.data(scope, &organization, token);
        let same = data.iter().all(|(key, value)| text(key).as_ref() == Some(value));
        if same && secret.ours && secret.owner.is_some() == self.is_owner() {
            return Ok(false);
        }
        let mut record = secret.annotations.clone();
        record.retain(|key, _| RECORD.contains(&key.as_str()));
        self.write(scope, data, record).await?;
        Ok(true)
    }

    fn data(&self, scope: &Scope<'_>, organization: &str, token: String) -> BTreeMap<String, String> {
        let mut data = BTreeMap::from([
            (URL.to_owned(), scope.server.to_owned()),
            (ORG.to_owned(), organization.to_owned()),
        ]);
        data.insert(self.spec.secret_key.clone(), token); // last: it may have the key of one of them
        data
    }

    /// Whether the Secret goes with the resource: it does where the token does.
    fn is_owner(&self) -> bool {
        self.management().deletion_policy == DeletionPolicy::Delete
    }

    async fn write(
        &self,
        scope: &Scope<'_>,
        data: BTreeMap<String, String>,
        annotations: BTreeMap<String, String>,
    ) -> Result<(), Problem> {
        let (name, owner) = (self.secret_name(), scope.me.clone());
        let secret = SecretText { name, owner, owned: self.is_owner(), data, annotations };
        scope.cluster.write_secret(secret).await
    }
}
