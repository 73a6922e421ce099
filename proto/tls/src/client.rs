//! The connecting side.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;

use crate::files::{self, Contents};
use crate::renewed::{self, Renewed};
use crate::{Error, Result};

/// What a connection needs.
#[derive(Debug, Clone, Default)]
pub struct ClientSettings {
    /// The authorities that a server's certificate must come from, as PEM.
    pub authorities: PathBuf,
    /// The certificate and the key to show, as PEM.
    pub identity: Option<(PathBuf, PathBuf)>,
    /// The protocols that may be spoken inside, for example `h2`.
    pub protocols: Vec<Vec<u8>>,
}

/// A connection's configuration, as its files are now. A clone is the same.
#[derive(Clone)]
pub struct Client {
    settings: Arc<ClientSettings>,
    renewed: Arc<Renewed<ClientConfig>>,
}

impl Client {
    /// Reads the files.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn open(settings: ClientSettings) -> Result<Self> {
        let contents = read(&settings)?;
        let renewed = Renewed::new(contents.clone(), configuration(&settings, &contents)?);
        Ok(Self { settings: Arc::new(settings), renewed: Arc::new(renewed) })
    }

    /// The configuration for the next connection.
    #[must_use]
    pub fn current(&self) -> Arc<ClientConfig> {
        self.renewed.current()
    }

    /// Looks whether the files were replaced, and tells so.
    ///
    /// # Errors
    /// What is wrong with the new ones; those before stay in use.
    pub fn look(&self) -> Result<bool> {
        let settings = &self.settings;
        self.renewed.look(|| read(settings), |contents| configuration(settings, contents))
    }

    /// Looks again and again. Never returns.
    pub async fn watch(self) {
        renewed::watch(&self.settings.authorities.display().to_string(), || self.look()).await;
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn read(settings: &ClientSettings) -> Result<Contents> {
    let mut paths: Vec<&Path> = vec![&settings.authorities];
    if let Some((certificate, key)) = &settings.identity {
        paths.extend([certificate.as_path(), key.as_path()]);
    }
    files::read(&paths)
}

fn configuration(settings: &ClientSettings, contents: &Contents) -> Result<ClientConfig> {
    let [authorities, rest @ ..] = contents.as_slice() else {
        return Err(Error::Settings("a connection has authorities".to_owned()));
    };
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::Settings(error.to_string()))?
        .with_root_certificates(files::authorities(&settings.authorities, authorities)?);
    let mut made = match (&settings.identity, rest) {
        (Some((certificate, key)), [chain, secret]) => {
            let chain = files::certificates(certificate, chain)?;
            let secret = files::key(key, secret)?;
            builder.with_client_auth_cert(chain, secret).map_err(|error| {
                Error::Settings(format!("{} and {}: {error}", certificate.display(), key.display()))
            })?
        }
        _ => builder.with_no_client_auth(),
    };
    made.alpn_protocols.clone_from(&settings.protocols);
    Ok(made)
}
