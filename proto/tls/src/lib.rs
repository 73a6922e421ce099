//! Certificates in files, as configurations of TLS.
//!
//! Purpose: whoever listens or connects with TLS names files; this crate reads them, says in words what is wrong with
//! them, and reads them again when they are renewed, as cert-manager and the kubelet do by replacing them.
//!
//! Invariants: a configuration is whole or not there: a renewal that cannot be read leaves the one before in use, with a
//! warning. A private key never gets into a log or an error. TLS 1.2 is the oldest version that can be spoken.
//!
//! It deliberately does not know sockets, HTTP or gRPC.

mod client;
mod error;
mod files;
mod renewed;
mod server;

pub use client::{Client, ClientSettings};
pub use error::{Error, Result};
pub use renewed::{Renewed, Source};
pub use server::{Server, ServerSettings, Version};

#[cfg(test)]
mod tests;
