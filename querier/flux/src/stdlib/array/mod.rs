//! `array`: tables from literals, and work on arrays.

mod concat;
mod filter;
mod from;
mod map;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package {
    path: "array",
    name: "array",
    members: &[&concat::DEFINITION, &filter::DEFINITION, &from::DEFINITION, &map::DEFINITION],
};
