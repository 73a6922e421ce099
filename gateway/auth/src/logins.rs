//! v1 logins that were right lately: bcrypt at every point that is written would be far too slow.

use std::collections::HashMap;

use parking_lot::RwLock;
use sha2::{Digest, Sha256};
use weir_model::Id;

/// More v1 users than this at once start the cache anew.
const MAX_LOGINS: usize = 10_000;

/// What was compared: the password's hash as stored, and the password.
type Fingerprint = [u8; 32];

/// The last right login of each v1 user. When the stored hash changes, the fingerprint does.
#[derive(Default)]
pub(crate) struct Logins(RwLock<HashMap<Id, Fingerprint>>);

impl Logins {
    /// Whether this password was right for this stored hash before.
    pub(crate) fn knows(&self, user: Id, stored_hash: &str, password: &str) -> bool {
        self.0.read().get(&user).is_some_and(|known| *known == fingerprint(stored_hash, password))
    }

    /// Remembers that this password is right for this stored hash.
    pub(crate) fn remember(&self, user: Id, stored_hash: &str, password: &str) {
        let mut known = self.0.write();
        if known.len() >= MAX_LOGINS {
            known.clear();
        }
        known.insert(user, fingerprint(stored_hash, password));
    }
}

/// The stored hash is random to anyone outside, so it salts the password.
fn fingerprint(stored_hash: &str, password: &str) -> Fingerprint {
    let mut digest = Sha256::new();
    digest.update(stored_hash.as_bytes());
    digest.update([0]);
    digest.update(password.as_bytes());
    digest.finalize().into()
}
