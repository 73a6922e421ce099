//! Catalog in SQL.
