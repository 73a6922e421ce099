//! Parquet layout and file index.
