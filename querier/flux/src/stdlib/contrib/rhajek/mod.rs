//! `contrib/rhajek`: a folder.

pub mod bigpanda;
