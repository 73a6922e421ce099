//! The server as its users meet it: real processes, real databases, real crashes.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod crash;
mod encrypted;
mod flux_tools;
mod load;
mod services;
