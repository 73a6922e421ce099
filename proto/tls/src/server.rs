//! The listening side.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::server::WebPkiClientVerifier;
use rustls::{ServerConfig, SupportedCipherSuite, SupportedProtocolVersion};

use crate::files::{self, Contents};
use crate::renewed::{self, Renewed};
use crate::{Error, Result};

/// The oldest version of TLS that is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Version {
    /// TLS 1.2 and 1.3.
    #[default]
    V1_2,
    /// TLS 1.3 only.
    V1_3,
}

/// What a listener needs.
#[derive(Debug, Clone, Default)]
pub struct ServerSettings {
    /// The certificate, and those between it and its authority, as PEM.
    pub certificate: PathBuf,
    /// Its private key, as PEM.
    pub key: PathBuf,
    /// The oldest version that is spoken.
    pub oldest: Version,
    /// With TLS 1.2, AES with 256 bits in GCM only.
    pub strict: bool,
    /// The authorities whose certificates clients must show; `None`: clients need not show any.
    pub clients: Option<PathBuf>,
    /// The protocols that may be spoken inside, for example `http/1.1`.
    pub protocols: Vec<Vec<u8>>,
}

/// A listener's configuration, as its files are now. A clone is the same.
#[derive(Clone)]
pub struct Server {
    settings: Arc<ServerSettings>,
    renewed: Arc<Renewed<ServerConfig>>,
}

impl Server {
    /// Reads the files.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn open(settings: ServerSettings) -> Result<Self> {
        let contents = read(&settings)?;
        let renewed = Renewed::new(contents.clone(), configuration(&settings, &contents)?);
        Ok(Self { settings: Arc::new(settings), renewed: Arc::new(renewed) })
    }

    /// The configuration for the next connection.
    #[must_use]
    pub fn current(&self) -> Arc<ServerConfig> {
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
        renewed::watch(&self.settings.certificate.display().to_string(), || self.look()).await;
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("settings", &self.settings).finish_non_exhaustive()
    }
}

fn read(settings: &ServerSettings) -> Result<Contents> {
    let mut paths: Vec<&Path> = vec![&settings.certificate, &settings.key];
    paths.extend(settings.clients.as_deref());
    files::read(&paths)
}

fn configuration(settings: &ServerSettings, contents: &Contents) -> Result<ServerConfig> {
    let [certificate, key, rest @ ..] = contents.as_slice() else {
        return Err(Error::Settings("a listener has a certificate and a key".to_owned()));
    };
    let chain = files::certificates(&settings.certificate, certificate)?;
    let key = files::key(&settings.key, key)?;
    let provider = Arc::new(provider(settings.strict));
    let builder = ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(versions(settings.oldest))
        .map_err(|error| Error::Settings(error.to_string()))?;
    let builder = match (&settings.clients, rest) {
        (Some(path), [pem, ..]) => {
            let roots = Arc::new(files::authorities(path, pem)?);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider).build();
            builder.with_client_cert_verifier(
                verifier.map_err(|error| Error::Settings(format!("{}: {error}", path.display())))?,
            )
        }
        _ => builder.with_no_client_auth(),
    };
    let mut made = builder.with_single_cert(chain, key).map_err(|error| {
        let certificate = settings.certificate.display();
        Error::Settings(format!("{certificate} and {}: {error}", settings.key.display()))
    })?;
    made.alpn_protocols.clone_from(&settings.protocols);
    Ok(made)
}

static BOTH: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13, &rustls::version::TLS12];
static NEWEST: &[&SupportedProtocolVersion] = &[&rustls::version::TLS13];

fn versions(oldest: Version) -> &'static [&'static SupportedProtocolVersion] {
    match oldest {
        Version::V1_2 => BOTH,
        Version::V1_3 => NEWEST,
    }
}

fn provider(strict: bool) -> CryptoProvider {
    let mut provider = ring::default_provider();
    if strict {
        provider.cipher_suites.retain(is_strict);
    }
    provider
}

/// Of TLS 1.3 there is no weak suite.
fn is_strict(suite: &SupportedCipherSuite) -> bool {
    use rustls::CipherSuite::{
        TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
    };
    suite.tls13().is_some()
        || matches!(
            suite.suite(),
            TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 | TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384
        )
}
