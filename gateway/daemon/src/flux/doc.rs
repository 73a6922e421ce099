//! `weir flux doc [NAME]`.

use std::process::ExitCode;

use clap::Args;
use weir_flux::registry::{self, Definition};

use super::near::nearest;
use super::output::{fail, put};

/// Flags of `weir flux doc`.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// A package (`strings`, `influxdata/influxdb/schema`) or a member (`filter`, `strings.title`); all packages when
    /// left out.
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// All members of all packages, a line each.
    #[arg(long)]
    all: bool,
}

pub(super) fn run(options: &Options) -> ExitCode {
    let paths = registry::package_paths();
    if options.all {
        for package in paths.iter().filter_map(|p| registry::package(p)) {
            for member in sorted(package.package.members) {
                put(&format!("{}\t{}\t{}\n", member.package, member.name, member.signature));
            }
        }
        return ExitCode::SUCCESS;
    }
    let Some(name) = &options.name else {
        paths.iter().for_each(|path| put(&format!("{path}\n")));
        return ExitCode::SUCCESS;
    };
    let mut found = false;
    for package in paths.iter().filter_map(|p| registry::package(p)).map(|p| p.package) {
        if package.path == name || package.name == name {
            found = true;
            put(&format!("package {} (import \"{}\")\n\n", package.name, package.path));
            for member in sorted(package.members) {
                let first = member.doc.split_inclusive(". ").next().unwrap_or_default();
                put(&format!("    {:<24} {}\n", member.name, first.trim_end()));
            }
            put("\n");
        }
    }
    for path in &paths {
        let Some(package) = registry::package(path).map(|p| p.package) else { continue };
        for member in package.members {
            let full =
                [format!("{}.{}", package.path, member.name), format!("{}.{}", package.name, member.name)];
            if member.name == name || full.contains(name) {
                found = true;
                put(&shown(member));
            }
        }
    }
    if found { ExitCode::SUCCESS } else { fail(&unknown(name, &paths)) }
}

/// Says that there is nothing of a name, and which names are like it.
fn unknown(name: &str, paths: &[&'static str]) -> String {
    let mut names: Vec<String> = Vec::new();
    for package in paths.iter().filter_map(|p| registry::package(p)).map(|p| p.package) {
        names.extend([package.path.to_owned(), package.name.to_owned()]);
        for member in package.members.iter().filter(|m| !m.name.starts_with('_')) {
            names.extend([member.name.to_owned(), format!("{}.{}", package.name, member.name)]);
        }
    }
    match nearest(name, &names).as_slice() {
        [] => format!("there is no {name}"),
        like => format!("there is no {name}; there is {}", like.join(", ")),
    }
}

fn sorted(members: &[&'static Definition]) -> Vec<&'static Definition> {
    let mut members: Vec<_> = members.iter().copied().filter(|m| !m.name.starts_with('_')).collect();
    members.sort_by_key(|m| m.name);
    members
}

fn shown(member: &Definition) -> String {
    let import = match registry::prelude(member.name) {
        Some(known) if std::ptr::eq(known, member) => String::new(),
        _ => format!("import \"{}\"\n\n", member.package),
    };
    let option = if member.is_option() { "option " } else { "" };
    format!("{import}{option}{}: {}\n\n    {}\n\n", member.name, member.signature, member.doc)
}
