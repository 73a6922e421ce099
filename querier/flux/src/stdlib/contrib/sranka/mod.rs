//! `contrib/sranka`: a folder.

pub mod teams;
pub mod telegram;
pub mod webexteams;
