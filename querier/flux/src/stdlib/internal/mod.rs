//! `internal`: what the library itself, its tests and translated scripts use.

pub mod boolean;
pub mod clock;
pub mod debug;
pub mod generator;
pub mod influxql;
pub mod location;
pub mod promql;
pub mod testing;
pub mod testutil;
