//! Checks, notification endpoints and notification rules: what they are made of, what is refused, how they are kept,
//! and the scripts that checks and rules stand for.
//!
//! A check or a rule owns a task of the same organization that runs its script and is made, changed and deleted with
//! it. Whether it is switched on, and when it ran, is known to that task alone.

mod check;
mod checks;
mod duration;
mod endpoint;
mod endpoints;
mod json;
mod level;
mod query;
mod rule;
mod rules;
mod script;
mod tags;
mod task;
mod threshold;
mod url;

pub use check::{CheckKind, CheckSchedule, NewCheck};
pub use checks::{Check, CheckFilter};
pub use duration::FluxDuration;
pub use endpoint::{EndpointKind, NewEndpoint, SecretField};
pub use endpoints::{Endpoint, EndpointFilter};
pub use level::Level;
pub use query::{BuilderConfig, CheckQuery};
pub use rule::{Limit, NewRule, RuleBase, RuleKind, StatusRule};
pub use rules::{Rule, RuleFilter};
pub use tags::{Tag, TagOperator, TagRule};
pub use task::TaskState;
pub use threshold::{Bounds, Threshold};

use weir_model::Status;

use crate::CatalogError;

/// What changes of a check, an endpoint or a rule by PATCH; absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MonitoringUpdate {
    /// A new name.
    pub name: Option<String>,
    /// A new description.
    pub description: Option<String>,
    /// A new status.
    pub status: Option<Status>,
}

impl MonitoringUpdate {
    /// Checks an update as a request gives it; `what` is how the reference calls the kind.
    ///
    /// # Errors
    /// An empty name or description, or an unknown status.
    pub fn new(
        what: &str,
        name: Option<String>,
        description: Option<String>,
        status: Option<&str>,
    ) -> Result<Self, CatalogError> {
        for (value, label) in [(&name, "Name"), (&description, "Description")] {
            if value.as_deref() == Some("") {
                return Err(CatalogError::Monitoring(format!("{what} {label} can't be empty")));
            }
        }
        Ok(Self { name, description, status: status.map(parse_status).transpose()? })
    }
}

/// A status as requests write it.
pub(crate) fn parse_status(text: &str) -> Result<Status, CatalogError> {
    text.parse().map_err(|error: weir_model::Error| CatalogError::Monitoring(error.message))
}
