//! Opening the catalog.

use std::sync::Arc;

use weir_catalog::{Catalog, System};
use weir_database::Database;

use crate::options::Common;

/// Opens the catalog's database, with the folder of an embedded one.
///
/// # Errors
/// When the folder cannot be made, or the database does not answer.
pub(crate) async fn open(options: &Common) -> Result<Catalog, Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&options.data_dir)
        .map_err(|error| format!("the data folder {}: {error}", options.data_dir.display()))?;
    let database = Database::connect(&options.catalog_url(), &weir_database::Options::default()).await?;
    Ok(Catalog::open(database, Arc::new(System)).await?)
}
