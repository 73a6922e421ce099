//! Why an object is not as its spec says.

use thiserror::Error;

use crate::api::Failure;

/// Why an object is not as its spec says.
#[derive(Debug, Error)]
pub enum Problem {
    /// Something the spec refers to is not there yet.
    #[error("{0}")]
    Waiting(String),
    /// The Instance is not usable.
    #[error("{0}")]
    Instance(String),
    /// There is no such Instance, or it does not let the resource in: nothing can be done on its server, ever.
    #[error("{0}")]
    NoInstance(String),
    /// The object on the server belongs to somebody else.
    #[error("{0}")]
    Conflict(String),
    /// The spec cannot be carried out as it is.
    #[error("{0}")]
    Invalid(String),
    /// The server did not answer, or refused.
    #[error(transparent)]
    Server(#[from] Failure),
    /// The API server did not answer, or refused.
    #[error("{0}")]
    Cluster(String),
}

impl Problem {
    /// The reason of the conditions.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Waiting(_) => "ReferenceNotReady",
            Self::Instance(_) | Self::NoInstance(_) => "InstanceNotReady",
            Self::Conflict(_) => "Conflict",
            Self::Invalid(_) => "Invalid",
            Self::Server(Failure::Unreachable(_)) => "ServerUnavailable",
            Self::Server(Failure::Refused { status: 401 | 403, .. }) => "Unauthorized",
            Self::Server(Failure::Refused { status: 501, .. }) => "Unsupported",
            Self::Server(Failure::Refused { status: 500.., .. }) => "ServerError",
            Self::Server(Failure::Refused { .. }) => "Refused",
            Self::Cluster(_) => "ClusterError",
        }
    }
}

impl From<kube::Error> for Problem {
    fn from(error: kube::Error) -> Self {
        Self::Cluster(format!("the API server: {error}"))
    }
}
