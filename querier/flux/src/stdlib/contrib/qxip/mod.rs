//! `contrib/qxip`: a folder.

pub mod clickhouse;
pub mod hash;
pub mod logql;
