//! The store as a whole, over an object store in memory and SQLite.

mod ends;
mod lost;
mod model;
mod objects;
mod reduced;
mod scans;
mod support;
mod upkeep;
