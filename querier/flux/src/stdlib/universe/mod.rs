//! `universe`: the functions that scripts see without importing anything.

mod bins;
mod contains;
pub(crate) mod convert;
mod die;
mod display;
pub mod filter;
mod inf;
mod length;
mod map;
mod now;
mod aggregate_window;
pub(crate) mod fill_empty;
pub(crate) mod group;
mod pivot;
mod union;
pub(crate) mod window;
mod join;
pub mod range;
mod today;
mod truncate_time_column;
mod yield_;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package {
    path: "universe",
    name: "universe",
    members: &[
        &bins::LINEAR_BINS,
        &bins::LOGARITHMIC_BINS,
        &contains::DEFINITION,
        &convert::TO_BOOL,
        &convert::TO_FLOAT,
        &convert::TO_INT,
        &convert::TO_STRING,
        &convert::TO_TIME,
        &convert::TO_UINT,
        &convert::bool::DEFINITION,
        &convert::bytes::DEFINITION,
        &convert::duration::DEFINITION,
        &convert::float::DEFINITION,
        &convert::int::DEFINITION,
        &convert::string::DEFINITION,
        &convert::time::DEFINITION,
        &convert::uint::DEFINITION,
        &die::DEFINITION,
        &display::DEFINITION,
        &filter::DEFINITION,
        &inf::DEFINITION,
        &length::DEFINITION,
        &map::DEFINITION,
        &now::DEFINITION,
        &range::DEFINITION,
        &today::DEFINITION,
        &truncate_time_column::DEFINITION,
        &aggregate_window::DEFINITION,
        &fill_empty::DEFINITION,
        &group::DEFINITION,
        &pivot::DEFINITION,
        &union::DEFINITION,
        &window::DEFINITION,
        &join::DEFINITION,
        &yield_::DEFINITION,
    ],
};
