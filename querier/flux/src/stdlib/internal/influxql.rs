//! `internal/influxql`: the times that InfluxQL knows.

use crate::registry::Package;
use crate::stdlib::native::constants;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package =
    Package { path: "internal/influxql", name: "influxql", members: &[&EPOCH, &MAX_TIME, &MIN_TIME] };

constants! { "internal/influxql":
    EPOCH = "epoch", "time", "The beginning of 1970.", Value::Time(0);
    // The two least and the greatest number mean something else in storage.
    MIN_TIME = "minTime", "time", "The earliest time a point may have.", Value::Time(i64::MIN + 2);
    MAX_TIME = "maxTime", "time", "The latest time a point may have.", Value::Time(i64::MAX - 1);
}
