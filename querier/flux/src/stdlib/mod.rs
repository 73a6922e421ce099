//! The standard library: a folder an import path, a file a function.
//!
//! To add a function: write `stdlib/<import path>/<function>.rs` with one `pub const DEFINITION: Definition`, and list
//! it in the folder's `mod.rs`. To add a package: a folder with a `PACKAGE`, listed here in [`PACKAGES`].

pub mod array;
pub mod influxdata;
pub mod internal;
pub mod universe;

use crate::registry::Package;

/// Every package.
pub static PACKAGES: &[&Package] = &[
    &array::PACKAGE,
    &influxdata::influxdb::PACKAGE,
    &internal::boolean::PACKAGE,
    &internal::clock::PACKAGE,
    &internal::location::PACKAGE,
    &universe::PACKAGE,
];
