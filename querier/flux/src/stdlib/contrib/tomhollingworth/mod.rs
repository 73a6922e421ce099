//! `contrib/tomhollingworth`: a folder.

pub mod events;
