//! kubectl, in one namespace.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
};

use serde_json::Value;

/// kubectl, in one namespace, as the administrator.
#[derive(Clone, Debug)]
pub struct Kubectl {
    pub(crate) kubeconfig: PathBuf,
    /// The namespace.
    pub namespace: String,
}

/// What kubectl said when it did not do what it was asked for.
#[derive(Debug)]
pub struct Refusal(pub String);

impl Kubectl {
    /// Runs kubectl.
    ///
    /// # Errors
    /// What it says when it fails.
    pub fn run(&self, arguments: &[&str], input: &str) -> Result<String, Refusal> {
        let mut child = Command::new("kubectl")
            .args(["--kubeconfig", self.kubeconfig.to_str().unwrap(), "-n", &self.namespace])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("kubectl starts: run these tests by tests/k8s/run");
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.success() {
            Ok(String::from_utf8(output.stdout).unwrap())
        } else {
            Err(Refusal(String::from_utf8_lossy(&output.stderr).into_owned()))
        }
    }

    /// Runs kubectl, which must succeed.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn must(&self, arguments: &[&str]) -> String {
        self.run(arguments, "").unwrap_or_else(|refusal| panic!("kubectl {arguments:?}: {}", refusal.0))
    }

    /// Applies manifests, which must be accepted.
    ///
    /// # Panics
    /// When they are refused.
    pub fn apply(&self, manifests: &str) {
        self.run(&["apply", "-f", "-"], manifests)
            .unwrap_or_else(|refusal| panic!("{}\n{manifests}", refusal.0));
    }

    /// A resource of ours from its kind, name and spec as YAML in one line.
    pub fn make(&self, kind: &str, name: &str, spec: &str) {
        self.apply(&manifest(kind, name, spec));
    }

    /// Many resources of ours with one spec.
    pub fn make_many(&self, kind: &str, names: &[String], spec: &str) {
        let manifests: Vec<String> = names.iter().map(|name| manifest(kind, name, spec)).collect();
        self.run(&["create", "-f", "-"], &manifests.join("---\n")).unwrap();
    }

    /// A resource of ours from its kind, name and spec, to the API server's refusal.
    ///
    /// # Panics
    /// When it is accepted.
    #[must_use]
    pub fn refusal(&self, kind: &str, name: &str, spec: &str) -> String {
        self.run(&["apply", "-f", "-"], &manifest(kind, name, spec)).expect_err("the resource is invalid").0
    }

    /// A resource as JSON; `Null` when there is none.
    #[must_use]
    pub fn get(&self, kind: &str, name: &str) -> Value {
        let text = self.must(&["get", kind, name, "--ignore-not-found", "-o", "json"]);
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// The status, reason and message of a condition, empty when it is not there.
    #[must_use]
    pub fn condition(&self, kind: &str, name: &str, condition: &str) -> [String; 3] {
        let resource = self.get(kind, name);
        let found = resource["status"]["conditions"].as_array().into_iter().flatten();
        let found = found.cloned().find(|c| c["type"] == condition).unwrap_or_default();
        ["status", "reason", "message"].map(|member| found[member].as_str().unwrap_or_default().to_owned())
    }

    /// Changes a resource.
    pub fn patch(&self, kind: &str, name: &str, change: &str) {
        let _ = self.must(&["patch", kind, name, "--type=merge", "-p", change]);
    }

    /// The reasons of a resource's events.
    #[must_use]
    pub fn events(&self, kind: &str, name: &str) -> Vec<String> {
        let text = self.must(&["get", "events", "-o", "json"]);
        let events: Value = serde_json::from_str(&text).unwrap();
        let of = events["items"].as_array().into_iter().flatten();
        let of = of.filter(|e| e["involvedObject"]["kind"] == kind && e["involvedObject"]["name"] == name);
        of.map(|e| e["reason"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

fn manifest(kind: &str, name: &str, spec: &str) -> String {
    format!("{{apiVersion: weir.dev/v1alpha1, kind: {kind}, metadata: {{name: {name}}}, spec: {spec}}}\n")
}
