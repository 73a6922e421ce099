//! Standard output and standard error of the tools.

use std::io::Write;
use std::process::ExitCode;

/// Writes text to standard output. Who closed it does not want to read on.
pub(super) fn put(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Says what went wrong.
pub(super) fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Says what went wrong, and how the tool ends.
pub(super) fn fail(text: &str) -> ExitCode {
    complain(text);
    ExitCode::FAILURE
}
