//! `experimental`: functions on trial, many of which are in wide use.

pub mod array;
pub mod bitwise;
pub mod date;
pub mod dynamic;
pub mod json;
pub mod record;
