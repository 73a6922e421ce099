//! The Flux engine.
