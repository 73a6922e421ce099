//! What each role is made of.

mod all_in_one;
mod door;
mod gateway;
mod ingester;
mod parts;
mod querier;

use crate::options::{Options, Role};
use crate::readiness::Needs;
use door::Door;

/// Runs the role that was asked for until told to stop.
///
/// # Errors
/// When something cannot start.
pub(crate) async fn run(options: Options) -> Result<(), Box<dyn std::error::Error>> {
    match options.role {
        None => all_in_one::run(options.common).await,
        Some(Role::Gateway) => gateway::run(options.common).await,
        Some(Role::Ingester) => ingester::run(options.common).await,
        Some(Role::Querier) => querier::run(options.common).await,
    }
}
