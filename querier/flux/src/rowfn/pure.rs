//! Which functions may be called in another order, less often, or once more than rows ask for it.

use crate::registry::Definition;

/// Packages whose functions do nothing but to answer, and answer the same each time.
const PACKAGES: &[&str] = &[
    "array",
    "bitwise",
    "contrib/bonitoo-io/hex",
    "contrib/qxip/hash",
    "date",
    "date/boundaries",
    "dict",
    "experimental",
    "experimental/array",
    "experimental/bitwise",
    "experimental/date/boundaries",
    "experimental/dynamic",
    "experimental/geo",
    "experimental/json",
    "experimental/polyline",
    "experimental/record",
    "experimental/table",
    "internal/boolean",
    "internal/debug",
    "internal/location",
    "internal/promql",
    "interpolate",
    "json",
    "math",
    "regexp",
    "runtime",
    "strings",
    "timezone",
    "types",
    "universe",
];

/// Whether it is all the same how often and in which order the function is called. Functions that send something, or
/// look at a clock, are not: they are called as the interpreter calls them, row by row.
pub(super) fn is_pure(definition: &Definition) -> bool {
    PACKAGES.binary_search(&definition.package).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry;

    #[test]
    fn packages_are_known_and_in_order() {
        assert!(PACKAGES.is_sorted());
        for path in PACKAGES {
            assert!(registry::package(path).is_some(), "{path}");
        }
        let post = registry::package("http").and_then(|p| p.member("post")).unwrap();
        assert!(!is_pure(post));
    }
}
