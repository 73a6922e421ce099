//! Opening the catalog, with the keys of its secrets or the store that keeps them.

use std::sync::Arc;

use weir_catalog::{Catalog, SecretKeys, SecretStore, Secrets, System};

use crate::options::Common;
use crate::readiness::{self, Need};
use crate::vault::{SecretStoreKind, Vault};

/// Opens the catalog's database, with the folder of an embedded one. Waits for a server that does not answer yet, and
/// looks after `need` from then on.
///
/// # Errors
/// When the folder cannot be made, the keys cannot be read, or the database refuses.
pub(crate) async fn open(options: &Common, need: Need) -> Result<Catalog, Box<dyn std::error::Error>> {
    std::fs::create_dir_all(&options.data_dir)
        .map_err(|error| format!("the data folder {}: {error}", options.data_dir.display()))?;
    // A file that was named must be there: a new key in its place could not read the secrets of the old one.
    let (file, keys) = match &options.secret_key_file {
        Some(file) => (file.clone(), SecretKeys::read(file)),
        None => {
            let file = options.data_dir.join("secret.key");
            let keys = SecretKeys::read_or_create(&file, &System);
            (file, keys)
        }
    };
    let keys = keys.map_err(|error| format!("the key file {}: {error}", file.display()))?;
    let store: Option<Arc<dyn SecretStore>> = match options.vault.secret_store {
        SecretStoreKind::Catalog => None,
        SecretStoreKind::Vault => Some(Arc::new(Vault::new(&options.vault)?)),
    };
    let secrets = Secrets { keys: Some(keys), store };
    let database = readiness::connect(&options.catalog_url(), &options.database(), &need).await?;
    let catalog = Catalog::open_with(database, Arc::new(System), secrets).await?;
    let rotation = catalog.rotate_secrets().await?;
    if rotation.renewed > 0 {
        tracing::info!(secrets = rotation.renewed, "encrypted with the new key");
    }
    if rotation.unreadable > 0 {
        tracing::warn!(secrets = rotation.unreadable, "no key opens these secrets: set them again");
    }
    need.met();
    tokio::spawn(readiness::watch_catalog(catalog.database().clone(), need));
    Ok(catalog)
}
