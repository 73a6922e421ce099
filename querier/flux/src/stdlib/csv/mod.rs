//! `csv`: tables out of CSV.

mod from;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package { path: "csv", name: "csv", members: &[&from::DEFINITION] };
