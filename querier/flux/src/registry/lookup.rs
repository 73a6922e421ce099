//! Finding packages and their members.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{Definition, Package};
use crate::stdlib::PACKAGES;

/// A package with its members by name.
#[derive(Debug)]
pub struct PackageIndex {
    /// The package.
    pub package: &'static Package,
    members: HashMap<&'static str, &'static Definition>,
}

impl PackageIndex {
    /// A member by name.
    pub fn member(&self, name: &str) -> Option<&'static Definition> {
        self.members.get(name).copied()
    }
}

static INDEX: LazyLock<HashMap<&'static str, PackageIndex>> = LazyLock::new(|| {
    PACKAGES
        .iter()
        .map(|package| {
            let members = package.members.iter().map(|d| (d.name, *d)).collect();
            (package.path, PackageIndex { package, members })
        })
        .collect()
});

/// The packages whose members scripts see without importing them.
pub(crate) const PRELUDE: [&str; 4] =
    ["universe", "influxdata/influxdb", "internal/boolean", "internal/location"];

/// A package by import path.
pub fn package(path: &str) -> Option<&'static PackageIndex> {
    INDEX.get(path)
}

/// A name that is visible without import.
pub fn prelude(name: &str) -> Option<&'static Definition> {
    PRELUDE.iter().find_map(|path| package(path)?.member(name))
}

/// All import paths, sorted.
pub fn package_paths() -> Vec<&'static str> {
    let mut paths: Vec<_> = INDEX.keys().copied().collect();
    paths.sort_unstable();
    paths
}
