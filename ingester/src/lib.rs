//! The ingester role.
mod buffer;
