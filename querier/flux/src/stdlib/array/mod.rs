//! `array`: tables from literals, and work on arrays.

mod from;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package { path: "array", name: "array", members: &[&from::DEFINITION] };
