//! The HTTP side of a server: setting up, writing, asking.

use std::collections::BTreeMap;
use std::net::SocketAddrV4;
use std::path::Path;
use std::process::Command;

use crate::process::{PATIENCE, Process};
use crate::{Client, Response, binary, free_address, until};

/// The token of every server that a test sets up.
pub const TOKEN: &str = "the-token-of-the-tests";

/// A process that serves HTTP: a server with every role, or a gateway.
#[derive(Debug)]
pub struct Server {
    process: Process,
    address: SocketAddrV4,
}

impl Server {
    /// Starts a server with every role over a folder, and waits until it is ready. Sets it up if the folder is new.
    ///
    /// # Panics
    /// When it does not become ready.
    #[must_use]
    pub fn start(folder: &Path, flags: &[&str]) -> Self {
        let mut command = Command::new(binary::weir());
        command.arg("--data-dir").arg(folder.join("data")).args(flags);
        Self::run("weir", &mut command, folder)
    }

    /// Starts a server with every role over a folder that is set up, which speaks HTTPS only: nobody here can ask it.
    #[must_use]
    pub fn encrypted(folder: &Path, certificate: &Path, key: &Path) -> (Process, SocketAddrV4) {
        let address = free_address();
        let mut command = Command::new(binary::weir());
        command.arg("--data-dir").arg(folder.join("data"));
        command.args(["--http-bind-address", &address.to_string()]);
        command.arg("--tls-cert").arg(certificate).arg("--tls-key").arg(key);
        (Process::start("weir", &mut command, &folder.join("weir.log")), address)
    }

    pub(crate) fn run(name: &str, command: &mut Command, folder: &Path) -> Self {
        let address = free_address();
        command.args(["--http-bind-address", &address.to_string()]);
        let process = Process::start(name, command, &folder.join(format!("{name}.log")));
        let mut server = Self { process, address };
        let mut stranger = Client::new(address, "");
        server.process.wait_for("healthy", || {
            stranger.send("GET", "/health", &[], b"").ok().filter(|answer| answer.status == 200)
        });
        let body = format!(
            r#"{{"username":"admin","password":"a long password","org":"o","bucket":"b","token":"{TOKEN}"}}"#
        );
        if stranger.expect(200, "GET", "/api/v2/setup", b"").text().contains("true") {
            stranger.expect(201, "POST", "/api/v2/setup", body.as_bytes());
        }
        server
    }

    /// A client with the token that may do everything.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(self.address, TOKEN)
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddrV4 {
        self.address
    }

    /// Its process.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Writes lines into the bucket `b`, with times in nanoseconds; again while the server answers 503, as clients do.
    ///
    /// # Panics
    /// When they are not taken.
    pub fn write(&self, lines: &str) {
        let mut client = self.client();
        until("a write to be taken", PATIENCE, || {
            let answer = client.send("POST", "/api/v2/write?org=o&bucket=b", &[], lines.as_bytes()).unwrap();
            assert!(matches!(answer.status, 204 | 503), "{}: {}", answer.status, answer.text());
            (answer.status == 204).then_some(())
        });
    }

    /// Runs a Flux script.
    ///
    /// # Panics
    /// When the connection fails.
    #[must_use]
    pub fn ask(&self, script: &str) -> Response {
        let body = serde_json::json!({
            "query": script,
            "now": "2016-01-02T00:00:00Z",
            "dialect": {"header": true, "delimiter": ",", "annotations": []},
        });
        let headers = ["Content-Type: application/json"];
        self.client()
            .send("POST", "/api/v2/query?org=o", &headers, body.to_string().as_bytes())
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs a Flux script that must succeed, to its answer as CSV.
    ///
    /// # Panics
    /// When it fails.
    #[must_use]
    pub fn query(&self, script: &str) -> String {
        let answer = self.ask(script);
        assert_eq!(answer.status, 200, "{script}: {}", answer.text());
        let text = answer.text();
        assert!(!text.contains("error,reference"), "{script}: {text}");
        text
    }
}

/// The rows of an answer without annotations, by column; of values without quotes.
#[must_use]
pub fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut names: Vec<&str> = Vec::new();
    let mut rows = Vec::new();
    for line in csv.lines() {
        let cells: Vec<&str> = line.split(',').collect();
        if line.is_empty() {
            names.clear();
        } else if names.is_empty() {
            names = cells;
        } else {
            let cells = cells.into_iter().map(str::to_owned);
            rows.push(names.iter().map(|name| (*name).to_owned()).zip(cells).collect());
        }
    }
    rows
}
