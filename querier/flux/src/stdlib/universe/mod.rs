//! `universe`: the functions that scripts see without importing anything.

pub mod filter;
mod map;
mod now;
pub mod range;
mod yield_;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package {
    path: "universe",
    name: "universe",
    members: &[
        &filter::DEFINITION,
        &map::DEFINITION,
        &now::DEFINITION,
        &range::DEFINITION,
        &yield_::DEFINITION,
    ],
};
