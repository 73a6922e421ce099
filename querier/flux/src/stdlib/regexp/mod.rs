//! `regexp`: regular expressions in Go's syntax.

mod arguments;
mod compile;
mod find;
mod replace;
mod split;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package {
    path: "regexp",
    name: "regexp",
    members: &[
        &compile::COMPILE,
        &compile::GET_STRING,
        &compile::QUOTE_META,
        &find::FIND_STRING,
        &find::FIND_STRING_INDEX,
        &find::MATCH_REGEXP_STRING,
        &replace::REPLACE_ALL_STRING,
        &split::SPLIT_REGEXP,
    ],
};
