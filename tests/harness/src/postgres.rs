//! A PostgreSQL server of the test's own, reached through a socket in its folder, or over TLS.

use std::net::SocketAddrV4;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Authority, free_address};

/// Runs until it is dropped.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    owner: Option<(u32, u32)>,
    folder: tempfile::TempDir,
    /// Where it listens, beside its socket, for those who speak TLS.
    address: Option<SocketAddrV4>,
}

impl Postgres {
    /// Makes and starts a server with one empty database.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn start() -> Self {
        let server = Self::make(None);
        server.again();
        server
    }

    /// The same, at an address where it speaks TLS only, with a certificate of the authority for that address.
    ///
    /// # Panics
    /// When PostgreSQL is not installed or does not start.
    #[must_use]
    pub fn encrypted(authority: &Authority) -> Self {
        let address = free_address();
        let server = Self::make(Some(address));
        for from in authority.issue("postgres", &address.ip().to_string()) {
            let to = server.folder.path().join("data").join(from.file_name().unwrap());
            std::fs::copy(from, &to).unwrap();
            std::fs::set_permissions(&to, std::fs::Permissions::from_mode(0o600)).unwrap();
            server.give(&to);
        }
        let rules = "local all all trust\nhostssl all all 127.0.0.0/8 trust\n";
        std::fs::write(server.folder.path().join("data/pg_hba.conf"), rules).unwrap();
        server.again();
        server
    }

    fn make(address: Option<SocketAddrV4>) -> Self {
        let programs =
            find_programs().expect("PostgreSQL's initdb is needed: install the package postgresql");
        let folder = tempfile::Builder::new().prefix("weir-pg").tempdir().unwrap();
        let server = Self { programs, owner: owner(), folder, address };
        server.give(server.folder.path());
        let data = server.data();
        server.run(
            "initdb",
            &["-D", &data, "-U", "weir", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        );
        server
    }

    /// Starts it again after [`Postgres::stop`].
    ///
    /// # Panics
    /// When it does not start.
    pub fn again(&self) {
        let (data, socket) = (self.data(), self.folder.path().display().to_string());
        let listen = match self.address {
            Some(address) => format!(
                "-c listen_addresses={} -c port={} -c ssl=on -c ssl_cert_file=postgres.crt -c ssl_key_file=postgres.key",
                address.ip(),
                address.port()
            ),
            None => "-c listen_addresses=".to_owned(),
        };
        let options = format!("{listen} -c fsync=off -k {socket}");
        let log = format!("{data}/log");
        self.run("pg_ctl", &["-D", &data, "-w", "-l", &log, "-o", &options, "start"]);
    }

    /// Ends it at once, with all its connections.
    ///
    /// # Panics
    /// When it does not end.
    pub fn stop(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }

    /// The address of its database.
    #[must_use]
    pub fn url(&self) -> String {
        let place = match self.address {
            Some(address) => address.to_string(),
            None => self.folder.path().display().to_string().replace('/', "%2F"),
        };
        format!("postgres://weir@{place}/postgres")
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn give(&self, path: &Path) {
        if let Some((user, group)) = self.owner {
            std::os::unix::fs::chown(path, Some(user), Some(group)).unwrap();
        }
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        use std::os::unix::process::CommandExt as _;
        let mut command = Command::new(self.programs.join(program));
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        // Not piped: the server would keep the pipe open.
        command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
        let status = command.status().unwrap();
        assert!(status.success(), "{program} {arguments:?}: {status}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.stop();
        }
    }
}

fn find_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let installed = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path: Vec<PathBuf> = std::env::split_paths(&path).collect();
    installed.chain(on_path).find(|folder: &PathBuf| has_programs(folder))
}

fn has_programs(folder: &Path) -> bool {
    folder.join("initdb").exists() && folder.join("pg_ctl").exists()
}

/// Who runs the server: it refuses to be run by root, so then the package's user.
fn owner() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse::<u32>().unwrap()
    };
    (id(&["-u"]) == 0).then(|| (id(&["-u", "postgres"]), id(&["-g", "postgres"])))
}
