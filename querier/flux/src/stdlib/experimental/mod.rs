//! `experimental`: functions on trial, many of which are in wide use.

pub mod aggregate;
mod align_time;
pub mod array;
pub mod bigtable;
pub mod bitwise;
mod calls;
mod catch;
mod chain;
pub mod csv;
pub mod date;
mod delegates;
pub(crate) mod diff;
pub mod dynamic;
pub mod geo;
mod group;
pub mod http;
pub mod influxdb;
pub mod iox;
pub mod json;
pub mod mqtt;
mod object_keys;
pub mod oee;
pub mod polyline;
mod preview;
pub mod prometheus;
pub mod query;
pub mod record;
pub(crate) mod set;
pub mod table;
mod unpivot;
pub mod usage;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental",
    name: "experimental",
    members: &[
        &align_time::DEFINITION,
        &calls::ADD_DURATION,
        &calls::HISTOGRAM,
        &calls::JOIN,
        &calls::SUB_DURATION,
        &catch::DEFINITION,
        &chain::DEFINITION,
        &delegates::COUNT,
        &delegates::DISTINCT,
        &delegates::FILL,
        &delegates::FIRST,
        &delegates::HISTOGRAM_QUANTILE,
        &delegates::INTEGRAL,
        &delegates::KAUFMANS_AMA,
        &delegates::LAST,
        &delegates::MAX,
        &delegates::MEAN,
        &delegates::MIN,
        &delegates::MODE,
        &delegates::QUANTILE,
        &delegates::SKEW,
        &delegates::SPREAD,
        &delegates::STDDEV,
        &delegates::SUM,
        &delegates::TO,
        &delegates::UNIQUE,
        &delegates::WINDOW,
        &diff::DEFINITION,
        &group::DEFINITION,
        &object_keys::DEFINITION,
        &preview::DEFINITION,
        &set::DEFINITION,
        &unpivot::DEFINITION,
    ],
};
