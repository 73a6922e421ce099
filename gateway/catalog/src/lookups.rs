//! What every write and query asks for first, remembered for one version of the catalog: organizations and buckets
//! by name or id, and the buckets that v1 names mean.

use std::collections::HashMap;
use std::hash::Hash;

use parking_lot::RwLock;
use weir_model::{Id, Result};

use crate::{Bucket, Catalog, NameOrId, Org};

/// More answers than this of one kind start anew: it bounds memory, not what works.
const MAX_ANSWERS: usize = 10_000;

/// A bucket by organization, database and policy.
type V1Names = (Id, String, Option<String>);

/// Answers, each with the version of the catalog it was true in.
pub(crate) struct Answers<K, V>(RwLock<HashMap<K, (i64, V)>>);

impl<K, V> Default for Answers<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Answers<K, V> {
    /// The answer to `key` in the catalog's version of now; only what is found is remembered.
    async fn get(&self, catalog: &Catalog, key: K, ask: impl AsyncFnOnce(&K) -> Result<V>) -> Result<V> {
        // Learned first: what is read after it is at least as new.
        let version = catalog.version().await?;
        if let Some((of, answer)) = self.0.read().get(&key)
            && *of == version
        {
            return Ok(answer.clone());
        }
        let answer = ask(&key).await?;
        let mut known = self.0.write();
        if known.len() >= MAX_ANSWERS {
            known.clear();
        }
        known.insert(key, (version, answer.clone()));
        Ok(answer)
    }
}

#[derive(Default)]
pub(crate) struct Lookups {
    orgs: Answers<NameOrId, Org>,
    buckets: Answers<(Id, NameOrId), Bucket>,
    v1: Answers<V1Names, Bucket>,
}

impl Catalog {
    /// The organization that is meant.
    ///
    /// # Errors
    /// When there is none of that id or name.
    pub async fn resolve_org(&self, org: &NameOrId) -> Result<Org> {
        self.lookups().orgs.get(self, org.clone(), async |org| self.read_org(org).await).await
    }

    /// The bucket that is meant in an organization.
    ///
    /// # Errors
    /// When there is none of that id or name there.
    pub async fn resolve_bucket(&self, org: Id, bucket: &NameOrId) -> Result<Bucket> {
        let key = (org, bucket.clone());
        self.lookups()
            .buckets
            .get(self, key, async |(org, bucket)| self.read_bucket(*org, bucket).await)
            .await
    }

    /// The bucket that v1 names mean in an organization: that of the mapping of database and policy, or of the
    /// database's default.
    ///
    /// # Errors
    /// [`crate::CatalogError::NoMapping`].
    pub async fn resolve_dbrp(&self, org: Id, database: &str, policy: Option<&str>) -> Result<Bucket> {
        let key = (org, database.to_owned(), policy.map(str::to_owned));
        let ask =
            async |(org, database, policy): &V1Names| self.read_dbrp(*org, database, policy.as_deref()).await;
        self.lookups().v1.get(self, key, ask).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Servers move these futures between threads; that they may is worth knowing here and not at every caller.
    #[allow(dead_code)]
    fn answers_may_move_between_threads(catalog: &'static Catalog, name: &'static NameOrId, org: Id) {
        fn may_move<T: Send>(_: T) {}
        may_move(catalog.resolve_org(name));
        may_move(catalog.resolve_bucket(org, name));
        may_move(catalog.resolve_dbrp(org, "db", None));
        may_move(catalog.delete_bucket(org));
        may_move(catalog.version());
    }
}
