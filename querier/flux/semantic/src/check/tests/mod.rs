//! Scripts in, complaints out.

mod accepted;
mod refused;
mod types;

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use super::*;
use crate::{PackageTypes, join_errors};

pub(super) struct TestImporter {
    packages: HashMap<String, Arc<PackageTypes>>,
}

impl Importer for TestImporter {
    fn package(&self, path: &str) -> Option<Arc<PackageTypes>> {
        self.packages.get(path).cloned()
    }

    fn prelude(&self) -> Arc<PackageTypes> {
        self.packages["universe"].clone()
    }
}

impl TestImporter {
    pub(super) fn parse(text: &str) -> Self {
        let mut packages: HashMap<String, PackageTypes> = HashMap::new();
        let mut path = String::new();
        for line in text.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            if let Some(p) = line.strip_prefix("package ") {
                path = p.to_owned();
                let name = p.rsplit('/').next().unwrap().to_owned();
                packages.entry(path.clone()).or_insert_with(|| PackageTypes::new(name));
                continue;
            }
            let package = packages.get_mut(&path).unwrap();
            let (name, signature) = line.split_once(": ").unwrap();
            let name = match name.strip_prefix("? ") {
                Some(option) => {
                    package.mark_option(option);
                    option
                }
                None => name,
            };
            package.add_signature(name, signature);
        }
        for package in packages.values() {
            assert_eq!(package.invalid_signatures(), [], "in {}", package.name);
        }
        Self { packages: packages.into_iter().map(|(k, v)| (k, Arc::new(v))).collect() }
    }
}

pub(super) static IMPORTER: LazyLock<TestImporter> =
    LazyLock::new(|| TestImporter::parse(include_str!("signatures.txt")));

pub(super) fn parse(script: &str) -> ast::Package {
    let package = weir_flux_syntax::parse_package(script, "", "");
    assert_eq!(join_errors(&weir_flux_syntax::package_errors(&package)), "", "{script}");
    package
}

pub(super) fn complaints(script: &str) -> String {
    join_errors(&check(&parse(script), &*IMPORTER))
}
