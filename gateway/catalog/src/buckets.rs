//! Buckets.

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{Id, Result, Timestamp};

use crate::paging::{Key, Listing};
use crate::{Catalog, CatalogError, Paging, Retention, RetentionRule};

/// A bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// Its name, unique in the organization.
    pub name: String,
    /// Whether the server made it for itself.
    pub kind: BucketKind,
    /// A description, possibly empty.
    pub description: String,
    /// The name of the retention policy it was upgraded from; mostly empty.
    pub rp: String,
    /// How long points stay.
    pub retention: Retention,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Whose a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BucketKind {
    /// Made by a user.
    User,
    /// `_tasks` and `_monitoring`: cannot be renamed or deleted.
    System,
}

impl BucketKind {
    /// `user` or `system`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::System => "system",
        }
    }
}

/// What a bucket is made of.
#[derive(Debug, Clone)]
pub struct NewBucket {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// The legacy retention policy's name, mostly empty.
    pub rp: String,
    /// The retention rules, at most one.
    pub retention_rules: Vec<RetentionRule>,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct BucketUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// The retention rules, at most one; none for no change.
    pub retention_rules: Vec<RetentionRule>,
}

/// Which buckets are listed.
#[derive(Debug, Clone, Default)]
pub struct BucketFilter {
    /// This one; nothing else counts then.
    pub id: Option<Id>,
    /// Those of this organization, by name.
    pub org_id: Option<Id>,
    /// Those of the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
    /// The one of this name, or the ones if no organization is given.
    pub name: Option<String>,
}

/// A bucket that every organization has.
pub(crate) struct SystemBucket {
    name: &'static str,
    description: &'static str,
    seconds: i64,
}

/// The system buckets; what is written there expires after a week and after three days.
pub(crate) const SYSTEM_BUCKETS: [SystemBucket; 2] = [
    SystemBucket {
        name: "_monitoring",
        description: "System bucket for monitoring logs",
        seconds: 7 * 86_400,
    },
    SystemBucket { name: "_tasks", description: "System bucket for task logs", seconds: 3 * 86_400 },
];

const COLUMNS: &str =
    "SELECT b.id, b.org_id, b.name, b.kind, b.description, b.rp, b.retention, b.shard_group_duration,
    b.created_at, b.updated_at FROM buckets b";

fn read(row: &Row) -> Result<Bucket, DatabaseError> {
    let kind: String = row.get("kind")?;
    Ok(Bucket {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        name: row.get("name")?,
        kind: if kind == "system" { BucketKind::System } else { BucketKind::User },
        description: row.get("description")?,
        rp: row.get("rp")?,
        retention: Retention {
            period: row.get("retention")?,
            shard_group_duration: row.get("shard_group_duration")?,
        },
        created_at: Timestamp(row.get("created_at")?),
        updated_at: Timestamp(row.get("updated_at")?),
    })
}

fn check_name(name: &str) -> Result<(), CatalogError> {
    if name.starts_with('_') {
        return Err(CatalogError::BucketNameUnderscore(name.to_owned()));
    }
    if name.contains('"') {
        return Err(CatalogError::BucketNameQuote(name.to_owned()));
    }
    Ok(())
}

pub(crate) async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Bucket> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE b.id = ?")).bind(id)).await?;
    Ok(read(&row.ok_or(CatalogError::BucketNotFound)?)?)
}

impl Catalog {
    /// Makes a bucket.
    ///
    /// # Errors
    /// A refused name or retention, a name that is taken, or an organization that does not exist.
    pub async fn create_bucket(&self, new: NewBucket) -> Result<Bucket> {
        let mut tx = self.begin().await?;
        let bucket = self.create_bucket_in(&mut tx, new).await?;
        self.commit(tx).await?;
        Ok(bucket)
    }

    pub(crate) async fn create_bucket_in(&self, tx: &mut Transaction, new: NewBucket) -> Result<Bucket> {
        check_name(&new.name)?;
        let now = self.now();
        let bucket = Bucket {
            id: self.new_embeddable_id(),
            org_id: new.org_id,
            kind: BucketKind::User,
            retention: Retention::of_new(&new.retention_rules)?,
            name: new.name,
            description: new.description,
            rp: new.rp,
            created_at: now,
            updated_at: now,
        };
        insert(tx, &bucket).await?;
        Ok(bucket)
    }

    pub(crate) async fn create_system_bucket_in(
        &self,
        tx: &mut Transaction,
        org_id: Id,
        system: &SystemBucket,
    ) -> Result<()> {
        let now = self.now();
        let bucket = Bucket {
            id: self.new_embeddable_id(),
            org_id,
            name: system.name.to_owned(),
            kind: BucketKind::System,
            description: system.description.to_owned(),
            rp: String::new(),
            retention: Retention::of_seconds(system.seconds)?,
            created_at: now,
            updated_at: now,
        };
        insert(tx, &bucket).await
    }

    /// The bucket of this id.
    ///
    /// # Errors
    /// [`CatalogError::BucketNotFound`].
    pub async fn find_bucket(&self, id: Id) -> Result<Bucket> {
        by_id(&mut self.database(), id).await
    }

    /// The bucket of this name in an organization.
    ///
    /// # Errors
    /// [`CatalogError::BucketNameNotFound`].
    pub async fn find_bucket_by_name(&self, org: Id, name: &str) -> Result<Bucket> {
        let query = sql(format!("{COLUMNS} WHERE b.org_id = ? AND b.name = ?")).bind(org).bind(name);
        let row = self.database().fetch_optional(query).await?;
        Ok(read(&row.ok_or_else(|| CatalogError::BucketNameNotFound(name.to_owned()))?)?)
    }

    /// The buckets that `filter` names: those of an organization by name, others by id.
    ///
    /// # Errors
    /// When the one that is asked for by id, or by name in an organization, does not exist, nor the organization
    /// that is asked for by name.
    pub async fn list_buckets(&self, filter: &BucketFilter, paging: &Paging) -> Result<Vec<Bucket>> {
        if let Some(id) = filter.id {
            return Ok(vec![self.find_bucket(id).await?]);
        }
        let org = match (filter.org_id, &filter.org) {
            (Some(id), _) => Some(id),
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (None, None) => None,
        };
        let mut listing;
        match (org, &filter.name) {
            (Some(org), Some(name)) => return Ok(vec![self.find_bucket_by_name(org, name).await?]),
            (Some(org), None) => {
                listing = Listing::new(COLUMNS, "buckets b", &[Key::Text("b.name")]);
                let query = listing.filter();
                query.push_bind(" AND b.org_id = ?", org);
                if let Some(after) = paging.after {
                    let side = if paging.descending { "<" } else { ">" };
                    let place = format!(" AND b.name {side} (SELECT a.name FROM buckets a WHERE a.id = ?");
                    query.push_bind(&place, after).push_bind(" AND a.org_id = ?)", org);
                }
            }
            (None, name) => {
                listing = Listing::new(COLUMNS, "buckets b", &[Key::Text("b.id")]).after_id(paging);
                if let Some(name) = name {
                    listing.filter().push_bind(" AND b.name = ?", name);
                }
            }
        }
        let rows = self.read_page(listing, paging).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Changes a bucket.
    ///
    /// # Errors
    /// When it does not exist, the new name is refused or taken, the retention is refused, or a system bucket would
    /// get another name.
    pub async fn update_bucket(&self, id: Id, update: BucketUpdate) -> Result<Bucket> {
        let mut tx = self.begin().await?;
        let mut bucket = by_id(&mut tx, id).await?;
        if let Some(name) = update.name.filter(|name| *name != bucket.name) {
            if bucket.kind == BucketKind::System {
                return Err(CatalogError::SystemBucketRename.into());
            }
            check_name(&name)?;
            bucket.name = name;
        }
        if let Some(description) = update.description {
            bucket.description = description;
        }
        bucket.retention = bucket.retention.changed(&update.retention_rules)?;
        bucket.updated_at = self.now();
        let change =
            sql("UPDATE buckets SET name = ?, description = ?, retention = ?, shard_group_duration = ?,
                          updated_at = ? WHERE id = ?")
            .bind(&bucket.name)
            .bind(&bucket.description)
            .bind(bucket.retention.period)
            .bind(bucket.retention.shard_group_duration)
            .bind(bucket.updated_at.0)
            .bind(id);
        match tx.execute(change).await {
            Err(error) if error.is_unique() => return Err(CatalogError::BucketNameNotUnique.into()),
            other => other?,
        };
        self.commit(tx).await?;
        Ok(bucket)
    }

    /// Deletes a bucket with its members and the database names that map to it. Its points are left to the store.
    ///
    /// # Errors
    /// When it does not exist or is a system bucket.
    pub async fn delete_bucket(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if by_id(&mut tx, id).await?.kind == BucketKind::System {
            return Err(CatalogError::SystemBucketDelete.into());
        }
        crate::dbrps::pass_on_defaults_of(&mut tx, id).await?;
        tx.execute(sql("DELETE FROM members WHERE resource_id = ?").bind(id)).await?;
        tx.execute(sql("DELETE FROM label_mappings WHERE resource_id = ?").bind(id)).await?;
        tx.execute(sql("DELETE FROM buckets WHERE id = ?").bind(id)).await?;
        self.commit(tx).await
    }
}

async fn insert(tx: &mut Transaction, bucket: &Bucket) -> Result<()> {
    let insert =
        sql("INSERT INTO buckets (id, org_id, name, kind, description, rp, retention, shard_group_duration,
                      created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(bucket.id)
        .bind(bucket.org_id)
        .bind(&bucket.name)
        .bind(bucket.kind.as_str())
        .bind(&bucket.description)
        .bind(&bucket.rp)
        .bind(bucket.retention.period)
        .bind(bucket.retention.shard_group_duration)
        .bind(bucket.created_at.0)
        .bind(bucket.updated_at.0);
    match tx.execute(insert).await {
        Err(DatabaseError::Unique(_)) => Err(CatalogError::BucketExists(bucket.name.clone()).into()),
        Err(DatabaseError::ForeignKey(_)) => Err(CatalogError::OrgNotFound.into()),
        other => other.map(drop).map_err(Into::into),
    }
}
