//! The secret that the processes of a cluster share.
//!
//! A role believes what another says, down to a caller's permissions, so that a port between roles must not be open to
//! everybody.

use std::fmt;
use std::sync::Arc;

use tonic::metadata::{Ascii, MetadataValue};
use tonic::service::Interceptor;
use tonic::{Request, Status};
use weir_model::{Error, Result};

use super::status::status_of;

const HEADER: &str = "weir-cluster-secret";

/// A shared secret. Its text is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterSecret(Arc<str>);

impl fmt::Debug for ClusterSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClusterSecret(…)")
    }
}

impl ClusterSecret {
    /// A secret of printable ASCII.
    ///
    /// # Errors
    /// It is empty, or has other characters.
    pub fn new(text: &str) -> Result<Self> {
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(Error::invalid("the cluster's secret must be printable ASCII without spaces"));
        }
        Ok(Self(text.into()))
    }

    /// Compares in a time that tells nothing but the length.
    fn is(&self, other: &[u8]) -> bool {
        let mine = self.0.as_bytes();
        mine.len() == other.len() && mine.iter().zip(other).fold(0, |diff, (a, b)| diff | (a ^ b)) == 0
    }
}

/// Shows the secret with each call.
#[derive(Debug, Clone)]
pub(super) struct Show(Option<MetadataValue<Ascii>>);

impl Show {
    pub(super) fn new(secret: Option<&ClusterSecret>) -> Result<Self> {
        let value = secret.map(|secret| MetadataValue::try_from(&*secret.0)).transpose();
        let mut value =
            value.map_err(|_| Error::invalid("the cluster's secret does not fit into a header"))?;
        if let Some(value) = &mut value {
            value.set_sensitive(true);
        }
        Ok(Self(value))
    }
}

impl Interceptor for Show {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(value) = &self.0 {
            request.metadata_mut().insert(HEADER, value.clone());
        }
        Ok(request)
    }
}

/// Refuses calls that do not show the secret.
#[derive(Debug, Clone)]
pub(super) struct Demand(pub(super) Option<ClusterSecret>);

impl Interceptor for Demand {
    fn call(&mut self, request: Request<()>) -> Result<Request<()>, Status> {
        let Some(secret) = &self.0 else { return Ok(request) };
        if request.metadata().get(HEADER).is_some_and(|shown| secret.is(shown.as_bytes())) {
            return Ok(request);
        }
        tracing::warn!("refused a call from a process that does not know the cluster's secret");
        // Not the user's fault, so not the code of a user without permission.
        Err(status_of(&Error::internal("two parts of the server do not share a secret")))
    }
}
