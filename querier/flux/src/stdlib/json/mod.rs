//! `json`: values as JSON.

pub(crate) mod encode;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package { path: "json", name: "json", members: &[&encode::DEFINITION] };
