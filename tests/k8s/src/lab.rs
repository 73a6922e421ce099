//! A namespace, a server and operators.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;
use weir_cluster_tests::{Client, Process, Server, TOKEN, free_address, until};

use crate::{Gate, Kubectl};

/// How long anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Tests share one control plane; the one that counts its requests has it alone.
static CONTROL_PLANE: RwLock<()> = RwLock::new(());

/// A test's hold on the control plane. A test that failed with it leaves nothing that others depend on.
#[derive(Debug)]
#[expect(dead_code, reason = "held, not read")]
enum Hold {
    Shared(RwLockReadGuard<'static, ()>),
    Alone(RwLockWriteGuard<'static, ()>),
}

impl Hold {
    fn shared() -> Self {
        Self::Shared(CONTROL_PLANE.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Where the operator's account, rights and Lease are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rights {
    /// In the namespace that it looks after.
    Inside,
    /// In `default`, for the whole cluster: they outlive the namespace.
    Outside,
}

/// A namespace with an Instance, the server behind it, and what is needed to run operators for it.
#[derive(Debug)]
pub struct Lab {
    /// kubectl in the namespace.
    pub kubectl: Kubectl,
    /// The server.
    pub server: Server,
    /// The way to the server.
    pub gate: Gate,
    folder: TempDir,
    kubeconfig: PathBuf,
    /// The namespace of the operators' Lease.
    leases: String,
    _hold: Hold,
}

/// An operator's process.
#[derive(Debug)]
pub struct Operator {
    /// The process.
    pub process: Process,
    pages: std::net::SocketAddrV4,
}

impl Lab {
    /// Makes a namespace, starts a server, and makes an Instance of it with the default organization `o`.
    ///
    /// # Panics
    /// When there is no control plane.
    #[must_use]
    pub fn new(namespace: &str) -> Self {
        Self::with(namespace, Hold::shared(), Rights::Inside)
    }

    /// The same with an operator that is not of this namespace, as the chart installs it.
    ///
    /// # Panics
    /// When there is no control plane.
    #[must_use]
    pub fn from_outside(namespace: &str) -> Self {
        Self::with(namespace, Hold::shared(), Rights::Outside)
    }

    /// The same, while no other test uses the control plane.
    ///
    /// # Panics
    /// When there is no control plane.
    #[must_use]
    pub fn alone(namespace: &str) -> Self {
        let hold = Hold::Alone(CONTROL_PLANE.write().unwrap_or_else(PoisonError::into_inner));
        Self::with(namespace, hold, Rights::Inside)
    }

    fn with(namespace: &str, hold: Hold, rights: Rights) -> Self {
        let admin = std::env::var_os("KUBECONFIG").map(PathBuf::from);
        let admin = admin.expect("KUBECONFIG names a control plane: run these tests by tests/k8s/run");
        let folder = tempfile::tempdir().unwrap();
        let kubectl = Kubectl { kubeconfig: admin, namespace: namespace.to_owned() };
        definitions(&kubectl);
        let _ = kubectl.must(&["create", "namespace", namespace]);
        let kubeconfig = account(&kubectl, folder.path(), rights);
        let leases = if rights == Rights::Inside { namespace } else { "default" }.to_owned();
        let server = Server::start(folder.path(), &[]);
        let gate = Gate::to(server.address());
        kubectl.apply(&format!(
            "{{apiVersion: v1, kind: Secret, metadata: {{name: weir}}, stringData: {{token: {TOKEN}}}}}\n"
        ));
        let url = gate.url();
        let spec = format!("{{url: '{url}', organization: o, tokenSecretRef: {{name: weir, key: token}}}}");
        kubectl.make("Instance", "weir", &spec);
        Self { kubectl, server, gate, folder, kubeconfig, leases, _hold: hold }
    }

    /// Starts an operator for the namespace, which looks at everything every `resync` seconds.
    #[must_use]
    pub fn operator(&self, resync: u32) -> Operator {
        let pages = free_address();
        let namespace = &self.kubectl.namespace;
        let mut command = Command::new(binary());
        command
            .env("KUBECONFIG", &self.kubeconfig)
            .env("RUST_LOG", "info,kube=warn")
            .args(["--namespace", namespace, "--leader-election-namespace", &self.leases])
            .args(["--metrics-bind", &pages.to_string(), "--resync-seconds", &resync.to_string()])
            .args(["--lease-name", &format!("operator-of-{namespace}"), "--lease-seconds", "4"]);
        let number = pages.port();
        let mut process = Process::start(
            "weir-operator",
            &mut command,
            &self.folder.path().join(format!("operator-{number}.log")),
        );
        process.wait_for("ready", || {
            Client::new(pages, "").send("GET", "/readyz", &[], b"").ok().filter(|answer| answer.status == 200)
        });
        Operator { process, pages }
    }

    /// Ends the server; its data stays.
    pub fn stop_server(&mut self) {
        self.server.process().kill();
        self.gate.close();
    }

    /// Starts the server again over its data, elsewhere; the gate leads there.
    pub fn start_server(&mut self) {
        self.server = Server::start(self.folder.path(), &[]);
        self.gate.open(self.server.address());
    }

    /// Starts it again over its data with HTTPS only, behind the gate; to the process and its authority as PEM.
    ///
    /// # Panics
    /// When the files cannot be written.
    #[must_use]
    pub fn start_encrypted(&mut self) -> (Process, String) {
        let signed = rcgen::generate_simple_self_signed([self.gate.host()]).unwrap();
        let [certificate, key] = ["tls.crt", "tls.key"].map(|name| self.folder.path().join(name));
        fs::write(&certificate, signed.cert.pem()).unwrap();
        fs::write(&key, signed.signing_key.serialize_pem()).unwrap();
        let (process, address) = Server::encrypted(self.folder.path(), &certificate, &key);
        self.gate.open(address);
        (process, signed.cert.pem())
    }

    /// A JSON answer of the server.
    ///
    /// # Panics
    /// When it is not 200.
    #[must_use]
    pub fn ask(&self, path: &str) -> Value {
        serde_json::from_slice(&self.server.client().expect(200, "GET", path, b"").body).unwrap()
    }

    /// The buckets of a name.
    #[must_use]
    pub fn buckets(&self, name: &str) -> Vec<Value> {
        let all = self.ask("/api/v2/buckets?org=o&limit=100");
        let all = all["buckets"].as_array().unwrap().iter();
        all.filter(|bucket| bucket["name"] == name).cloned().collect()
    }

    /// Waits until a condition of a resource has this status and reason.
    pub fn wait(&self, kind: &str, name: &str, condition: &str, status: &str, reason: &str) {
        let mut last = [const { String::new() }; 3];
        let what = format!("{kind} {name}: {condition}={status} {reason}");
        until(&what, PATIENCE, || {
            let now = self.kubectl.condition(kind, name, condition);
            if now != last {
                eprintln!("{kind} {name}: {condition} is {now:?}");
                last = now;
            }
            (last[0] == status && last[1] == reason).then_some(())
        });
    }

    /// Waits until a resource is ready.
    pub fn ready(&self, kind: &str, name: &str) {
        self.wait(kind, name, "Ready", "True", "Synced");
    }

    /// Waits until the Instance is ready.
    pub fn ready_instance(&self) {
        self.ready("Instance", "weir");
    }

    /// Waits until something holds that is a lot of work.
    pub fn until_long<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        until(what, PATIENCE * 5, look)
    }

    /// Waits until something holds.
    pub fn until<T>(&self, what: &str, look: impl FnMut() -> Option<T>) -> T {
        until(what, PATIENCE, look)
    }
}

impl Operator {
    /// The sum of a metric over the label values that contain `with`.
    #[must_use]
    pub fn metric(&self, name: &str, with: &str) -> f64 {
        let answer = Client::new(self.pages, "").send("GET", "/metrics", &[], b"");
        answer.map(|answer| sum(&answer.text(), name, |labels| labels.contains(with))).unwrap_or_default()
    }

    /// Whether it leads.
    #[must_use]
    pub fn leads(&self) -> bool {
        self.metric("weir_operator_leader", "") > 0.5
    }
}

/// The sum of a metric in Prometheus' text over the labels that `take` takes.
#[must_use]
pub fn sum(text: &str, name: &str, take: impl Fn(&str) -> bool) -> f64 {
    let lines = text.lines().filter_map(|line| line.strip_prefix(name));
    let values = lines.filter(|rest| rest.starts_with([' ', '{'])).filter_map(|rest| {
        let (labels, value) = rest.rsplit_once(' ')?;
        take(labels).then(|| value.parse::<f64>().ok()).flatten()
    });
    values.sum()
}

/// The operator's binary: what `WEIR_OPERATOR_BIN` names, or built here once.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(path) = std::env::var_os("WEIR_OPERATOR_BIN") {
            return path.into();
        }
        // TARGET/PROFILE/deps/operator-…: the operator belongs into the same TARGET/PROFILE.
        let test = std::env::current_exe().unwrap();
        let folder = test.parent().and_then(Path::parent).unwrap();
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "-p", "weir-operator", "--manifest-path"]);
        build.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"));
        build.arg("--target-dir").arg(folder.parent().unwrap());
        if folder.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success(), "cargo build -p weir-operator failed");
        folder.join("weir-operator")
    })
}

/// The custom resource definitions, once.
fn definitions(kubectl: &Kubectl) {
    static DONE: OnceLock<()> = OnceLock::new();
    DONE.get_or_init(|| {
        let text = output(Command::new(binary()).arg("crds"));
        kubectl.run(&["apply", "--server-side", "-f", "-"], &text).unwrap();
        let _ = kubectl.must(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
    });
}

/// A service account that may do what `weir-operator rbac` says, and handle Leases in its namespace; its kubeconfig.
fn account(kubectl: &Kubectl, folder: &Path, rights: Rights) -> PathBuf {
    let name = format!("operator-of-{}", kubectl.namespace);
    let (home, scope) = match rights {
        Rights::Inside => (kubectl.namespace.as_str(), ""),
        Rights::Outside => ("default", "Cluster"),
    };
    let kubectl = Kubectl { namespace: home.to_owned(), ..kubectl.clone() };
    let rules = output(Command::new(binary()).arg("rbac"));
    kubectl.apply(&format!(
        "apiVersion: v1
kind: ServiceAccount
metadata: {{name: {name}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {scope}Role
metadata: {{name: {name}}}
rules:
{rules}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: {name}-leases}}
rules:
- {{apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update]}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {scope}RoleBinding
metadata: {{name: {name}}}
subjects: [{{kind: ServiceAccount, name: {name}, namespace: {home}}}]
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: {scope}Role, name: {name}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {{name: {name}-leases}}
subjects: [{{kind: ServiceAccount, name: {name}, namespace: {home}}}]
roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: {name}-leases}}
"
    ));
    let token = kubectl.must(&["create", "token", &name, "--duration=2h"]);
    let mut config: Value =
        serde_json::from_str(&kubectl.must(&["config", "view", "--raw", "--flatten", "-o", "json"])).unwrap();
    let user = config["contexts"][0]["context"]["user"].clone();
    config["users"] = serde_json::json!([{ "name": user, "user": { "token": token.trim() } }]);
    let path = folder.join("kubeconfig");
    fs::write(&path, config.to_string()).unwrap();
    path
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}
