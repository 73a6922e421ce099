//! Tests that hold the house in shape: which crate may know which (see `tests/direction.rs`).
