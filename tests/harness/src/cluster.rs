//! Gateway, ingesters and queriers as processes of their own.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::Process;
use crate::{Authority, Postgres, S3, Server, binary, free_address, s3};

/// A cluster over a PostgreSQL and an S3 server. What is named first is dropped first.
#[derive(Debug)]
pub struct Cluster {
    gateway: Server,
    queriers: Vec<Process>,
    ingesters: Vec<Process>,
    place: Place,
}

/// What the roles share.
#[derive(Debug)]
struct Place {
    s3: S3,
    postgres: Postgres,
    /// Whether they speak TLS to each other and to PostgreSQL.
    encrypted: bool,
    folder: tempfile::TempDir,
}

/// The name of all certificates of a cluster.
const NAME: &str = "weir";
/// The file of what processes of a cluster show each other, without its ending, and that of the authorities.
const IDENTITY: &str = "node";
const AUTHORITIES: &str = "authorities.crt";

impl Cluster {
    /// Starts a gateway and so many of the others, and waits until the cluster takes writes and queries.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn start(ingesters: usize, queriers: usize) -> Self {
        let folder = tempfile::Builder::new().prefix("weir-cluster").tempdir().unwrap();
        let (postgres, s3) = (Postgres::start(), S3::start());
        Self::over(Place { postgres, s3, encrypted: false, folder }, ingesters, queriers)
    }

    /// The same with TLS: processes show each other certificates, and PostgreSQL shows them one for its address.
    ///
    /// # Panics
    /// When it does not.
    #[must_use]
    pub fn encrypted(ingesters: usize, queriers: usize) -> Self {
        let folder = tempfile::Builder::new().prefix("weir-cluster").tempdir().unwrap();
        let authority = Authority::new(folder.path());
        let (postgres, s3) = (Postgres::encrypted(&authority), S3::start());
        let place = Place { postgres, s3, encrypted: true, folder };
        // PostgreSQL's stays what it is when those of the cluster change.
        std::fs::write(place.catalog_authority(), authority.pem()).unwrap();
        place.certify(&authority);
        Self::over(place, ingesters, queriers)
    }

    fn over(place: Place, ingesters: usize, queriers: usize) -> Self {
        let ingesters = (0..ingesters).map(|number| place.node("ingester", number)).collect();
        let queriers = (0..queriers).map(|number| place.node("querier", number)).collect();
        let gateway = Server::run("gateway", &mut place.command("gateway", "gateway"), place.folder.path());
        let mut cluster = Self { gateway, queriers, ingesters, place };
        for node in cluster.ingesters.iter_mut().chain(&mut cluster.queriers) {
            joined(node, 1);
        }
        let all = cluster.ingesters.len();
        let log = cluster.gateway.process().log_path();
        cluster.gateway.process().wait_for("to know all ingesters", || {
            let text = std::fs::read(&log).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let known = text.lines().rfind(|line| line.contains("ingesters that take writes"))?;
            (known.matches("ingester-").count() == all).then_some(())
        });
        cluster.answers();
        cluster
    }

    /// Its HTTP API.
    #[must_use]
    pub fn gateway(&self) -> &Server {
        &self.gateway
    }

    /// One of the ingesters.
    pub fn ingester(&mut self, number: usize) -> &mut Process {
        &mut self.ingesters[number]
    }

    /// One of the queriers.
    pub fn querier(&mut self, number: usize) -> &mut Process {
        &mut self.queriers[number]
    }

    /// The S3 server.
    pub fn s3(&mut self) -> &mut S3 {
        &mut self.place.s3
    }

    /// The database server.
    #[must_use]
    pub fn postgres(&self) -> &Postgres {
        &self.place.postgres
    }

    /// Replaces the certificates of an encrypted cluster by those of another authority, which from then on is the only
    /// one that is believed, and waits until all processes have read them. Connections that there are go on.
    ///
    /// # Panics
    /// When they do not.
    pub fn renew(&mut self) {
        self.place.certify(&Authority::new(self.place.folder.path()));
        let nodes = self.ingesters.iter_mut().chain(&mut self.queriers);
        for node in nodes.chain([self.gateway.process()]) {
            let log = node.log_path();
            // What it shows when it is asked, and what it shows when it asks.
            node.wait_for("to read its certificates again", || {
                let text = String::from_utf8_lossy(&std::fs::read(&log).unwrap_or_default()).into_owned();
                (text.matches("the certificate was renewed").count() >= 2).then_some(())
            });
        }
    }

    /// Starts an ingester that ended again, over the log that it had.
    ///
    /// # Panics
    /// When it does not join.
    pub fn start_ingester(&mut self, number: usize) {
        let before = joins(&self.ingesters[number]);
        self.ingesters[number] = self.place.node("ingester", number);
        joined(&mut self.ingesters[number], before + 1);
    }

    /// Waits until queries are answered and deletes taken: a gateway and queriers learn of nodes that come and go once a
    /// second, each by itself. A query needs the queriers to know all ingesters, a delete (of what nobody wrote) the gateway.
    pub fn answers(&mut self) {
        let script = r#"from(bucket: "b") |> range(start: 0) |> limit(n: 1)"#;
        let nothing = r#"{"start":"1970-01-01T00:00:00Z","stop":"1970-01-01T00:00:01Z"}"#;
        let asked = [
            ("/api/v2/query?org=o", "Content-Type: application/vnd.flux", script, 200),
            ("/api/v2/delete?org=o&bucket=b", "Content-Type: application/json", nothing, 204),
        ];
        let mut client = crate::Client::new(self.gateway.address(), crate::TOKEN);
        for (path, kind, body, status) in asked {
            self.gateway.process().wait_for("all nodes to be known", || {
                let answer = client.send("POST", path, &[kind], body.as_bytes()).ok()?;
                (answer.status == status).then_some(())
            });
        }
    }
}

impl Place {
    fn node(&self, role: &str, number: usize) -> Process {
        let name = format!("{role}-{number}");
        let mut command = self.command(role, &name);
        // HTTP is for its health and metrics.
        let [http, grpc] = [free_address().to_string(), free_address().to_string()];
        command.args(["--http-bind-address", &http, "--grpc-bind-address", &grpc]);
        Process::start(&name, &mut command, &self.log(&name))
    }

    fn command(&self, role: &str, name: &str) -> Command {
        let mut command = Command::new(binary::weir());
        command.arg(role).args(["--node-name", name, "--cluster-secret", "a-secret-of-the-tests"]);
        command.arg("--data-dir").arg(self.folder.path().join(name));
        command.args(["--catalog", &self.postgres.url(), "--object-store", "s3", "--s3-bucket", s3::BUCKET]);
        command.args(["--s3-endpoint", &self.s3.endpoint()]);
        command.envs([("AWS_ACCESS_KEY_ID", s3::KEY), ("AWS_SECRET_ACCESS_KEY", s3::SECRET)]);
        command.env("AWS_REGION", "us-east-1");
        if self.encrypted {
            command.args(["--catalog-tls-mode", "verify-full", "--cluster-tls-name", NAME]);
            command.arg("--catalog-tls-ca").arg(self.catalog_authority());
            let file = |ending: &str| self.folder.path().join(format!("{IDENTITY}.{ending}"));
            command.arg("--cluster-tls-cert").arg(file("crt")).arg("--cluster-tls-key").arg(file("key"));
            command.arg("--cluster-tls-ca").arg(self.folder.path().join(AUTHORITIES));
        }
        command
    }

    fn catalog_authority(&self) -> PathBuf {
        self.folder.path().join("catalog.crt")
    }

    /// Writes what processes of the cluster show each other, and whom they believe.
    fn certify(&self, authority: &Authority) {
        std::fs::write(self.folder.path().join(AUTHORITIES), authority.pem()).unwrap();
        let _ = authority.issue(IDENTITY, NAME);
    }

    fn log(&self, name: &str) -> PathBuf {
        Path::new(self.folder.path()).join(format!("{name}.log"))
    }
}

fn joins(node: &Process) -> usize {
    node.log().matches("joined the cluster").count()
}

/// Waits until the node joined for that many times in its life.
fn joined(node: &mut Process, times: usize) {
    let log = node.log_path();
    node.wait_for("to join", || {
        let text = std::fs::read(&log).unwrap_or_default();
        (String::from_utf8_lossy(&text).matches("joined the cluster").count() >= times).then_some(())
    });
}
