//! The standard library: a folder an import path, a file a function.
//!
//! To add a function: write `stdlib/<import path>/<function>.rs` with one `pub const DEFINITION: Definition`, and list
//! it in the folder's `mod.rs`. To add a package: a folder with a `PACKAGE`, listed here in [`PACKAGES`].

pub mod array;
pub mod bitwise;
pub mod contrib;
pub mod csv;
pub mod date;
pub mod dict;
pub mod experimental;
mod forward;
pub mod generate;
pub mod http;
pub mod influxdata;
pub mod internal;
pub mod interpolate;
pub mod join;
pub mod json;
mod lazy;
pub mod math;
mod native;
pub mod pagerduty;
pub mod planner;
pub mod profiler;
pub mod pushbullet;
pub mod regexp;
pub mod runtime;
pub mod sampledata;
pub mod slack;
pub mod strings;
pub mod system;
pub mod testing;
pub mod timezone;
pub mod types;
pub mod universe;

use crate::registry::Package;

/// Every package.
pub static PACKAGES: &[&Package] = &[
    &array::PACKAGE,
    &bitwise::PACKAGE,
    &contrib::anaisdg::anomalydetection::PACKAGE,
    &contrib::anaisdg::statsmodels::PACKAGE,
    &contrib::bonitoo_io::hex::PACKAGE,
    &contrib::bonitoo_io::tickscript::PACKAGE,
    &contrib::chobbs::discord::PACKAGE,
    &contrib::jsternberg::influxdb::PACKAGE,
    &contrib::qxip::hash::PACKAGE,
    &contrib::sranka::teams::PACKAGE,
    &contrib::sranka::telegram::PACKAGE,
    &contrib::sranka::webexteams::PACKAGE,
    &contrib::tomhollingworth::events::PACKAGE,
    &csv::PACKAGE,
    &date::PACKAGE,
    &date::boundaries::PACKAGE,
    &dict::PACKAGE,
    &experimental::PACKAGE,
    &experimental::aggregate::PACKAGE,
    &experimental::array::PACKAGE,
    &experimental::bitwise::PACKAGE,
    &experimental::date::boundaries::PACKAGE,
    &experimental::dynamic::PACKAGE,
    &experimental::geo::PACKAGE,
    &experimental::http::requests::PACKAGE,
    &experimental::json::PACKAGE,
    &experimental::oee::PACKAGE,
    &experimental::polyline::PACKAGE,
    &experimental::prometheus::PACKAGE,
    &experimental::query::PACKAGE,
    &experimental::record::PACKAGE,
    &experimental::table::PACKAGE,
    &generate::PACKAGE,
    &http::PACKAGE,
    &http::requests::PACKAGE,
    &influxdata::influxdb::PACKAGE,
    &influxdata::influxdb::monitor::PACKAGE,
    &influxdata::influxdb::sample::PACKAGE,
    &influxdata::influxdb::schema::PACKAGE,
    &influxdata::influxdb::secrets::PACKAGE,
    &influxdata::influxdb::tasks::PACKAGE,
    &influxdata::influxdb::v1::PACKAGE,
    &internal::boolean::PACKAGE,
    &internal::clock::PACKAGE,
    &internal::debug::PACKAGE,
    &internal::location::PACKAGE,
    &interpolate::PACKAGE,
    &join::PACKAGE,
    &json::PACKAGE,
    &math::PACKAGE,
    &pagerduty::PACKAGE,
    &planner::PACKAGE,
    &profiler::PACKAGE,
    &pushbullet::PACKAGE,
    &regexp::PACKAGE,
    &runtime::PACKAGE,
    &sampledata::PACKAGE,
    &slack::PACKAGE,
    &strings::PACKAGE,
    &system::PACKAGE,
    &testing::PACKAGE,
    &timezone::PACKAGE,
    &types::PACKAGE,
    &universe::PACKAGE,
];
