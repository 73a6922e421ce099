//! Database and retention policy names of v1, and the buckets they mean.
//!
//! Physical mappings are rows. Every bucket also has a virtual one, computed: `db/rp` is that database and policy,
//! any other name is a database with the policy `autogen`. A physical mapping hides the virtual one of its names.

use std::collections::BTreeSet;

use weir_database::{DatabaseError, Executor, Row, Transaction, sql};
use weir_model::{ErrorCode, Id, Result};

use crate::{Bucket, BucketFilter, Catalog, CatalogError, Paging};

/// A mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dbrp {
    /// Its id; a virtual one has its bucket's.
    pub id: Id,
    /// The organization.
    pub org_id: Id,
    /// The bucket that is meant.
    pub bucket_id: Id,
    /// The database.
    pub database: String,
    /// The retention policy.
    pub retention_policy: String,
    /// Whether it is meant when only the database is named.
    pub default: bool,
    /// Whether it is computed from the bucket's name.
    pub is_virtual: bool,
}

/// What a mapping is made of.
#[derive(Debug, Clone)]
pub struct NewDbrp {
    /// The organization.
    pub org_id: Id,
    /// The bucket, which must exist.
    pub bucket_id: Id,
    /// The database.
    pub database: String,
    /// The retention policy.
    pub retention_policy: String,
    /// Whether it becomes the default; the first of a database always does.
    pub default: bool,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct DbrpUpdate {
    /// A new retention policy.
    pub retention_policy: Option<String>,
    /// Whether it is the default; when it no longer is, another takes its place if there is one.
    pub default: Option<bool>,
}

/// Which mappings of an organization are listed; everything that is present must fit.
#[derive(Debug, Clone, Default)]
pub struct DbrpFilter {
    /// This one.
    pub id: Option<Id>,
    /// Those that mean this bucket.
    pub bucket_id: Option<Id>,
    /// Those of this database.
    pub database: Option<String>,
    /// Those of this retention policy.
    pub retention_policy: Option<String>,
    /// Those that are, or are not, a default.
    pub default: Option<bool>,
}

impl DbrpFilter {
    fn fits(&self, dbrp: &Dbrp) -> bool {
        self.id.is_none_or(|id| id == dbrp.id)
            && self.bucket_id.is_none_or(|id| id == dbrp.bucket_id)
            && self.database.as_ref().is_none_or(|name| *name == dbrp.database)
            && self.retention_policy.as_ref().is_none_or(|name| *name == dbrp.retention_policy)
            && self.default.is_none_or(|default| default == dbrp.default)
    }
}

const COLUMNS: &str = "SELECT d.id, d.org_id, d.bucket_id, d.db, d.rp, d.is_default FROM dbrps d";

fn read(row: &Row) -> Result<Dbrp, DatabaseError> {
    Ok(Dbrp {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        bucket_id: row.get("bucket_id")?,
        database: row.get("db")?,
        retention_policy: row.get("rp")?,
        default: row.get("is_default")?,
        is_virtual: false,
    })
}

fn check_name(which: &'static str, name: &str) -> Result<(), CatalogError> {
    // More than the refusal says: whatever can be printed but what parts paths.
    let refused = |c: char| c.is_control() || (c.is_whitespace() && c != ' ') || matches!(c, '/' | '\\');
    if name.is_empty() || matches!(name, "." | "..") || name.chars().any(refused) {
        return Err(CatalogError::DbrpName(which));
    }
    Ok(())
}

/// The mapping that a bucket's name makes; `mapped` holds the databases that have physical mappings.
fn virtual_of(bucket: &Bucket, mapped: &BTreeSet<String>) -> Dbrp {
    let (database, retention_policy, named) = match bucket.name.split_once('/') {
        Some((database, policy)) => (database, policy, true),
        None => (bucket.name.as_str(), "autogen", false),
    };
    Dbrp {
        id: bucket.id,
        org_id: bucket.org_id,
        bucket_id: bucket.id,
        database: database.to_owned(),
        retention_policy: retention_policy.to_owned(),
        default: !named && !mapped.contains(database),
        is_virtual: true,
    }
}

async fn physical(db: &mut dyn Executor, org: Id) -> Result<Vec<Dbrp>> {
    let rows = db.fetch_all(sql(format!("{COLUMNS} WHERE d.org_id = ? ORDER BY d.id")).bind(org)).await?;
    Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
}

async fn find_physical(db: &mut dyn Executor, org: Id, id: Id) -> Result<Option<Dbrp>> {
    let query = sql(format!("{COLUMNS} WHERE d.id = ? AND d.org_id = ?")).bind(id).bind(org);
    Ok(db.fetch_optional(query).await?.as_ref().map(read).transpose()?)
}

impl Catalog {
    /// Makes a physical mapping.
    ///
    /// # Errors
    /// Refused names, names that are mapped already, a bucket that does not exist.
    pub async fn create_dbrp(&self, new: NewDbrp) -> Result<Dbrp> {
        check_name("database", &new.database)?;
        check_name("retentionPolicy", &new.retention_policy)?;
        let mut tx = self.begin().await?;
        crate::buckets::by_id(&mut tx, new.bucket_id).await?;
        lock(&mut tx).await?;
        let first = default_of(&mut tx, new.org_id, &new.database).await?.is_none();
        let mut dbrp = Dbrp {
            id: self.new_id(),
            org_id: new.org_id,
            bucket_id: new.bucket_id,
            database: new.database,
            retention_policy: new.retention_policy,
            default: false,
            is_virtual: false,
        };
        let insert = sql(
            "INSERT INTO dbrps (id, org_id, bucket_id, db, rp, is_default) VALUES (?, ?, ?, ?, ?, FALSE)",
        )
        .bind(dbrp.id)
        .bind(dbrp.org_id)
        .bind(dbrp.bucket_id)
        .bind(&dbrp.database)
        .bind(&dbrp.retention_policy);
        tx.execute(insert).await.map_err(taken)?;
        if new.default || first {
            make_default(&mut tx, &dbrp).await?;
            dbrp.default = true;
        }
        self.commit(tx).await?;
        Ok(dbrp)
    }

    /// The mapping of this id in an organization: a physical one, or the virtual one of a bucket.
    ///
    /// # Errors
    /// [`CatalogError::DbrpNotFound`].
    pub async fn find_dbrp(&self, org: Id, id: Id) -> Result<Dbrp> {
        let mut db = self.database();
        if let Some(dbrp) = find_physical(&mut db, org, id).await? {
            return Ok(dbrp);
        }
        match self.find_bucket(id).await {
            Ok(bucket) if bucket.org_id == org => {
                let mapped = physical(&mut db, org).await?.into_iter().map(|dbrp| dbrp.database).collect();
                Ok(virtual_of(&bucket, &mapped))
            }
            _ => Err(CatalogError::DbrpNotFound.into()),
        }
    }

    /// The mappings of an organization that fit: physical ones by id, then virtual ones by their bucket's name.
    ///
    /// # Errors
    /// The database's.
    pub async fn list_dbrps(&self, org: Id, filter: &DbrpFilter) -> Result<Vec<Dbrp>> {
        let physical = physical(&mut self.database(), org).await?;
        let names: BTreeSet<(String, String)> =
            physical.iter().map(|dbrp| (dbrp.database.clone(), dbrp.retention_policy.clone())).collect();
        let mapped: BTreeSet<String> = physical.iter().map(|dbrp| dbrp.database.clone()).collect();
        let of_org = BucketFilter { org_id: Some(org), ..BucketFilter::default() };
        let buckets = self.list_buckets(&of_org, &Paging::default()).await?;
        let hidden = |dbrp: &Dbrp| names.contains(&(dbrp.database.clone(), dbrp.retention_policy.clone()));
        let computed = buckets.iter().map(|bucket| virtual_of(bucket, &mapped)).filter(|dbrp| !hidden(dbrp));
        Ok(physical.into_iter().chain(computed).filter(|dbrp| filter.fits(dbrp)).collect())
    }

    /// See [`Catalog::resolve_dbrp`]; reads no more than the rows that can be meant.
    pub(crate) async fn read_dbrp(&self, org: Id, database: &str, policy: Option<&str>) -> Result<Bucket> {
        let mut query = sql(format!("{COLUMNS} WHERE d.org_id = ?")).bind(org);
        query.push_bind(" AND d.db = ?", database).push(" ORDER BY d.id");
        let rows = self.database().fetch_all(query).await?;
        let physical: Vec<Dbrp> = rows.iter().map(read).collect::<Result<_, _>>()?;
        let fits = |dbrp: &&Dbrp| match policy {
            Some(policy) => dbrp.retention_policy == policy,
            None => dbrp.default,
        };
        if let Some(dbrp) = physical.iter().find(fits) {
            return self.find_bucket(dbrp.bucket_id).await;
        }
        // A bucket's own names: `db/policy`, or `db` for `autogen`, which is the default where nothing is mapped.
        let mut names = Vec::new();
        names.extend(policy.map(|policy| format!("{database}/{policy}")));
        let plain =
            policy.map_or(physical.is_empty(), |policy| policy == "autogen") && !database.contains('/');
        names.extend(plain.then(|| database.to_owned()));
        for name in names {
            match self.find_bucket_by_name(org, &name).await {
                Err(error) if error.code == ErrorCode::NotFound => {}
                found => return found,
            }
        }
        Err(CatalogError::NoMapping.into())
    }

    /// Changes a physical mapping.
    ///
    /// # Errors
    /// When there is none, or the new policy's name is refused or mapped already.
    pub async fn update_dbrp(&self, org: Id, id: Id, update: DbrpUpdate) -> Result<Dbrp> {
        let mut tx = self.begin().await?;
        lock(&mut tx).await?;
        let mut dbrp = find_physical(&mut tx, org, id).await?.ok_or(CatalogError::DbrpNotFound)?;
        if let Some(policy) = update.retention_policy {
            check_name("retentionPolicy", &policy)?;
            dbrp.retention_policy = policy;
            let change = sql("UPDATE dbrps SET rp = ? WHERE id = ?").bind(&dbrp.retention_policy).bind(id);
            tx.execute(change).await.map_err(taken)?;
        }
        match update.default {
            Some(true) => {
                make_default(&mut tx, &dbrp).await?;
                dbrp.default = true;
            }
            // Without another mapping of the database it stays the default, but the answer says what was asked.
            Some(false) if dbrp.default => {
                pass_on_default(&mut tx, &dbrp).await?;
                dbrp.default = false;
            }
            _ => {}
        }
        self.commit(tx).await?;
        Ok(dbrp)
    }

    /// Deletes a physical mapping; if it was a default, the database's first other one becomes it.
    ///
    /// # Errors
    /// [`CatalogError::DbrpNotFound`].
    pub async fn delete_dbrp(&self, org: Id, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        lock(&mut tx).await?;
        let dbrp = find_physical(&mut tx, org, id).await?.ok_or(CatalogError::DbrpNotFound)?;
        if dbrp.default {
            pass_on_default(&mut tx, &dbrp).await?;
        }
        tx.execute(sql("DELETE FROM dbrps WHERE id = ?").bind(id)).await?;
        self.commit(tx).await
    }
}

/// "dbrp" in ASCII: one change of defaults at a time, so that a database never has two or none.
async fn lock(tx: &mut Transaction) -> Result<()> {
    Ok(tx.lock(0x6462_7270).await?)
}

async fn default_of(tx: &mut Transaction, org: Id, database: &str) -> Result<Option<Id>> {
    let query = sql("SELECT id FROM dbrps WHERE org_id = ? AND db = ? AND is_default = TRUE")
        .bind(org)
        .bind(database);
    Ok(tx.fetch_optional(query).await?.map(|row| row.get("id")).transpose()?)
}

async fn make_default(tx: &mut Transaction, dbrp: &Dbrp) -> Result<()> {
    let change = sql("UPDATE dbrps SET is_default = (id = ?) WHERE org_id = ? AND db = ?")
        .bind(dbrp.id)
        .bind(dbrp.org_id)
        .bind(&dbrp.database);
    tx.execute(change).await?;
    Ok(())
}

/// Makes the first other mapping of the database its default, if there is one.
async fn pass_on_default(tx: &mut Transaction, dbrp: &Dbrp) -> Result<()> {
    let query = sql(format!("{COLUMNS} WHERE d.org_id = ? AND d.db = ? AND d.id <> ? ORDER BY d.id LIMIT 1"))
        .bind(dbrp.org_id)
        .bind(&dbrp.database)
        .bind(dbrp.id);
    match tx.fetch_optional(query).await? {
        Some(row) => make_default(tx, &read(&row)?).await,
        None => Ok(()),
    }
}

/// Before a bucket goes, with its mappings: hands on the defaults among them to mappings of other buckets.
pub(crate) async fn pass_on_defaults_of(tx: &mut Transaction, bucket: Id) -> Result<()> {
    lock(tx).await?;
    let query = sql(format!("{COLUMNS} WHERE d.bucket_id = ? AND d.is_default = TRUE")).bind(bucket);
    let defaults = tx.fetch_all(query).await?;
    tx.execute(sql("DELETE FROM dbrps WHERE bucket_id = ?").bind(bucket)).await?;
    for row in &defaults {
        pass_on_default(tx, &read(row)?).await?;
    }
    Ok(())
}

fn taken(error: DatabaseError) -> weir_model::Error {
    match error {
        DatabaseError::ForeignKey(_) => CatalogError::OrgNotFound.into(),
        error if error.is_unique() => CatalogError::DbrpExists.into(),
        error => error.into(),
    }
}
