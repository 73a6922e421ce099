//! A process that ends with its test.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::until;

/// How long a process may take to start or to stop on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);

/// A child process with its output in a file.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    log: PathBuf,
    ended: Option<ExitStatus>,
}

impl Process {
    /// Starts `command`; its output goes to `log`, after what is there.
    ///
    /// # Panics
    /// When it does not start.
    #[must_use]
    pub fn start(name: &str, command: &mut Command, log: &Path) -> Self {
        let out = File::options().create(true).append(true).open(log).unwrap();
        command.stdin(Stdio::null()).stdout(out.try_clone().unwrap()).stderr(out);
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        Self { name: name.to_owned(), child, log: log.to_owned(), ended: None }
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it runs.
    ///
    /// # Panics
    /// When the system does not say.
    pub fn is_running(&mut self) -> bool {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().unwrap();
        }
        self.ended.is_none()
    }

    /// Waits until `look` finds something.
    ///
    /// # Panics
    /// When the process ended, or nothing was found for long.
    pub fn wait_for<T>(&mut self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        let name = self.name.clone();
        until(&format!("{name}: {what}"), PATIENCE, || {
            let found = look();
            assert!(found.is_some() || self.is_running(), "{name} ended: {:?}", self.ended);
            found
        })
    }

    pub(crate) fn log_path(&self) -> PathBuf {
        self.log.clone()
    }

    /// All that it wrote.
    #[must_use]
    pub fn log(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.log).unwrap_or_default()).into_owned()
    }

    /// Ends it at once, as `kill -9` does.
    ///
    /// # Panics
    /// When the system refuses.
    pub fn kill(&mut self) {
        if self.is_running() {
            self.child.kill().unwrap();
            self.ended = Some(self.child.wait().unwrap());
        }
    }

    /// Asks it to stop, without waiting.
    ///
    /// # Panics
    /// When the system refuses.
    pub fn terminate(&mut self) {
        let status = Command::new("kill").args(["-TERM", &self.id().to_string()]).status().unwrap();
        assert!(status.success() || !self.is_running());
    }

    /// Asks it to stop and waits until it did.
    ///
    /// # Panics
    /// When it does not stop, or stops with an error.
    pub fn stop(&mut self) {
        self.terminate();
        until(&format!("{} to stop", self.name), PATIENCE, || (!self.is_running()).then_some(()));
        assert!(
            self.ended.is_some_and(|status| status.success()),
            "{} stopped with {:?}",
            self.name,
            self.ended
        );
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.is_running() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            let end = &lines[lines.len().saturating_sub(30)..];
            eprintln!("--- the end of what {} wrote\n{}\n---", self.name, end.join("\n"));
        }
    }
}
