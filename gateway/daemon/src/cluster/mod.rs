//! Processes that find each other through the catalog.

mod ingesters;
mod membership;
mod progress;
mod queriers;
mod schema;
mod writer_number;

pub(crate) use ingesters::Directory;
pub(crate) use membership::Membership;
pub(crate) use progress::Progress;
pub(crate) use queriers::Queriers;
pub(crate) use schema::migrate;
pub(crate) use writer_number::WriterNumber;

use std::time::Duration;

/// How often a process says that it is alive, and looks for others.
pub(crate) const BEAT: Duration = Duration::from_secs(1);
/// How long after its last word a process counts as alive, in nanoseconds.
pub(crate) const ALIVE: i64 = 5_000_000_000;
