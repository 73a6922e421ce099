//! The standard library as the type checker sees it.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use weir_flux_semantic::{Importer, PackageTypes};

use super::Package;
use super::lookup::PRELUDE;
use crate::stdlib::PACKAGES;

/// Answers the types of the standard library's packages. Signatures are parsed when they are first used, once.
#[derive(Debug, Clone, Copy, Default)]
pub struct RegistryImporter;

static TYPES: LazyLock<HashMap<&'static str, Arc<PackageTypes>>> =
    LazyLock::new(|| PACKAGES.iter().map(|p| (p.path, Arc::new(types_of(p)))).collect());

static PRELUDE_TYPES: LazyLock<Arc<PackageTypes>> = LazyLock::new(|| {
    let mut types = PackageTypes::new("prelude");
    for path in PRELUDE {
        if let Some(package) = TYPES.get(path) {
            types.extend(package);
        }
    }
    Arc::new(types)
});

fn types_of(package: &Package) -> PackageTypes {
    let mut types = PackageTypes::new(package.name);
    for definition in package.members {
        types.add_signature(definition.name, definition.signature);
        if definition.is_option() {
            types.mark_option(definition.name);
        }
    }
    types
}

impl Importer for RegistryImporter {
    fn package(&self, path: &str) -> Option<Arc<PackageTypes>> {
        TYPES.get(path).cloned()
    }

    fn prelude(&self) -> Arc<PackageTypes> {
        Arc::clone(&PRELUDE_TYPES)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_can_be_read() {
        for (path, types) in TYPES.iter() {
            let bad = types.invalid_signatures();
            assert!(bad.is_empty(), "{path}: {bad:?}");
        }
    }
}
