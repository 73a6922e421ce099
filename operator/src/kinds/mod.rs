//! One file a kind: its spec, and how it is on the server.

mod bucket;
mod check;
mod dashboard;
mod dbrp;
mod instance;
mod notification_endpoint;
mod notification_rule;
mod organization;
mod remote_connection;
mod replication;
mod task;
mod telegraf;
mod template;
mod token;
mod user;
mod variable;

use kube::ResourceExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

pub use bucket::{Bucket, BucketSpec};
pub use check::{Check, CheckSpec};
pub use dashboard::{Dashboard, DashboardSpec};
pub use dbrp::{Dbrp, DbrpSpec};
pub use instance::{Instance, InstanceSpec};
pub use notification_endpoint::{NotificationEndpoint, NotificationEndpointSpec};
pub use notification_rule::{NotificationRule, NotificationRuleSpec};
pub use organization::{Organization, OrganizationSpec};
pub use remote_connection::{RemoteConnection, RemoteConnectionSpec};
pub use replication::{Replication, ReplicationSpec};
pub use task::{Task, TaskSpec};
pub use telegraf::{Telegraf, TelegrafSpec};
pub use template::{Template, TemplateSpec};
pub use token::{Token, TokenSpec};
pub use user::{User, UserSpec};
pub use variable::{Variable, VariableSpec};

/// Whether something works at the moment.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Activity {
    /// It works.
    #[default]
    Active,
    /// It does not.
    Inactive,
}

/// A key and its value.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
pub struct Pair {
    /// The key.
    #[schemars(length(min = 1, max = 256))]
    pub key: String,
    /// The value.
    #[schemars(length(max = 1024))]
    pub value: String,
}

/// What the mechanism asks every kind for alike.
macro_rules! accessors {
    (in organization) => {
        fn home(&self) -> Option<&crate::crd::Home> {
            Some(&self.spec.home)
        }

        super::accessors!(above organizations but home);
    };
    (above organizations) => {
        fn home(&self) -> Option<&crate::crd::Home> {
            None
        }

        super::accessors!(above organizations but home);
    };
    (above organizations but home) => {
        fn management(&self) -> &crate::crd::Management {
            &self.spec.management
        }

        fn status(&self) -> Option<&crate::crd::Status> {
            self.status.as_ref()
        }

        fn status_mut(&mut self) -> &mut Option<crate::crd::Status> {
            &mut self.status
        }
    };
}
use accessors;

/// The name on the server: the spec's, or the resource's own.
fn name_or(name: &Option<String>, resource: &impl ResourceExt) -> String {
    name.clone().unwrap_or_else(|| resource.name_any())
}

/// The members of an object, with the description when the spec gives one.
fn fields(members: Value, description: &Option<String>) -> Map<String, Value> {
    let mut members = crate::reconcile::object(members);
    if let Some(description) = description {
        members.insert("description".into(), json!(description));
    }
    members
}
