//! `types`: asking for the type of a value.

mod is_type;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package =
    Package { path: "types", name: "types", members: &[&is_type::IS_TYPE, &is_type::IS_NUMERIC] };
