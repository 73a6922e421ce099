//! `experimental/http`: requests to other servers.

pub mod requests;
