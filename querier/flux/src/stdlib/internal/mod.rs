//! Packages that scripts see without importing them.

pub mod boolean;
pub mod clock;
pub mod debug;
pub mod location;
