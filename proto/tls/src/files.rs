//! Reading PEM files.

use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::{Error, Result};

/// The contents of files, to see whether one was replaced.
pub(crate) type Contents = Vec<Vec<u8>>;

pub(crate) fn read(paths: &[&Path]) -> Result<Contents> {
    let one =
        |path: &&Path| std::fs::read(path).map_err(|source| Error::Read { path: path.to_path_buf(), source });
    paths.iter().map(one).collect()
}

/// The certificates of a file, the holder's own first.
pub(crate) fn certificates(path: &Path, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let wrong = |reason: String| Error::Content { path: PathBuf::from(path), reason };
    let found: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let found = found.map_err(|error| wrong(format!("the certificates are not PEM: {error}")))?;
    if found.is_empty() {
        return Err(wrong("there is no certificate in it".to_owned()));
    }
    Ok(found)
}

/// The first private key of a file.
pub(crate) fn key(path: &Path, pem: &[u8]) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|_| Error::Content {
        path: PathBuf::from(path),
        // Nothing of what is in it may be repeated.
        reason: "there is no private key in it (PEM with PKCS #8, PKCS #1 or SEC 1)".to_owned(),
    })
}

/// The authorities of a file.
pub(crate) fn authorities(path: &Path, pem: &[u8]) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(path, pem)? {
        roots.add(certificate).map_err(|error| Error::Content {
            path: PathBuf::from(path),
            reason: format!("a certificate cannot be used: {error}"),
        })?;
    }
    Ok(roots)
}
