//! Variable: a value that queries of dashboards use.

use std::collections::BTreeMap;

use kube::{CustomResource, KubeSchema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{fields, name_or};
use crate::{
    crd::{Home, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope},
};

/// A variable.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Variable",
    namespaced,
    status = "Status",
    shortname = "wvar",
    doc = "A variable of dashboards: a list, a map, or the result of a query."
)]
#[serde(rename_all = "camelCase")]
#[x_kube(validation = Rule::new("[has(self.constant), has(self.map), has(self.query)].filter(x, x).size() == 1").message("give constant, map or query, one of them"))]
pub struct VariableSpec {
    /// Name on the server, metadata.name when absent: a letter or underscore, then anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256), regex(pattern = "^[a-zA-Z_].*"))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// The values chosen at first. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub selected: Option<Vec<String>>,
    /// These values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub constant: Option<Vec<String>>,
    /// Names of values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub map: Option<BTreeMap<String, String>>,
    /// The values that a query finds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<VariableQuery>,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

/// A query that finds values.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
pub struct VariableQuery {
    /// The query.
    #[schemars(length(min = 1, max = 65_536))]
    pub text: String,
    /// Its language.
    #[serde(default)]
    pub language: Language,
}

/// A query language.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Flux.
    #[default]
    Flux,
    /// InfluxQL.
    Influxql,
}

impl Managed for Variable {
    const ROUTE: Route = Route { filter: None, ..Route::new("/api/v2/variables", "variables") };

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let VariableSpec { name, description, selected, constant, map, query, .. } = &self.spec;
        let name = name_or(name, self);
        let arguments = match (constant, map, query) {
            (Some(values), ..) => json!({ "type": "constant", "values": values }),
            (_, Some(values), _) => json!({ "type": "map", "values": values }),
            (_, _, Some(VariableQuery { text, language })) => {
                json!({ "type": "query", "values": { "query": text, "language": language } })
            }
            _ => return Err(Problem::Invalid("give constant, map or query".into())),
        };
        let mut all = fields(json!({ "name": name, "arguments": arguments }), description);
        if let Some(selected) = selected {
            all.insert("selected".into(), json!(selected));
        }
        Ok(Desired { fields: all, once: scope.in_organization()?, name, ..Desired::default() })
    }
}
