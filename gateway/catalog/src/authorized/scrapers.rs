//! Scraper targets: rights over the target, and to write the bucket its metrics go to.

use weir_model::{Action, Id, ResourceType, Result};

use super::Authorized;
use crate::{NewScraper, Scraper, ScraperFilter, ScraperUpdate};

const KIND: ResourceType = ResourceType::Scrapers;

impl Authorized {
    /// Makes a scraper target.
    ///
    /// # Errors
    /// `write:orgs/<org>/scrapers`, then the bucket, is unauthorized; then as [`crate::Catalog::create_scraper`].
    pub async fn create_scraper(&self, new: NewScraper) -> Result<Scraper> {
        self.check_create(KIND, new.org_id)?;
        self.check_one(Action::Write, ResourceType::Buckets, new.bucket_id, new.org_id)?;
        self.catalog.create_scraper(new).await
    }

    /// The scraper target of this id.
    ///
    /// # Errors
    /// Not found, then not readable.
    pub async fn find_scraper(&self, id: Id) -> Result<Scraper> {
        let scraper = self.catalog.find_scraper(id).await?;
        self.check_one(Action::Read, KIND, id, scraper.org_id)?;
        Ok(scraper)
    }

    /// The scraper targets that `filter` names and the caller may read.
    ///
    /// # Errors
    /// As [`crate::Catalog::list_scrapers`].
    pub async fn list_scrapers(&self, filter: &ScraperFilter) -> Result<Vec<Scraper>> {
        let mut scrapers = self.catalog.list_scrapers(filter).await?;
        scrapers.retain(|scraper| self.may_read(KIND, scraper.id, scraper.org_id));
        Ok(scrapers)
    }

    /// The names of a target's organization and bucket, which whoever is shown the target is shown too.
    ///
    /// # Errors
    /// The target is not readable.
    pub async fn names_of_scraper(&self, scraper: &Scraper) -> Result<(Option<String>, Option<String>)> {
        self.check_one(Action::Read, KIND, scraper.id, scraper.org_id)
            .or_else(|_| self.check_one(Action::Write, KIND, scraper.id, scraper.org_id))?;
        let org = self.catalog.resolve_org(&crate::NameOrId::Id(scraper.org_id)).await;
        let bucket =
            self.catalog.resolve_bucket(scraper.org_id, &crate::NameOrId::Id(scraper.bucket_id)).await;
        Ok((org.ok().map(|org| org.name), bucket.ok().map(|bucket| bucket.name)))
    }

    /// Changes a scraper target.
    ///
    /// # Errors
    /// Not found, then the target or its bucket (the new one, if there is one) is not writable, then as
    /// [`crate::Catalog::update_scraper`].
    pub async fn update_scraper(&self, id: Id, update: ScraperUpdate) -> Result<Scraper> {
        let scraper = self.catalog.find_scraper(id).await?;
        self.check_one(Action::Write, KIND, id, scraper.org_id)?;
        let bucket = update.bucket_id.unwrap_or(scraper.bucket_id);
        self.check_one(Action::Write, ResourceType::Buckets, bucket, scraper.org_id)?;
        self.catalog.update_scraper(id, update).await
    }

    /// Deletes a scraper target.
    ///
    /// # Errors
    /// Not found, then not writable.
    pub async fn delete_scraper(&self, id: Id) -> Result<()> {
        let scraper = self.catalog.find_scraper(id).await?;
        self.check_one(Action::Write, KIND, id, scraper.org_id)?;
        self.catalog.delete_scraper(id).await
    }
}
