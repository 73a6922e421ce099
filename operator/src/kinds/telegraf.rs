//! Telegraf: a configuration that Telegraf agents fetch from the server.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{fields, name_or};
use crate::{
    crd::{Home, KeySelector, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope, Update},
};

/// A configuration.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Telegraf",
    plural = "telegrafs",
    namespaced,
    status = "Status",
    shortname = "wtelegraf",
    doc = "A Telegraf configuration that agents fetch from a server."
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("has(self.config) != has(self.configMapRef)").message("give config or configMapRef, one of them"))]
pub struct TelegrafSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// The configuration, in TOML.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 262_144))]
    pub config: Option<String>,
    /// The ConfigMap key that holds the configuration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config_map_ref: Option<KeySelector>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

impl Managed for Telegraf {
    const ROUTE: Route =
        Route { filter: None, update: Update::Put, ..Route::new("/api/v2/telegrafs", "configurations") };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let TelegrafSpec { name, description, config, config_map_ref, .. } = &self.spec;
        let name = name_or(name, self);
        let config = scope.text(config.as_ref(), config_map_ref.as_ref()).await?;
        Ok(Desired {
            fields: fields(json!({ "name": name, "config": config }), description),
            once: scope.in_organization()?,
            name,
            ..Desired::default()
        })
    }
}
