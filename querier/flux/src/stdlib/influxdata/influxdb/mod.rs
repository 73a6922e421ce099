//! `influxdata/influxdb`: reading and writing buckets. Its members are visible without import.

mod from;
pub mod scan;

use crate::registry::Package;

pub use from::From;

/// The package.
pub static PACKAGE: Package =
    Package { path: "influxdata/influxdb", name: "influxdb", members: &[&from::DEFINITION] };
