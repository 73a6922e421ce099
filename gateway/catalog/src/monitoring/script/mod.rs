//! The scripts that checks and rules stand for: syntax trees in one shape, written by the formatter.
//!
//! Users keep such scripts and compare them, so their text is the reference's, byte for byte.

mod build;
mod check;
mod custom;
mod deadman;
mod http;
mod notify;
mod pagerduty;
mod rewrite;
mod rule;
mod slack;
mod telegram;
mod threshold;

#[cfg(test)]
mod tests;

use weir_flux_syntax::ast::{File, Statement};

pub(super) use check::check;
pub(super) use custom::custom;
pub(super) use rule::{Told, rule};

/// A script that cannot be made, and why.
pub(super) type Made<T> = Result<T, String>;

fn written(file: &File) -> Made<String> {
    weir_flux_syntax::format(file).map_err(|error| error.to_string())
}

/// A user's script as a tree, or everything that is wrong with it.
fn parsed(text: &str) -> Made<File> {
    weir_flux_syntax::parse_valid(text, "").map_err(|error| error.to_string())
}

/// A script of our own.
fn whole(imports: &[&str], body: Vec<Statement>) -> Made<String> {
    let imports = imports.iter().map(|path| build::import(path)).collect();
    written(&File { imports, body, ..File::default() })
}
