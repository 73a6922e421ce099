//! The standard library: a folder an import path, a file a function.
//!
//! To add a function: write `stdlib/<import path>/<function>.rs` with one `pub const DEFINITION: Definition`, and list
//! it in the folder's `mod.rs`. To add a package: a folder with a `PACKAGE`, listed here in [`PACKAGES`].

pub mod array;
pub mod bitwise;
pub mod csv;
pub mod date;
pub mod dict;
pub mod experimental;
pub mod influxdata;
pub mod internal;
pub mod json;
pub mod math;
mod native;
pub mod regexp;
pub mod runtime;
pub mod strings;
pub mod system;
pub mod timezone;
pub mod types;
pub mod universe;

use crate::registry::Package;

/// Every package.
pub static PACKAGES: &[&Package] = &[
    &array::PACKAGE,
    &bitwise::PACKAGE,
    &csv::PACKAGE,
    &date::PACKAGE,
    &date::boundaries::PACKAGE,
    &dict::PACKAGE,
    &experimental::array::PACKAGE,
    &experimental::bitwise::PACKAGE,
    &experimental::date::boundaries::PACKAGE,
    &experimental::dynamic::PACKAGE,
    &experimental::json::PACKAGE,
    &experimental::record::PACKAGE,
    &influxdata::influxdb::PACKAGE,
    &internal::boolean::PACKAGE,
    &internal::clock::PACKAGE,
    &internal::debug::PACKAGE,
    &internal::location::PACKAGE,
    &json::PACKAGE,
    &math::PACKAGE,
    &regexp::PACKAGE,
    &runtime::PACKAGE,
    &strings::PACKAGE,
    &system::PACKAGE,
    &timezone::PACKAGE,
    &types::PACKAGE,
    &universe::PACKAGE,
];
