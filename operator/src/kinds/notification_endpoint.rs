//! NotificationEndpoint: where notifications go.

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Activity, fields, name_or};
use crate::{
    crd::{Home, KeySelector, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, Update, object},
};

/// An endpoint.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "NotificationEndpoint",
    namespaced,
    status = "Status",
    shortname = "wendpoint",
    doc = "Where a server sends notifications: Slack, PagerDuty, HTTP or Telegram.",
    printcolumn(name = "Status", type_ = "string", json_path = ".spec.status")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("[has(self.slack), has(self.pagerduty), has(self.http), has(self.telegram)].filter(x, x).size() == 1").message("give slack, pagerduty, http or telegram, one of them"))]
pub struct NotificationEndpointSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// An inactive endpoint gets nothing.
    #[serde(default)]
    pub status: Activity,
    /// A Slack webhook or API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack: Option<Slack>,
    /// A PagerDuty service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagerduty: Option<PagerDuty>,
    /// Any HTTP server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<Http>,
    /// A Telegram channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telegram: Option<Telegram>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

/// Slack.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Slack {
    /// The webhook.
    #[schemars(length(min = 1, max = 2048))]
    pub url: String,
    /// The Secret key that holds an API token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_secret_ref: Option<KeySelector>,
}

/// PagerDuty.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct PagerDuty {
    /// The link that a notification carries.
    #[serde(default, rename = "clientURL")]
    #[schemars(length(max = 2048))]
    pub client_url: String,
    /// The Secret key that holds the routing key.
    pub routing_key_secret_ref: KeySelector,
}

/// An HTTP server.
#[derive(KubeSchema, Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("!has(self.tokenSecretRef) || !(has(self.usernameSecretRef) || has(self.passwordSecretRef))").message("give tokenSecretRef, or usernameSecretRef and passwordSecretRef"))]
#[x_kube(validation = Rule::new("has(self.usernameSecretRef) == has(self.passwordSecretRef)").message("usernameSecretRef and passwordSecretRef go together"))]
pub struct Http {
    /// Where requests go.
    #[schemars(length(min = 1, max = 2048))]
    pub url: String,
    /// POST, PUT or GET.
    #[serde(default)]
    pub method: HttpMethod,
    /// The Secret key that holds a bearer token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_secret_ref: Option<KeySelector>,
    /// The Secret key that holds the user of basic authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username_secret_ref: Option<KeySelector>,
    /// The Secret key that holds the password of basic authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_secret_ref: Option<KeySelector>,
    /// The body.
    #[serde(default)]
    #[schemars(length(max = 65_536))]
    pub content_template: String,
}

/// A method.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum HttpMethod {
    #[default]
    Post,
    Put,
    Get,
}

/// Telegram.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct Telegram {
    /// The channel or chat.
    #[schemars(length(min = 1, max = 256))]
    pub channel: String,
    /// The Secret key that holds the bot's token.
    pub token_secret_ref: KeySelector,
}

impl Managed for NotificationEndpoint {
    const ROUTE: Route = Route {
        filter: None,
        update: Update::Put,
        ..Route::new("/api/v2/notificationEndpoints", "notificationEndpoints")
    };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let spec = &self.spec;
        let name = name_or(&spec.name, self);
        let mut all = fields(json!({ "name": name, "status": spec.status }), &spec.description);
        let mut secrets: Vec<(&str, &KeySelector)> = Vec::new();
        if let Some(Slack { url, token_secret_ref }) = &spec.slack {
            all.extend(object(json!({ "type": "slack", "url": url })));
            secrets.extend(token_secret_ref.iter().map(|selector| ("token", selector)));
        }
        if let Some(PagerDuty { client_url, routing_key_secret_ref }) = &spec.pagerduty {
            all.extend(object(json!({ "type": "pagerduty", "clientURL": client_url })));
            secrets.push(("routingKey", routing_key_secret_ref));
        }
        if let Some(http) = &spec.http {
            all.extend(object(json!({
                "type": "http",
                "url": http.url,
                "method": http.method,
                "authMethod": http.authentication(),
                "contentTemplate": http.content_template,
            })));
            secrets.extend(http.token_secret_ref.iter().map(|selector| ("token", selector)));
            secrets.extend(http.username_secret_ref.iter().map(|selector| ("username", selector)));
            secrets.extend(http.password_secret_ref.iter().map(|selector| ("password", selector)));
        }
        if let Some(Telegram { channel, token_secret_ref }) = &spec.telegram {
            all.extend(object(json!({ "type": "telegram", "channel": channel })));
            secrets.push(("token", token_secret_ref));
        }
        let mut desired = Desired { fields: all, once: scope.in_organization()?, name, ..Desired::default() };
        for (member, selector) in secrets {
            let (value, version) = scope.secret(selector).await?;
            desired.secret.insert(member.to_owned(), json!(value));
            let versions = desired.secret_version.get_or_insert_default();
            versions.push_str(&format!("{member}={version};"));
        }
        Ok(desired)
    }
}

impl Http {
    fn authentication(&self) -> &'static str {
        match (&self.token_secret_ref, &self.username_secret_ref) {
            (Some(_), _) => "bearer",
            (None, Some(_)) => "basic",
            (None, None) => "none",
        }
    }
}
