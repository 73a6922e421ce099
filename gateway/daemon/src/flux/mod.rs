//! `weir flux …`: tools for people who write Flux. They need no server, but for `run` with `--host`.

mod doc;
mod format;
mod near;
mod output;
mod repl;
mod run;
mod server;
mod test;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tests, formats, runs and explains Flux.
#[derive(Debug, Parser)]
#[command(name = "weir flux", version)]
struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the testcases in files, and in the files `*_test.flux` of folders.
    Test(test::Options),
    /// Write files in the usual form.
    Fmt(format::Options),
    /// Run a script, on a server or here.
    Run(run::Options),
    /// Try Flux line by line.
    Repl(repl::Options),
    /// Say what functions and packages are for.
    Doc(doc::Options),
}

/// Whether the command line asks for one of these tools: `weir flux …`.
pub(crate) fn is_asked_for(arguments: &[OsString]) -> bool {
    arguments.get(1).is_some_and(|a| a == "flux")
}

/// Runs the tool that the command line (without the program's name) asks for.
pub(crate) fn run(arguments: &[OsString]) -> ExitCode {
    let options = match Options::try_parse_from(arguments) {
        Ok(options) => options,
        Err(error) => error.exit(),
    };
    match options.command {
        Command::Test(options) => test::run(&options),
        Command::Fmt(options) => format::run(&options),
        Command::Run(options) => run::run(&options),
        Command::Repl(options) => repl::run(&options),
        Command::Doc(options) => doc::run(&options),
    }
}
