//! `contrib/sranka`: a folder.

pub mod opsgenie;
pub mod sensu;
pub mod teams;
pub mod telegram;
pub mod webexteams;
