//! Scraper targets, as resources.

use weir_database::{DatabaseError, Executor, Row, sql};
use weir_model::{Id, Result};

use crate::{Catalog, CatalogError};

/// An address whose metrics are wanted in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scraper {
    /// Its id.
    pub id: Id,
    /// The organization it is in.
    pub org_id: Id,
    /// The bucket, which may be gone.
    pub bucket_id: Id,
    /// Its name; others may have it too.
    pub name: String,
    /// `prometheus`, or empty.
    pub kind: String,
    /// Where the metrics are.
    pub url: String,
    /// Whether certificates are not checked.
    pub allow_insecure: bool,
}

/// What a scraper target is made of.
#[derive(Debug, Clone)]
pub struct NewScraper {
    /// The organization, which must exist.
    pub org_id: Id,
    /// The bucket, which must be in the organization.
    pub bucket_id: Id,
    /// The name.
    pub name: String,
    /// `prometheus`, or empty.
    pub kind: String,
    /// Where the metrics are.
    pub url: String,
    /// Whether certificates are not checked.
    pub allow_insecure: bool,
}

/// What changes; absent stays.
#[derive(Debug, Clone, Default)]
pub struct ScraperUpdate {
    /// Another bucket of the same organization.
    pub bucket_id: Option<Id>,
    /// A new name.
    pub name: Option<String>,
    /// A new type.
    pub kind: Option<String>,
    /// A new address.
    pub url: Option<String>,
    /// Whether certificates are not checked.
    pub allow_insecure: Option<bool>,
}

/// Which scraper targets are listed; everything that is present must fit.
#[derive(Debug, Clone, Default)]
pub struct ScraperFilter {
    /// These; all if there are none.
    pub ids: Vec<Id>,
    /// Those of this organization.
    pub org_id: Option<Id>,
    /// Those of the organization of this name; `org_id` goes before it.
    pub org: Option<String>,
    /// Those of this name.
    pub name: Option<String>,
}

const COLUMNS: &str =
    "SELECT s.id, s.org_id, s.bucket_id, s.name, s.kind, s.url, s.allow_insecure FROM scrapers s";

fn read(row: &Row) -> Result<Scraper, DatabaseError> {
    Ok(Scraper {
        id: row.get("id")?,
        org_id: row.get("org_id")?,
        bucket_id: row.get("bucket_id")?,
        name: row.get("name")?,
        kind: row.get("kind")?,
        url: row.get("url")?,
        allow_insecure: row.get("allow_insecure")?,
    })
}

fn check_kind(kind: &str) -> Result<(), CatalogError> {
    match kind {
        "" | "prometheus" => Ok(()),
        other => Err(CatalogError::ScraperType(other.to_owned())),
    }
}

async fn check_bucket(db: &mut dyn Executor, bucket: Id, org: Id) -> Result<()> {
    let found = crate::buckets::by_id(db, bucket).await?;
    if found.org_id == org { Ok(()) } else { Err(CatalogError::BucketNotFound.into()) }
}

async fn by_id(db: &mut dyn Executor, id: Id) -> Result<Scraper> {
    let row = db.fetch_optional(sql(format!("{COLUMNS} WHERE s.id = ?")).bind(id)).await?;
    Ok(read(&row.ok_or(CatalogError::ScraperNotFound)?)?)
}

impl Catalog {
    /// Makes a scraper target.
    ///
    /// # Errors
    /// An unknown type, or a bucket that is not in the organization.
    pub async fn create_scraper(&self, new: NewScraper) -> Result<Scraper> {
        check_kind(&new.kind)?;
        let scraper = Scraper {
            id: self.new_id(),
            org_id: new.org_id,
            bucket_id: new.bucket_id,
            name: new.name,
            kind: new.kind,
            url: new.url,
            allow_insecure: new.allow_insecure,
        };
        let mut tx = self.begin().await?;
        check_bucket(&mut tx, scraper.bucket_id, scraper.org_id).await?;
        let insert = sql("INSERT INTO scrapers (id, org_id, bucket_id, name, kind, url, allow_insecure)
             VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(scraper.id)
        .bind(scraper.org_id)
        .bind(scraper.bucket_id)
        .bind(&scraper.name)
        .bind(&scraper.kind)
        .bind(&scraper.url)
        .bind(scraper.allow_insecure);
        tx.execute(insert).await?;
        self.commit(tx).await?;
        Ok(scraper)
    }

    /// The scraper target of this id.
    ///
    /// # Errors
    /// [`CatalogError::ScraperNotFound`].
    pub async fn find_scraper(&self, id: Id) -> Result<Scraper> {
        by_id(&mut self.database(), id).await
    }

    /// The scraper targets that `filter` names, by id.
    ///
    /// # Errors
    /// When the organization that is asked for by name does not exist.
    pub async fn list_scrapers(&self, filter: &ScraperFilter) -> Result<Vec<Scraper>> {
        let mut query = sql(format!("{COLUMNS} WHERE TRUE"));
        let org = match (filter.org_id, &filter.org) {
            (Some(id), _) => Some(id),
            (None, Some(name)) => Some(self.find_org_by_name(name).await?.id),
            (None, None) => None,
        };
        if let Some(org) = org {
            query.push_bind(" AND s.org_id = ?", org);
        }
        if let Some(name) = &filter.name {
            query.push_bind(" AND s.name = ?", name);
        }
        if !filter.ids.is_empty() {
            query.push(" AND s.id IN ").push_list(filter.ids.iter().map(|id| (*id).into()));
        }
        query.push(" ORDER BY s.id");
        let rows = self.database().fetch_all(query).await?;
        Ok(rows.iter().map(read).collect::<Result<_, _>>()?)
    }

    /// Changes a scraper target.
    ///
    /// # Errors
    /// When it does not exist, or as [`Catalog::create_scraper`].
    pub async fn update_scraper(&self, id: Id, update: ScraperUpdate) -> Result<Scraper> {
        let mut tx = self.begin().await?;
        let mut scraper = by_id(&mut tx, id).await?;
        if let Some(bucket) = update.bucket_id {
            check_bucket(&mut tx, bucket, scraper.org_id).await?;
            scraper.bucket_id = bucket;
        }
        if let Some(kind) = update.kind {
            check_kind(&kind)?;
            scraper.kind = kind;
        }
        scraper.name = update.name.unwrap_or(scraper.name);
        scraper.url = update.url.unwrap_or(scraper.url);
        scraper.allow_insecure = update.allow_insecure.unwrap_or(scraper.allow_insecure);
        let change = sql(
            "UPDATE scrapers SET bucket_id = ?, name = ?, kind = ?, url = ?, allow_insecure = ? WHERE id = ?",
        )
        .bind(scraper.bucket_id)
        .bind(&scraper.name)
        .bind(&scraper.kind)
        .bind(&scraper.url)
        .bind(scraper.allow_insecure)
        .bind(id);
        tx.execute(change).await?;
        self.commit(tx).await?;
        Ok(scraper)
    }

    /// Deletes a scraper target.
    ///
    /// # Errors
    /// [`CatalogError::ScraperNotFound`].
    pub async fn delete_scraper(&self, id: Id) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(sql("DELETE FROM scrapers WHERE id = ?").bind(id)).await? == 0 {
            return Err(CatalogError::ScraperNotFound.into());
        }
        crate::members::forget_resource_in(&mut tx, id).await?;
        self.commit(tx).await
    }
}
