//! Bulk tables.
