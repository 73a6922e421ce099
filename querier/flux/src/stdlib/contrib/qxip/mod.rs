//! `contrib/qxip`: a folder.

pub mod hash;
