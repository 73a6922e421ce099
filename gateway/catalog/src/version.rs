//! The catalog's version: raised by every change, so that caches know when they are stale.

use std::sync::atomic::{AtomicI64, Ordering};

use weir_database::sql;
use weir_model::{Result, Timestamp};

use crate::Catalog;

/// How long a version read from the database is trusted.
const TRUSTED_NS: i64 = 500_000_000;

/// The newest version known here, and when the database was last asked.
#[derive(Debug)]
pub(crate) struct Version {
    seen: AtomicI64,
    asked_at: AtomicI64,
}

impl Version {
    pub(crate) fn new() -> Self {
        Self { seen: AtomicI64::new(0), asked_at: AtomicI64::new(i64::MIN) }
    }

    /// Takes notice of a version that the database has.
    pub(crate) fn saw(&self, version: i64) {
        self.seen.fetch_max(version, Ordering::AcqRel);
    }

    /// Whether the caller is the one to ask the database now.
    fn claim(&self, now: Timestamp) -> bool {
        let asked_at = self.asked_at.load(Ordering::Acquire);
        now.0.saturating_sub(asked_at) >= TRUSTED_NS
            && self.asked_at.compare_exchange(asked_at, now.0, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

impl Catalog {
    /// The catalog's version. What was read after learning a version is current as long as the version is the same.
    /// A change made by this process shows at once, one made by another within half a second.
    ///
    /// # Errors
    /// [`weir_model::ErrorCode::Unavailable`] when the database cannot be asked.
    pub async fn version(&self) -> Result<i64> {
        let version = self.version_state();
        if version.claim(self.now()) {
            match self.read_version().await {
                Ok(read) => version.saw(read),
                Err(error) => {
                    version.asked_at.store(i64::MIN, Ordering::Release);
                    return Err(error);
                }
            }
        }
        Ok(version.seen.load(Ordering::Acquire))
    }

    async fn read_version(&self) -> Result<i64> {
        let row =
            self.database().fetch_optional(sql("SELECT version FROM catalog_version WHERE id = 1")).await?;
        Ok(row.map(|row| row.get("version")).transpose()?.unwrap_or(0))
    }
}
