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
pub mod kafka;
pub(crate) mod lazy;
pub mod math;
mod native;
pub mod pagerduty;
pub mod planner;
pub mod profiler;
pub mod pushbullet;
pub mod regexp;
#[cfg(test)]
mod requests_tests;
pub mod runtime;
pub mod sampledata;
pub mod slack;
pub mod socket;
#[cfg(test)]
mod soup_tests;
pub mod sql;
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
    &contrib::bonitoo_io::alerta::PACKAGE,
    &contrib::bonitoo_io::hex::PACKAGE,
    &contrib::bonitoo_io::servicenow::PACKAGE,
    &contrib::bonitoo_io::tickscript::PACKAGE,
    &contrib::bonitoo_io::victorops::PACKAGE,
    &contrib::bonitoo_io::zenoss::PACKAGE,
    &contrib::chobbs::discord::PACKAGE,
    &contrib::jsternberg::influxdb::PACKAGE,
    &contrib::qxip::clickhouse::PACKAGE,
    &contrib::qxip::hash::PACKAGE,
    &contrib::qxip::logql::PACKAGE,
    &contrib::rhajek::bigpanda::PACKAGE,
    &contrib::rohan_sreerama5::naive_bayes_classifier::PACKAGE,
    &contrib::sranka::opsgenie::PACKAGE,
    &contrib::sranka::sensu::PACKAGE,
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
    &experimental::bigtable::PACKAGE,
    &experimental::bitwise::PACKAGE,
    &experimental::csv::PACKAGE,
    &experimental::date::boundaries::PACKAGE,
    &experimental::dynamic::PACKAGE,
    &experimental::geo::PACKAGE,
    &experimental::http::PACKAGE,
    &experimental::http::requests::PACKAGE,
    &experimental::influxdb::PACKAGE,
    &experimental::iox::PACKAGE,
    &experimental::json::PACKAGE,
    &experimental::mqtt::PACKAGE,
    &experimental::oee::PACKAGE,
    &experimental::polyline::PACKAGE,
    &experimental::prometheus::PACKAGE,
    &experimental::query::PACKAGE,
    &experimental::record::PACKAGE,
    &experimental::table::PACKAGE,
    &experimental::usage::PACKAGE,
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
    &internal::generator::PACKAGE,
    &internal::influxql::PACKAGE,
    &internal::location::PACKAGE,
    &internal::promql::PACKAGE,
    &internal::testing::PACKAGE,
    &internal::testutil::PACKAGE,
    &interpolate::PACKAGE,
    &join::PACKAGE,
    &json::PACKAGE,
    &kafka::PACKAGE,
    &math::PACKAGE,
    &pagerduty::PACKAGE,
    &planner::PACKAGE,
    &profiler::PACKAGE,
    &pushbullet::PACKAGE,
    &regexp::PACKAGE,
    &runtime::PACKAGE,
    &sampledata::PACKAGE,
    &slack::PACKAGE,
    &socket::PACKAGE,
    &sql::PACKAGE,
    &strings::PACKAGE,
    &system::PACKAGE,
    &testing::PACKAGE,
    &testing::expect::PACKAGE,
    &timezone::PACKAGE,
    &types::PACKAGE,
    &universe::PACKAGE,
];
