//! RemoteConnection: another server that points are replicated to.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{fields, name_or};
use crate::{
    crd::{Home, KeySelector, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, object},
};

/// A remote.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "RemoteConnection",
    namespaced,
    status = "Status",
    shortname = "wremote",
    doc = "Another server that a server may replicate to.",
    printcolumn(name = "URL", type_ = "string", json_path = ".spec.remoteURL")
)]
#[serde(rename_all = "camelCase")]
pub struct RemoteConnectionSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// Where the other server is.
    #[serde(rename = "remoteURL")]
    #[schemars(length(min = 8, max = 2048))]
    #[x_kube(validation = Rule::new("self.startsWith('http://') || self.startsWith('https://')").message("remoteURL begins with http:// or https://"))]
    pub remote_url: String,
    /// The Secret key that holds a token of the other server. Its changes are passed on.
    pub token_secret_ref: KeySelector,
    /// The organization's id there.
    #[serde(default, rename = "remoteOrgID", skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^[0-9a-f]{16}$"))]
    pub remote_org_id: Option<String>,
    /// Whether the other server's certificate is not checked.
    #[serde(default, rename = "allowInsecureTLS")]
    pub allow_insecure_tls: bool,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

impl Managed for RemoteConnection {
    const ROUTE: Route = Route::new("/api/v2/remotes", "remotes");

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let spec = &self.spec;
        let name = name_or(&spec.name, self);
        let (token, version) = scope.secret(&spec.token_secret_ref).await?;
        let mut all = fields(
            json!({ "name": name, "remoteURL": spec.remote_url, "allowInsecureTLS": spec.allow_insecure_tls }),
            &spec.description,
        );
        if let Some(organization) = &spec.remote_org_id {
            all.insert("remoteOrgID".into(), json!(organization));
        }
        Ok(Desired {
            fields: all,
            once: scope.in_organization()?,
            secret: object(json!({ "remoteAPIToken": token })),
            secret_version: Some(version),
            name,
        })
    }
}
