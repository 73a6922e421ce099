//! `weir flux fmt [-w] FILE…`.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::output::{complain, fail, put};

/// Flags of `weir flux fmt`.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// The files, and folders with files `*.flux`; standard input when left out.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Change the files, instead of writing to standard output.
    #[arg(long = "write", short)]
    write: bool,

    /// Change nothing; name the files that are written otherwise, and fail if there are any.
    #[arg(long = "check", short = 'c', visible_alias = "list")]
    check: bool,
}

pub(super) fn run(options: &Options) -> ExitCode {
    if options.files.is_empty() {
        let mut text = String::new();
        if let Err(error) = std::io::stdin().lock().read_to_string(&mut text) {
            return fail(&format!("standard input: {error}"));
        }
        return match formatted(&text, "") {
            Ok(text) => {
                put(&text);
                ExitCode::SUCCESS
            }
            Err(why) => fail(&why),
        };
    }
    let mut files = Vec::new();
    options.files.iter().for_each(|path| collect(path, &mut files));
    let (mut broken, mut different) = (false, false);
    for path in files {
        match one(&path, options) {
            Ok(same) => different |= !same,
            Err(why) => {
                broken = true;
                complain(&format!("{}: {why}", path.display()));
            }
        }
    }
    if broken || (options.check && different) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Formats one file; whether it was as it should be.
fn one(path: &Path, options: &Options) -> Result<bool, String> {
    let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
    let formatted = formatted(&text, &path.to_string_lossy())?;
    let same = formatted == text;
    if options.check {
        if !same {
            put(&format!("{}\n", path.display()));
        }
    } else if !options.write {
        put(&formatted);
    } else if !same {
        std::fs::write(path, formatted).map_err(|e| e.to_string())?;
    }
    Ok(same)
}

fn formatted(text: &str, name: &str) -> Result<String, String> {
    let file = weir_flux_syntax::parse_valid(text, name).map_err(|e| e.to_string())?;
    weir_flux_syntax::format(&file).map_err(|e| e.to_string())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    match std::fs::read_dir(path) {
        Ok(entries) => {
            let mut inside: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
            inside.sort();
            for entry in inside {
                if entry.is_dir() || entry.extension().is_some_and(|e| e == "flux") {
                    collect(&entry, files);
                }
            }
        }
        Err(_) => files.push(path.to_owned()),
    }
}
