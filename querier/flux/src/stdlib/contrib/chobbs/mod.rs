//! `contrib/chobbs`: a folder.

pub mod discord;
