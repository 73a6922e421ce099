//! `weir flux repl`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Editor, Helper};
use weir_flux::registry;
use weir_flux::repl::{Reading, Session, reading};

use super::output::{complain, fail, put};
use super::server::{Answer, Server, readable};

/// Flags of `weir flux repl`.
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    server: Server,
}

/// Completes names, and asks for more lines while a bracket is open.
struct Language {
    names: Vec<String>,
}

impl Helper for Language {}
impl Highlighter for Language {}

impl Hinter for Language {
    type Hint = String;
}

impl Validator for Language {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match reading(context.input()) {
            Reading::Whole => ValidationResult::Valid(None),
            Reading::Unfinished => ValidationResult::Incomplete,
        })
    }
}

impl Completer for Language {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
        let before = &line[..at];
        let start = before.rfind(|c| !is_name(c)).map_or(0, |i| i + 1);
        let word = &before[start..];
        let found = self.names.iter().filter(|n| !word.is_empty() && n.starts_with(word));
        Ok((start, found.map(|n| Pair { display: n.clone(), replacement: n.clone() }).collect()))
    }
}

/// The names that scripts may use: those of the prelude, and the members of packages by the packages' names.
fn names() -> Vec<String> {
    let mut names = Vec::new();
    for package in registry::package_paths().into_iter().filter_map(registry::package) {
        let package = package.package;
        for member in package.members.iter().filter(|m| !m.name.starts_with('_')) {
            match registry::prelude(member.name) {
                Some(known) if std::ptr::eq(known, *member) => names.push(member.name.to_owned()),
                _ => names.push(format!("{}.{}", package.name, member.name)),
            }
        }
    }
    names.sort();
    names.dedup();
    names
}

fn history() -> Option<PathBuf> {
    std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".weir_flux_history"))
}

pub(super) fn run(options: &Options) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("the runtime does not start: {error}")),
    };
    let mut editor: Editor<Language, DefaultHistory> = match Editor::new() {
        Ok(editor) => editor,
        Err(error) => return fail(&format!("the prompt does not start: {error}")),
    };
    editor.set_helper(Some(Language { names: names() }));
    if let Some(file) = history() {
        // There is none before the first time.
        let _ = editor.load_history(&file);
    }
    put("Enter Flux; an empty line does nothing, Ctrl-D leaves.\n");
    let mut session = Session::default();
    loop {
        match editor.readline("> ") {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => {
                let _ = editor.add_history_entry(line.as_str());
                match step(&mut session, &line, options, &runtime) {
                    Ok(text) => put(&text),
                    Err(why) => complain(&format!("{why}{}", hint(&why))),
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break,
            Err(error) => return fail(&error.to_string()),
        }
    }
    if let Some(file) = history() {
        let _ = editor.save_history(&file);
    }
    ExitCode::SUCCESS
}

/// Runs a line: what it shows.
fn step(
    session: &mut Session,
    line: &str,
    options: &Options,
    runtime: &tokio::runtime::Runtime,
) -> Result<String, String> {
    let entered = session.enter(line)?;
    let shown = |script: &str| {
        options.server.run(runtime, script).map(|answer| match answer {
            Answer::Tables(text) => text,
            Answer::Csv(csv) => readable(&csv),
        })
    };
    let no_tables = |why: &str| why.contains("returns no streaming data");
    let out = match shown(&entered.script) {
        Ok(text) => text,
        // Nothing was asked for, and nothing is wrong.
        Err(why) if no_tables(&why) && !entered.asks => String::new(),
        Err(why) if no_tables(&why) => match &entered.as_value {
            Some(script) => value_of(&shown(script)?),
            None => return Err(why),
        },
        Err(why) => return Err(why),
    };
    session.accept(entered);
    Ok(out)
}

/// The value in a table of one value, as it was written for people.
fn value_of(table: &str) -> String {
    // The group key, the head and a line below it stand before.
    let lines: Vec<&str> = table.trim_end().lines().skip(3).collect();
    format!("{}\n", lines.join("\n"))
}

/// Says which import makes a name known, if an error is about the name of a package.
fn hint(error: &str) -> String {
    let Some((_, rest)) = error.split_once("undefined identifier ") else { return String::new() };
    let name = rest.split_whitespace().next().unwrap_or_default();
    let packages = registry::package_paths().into_iter().filter_map(registry::package).map(|p| p.package);
    let mut paths: Vec<&str> = packages.filter(|p| p.name == name).map(|p| p.path).collect();
    paths.sort_by_key(|path| path.len());
    paths.first().map_or_else(String::new, |path| format!("; try import \"{path}\" first"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_without_a_table() {
        assert_eq!(value_of("Table: keys: []\nvalue:string\n------------\n8\n\n"), "8\n");
    }

    #[test]
    fn packages_are_named() {
        assert_eq!(hint("error @1:1-1:8: undefined identifier strings"), "; try import \"strings\" first");
        assert_eq!(hint("error @1:1-1:8: undefined identifier nosuch"), "");
    }
}
