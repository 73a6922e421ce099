//! The standard library as a table: every function, constant and option with its signature and documentation.
//!
//! A file under `stdlib/<import path>/` holds one [`Definition`]; the package's `mod.rs` lists them. From this table
//! come the type checker's package types, the values that scripts see, `query/suggestions` and `weir flux doc`.

mod importer;
mod kernel;
mod lookup;

use crate::value::{NativeFunction, Value};

pub use importer::RegistryImporter;
pub use kernel::{Kernel, OfTime, Prepare};
pub use lookup::{package, package_paths, prelude};

/// A public name of a package.
pub struct Definition {
    /// The import path: `universe`, `strings`, `influxdata/influxdb/schema`.
    pub package: &'static str,
    /// The name.
    pub name: &'static str,
    /// The type, in Flux's type syntax.
    pub signature: &'static str,
    /// What it does, in a sentence or a few; the first is shown in lists.
    pub doc: &'static str,
    /// What it is.
    pub body: Body,
}

/// What a definition stands for.
pub enum Body {
    /// A function written in Rust.
    Native(NativeFunction),
    /// The same, and how it is computed for whole columns.
    Columnar(NativeFunction, Kernel),
    /// An expression in Flux, with its own imports before it: `import "date"\n(t) => date.truncate(t, unit: 1d)`.
    Flux(&'static str),
    /// A constant.
    Constant(fn() -> Value),
    /// An option: an expression in Flux that gives its default.
    Option(&'static str),
}

impl std::fmt::Debug for Definition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}: {}", self.package, self.name, self.signature)
    }
}

impl Definition {
    /// How the function is computed for whole columns, if it says that itself.
    pub(crate) fn kernel(&self) -> Option<Kernel> {
        match self.body {
            Body::Columnar(_, kernel) => Some(kernel),
            _ => None,
        }
    }

    /// Whether scripts may assign the name with `option`.
    pub fn is_option(&self) -> bool {
        matches!(self.body, Body::Option(_))
    }
}

/// A package of the standard library.
#[derive(Debug)]
pub struct Package {
    /// The import path.
    pub path: &'static str,
    /// The name it has without an alias: the path's last part, or what the package clause says.
    pub name: &'static str,
    /// Its members.
    pub members: &'static [&'static Definition],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stdlib::PACKAGES;

    /// The public names of the incumbent's library, a package a line.
    const INVENTORY: &str = include_str!("inventory.txt");

    #[test]
    fn all_public_names_are_there() {
        let missing: Vec<String> = INVENTORY
            .lines()
            .filter_map(|line| line.split_once(": "))
            .flat_map(|(path, names)| names.split_whitespace().map(move |name| (path, name)))
            .filter(|(path, name)| package(path).and_then(|p| p.member(name)).is_none())
            .map(|(path, name)| format!("{path}.{name}"))
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn every_member_says_what_it_is() {
        for definition in PACKAGES.iter().flat_map(|p| p.members) {
            let doc = definition.doc;
            assert!(doc.split_whitespace().count() >= 3 && doc.ends_with('.'), "{definition:?}: {doc}");
        }
    }

    #[test]
    fn every_member_stands_in_its_package_once() {
        for package in PACKAGES {
            let mut names: Vec<_> = package.members.iter().map(|d| d.name).collect();
            assert!(package.members.iter().all(|d| d.package == package.path), "{}", package.path);
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            assert_eq!(names.len(), count, "{}", package.path);
        }
    }
}
