//! The connecting side.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;

use crate::files;
use crate::renewed::{Renewed, Source};
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

/// A connection's configuration.
pub type Client = Renewed<ClientSettings>;

impl Source for ClientSettings {
    type Made = ClientConfig;

    fn paths(&self) -> Vec<&Path> {
        let mut paths: Vec<&Path> = vec![&self.authorities];
        if let Some((certificate, key)) = &self.identity {
            paths.extend([certificate.as_path(), key.as_path()]);
        }
        paths
    }

    fn make(&self, contents: &[Vec<u8>]) -> Result<ClientConfig> {
        let [authorities, rest @ ..] = contents else {
            return Err(Error::Settings("a connection has authorities".to_owned()));
        };
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::Settings(error.to_string()))?
            .with_root_certificates(files::authorities(&self.authorities, authorities)?);
        let mut made = match (&self.identity, rest) {
            (Some((certificate, key)), [chain, secret]) => {
                let chain = files::certificates(certificate, chain)?;
                let secret = files::key(key, secret)?;
                builder.with_client_auth_cert(chain, secret).map_err(|error| {
                    Error::Settings(format!("{} and {}: {error}", certificate.display(), key.display()))
                })?
            }
            _ => builder.with_no_client_auth(),
        };
        made.alpn_protocols.clone_from(&self.protocols);
        Ok(made)
    }
}
