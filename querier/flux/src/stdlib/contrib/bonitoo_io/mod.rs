//! `contrib/bonitoo-io`: a folder.

pub mod hex;
pub mod tickscript;
