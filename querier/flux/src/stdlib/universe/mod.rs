//! `universe`: the functions that scripts see without importing anything.

mod aggregate_window;
mod bins;
mod bottom;
mod chande_momentum_oscillator;
pub(crate) mod column_list;
pub(crate) mod column_names;
mod columns;
mod contains;
pub(crate) mod convert;
mod count;
mod cov;
mod covariance;
pub(crate) mod cumulative_sum;
mod derivative;
mod die;
pub(crate) mod difference;
mod display;
pub(crate) mod distinct;
mod double_ema;
mod drop;
pub(crate) mod duplicate;
mod elapsed;
mod exponential_moving_average;
pub(crate) mod fill;
pub(crate) mod fill_empty;
pub mod filter;
mod find_column;
mod find_record;
mod first;
mod found;
mod get_column;
mod get_record;
pub(crate) mod group;
mod highest_average;
mod highest_current;
mod highest_max;
pub(crate) mod histogram;
pub(crate) mod histogram_quantile;
mod holt_winters;
mod hour_selection;
mod increase;
mod inf;
pub(crate) mod integral;
pub(crate) mod join;
mod kaufmans_ama;
mod kaufmans_er;
mod keep;
pub(crate) mod key_values;
mod keys;
mod last;
mod length;
pub(crate) mod limit;
mod lowest_average;
mod lowest_current;
mod lowest_min;
pub(crate) mod map;
mod map_order;
mod max;
mod mean;
mod median;
mod min;
mod mode;
mod moving;
mod moving_average;
mod now;
mod pearsonr;
pub(crate) mod pivot;
mod quantile;
pub mod range;
pub(crate) mod reduce;
mod relative_strength_index;
pub(crate) mod rename;
mod sample;
pub(crate) mod set;
mod skew;
pub(crate) mod sort;
mod spread;
mod state_count;
mod state_duration;
mod state_tracking;
mod stddev;
mod sum;
mod table_find;
pub(crate) mod tail;
mod time_shift;
mod time_weighted_avg;
mod timed_moving_average;
mod today;
mod top;
mod triple_ema;
mod triple_exponential_derivative;
mod truncate_time_column;
pub(crate) mod union;
pub(crate) mod unique;
pub(crate) mod window;
pub(crate) mod yield_;

use crate::registry::Package;

/// The package.
pub static PACKAGE: Package = Package {
    path: "universe",
    name: "universe",
    members: &[
        &aggregate_window::DEFINITION,
        &bins::LINEAR_BINS,
        &bins::LOGARITHMIC_BINS,
        &bottom::DEFINITION,
        &chande_momentum_oscillator::DEFINITION,
        &columns::DEFINITION,
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
        &count::DEFINITION,
        &cov::DEFINITION,
        &covariance::DEFINITION,
        &cumulative_sum::DEFINITION,
        &derivative::DEFINITION,
        &die::DEFINITION,
        &difference::DEFINITION,
        &display::DEFINITION,
        &distinct::DEFINITION,
        &double_ema::DEFINITION,
        &drop::DEFINITION,
        &duplicate::DEFINITION,
        &elapsed::DEFINITION,
        &exponential_moving_average::DEFINITION,
        &fill::DEFINITION,
        &fill_empty::DEFINITION,
        &filter::DEFINITION,
        &find_column::DEFINITION,
        &find_record::DEFINITION,
        &first::DEFINITION,
        &get_column::DEFINITION,
        &get_record::DEFINITION,
        &group::DEFINITION,
        &highest_average::DEFINITION,
        &highest_current::DEFINITION,
        &highest_max::DEFINITION,
        &histogram::DEFINITION,
        &histogram_quantile::DEFINITION,
        &holt_winters::DEFINITION,
        &hour_selection::DEFINITION,
        &increase::DEFINITION,
        &inf::DEFINITION,
        &integral::DEFINITION,
        &join::DEFINITION,
        &kaufmans_ama::DEFINITION,
        &kaufmans_er::DEFINITION,
        &keep::DEFINITION,
        &key_values::DEFINITION,
        &keys::DEFINITION,
        &last::DEFINITION,
        &length::DEFINITION,
        &limit::DEFINITION,
        &lowest_average::DEFINITION,
        &lowest_current::DEFINITION,
        &lowest_min::DEFINITION,
        &map::DEFINITION,
        &max::DEFINITION,
        &mean::DEFINITION,
        &median::DEFINITION,
        &min::DEFINITION,
        &mode::DEFINITION,
        &moving_average::DEFINITION,
        &now::DEFINITION,
        &pearsonr::DEFINITION,
        &pivot::DEFINITION,
        &quantile::DEFINITION,
        &range::DEFINITION,
        &reduce::DEFINITION,
        &relative_strength_index::DEFINITION,
        &rename::DEFINITION,
        &sample::DEFINITION,
        &set::DEFINITION,
        &skew::DEFINITION,
        &sort::DEFINITION,
        &spread::DEFINITION,
        &state_count::DEFINITION,
        &state_duration::DEFINITION,
        &state_tracking::DEFINITION,
        &stddev::DEFINITION,
        &sum::DEFINITION,
        &table_find::DEFINITION,
        &tail::DEFINITION,
        &time_shift::DEFINITION,
        &time_weighted_avg::DEFINITION,
        &timed_moving_average::DEFINITION,
        &today::DEFINITION,
        &top::DEFINITION,
        &triple_ema::DEFINITION,
        &triple_exponential_derivative::DEFINITION,
        &truncate_time_column::DEFINITION,
        &union::DEFINITION,
        &unique::DEFINITION,
        &window::DEFINITION,
        &yield_::DEFINITION,
    ],
};
