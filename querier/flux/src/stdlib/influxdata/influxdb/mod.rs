//! `influxdata/influxdb`: reading and writing buckets. Its members are visible without import.

mod buckets;
mod cardinality;
pub(crate) mod from;
pub(crate) mod group_selector;
pub mod monitor;
pub(crate) mod reduced_scan;
pub(crate) mod remote;
mod rows;
pub mod sample;
pub mod scan;
pub mod schema;
pub mod secrets;
pub mod tasks;
mod to;
pub mod v1;
pub(crate) mod wide_scan;
pub(crate) mod wide_to;
mod writer;

use crate::registry::Package;

pub use cardinality::CountTables;
pub use from::From;

/// The package.
pub static PACKAGE: Package = Package {
    path: "influxdata/influxdb",
    name: "influxdb",
    members: &[
        &buckets::DEFINITION,
        &cardinality::DEFINITION,
        &from::DEFINITION,
        &to::DEFINITION,
        &wide_to::DEFINITION,
    ],
};
