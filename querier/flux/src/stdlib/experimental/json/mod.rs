//! `experimental/json`: values out of JSON.

mod fault;
pub(crate) mod parse;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package =
    Package { path: "experimental/json", name: "json", members: &[&parse::DEFINITION] };
