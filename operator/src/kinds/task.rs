//! Task: a Flux script that runs on a schedule.

use kube::{CustomResource, KubeSchema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Activity, fields, name_or};
use crate::{
    crd::{Home, KeySelector, Management, Status},
    reconcile::{Desired, Managed, Problem, Route, Scope},
};

/// A task.
#[derive(CustomResource, KubeSchema, Clone, Debug, Deserialize, Serialize)]
#[kube(
    group = "weir.dev",
    version = "v1alpha1",
    kind = "Task",
    namespaced,
    status = "Status",
    shortname = "wtask",
    doc = "A Flux script that a server runs on a schedule.",
    printcolumn(name = "Every", type_ = "string", json_path = ".spec.every"),
    printcolumn(name = "Cron", type_ = "string", json_path = ".spec.cron"),
    printcolumn(name = "Status", type_ = "string", json_path = ".spec.status")
)]
#[serde(rename_all = "camelCase")]
#[x_kube(
    validation = Rule::new("has(self.every) != has(self.cron)").message("give every or cron, one of them"),
    validation = Rule::new("has(self.flux) != has(self.fluxConfigMapRef)").message("give flux or fluxConfigMapRef, one of them")
)]
pub struct TaskSpec {
    /// Name on the server, metadata.name when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    pub name: Option<String>,
    /// What it is for. Not managed when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 4096))]
    pub description: Option<String>,
    /// The script, without the line `option task = …`: name and schedule are written here in the spec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 131_072))]
    #[x_kube(validation = Rule::new("!self.contains('option task')").message("leave `option task` out of flux: name, every, cron and offset of the spec make it"))]
    pub flux: Option<String>,
    /// The ConfigMap key that holds the script.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flux_config_map_ref: Option<KeySelector>,
    /// Time between runs, as a Flux duration: 1h, 5m, 1d.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^([0-9]+(s|m|h|d|w|mo|y))+$"), length(max = 64))]
    pub every: Option<String>,
    /// Times of runs in cron's notation, in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    #[x_kube(validation = Rule::new("!self.contains('\\\"')").message("cron holds no double quote"))]
    pub cron: Option<String>,
    /// How long after its time a run starts, as a Flux duration.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(regex(pattern = "^-?([0-9]+(s|m|h|d|w))+$"), length(max = 64))]
    pub offset: Option<String>,
    /// An inactive task does not run.
    #[serde(default)]
    pub status: Activity,
    /// The organization it belongs to.
    #[serde(flatten)]
    pub home: Home,
    /// How it is managed.
    #[serde(flatten)]
    pub management: Management,
}

impl Managed for Task {
    const ROUTE: Route = Route::new("/api/v2/tasks", "tasks");

    super::accessors!(in organization);

    async fn desired(&self, scope: &Scope<'_>) -> Result<Desired, Problem> {
        let TaskSpec { name, description, flux, flux_config_map_ref, status, .. } = &self.spec;
        let name = name_or(name, self);
        let script = scope.text(flux.as_ref(), flux_config_map_ref.as_ref()).await?;
        if script.contains("option task") {
            let text =
                "leave `option task` out of the script: name, every, cron and offset of the spec make it";
            return Err(Problem::Invalid(text.into()));
        }
        let script = scheduled(&script, &self.option(&name));
        Ok(Desired {
            fields: fields(json!({ "flux": script, "status": status }), description),
            once: scope.in_organization()?,
            name,
            ..Desired::default()
        })
    }
}

impl Task {
    fn option(&self, name: &str) -> String {
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        let mut option = format!("option task = {{name: \"{quoted}\"");
        if let Some(every) = &self.spec.every {
            option.push_str(&format!(", every: {every}"));
        }
        if let Some(cron) = &self.spec.cron {
            option.push_str(&format!(", cron: \"{cron}\""));
        }
        if let Some(offset) = &self.spec.offset {
            option.push_str(&format!(", offset: {offset}"));
        }
        option.push('}');
        option
    }
}

/// The script with its schedule: the option stands behind the package clause and the imports, which Flux wants first.
fn scheduled(script: &str, option: &str) -> String {
    let lines: Vec<&str> = script.trim().lines().collect();
    let head = lines.iter().rposition(|line| line.starts_with("import ") || line.starts_with("package "));
    let (head, body) = lines.split_at(head.map_or(0, |last| last + 1));
    let mut text = String::new();
    if !head.is_empty() {
        text.push_str(head.join("\n").trim_end());
        text.push_str("\n\n");
    }
    text.push_str(option);
    text.push_str("\n\n");
    text.push_str(body.join("\n").trim());
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::scheduled;

    #[test]
    fn the_option_stands_behind_the_imports() {
        assert_eq!(
            scheduled("import \"math\"\n\nfrom(bucket: \"b\")\n", "option task = {}"),
            "import \"math\"\n\noption task = {}\n\nfrom(bucket: \"b\")\n"
        );
        assert_eq!(
            scheduled("from(bucket: \"b\")", "option task = {}"),
            "option task = {}\n\nfrom(bucket: \"b\")\n"
        );
    }
}
