//! NotificationRule: which levels are sent to which endpoint.

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Activity, NotificationEndpoint, Pair, fields, name_or};
use crate::{
    crd::{Home, Management, Reference, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, Update, collection},
};

/// A rule.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "NotificationRule",
    namespaced,
    status = "Status",
    shortname = "wrule",
    doc = "Which levels of which checks a server sends to a notification endpoint.",
    printcolumn(name = "Every", type_ = "string", json_path = ".spec.every"),
    printcolumn(name = "Status", type_ = "string", json_path = ".spec.status")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.endpoint) || has(self.endpointRef)").message("give endpoint or endpointRef"))]
pub struct NotificationRuleSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// An inactive rule sends nothing.
    #[serde(default)]
    pub status: Activity,
    /// Name of the endpoint on the server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub endpoint: Option<String>,
    /// A NotificationEndpoint resource of the same namespace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint_ref: Option<Reference>,
    /// Time between runs: 1m, 1h.
    #[schemars(regex(pattern = "^([0-9]+(s|m|h|d|w))+$"), length(max = 64))]
    pub every: String,
    /// How long after its time a run starts.
    #[serde(default = "zero")]
    #[schemars(regex(pattern = "^([0-9]+(s|m|h|d|w))+$"), length(max = 64))]
    pub offset: String,
    /// The levels, or changes of level, that are sent.
    #[schemars(length(min = 1, max = 16))]
    pub status_rules: Vec<StatusRule>,
    /// Tags that a status must have.
    #[serde(default)]
    #[schemars(length(max = 64))]
    pub tag_rules: Vec<Pair>,
    /// The message, for Slack, PagerDuty and Telegram.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub message_template: Option<String>,
    /// The channel, for Slack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub channel: Option<String>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

fn zero() -> String {
    "0s".into()
}

/// A level, or a change of level.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct StatusRule {
    /// The level now.
    pub current_level: RuleLevel,
    /// The level before, when only a change is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub previous_level: Option<RuleLevel>,
}

/// A level, or any.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum RuleLevel {
    Any,
    Ok,
    Info,
    Warn,
    Crit,
}

impl Managed for NotificationRule {
    const ROUTE: Route = Route {
        filter: None,
        update: Update::Put,
        ..Route::new("/api/v2/notificationRules", "notificationRules")
    };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let spec = &self.spec;
        let name = name_or(&spec.name, self);
        let route = NotificationEndpoint::ROUTE;
        let (endpoint, reference) = (spec.endpoint.as_ref(), spec.endpoint_ref.as_ref());
        let endpoint = scope.id_of("NotificationEndpoint", route, endpoint, reference).await?;
        // A rule is of its endpoint's type.
        let found = collection::read(route, scope, &endpoint).await?;
        let found = found.ok_or_else(|| Problem::Waiting(format!("the endpoint {endpoint} is gone")))?;
        let tags: Vec<Value> = spec
            .tag_rules
            .iter()
            .map(|Pair { key, value }| json!({ "key": key, "value": value, "operator": "equal" }))
            .collect();
        let mut all = fields(
            json!({
                "type": found.get("type"),
                "name": name,
                "status": spec.status,
                "endpointID": endpoint,
                "every": spec.every,
                "offset": spec.offset,
                "statusRules": spec.status_rules,
                "tagRules": tags,
            }),
            &spec.description,
        );
        for (member, value) in [("messageTemplate", &spec.message_template), ("channel", &spec.channel)] {
            if let Some(value) = value {
                all.insert(member.into(), json!(value));
            }
        }
        Ok(Desired { fields: all, once: scope.in_organization()?, name, ..Desired::default() })
    }
}
