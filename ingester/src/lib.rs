//! The ingester role.
