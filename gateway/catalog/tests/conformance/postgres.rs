//! A PostgreSQL cluster of the test's own, reached through a socket in its directory, gone when it is dropped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use weir_database::{Database, Options, sql};

pub(crate) struct Cluster {
    bin: PathBuf,
    dir: tempfile::TempDir,
    databases: AtomicU32,
}

impl Cluster {
    pub(crate) fn start() -> Self {
        let bin = find_binaries().expect("PostgreSQL's initdb is needed: install the package postgresql");
        let dir = tempfile::Builder::new().prefix("weir-pg").tempdir().unwrap();
        let owner = Owner::find();
        owner.give(dir.path());
        let cluster = Self { bin, dir, databases: AtomicU32::new(0) };
        let data = cluster.data();
        // A linguistic default collation, so that every order that must be by bytes is shown to be.
        cluster.run(
            "initdb",
            &["-D", &data, "-U", "weir", "-A", "trust", "-E", "UTF8", "--no-sync"]
                .into_iter()
                .chain(["--locale-provider=icu", "--icu-locale=en", "--locale=C"])
                .collect::<Vec<_>>(),
        );
        let options = format!("-c listen_addresses= -c fsync=off -k {}", cluster.dir.path().display());
        let log = format!("{data}/log");
        cluster.run("pg_ctl", &["-D", &data, "-w", "-l", &log, "-o", &options, "start"]);
        cluster
    }

    /// The URL of a fresh, empty database.
    pub(crate) async fn new_database(&self) -> String {
        let name = format!("weir{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let admin = Database::connect(&self.url("postgres"), &Options::default()).await.unwrap();
        admin.execute(sql(format!("CREATE DATABASE {name}"))).await.unwrap();
        admin.close().await;
        self.url(&name)
    }

    fn url(&self, name: &str) -> String {
        let socket = self.dir.path().display().to_string().replace('/', "%2F");
        format!("postgres://weir@{socket}/{name}")
    }

    fn data(&self) -> String {
        self.dir.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(self.bin.join(program));
        Owner::find().take_on(&mut command);
        // Not piped: the server would keep the pipe open.
        let status = command
            .args(arguments)
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }
}

fn find_binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = versions.map(|version| version.path().join("bin"));
    let on_path = std::env::var_os("PATH").into_iter();
    let on_path: Vec<PathBuf> =
        on_path.flat_map(|path| std::env::split_paths(&path).collect::<Vec<_>>()).collect();
    installed.chain(on_path).find(|bin| bin.join("initdb").exists() && bin.join("pg_ctl").exists())
}

/// Who runs the server: it refuses to be run by root, so then by the package's user.
struct Owner(Option<(u32, u32)>);

impl Owner {
    fn find() -> Self {
        let id = |arguments: &[&str]| {
            let output = Command::new("id").args(arguments).output().unwrap();
            String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().unwrap()
        };
        if id(&["-u"]) != 0 {
            return Self(None);
        }
        Self(Some((id(&["-u", "postgres"]), id(&["-g", "postgres"]))))
    }

    fn give(&self, path: &Path) {
        if let Self(Some((user, group))) = self {
            std::os::unix::fs::chown(path, Some(*user), Some(*group)).unwrap();
        }
    }

    fn take_on(&self, command: &mut Command) {
        use std::os::unix::process::CommandExt as _;
        if let Self(Some((user, group))) = self {
            command.uid(*user).gid(*group);
        }
    }
}
