//! Replications: a bucket whose points are copied to a remote.

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, Result};

use crate::{Catalog, CatalogError};

/// A bucket whose points are copied to a remote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replication {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name; others may have it too.
    pub name: String,
    /// A description, if one was given.
    pub description: Option<String>,
    /// The remote.
    pub remote_id: Id,
    /// The bucket here.
    pub local_bucket_id: Id,
    /// The bucket there.
    pub remote_bucket: RemoteBucket,
    /// How many bytes wait at most.
    pub max_queue_size: i64,
    /// How many seconds they wait at most; 0 for the default.
    pub max_age: i64,
    /// Whether what the remote refuses for good is dropped, instead of holding up what comes after it.
    pub drop_non_retryable: bool,
    /// The status the remote answered last.
    pub latest_response_code: Option<i64>,
    /// What it said with it.
    pub latest_error_message: Option<String>,
}

/// A bucket of a remote, by either name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteBucket {
    /// By its id there.
    Id(Id),
    /// By its name there.
    Name(String),
}

impl RemoteBucket {
    /// From the two members of a request, of which the id counts more.
    pub fn of(id: Option<Id>, name: Option<String>) -> Option<Self> {
        id.map(Self::Id).or_else(|| name.filter(|name| !name.is_empty()).map(Self::Name))
    }

    /// Its id, if that is how it is named.
    pub fn id(&self) -> Option<Id> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Name(_) => None,
        }
    }

    /// Its name; empty if it is named by its id.
    pub fn name(&self) -> &str {
        match self {
            Self::Id(_) => "",
            Self::Name(name) => name,
        }
    }
}

/// What a replication is made of.
#[derive(Debug, Clone)]
pub struct NewReplication {
    /// The organization.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// A description.
    pub description: Option<String>,
    /// The remote, which must be in the organization.
    pub remote_id: Id,
    /// The bucket, which must be in the organization.
    pub local_bucket_id: Id,
    /// The bucket there; must be present.
    pub remote_bucket: Option<RemoteBucket>,
    /// How many bytes wait at most.
    pub max_queue_size: i64,
    /// How many seconds they wait at most; 0 for the default.
    pub max_age: i64,
    /// Whether what the remote refuses for good is dropped.
    pub drop_non_retryable: bool,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct ReplicationUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// Another remote.
    pub remote_id: Option<Id>,
    /// Another bucket there.
    pub remote_bucket: Option<RemoteBucket>,
    /// How many bytes wait at most.
    pub max_queue_size: Option<i64>,
    /// How many seconds they wait at most; 0 for the default.
    pub max_age: Option<i64>,
    /// Whether what the remote refuses for good is dropped.
    pub drop_non_retryable: Option<bool>,
}

/// Which replications are listed; everything that is present must fit.
#[derive(Debug, Clone)]
pub struct ReplicationFilter {
    /// Those of this organization.
    pub org_id: Id,
    /// Those of this name.
    pub name: Option<String>,
    /// Those to this remote.
    pub remote_id: Option<Id>,
    /// Those from this bucket.
    pub local_bucket_id: Option<Id>,
}

/// The smallest queue.
pub(crate) const MIN_QUEUE_SIZE: i64 = 33_554_430;
/// The queue of a replication that says nothing of it.
pub const DEFAULT_QUEUE_SIZE: i64 = 2 * MIN_QUEUE_SIZE;
/// Within which points may wait, in seconds.
pub(crate) const AGES: std::ops::RangeInclusive<i64> = 60..=5_184_000;

const COLUMNS: &str =
    "SELECT p.id, p.org_id, p.name, p.description, p.remote_id, p.local_bucket_id, p.remote_bucket_id,
    p.remote_bucket_name, p.max_queue_size, p.max_age, p.drop_non_retryable, p.latest_response_code,
    p.latest_error_message FROM replications p";

fn read(row: &Row) -> Result<Replication, DatabaseError> {
    let name: String = row.get("remote_bucket_name")?;
    Ok(Replication {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        description: row.get("description")?,
        remote_id: row.get("remote_id")?,
        local_bucket_id: row.get("local_bucket_id")?,
        remote_bucket: row
            .get::<Option<Id>, _>("remote_bucket_id")?
            .map_or(RemoteBucket::Name(name), RemoteBucket::Id),
        max_queue_size: row.get("max_queue_size")?,
        max_age: row.get("max_age")?,
        drop_non_retryable: row.get("drop_non_retryable")?,
        latest_response_code: row.get("latest_response_code")?,
        latest_error_message: row.get("latest_error_message")?,
    })
}

fn check_limits(queue: i64, age: i64) -> Result<(), CatalogError> {
    if queue < MIN_QUEUE_SIZE {
        return Err(CatalogError::QueueTooSmall(MIN_QUEUE_SIZE));
    }
    if age != 0 && !AGES.contains(&age) {
        return Err(CatalogError::ReplicationAge(*AGES.start(), *AGES.end()));
    }
    Ok(())
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Replication> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE p.id = ?")).bind(id)).await?;
    Ok(read(&row.ok_or(CatalogError::ReplicationNotFound)?)?)
}

/// Refuses a remote that is not in the organization, or nowhere at all.
async fn check_remote(db: &mut dyn Executor, id: Id, org: Id) -> Result<()> {
    let query = sql("SELECT id FROM remotes WHERE id = ? AND org_id = ?").bind(id).bind(org);
    match db.fetch_optional(query).await? {
        Some(_) => Ok(()),
        None => Err(CatalogError::ReplicationRemote(id).into()),
    }
}

impl NewReplication {
    /// Refuses limits that are out of range.
    ///
    /// # Errors
    /// [`CatalogError::QueueTooSmall`], [`CatalogError::ReplicationAge`].
    pub fn check(&self) -> Result<(), CatalogError> {
        check_limits(self.max_queue_size, self.max_age)
    }
}

impl ReplicationUpdate {
    /// Refuses limits that are out of range.
    ///
    /// # Errors
    /// As [`NewReplication::check`].
    pub fn check(&self) -> Result<(), CatalogError> {
        check_limits(self.max_queue_size.unwrap_or(DEFAULT_QUEUE_SIZE), self.max_age.unwrap_or(0))
    }

    /// Puts what changes in its place.
    pub fn apply(self, to: &mut Replication) {
        if let Some(name) = self.name {
            to.name = name;
        }
        if self.description.is_some() {
            to.description = self.description;
        }
        if let Some(bucket) = self.remote_bucket {
            to.remote_bucket = bucket;
        }
        to.remote_id = self.remote_id.unwrap_or(to.remote_id);
        to.max_queue_size = self.max_queue_size.unwrap_or(to.max_queue_size);
        to.max_age = self.max_age.unwrap_or(to.max_age);
        to.drop_non_retryable = self.drop_non_retryable.unwrap_or(to.drop_non_retryable);
    }
}

impl Catalog {
    /// Makes a replication.
    ///
    /// # Errors
    /// Limits out of range; a bucket or a remote that is not in the organization; no bucket there.
    pub async fn create_replication(&self, new: NewReplication) -> Result<Replication> {
        let mut tx = self.begin().await?;
        let replication = self.checked_replication(&mut tx, new).await?;
        let insert =
            sql("INSERT INTO replications (id, org_id, name, description, remote_id, local_bucket_id,
                 remote_bucket_id, remote_bucket_name, max_queue_size, max_age, drop_non_retryable)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
            .bind(replication.id)
            .bind(replication.org_id)
            .bind(&replication.name)
            .bind(replication.description.clone())
            .bind(replication.remote_id)
            .bind(replication.local_bucket_id)
            .bind(replication.remote_bucket.id())
            .bind(replication.remote_bucket.name())
            .bind(replication.max_queue_size)
            .bind(replication.max_age)
            .bind(replication.drop_non_retryable);
        tx.execute(insert).await?;
        self.commit(tx).await?;
        Ok(replication)
    }

    /// What [`Catalog::create_replication`] would make, without making it.
    ///
    /// # Errors
    /// As that.
    pub async fn plan_replication(&self, new: NewReplication) -> Result<Replication> {
        let mut tx = self.begin().await?;
        self.checked_replication(&mut tx, new).await
    }

    async fn checked_replication(&self, tx: &mut Transaction, new: NewReplication) -> Result<Replication> {
        new.check()?;
        let local = crate::buckets::by_id(tx, new.local_bucket_id).await.ok();
        if local.is_none_or(|bucket| bucket.org_id != new.org_id) {
            return Err(CatalogError::ReplicationBucket(new.local_bucket_id).into());
        }
        check_remote(tx, new.remote_id, new.org_id).await?;
        Ok(Replication {
            id: self.new_id(),
            org_id: new.org_id,
            name: new.name,
            description: new.description,
            remote_id: new.remote_id,
            local_bucket_id: new.local_bucket_id,
            remote_bucket: new.remote_bucket.ok_or(CatalogError::ReplicationWithoutTarget)?,
            max_queue_size: new.max_queue_size,
            max_age: new.max_age,
            drop_non_retryable: new.drop_non_retryable,
            latest_response_code: None,
            latest_error_message: None,
        })
    }

    /// The replication of this id.
    ///
    /// # Errors
    /// [`CatalogError::ReplicationNotFound`].
    pub async fn find_replication(&self, id: Id) -> Result<Replication> {
        by_id(&mut self.database(), id).await
    }

    /// The replications that `filter` names, by id.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_replications(&self, filter: &ReplicationFilter) -> Result<Vec<Replication>> {
        let mut query = sql(format!("{COLUMNS} WHERE p.org_id = ?")).bind(filter.org_id);
        if let Some(name) = &filter.name {
            query.push_bind(" AND p.name = ?", name);
        }
        if let Some(remote) = filter.remote_id {
            query.push_bind(" AND p.remote_id = ?", remote);
        }
        if let Some(bucket) = filter.local_bucket_id {
            query.push_bind(" AND p.local_bucket_id = ?", bucket);
        }
        query.push(" ORDER BY p.id");
        let rows = self.database().fetch_all(query).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Changes a replication.
    ///
    /// # Errors
    /// [`CatalogError::ReplicationNotFound`], or as [`Catalog::create_replication`].
    pub async fn update_replication(&self, id: Id, update: ReplicationUpdate) -> Result<Replication> {
        update.check()?;
        let mut tx = self.begin().await?;
        let mut replication = by_id(&mut tx, id).await?;
        if let Some(remote) = update.remote_id {
            check_remote(&mut tx, remote, replication.org_id).await?;
        }
        update.apply(&mut replication);
        let change = sql("UPDATE replications SET name = ?, description = ?, remote_id = ?,
                 remote_bucket_id = ?, remote_bucket_name = ?, max_queue_size = ?, max_age = ?,
                 drop_non_retryable = ? WHERE id = ?")
        .bind(&replication.name)
        .bind(replication.description.clone())
        .bind(replication.remote_id)
        .bind(replication.remote_bucket.id())
        .bind(replication.remote_bucket.name())
        .bind(replication.max_queue_size)
        .bind(replication.max_age)
        .bind(replication.drop_non_retryable)
        .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(replication)
    }

    /// Notes what a remote answered last; a replication that is gone is no error.
    ///
    /// # Errors
    /// The database's.
    pub async fn note_replication_answer(&self, id: Id, code: i64, message: &str) -> Result<()> {
        // Not a change of a resource: no cache looks at it.
        let note =
            sql("UPDATE replications SET latest_response_code = ?, latest_error_message = ? WHERE id = ?")
                .bind(code)
                .bind(message)
                .bind(id);
        self.database().execute(note).await?;
        Ok(())
    }

    /// Deletes a replication. What waits for it is left to whoever sees that it is gone.
    ///
    /// # Errors
    /// [`CatalogError::ReplicationNotFound`].
    pub async fn delete_replication(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM replications WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::ReplicationNotFound.into());
        }
        self.commit(tx).await
    }
}
