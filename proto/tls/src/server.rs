//! The listening side.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};
use rustls::server::WebPkiClientVerifier;
use rustls::{ServerConfig, SupportedCipherSuite, SupportedProtocolVersion};

use crate::files;
use crate::renewed::{Renewed, Source};
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

/// A listener's configuration.
pub type Server = Renewed<ServerSettings>;

impl Source for ServerSettings {
    type Made = ServerConfig;

    fn paths(&self) -> Vec<&Path> {
        let mut paths: Vec<&Path> = vec![&self.certificate, &self.key];
        paths.extend(self.clients.as_deref());
        paths
    }

    fn make(&self, contents: &[Vec<u8>]) -> Result<ServerConfig> {
        let [certificate, key, rest @ ..] = contents else {
            return Err(Error::Settings("a listener has a certificate and a key".to_owned()));
        };
        let chain = files::certificates(&self.certificate, certificate)?;
        let key = files::key(&self.key, key)?;
        let provider = Arc::new(provider(self.strict));
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(versions(self.oldest))
            .map_err(|error| Error::Settings(error.to_string()))?;
        let builder = match (&self.clients, rest) {
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
            let certificate = self.certificate.display();
            Error::Settings(format!("{certificate} and {}: {error}", self.key.display()))
        })?;
        made.alpn_protocols.clone_from(&self.protocols);
        Ok(made)
    }
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
