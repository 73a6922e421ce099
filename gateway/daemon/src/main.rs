//! The `weir` binary: reads what the operator decided and puts the roles together.
//!
//! The only crate that names several roles. It deliberately does nothing else: whatever it composes could be composed
//! by a test the same way.

mod all_in_one;
mod buckets;
mod catalog;
mod logging;
mod objects;
mod options;
mod pending;
mod stop;

use std::process::ExitCode;

use options::{Options, Role};

fn main() -> ExitCode {
    let options = match Options::read(std::env::args_os().collect()) {
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
    let outcome = runtime.block_on(async {
        match options.role {
            None => all_in_one::run(options.common).await,
            Some(role @ (Role::Gateway | Role::Ingester | Role::Querier)) => {
                Err(format!("running {role:?} as a process of its own is not built yet").into())
            }
        }
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "weir stops");
            ExitCode::FAILURE
        }
    }
}
