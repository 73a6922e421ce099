//! What every role of Weir means by an id, a resource, a permission and an error code.
//!
//! Purpose: the vocabulary that crosses role boundaries. Pure: no IO, no async, no clock; ids and times are
//! handed in. It deliberately does not know how anything is stored, routed or answered over HTTP.
//!
//! Invariants: an [`Id`] is never zero; an [`Error`] always has a code of the v2 vocabulary and a message that
//! may be shown to the caller (internal causes are logged where they happen, not carried here).

mod error;
mod id;
mod permission;
mod status;
mod timestamp;

pub use error::{Error, ErrorCode, Result};
pub use id::{Id, IdError};
pub use permission::{
    Action, Caller, Credential, Permission, Resource, ResourceType, UncheckedPermission, UncheckedResource,
};
pub use status::Status;
pub use timestamp::Timestamp;
