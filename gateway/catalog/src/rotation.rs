//! Rotation of the key that secrets are encrypted with: what an older key encrypted is encrypted anew.

use weir_database::{Executor, Row, sql};
use weir_model::{Id, Result};

use crate::Catalog;

/// How many values were encrypted anew, and how many could not be since none of the keys opens them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rotation {
    /// Encrypted with the first key now.
    pub renewed: usize,
    /// Encrypted with a key that is not there.
    pub unreadable: usize,
}

/// A value, where it is, and the two statements that read all and write one.
struct Kind {
    /// Those that another key than `?` encrypted, as `org_id`, `name` and `sealed`.
    read: &'static str,
    /// `?` in the place of the one of an organization, of this name, that is still `?`.
    write: &'static str,
}

const KINDS: [Kind; 2] = [
    Kind {
        read: "SELECT org_id, name, name AS place, sealed FROM secrets WHERE sealed NOT LIKE ?",
        write: "UPDATE secrets SET sealed = ? WHERE org_id = ? AND name = ? AND sealed = ?",
    },
    Kind {
        read: "SELECT org_id, id AS name, 'remotes/' || id || '/token' AS place, sealed_token AS sealed FROM remotes
            WHERE sealed_token NOT LIKE ?",
        write: "UPDATE remotes SET sealed_token = ? WHERE org_id = ? AND id = ? AND sealed_token = ?",
    },
];

impl Catalog {
    /// Encrypts with the first key what another one encrypted. Processes that start together may all do it.
    ///
    /// # Errors
    /// The database's.
    pub async fn rotate_secrets(&self) -> Result<Rotation> {
        let mut done = Rotation::default();
        let Some(keys) = self.secret_keys() else { return Ok(done) };
        let current = keys.mark();
        let mut found: Vec<(&Kind, Row)> = Vec::new();
        for kind in &KINDS {
            let rows = self.database().fetch_all(sql(kind.read).bind(format!("{current}:%"))).await?;
            found.extend(rows.into_iter().map(|row| (kind, row)));
        }
        if found.is_empty() {
            return Ok(done);
        }
        let mut tx = self.begin().await?;
        for (kind, row) in found {
            let (org, name): (Id, String) = (row.get("org_id")?, row.get("name")?);
            let (place, sealed): (String, String) = (row.get("place")?, row.get("sealed")?);
            let renewed = keys
                .open(org, &place, &sealed)
                .and_then(|value| keys.seal(org, &place, &value, self.surroundings()));
            let Some(renewed) = renewed else {
                done.unreadable += 1;
                continue;
            };
            tx.execute(sql(kind.write).bind(renewed).bind(org).bind(name).bind(sealed)).await?;
            done.renewed += 1;
        }
        self.commit(tx).await?;
        Ok(done)
    }
}
