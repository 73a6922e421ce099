//! What all custom resources share: how an object is managed, how it names its organization, its status, and how the
//! definitions that the API server gets are finished.

mod definitions;
mod management;
mod references;
mod status;

pub use definitions::definitions;
pub use management::{DeletionPolicy, Home, Management};
pub use references::{InstanceReference, KeySelector, Reference};
pub use status::{Condition, Credential, Origin, Retiring, Status};

/// The API group of every kind.
pub const GROUP: &str = "weir.dev";

/// The version of every kind.
pub const VERSION: &str = "v1alpha1";
