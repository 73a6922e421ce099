//! The catalog itself: the database, time and randomness, and how a change is made.

use std::sync::Arc;

use weir_database::{Database, Executor, Transaction, sql};
use weir_model::{Caller, Id, Result, Timestamp};

use crate::lookups::Lookups;
use crate::places::Places;
use crate::surroundings::{IdGenerator, random_embeddable};
use crate::version::Version;
use crate::{Authorized, SecretKeys, SecretStore, Secrets, Surroundings, schema};

/// The resources, without asking who wants them. Handlers hold an [`Authorized`] instead. A clone is the same catalog.
#[derive(Clone)]
pub struct Catalog {
    shared: Arc<Shared>,
}

struct Shared {
    database: Database,
    surroundings: Arc<dyn Surroundings>,
    ids: IdGenerator,
    version: Version,
    lookups: Lookups,
    places: Places,
    secrets: Secrets,
}

impl Catalog {
    /// The catalog in `database`, whose tables are made or brought up to date.
    ///
    /// # Errors
    /// When the database does not answer or was migrated by a newer program.
    pub async fn open(database: Database, surroundings: Arc<dyn Surroundings>) -> Result<Self> {
        Self::open_with(database, surroundings, Secrets::default()).await
    }

    /// The same with a way to keep secrets. Without keys (or, for those of organizations, a store) they can be neither
    /// set nor read.
    ///
    /// # Errors
    /// As [`Catalog::open`].
    pub async fn open_with(
        database: Database,
        surroundings: Arc<dyn Surroundings>,
        secrets: impl Into<Secrets>,
    ) -> Result<Self> {
        let secrets = secrets.into();
        database.migrate("catalog", schema::MIGRATIONS).await?;
        let ids = IdGenerator::new(surroundings.as_ref());
        Ok(Self {
            shared: Arc::new(Shared {
                database,
                surroundings,
                ids,
                version: Version::new(),
                lookups: Lookups::default(),
                places: Places::default(),
                secrets,
            }),
        })
    }

    /// The catalog as `caller` may see and change it.
    pub fn authorized(&self, caller: Caller) -> Authorized {
        Authorized::new(self.clone(), caller)
    }

    /// The database, for the crates that keep their own tables in it.
    pub fn database(&self) -> &Database {
        &self.shared.database
    }

    /// The time, as the catalog is told.
    pub fn now(&self) -> Timestamp {
        self.shared.surroundings.now()
    }

    pub(crate) fn surroundings(&self) -> &dyn Surroundings {
        self.shared.surroundings.as_ref()
    }

    pub(crate) fn secret_keys(&self) -> Option<&SecretKeys> {
        self.shared.secrets.keys.as_ref()
    }

    pub(crate) fn secret_store(&self) -> Option<&dyn SecretStore> {
        self.shared.secrets.store.as_deref()
    }

    pub(crate) fn lookups(&self) -> &Lookups {
        &self.shared.lookups
    }

    pub(crate) fn places(&self) -> &Places {
        &self.shared.places
    }

    pub(crate) fn version_state(&self) -> &Version {
        &self.shared.version
    }

    /// A fresh id that grows with time, for everything but organizations and buckets.
    pub fn new_id(&self) -> Id {
        self.shared.ids.next(self.now())
    }

    /// A fresh random id without separator bytes, for organizations and buckets.
    pub(crate) fn new_embeddable_id(&self) -> Id {
        random_embeddable(self.surroundings())
    }

    /// Begins a change; see [`Catalog::commit`].
    pub(crate) async fn begin(&self) -> Result<Transaction> {
        Ok(self.database().begin().await?)
    }

    /// Commits a change and raises the version, so that no cache answers with what was before.
    pub(crate) async fn commit(&self, mut tx: Transaction) -> Result<()> {
        // Last, so that concurrent changes wait for each other only here.
        let raise = sql("UPDATE catalog_version SET version = version + 1 WHERE id = 1 RETURNING version");
        let rows = tx.fetch_all(raise).await?;
        let version: i64 = rows.first().map(|row| row.get("version")).transpose()?.unwrap_or(0);
        tx.commit().await?;
        self.version_state().saw(version);
        Ok(())
    }
}

impl std::fmt::Debug for Catalog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Catalog({:?})", self.database())
    }
}
