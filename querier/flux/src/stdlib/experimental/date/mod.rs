//! `experimental/date`: a folder.

pub mod boundaries;
