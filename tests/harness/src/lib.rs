//! Real `weir` processes for tests: alone, or as a cluster over PostgreSQL and S3 servers that the test starts as well.
//!
//! What starts here ends when it is dropped, also when a test fails; then the end of its log is shown. Addresses are on
//! loopback addresses of this process, so tests of two runs do not meet. Waiting is polling with a deadline, never a
//! bare sleep.
//!
//! It deliberately knows the server's command line and HTTP API only, never its crates.
// All of this is test code, where a failure is a panic.
#![allow(clippy::unwrap_used)]

mod address;
mod authority;
mod binary;
mod cluster;
mod http;
mod poll;
mod postgres;
mod process;
mod s3;
mod server;

pub use address::free_address;
pub use authority::Authority;
pub use binary::weir as binary;
pub use cluster::Cluster;
pub use http::{Client, Response};
pub use poll::until;
pub use postgres::Postgres;
pub use process::Process;
pub use s3::S3;
pub use server::{Server, TOKEN, rows};
