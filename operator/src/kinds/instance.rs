//! Instance: a server that the operator manages objects on.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};

use crate::crd::{KeySelector, Status};

/// A Weir or InfluxDB 2 server, and how the operator may speak to it.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Instance",
    namespaced,
    status = "Status",
    shortname = "winst",
    doc = "A Weir or InfluxDB 2 server that other resources refer to by instanceRef.",
    printcolumn(name = "URL", type_ = "string", json_path = ".spec.url"),
    printcolumn(name = "Version", type_ = "string", json_path = ".status.version")
)]
#[serde(rename_all = "camelCase")]
pub struct InstanceSpec {
    /// Where the server's HTTP API is, as in http://weir.weir.svc:8086.
    #[schemars(length(min = 8, max = 2048))]
    #[x_kube(validation = Rule::new("self.startsWith('http://') || self.startsWith('https://')").message("url begins with http:// or https://"))]
    pub url: String,
    /// The Secret key that holds an API token. To manage organizations and users it must be an operator token.
    pub token_secret_ref: KeySelector,
    /// The Secret key that holds the certificates (PEM) to trust instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_secret_ref: Option<KeySelector>,
    /// The ConfigMap key that holds the certificates (PEM) to trust instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_config_map_ref: Option<KeySelector>,
    /// Name of the organization of objects that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub organization: Option<String>,
    /// Other namespaces whose resources may refer to this Instance; "*" means all.
    #[serde(default)]
    #[schemars(length(max = 256))]
    pub allowed_namespaces: Vec<String>,
}
