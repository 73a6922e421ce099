//! How the processes of a cluster know each other.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use weir_model::{Error, Result};

use super::secret::ClusterSecret;

/// What a process shows to others, and what it demands of them.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// What both sides must know; `None`: nothing, for a network that nobody else reaches.
    pub secret: Option<ClusterSecret>,
    /// How what they say is encrypted; `None`: not at all.
    pub tls: Option<ClusterTls>,
}

impl Trust {
    /// A secret only.
    #[must_use]
    pub fn with_secret(secret: Option<ClusterSecret>) -> Self {
        Self { secret, tls: None }
    }
}

/// Mutual TLS: every process shows a certificate of the cluster's authority. A clone is the same.
#[derive(Debug, Clone)]
pub struct ClusterTls {
    pub(super) server: weir_tls::Server,
    pub(super) client: weir_tls::Client,
    pub(super) name: Arc<ServerName<'static>>,
}

/// The files of [`ClusterTls`], as PEM.
#[derive(Debug, Clone)]
pub struct ClusterTlsFiles {
    /// The certificate that this process shows, whoever connects.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The authority of all processes' certificates.
    pub authorities: PathBuf,
    /// The name that all certificates have: addresses of processes change, and say nothing of who they are.
    pub name: String,
}

impl ClusterTls {
    /// Reads the files.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub fn open(files: ClusterTlsFiles) -> Result<Self> {
        let ClusterTlsFiles { certificate, key, authorities, name } = files;
        let name = ServerName::try_from(name.clone())
            .map_err(|_| Error::invalid(format!("{name:?} is not a name that a certificate may have")))?;
        let protocols = vec![b"h2".to_vec()];
        let server = weir_tls::Server::open(weir_tls::ServerSettings {
            certificate: certificate.clone(),
            key: key.clone(),
            clients: Some(authorities.clone()),
            protocols: protocols.clone(),
            ..weir_tls::ServerSettings::default()
        });
        let client = weir_tls::Client::open(weir_tls::ClientSettings {
            authorities,
            identity: Some((certificate, key)),
            protocols,
        });
        let told = |error: weir_tls::Error| Error::invalid(format!("TLS between processes: {error}"));
        Ok(Self { server: server.map_err(told)?, client: client.map_err(told)?, name: Arc::new(name) })
    }

    /// Follows renewed files. Never returns.
    pub async fn watch(self) {
        tokio::join!(self.server.watch(), self.client.watch());
    }
}
