//! Test files written in Flux: what `weir flux test` runs.
//!
//! A file holds `testcase`s. A case becomes a script of its own: the file's imports, options and helpers, then the
//! case's statements. `extends "module/path/file_test.case"` puts the other file's imports and helpers before, and the
//! other case's statements where `super()` is called. A case fails when the script does, or when its result
//! `errorOutput` has a table.

mod assemble;
mod discover;
mod modules;
mod run;

pub use discover::{Case, Found, discover};
pub use run::{Verdict, World, run_all, run_case};

#[cfg(test)]
mod tests;
