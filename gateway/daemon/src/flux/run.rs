//! `weir flux run FILE`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::output::{fail, put};
use super::server::{Answer, Server, readable};

/// Flags of `weir flux run`.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The script; `-` is standard input.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    server: Server,

    /// Show the server's answer as it is: annotated CSV.
    #[arg(long)]
    raw: bool,
}

pub(super) fn run(options: &Options) -> ExitCode {
    let script = match read(&options.file) {
        Ok(script) => script,
        Err(error) => return fail(&format!("{}: {error}", options.file.display())),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime does not start: {error}")),
    };
    match options.server.run(&runtime, &script) {
        Ok(Answer::Tables(text)) => put(&text),
        Ok(Answer::Csv(csv)) if options.raw => put(&csv),
        Ok(Answer::Csv(csv)) => put(&readable(&csv)),
        Err(why) => return fail(&why),
    }
    ExitCode::SUCCESS
}

fn read(file: &Path) -> std::io::Result<String> {
    if file != Path::new("-") {
        return std::fs::read_to_string(file);
    }
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text)?;
    Ok(text)
}
