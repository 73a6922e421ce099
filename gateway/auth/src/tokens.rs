//! Tokens, and the cache that saves asking the database about the same one again and again.

use std::collections::HashMap;

use parking_lot::RwLock;
use weir_catalog::{Authorization, hash_token};
use weir_model::{Caller, Credential, Result};

use crate::{AuthError, Authenticator};

/// More tokens than this in use at once start the cache anew: it bounds memory, not what works.
const MAX_TOKENS: usize = 10_000;

/// Callers by the hash of their token, valid for one version of the catalog.
#[derive(Default)]
pub(crate) struct Tokens(RwLock<HashMap<String, (i64, Caller)>>);

impl Tokens {
    fn get(&self, hash: &str, version: i64) -> Option<Caller> {
        self.0.read().get(hash).filter(|(of, _)| *of == version).map(|(_, caller)| caller.clone())
    }

    fn put(&self, hash: String, version: i64, caller: Caller) {
        let mut known = self.0.write();
        if known.len() >= MAX_TOKENS {
            known.clear();
        }
        known.insert(hash, (version, caller));
    }
}

impl Authenticator {
    /// The caller who shows a token; `None` if there is no such token.
    pub(crate) async fn caller_of_token(&self, token: &str) -> Result<Option<Caller>> {
        // The version is learned first: what is read after it is at least as new.
        let version = self.catalog.version().await?;
        let hash = hash_token(token);
        if let Some(caller) = self.tokens.get(&hash, version) {
            return Ok(Some(caller));
        }
        let Some(found) = self.catalog.find_authorization_by_token(token).await? else { return Ok(None) };
        let caller = caller_of(found)?;
        self.tokens.put(hash, version, caller.clone());
        Ok(Some(caller))
    }
}

/// The caller that an authorization makes.
pub(crate) fn caller_of(found: Authorization) -> Result<Caller> {
    if !found.user_active {
        return Err(AuthError::UserInactive.into());
    }
    let credential =
        Credential::Token { id: found.id, org_id: found.org_id, active: found.status.is_active() };
    Ok(Caller::new(found.user_id, credential, found.permissions))
}
