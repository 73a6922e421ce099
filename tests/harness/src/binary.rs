//! The server under test.

use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// `WEIR_BIN`, or what `cargo build -p weir` makes beside this test.
///
/// # Panics
/// When it cannot be built.
#[must_use]
pub fn weir() -> PathBuf {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    if let Some(given) = std::env::var_os("WEIR_BIN") {
        return given.into();
    }
    BUILT
        .get_or_init(|| {
            // TARGET/PROFILE/deps/cluster-…: the server belongs into the same TARGET/PROFILE.
            let test = std::env::current_exe().unwrap();
            let folder = test.parent().and_then(std::path::Path::parent).unwrap();
            let mut build = Command::new(env!("CARGO"));
            build.args(["build", "--quiet", "-p", "weir", "--manifest-path"]);
            build.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"));
            build.arg("--target-dir").arg(folder.parent().unwrap());
            if folder.ends_with("release") {
                build.arg("--release");
            }
            assert!(build.status().unwrap().success(), "cargo build -p weir failed");
            folder.join("weir")
        })
        .clone()
}
