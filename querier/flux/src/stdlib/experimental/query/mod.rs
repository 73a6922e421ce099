//! `experimental/query`: reading a bucket in one call.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "experimental/query",
    name: "query",
    members: &[&FILTER_FIELDS, &FILTER_MEASUREMENT, &FROM_RANGE, &IN_BUCKET],
};

in_flux! { "experimental/query":
    FROM_RANGE = "fromRange",
        "(bucket: string, start: A, ?stop: B) => stream[{C with _measurement: string, _field: string, _time: time, _value: D, _start: time, _stop: time}]",
        "The points of a bucket in a range of time.",
        "(bucket, start, stop=now()) => from(bucket: bucket) |> range(start: start, stop: stop)";
    FILTER_MEASUREMENT = "filterMeasurement",
        "(<-table: stream[{B with _measurement: C}], measurement: A) => stream[{B with _measurement: C}] \
         where B: Record",
        "Keeps the rows of a measurement.",
        "(table=<-, measurement) => table |> filter(fn: (r) => r._measurement == measurement)";
    FILTER_FIELDS = "filterFields",
        "(<-table: stream[{B with _field: A}], ?fields: [A]) => stream[{B with _field: A}] where A: Equatable",
        "Keeps the rows of some fields; of all, if none are named.",
        r#"(table=<-, fields=[]) =>
    if length(arr: fields) == 0 then
        table
    else
        table |> filter(fn: (r) => contains(value: r._field, set: fields))"#;
    IN_BUCKET = "inBucket",
        "(bucket: string, measurement: A, start: B, ?fields: [string], ?predicate: (r: {C with _field: \
         string, _measurement: string, _start: time, _stop: time, _time: time, _value: D}) => bool, \
         ?stop: E) => stream[{C with _field: string, _measurement: string, _start: time, _stop: time, \
         _time: time, _value: D}] where C: Record",
        "The points of a measurement in a range of time that a predicate holds for.",
        r#"(bucket, measurement, start, stop=now(), fields=[], predicate=(r) => true) =>
    fromRange(bucket: bucket, start: start, stop: stop)
        |> filterMeasurement(measurement: measurement)
        |> filter(fn: predicate)
        |> filterFields(fields: fields)"#;
}
