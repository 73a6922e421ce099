//! Organization.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{fields, name_or};

use crate::{
    crd::{Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope},
};

/// An organization.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Organization",
    namespaced,
    status = "Status",
    shortname = "worg",
    doc = "An organization on a server."
)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

impl Managed for Organization {
    const ROUTE: Route =
        Route { filter: Some("org"), organized: false, ..Route::new("/api/v2/orgs", "orgs") };

    super::accessors!(above organizations);

    async fn desired(&self, _scope: &Scope<'_>) -> Result<Desired, Problem> {
        let OrganizationSpec { name, description, .. } = &self.spec;
        let name = name_or(name, self);
        Ok(Desired { fields: fields(json!({ "name": name }), description), name, ..Desired::default() })
    }
}
