//! Annotated CSV.
