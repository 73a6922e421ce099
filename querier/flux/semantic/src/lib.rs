//! Flux types.
