//! Where the secrets of organizations are, if they are not in the catalog's own database.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use weir_model::{Id, Result};

use crate::SecretKeys;

/// A place for the secrets of organizations, such as a server that keeps nothing else.
#[async_trait]
pub trait SecretStore: Send + Sync {
    /// All secrets of an organization, by name; none if it has none.
    ///
    /// # Errors
    /// [`weir_model::ErrorCode::Unavailable`] when the place does not answer, or refuses.
    async fn load(&self, org: Id) -> Result<BTreeMap<String, String>>;

    /// Sets some of an organization's secrets, and deletes others; the rest stays. All of it happens, or nothing.
    ///
    /// # Errors
    /// As [`SecretStore::load`].
    async fn change(&self, org: Id, set: &BTreeMap<String, String>, delete: &[String]) -> Result<()>;
}

/// How secrets are kept.
#[derive(Default)]
pub struct Secrets {
    /// What encrypts in the database: the tokens of remotes, and the secrets of organizations unless there is a store.
    pub keys: Option<SecretKeys>,
    /// Where the secrets of organizations are instead.
    pub store: Option<Arc<dyn SecretStore>>,
}

impl From<Option<SecretKeys>> for Secrets {
    fn from(keys: Option<SecretKeys>) -> Self {
        Self { keys, store: None }
    }
}
