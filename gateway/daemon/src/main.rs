//! The `weir` binary: reads what the operator decided and puts the roles together.
//!
//! The only crate that names several roles. It deliberately does nothing else: whatever it composes could be composed
//! by a test the same way.

mod buckets;
mod catalog;
mod cluster;
mod flux;
mod health;
mod logging;
mod machine;
mod objects;
mod options;
mod readiness;
mod roles;
mod stop;
mod vault;

use std::process::ExitCode;

use options::Options;

/// Decoding makes and frees large buffers on many threads, which the system's allocator gives back to the kernel each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if flux::is_asked_for(&arguments) {
        return flux::run(&arguments[1..]);
    }
    let options = match Options::read(arguments) {
        Ok(options) => options,
        Err(error) => error.exit(),
    };
    logging::start(&options.common);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "the runtime does not start");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(roles::run(options)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "weir stops");
            ExitCode::FAILURE
        }
    }
}
