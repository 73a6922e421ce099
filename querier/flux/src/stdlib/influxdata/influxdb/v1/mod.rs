//! `influxdata/influxdb/v1`: what served version 1, most of it under other names elsewhere.

mod databases;
mod json;

use crate::registry::Package;
use crate::stdlib::forward::forwards;

/// The package.
pub static PACKAGE: Package = Package {
    path: "influxdata/influxdb/v1",
    name: "v1",
    members: &[
        &FIELD_KEYS,
        &FIELDS_AS_COLS,
        &MEASUREMENT_FIELD_KEYS,
        &MEASUREMENT_TAG_KEYS,
        &MEASUREMENT_TAG_VALUES,
        &MEASUREMENTS,
        &TAG_KEYS,
        &TAG_VALUES,
        &databases::DEFINITION,
        &json::DEFINITION,
    ],
};

forwards! { "influxdata/influxdb/v1":
    FIELDS_AS_COLS = "fieldsAsCols", "influxdata/influxdb/schema"."fieldsAsCols",
        "(<-tables: stream[A]) => stream[B] where A: Record, B: Record",
        "Pivots fields into columns of the same time.";
    TAG_VALUES = "tagValues", "influxdata/influxdb/schema"."tagValues",
        "(bucket: string, tag: string, ?predicate: (r: {A with _field: string, _measurement: string, \
         _start: time, _stop: time, _time: time, _value: B}) => bool, ?start: C, ?stop: D) => stream[E] \
         where A: Record, E: Record",
        "The values of a tag in a bucket.";
    TAG_KEYS = "tagKeys", "influxdata/influxdb/schema"."tagKeys",
        "(bucket: string, ?predicate: (r: {A with _field: string, _measurement: string, _start: time, \
         _stop: time, _time: time, _value: B}) => bool, ?start: C, ?stop: D) => stream[E] where A: \
         Record, E: Record",
        "The tag keys of a bucket.";
    MEASUREMENTS = "measurements", "influxdata/influxdb/schema"."measurements",
        "(bucket: string, ?start: A, ?stop: B) => stream[C] where C: Record",
        "The measurements of a bucket.";
    MEASUREMENT_TAG_VALUES = "measurementTagValues", "influxdata/influxdb/schema"."measurementTagValues",
        "(bucket: string, measurement: A, tag: string, ?start: B, ?stop: C) => stream[D] where D: Record",
        "The values of a tag in a measurement.";
    MEASUREMENT_TAG_KEYS = "measurementTagKeys", "influxdata/influxdb/schema"."measurementTagKeys",
        "(bucket: string, measurement: A, ?start: B, ?stop: C) => stream[D] where D: Record",
        "The tag keys of a measurement.";
    FIELD_KEYS = "fieldKeys", "influxdata/influxdb/schema"."fieldKeys",
        "(bucket: string, ?predicate: (r: {A with _field: string, _measurement: string, _start: time, \
         _stop: time, _time: time, _value: B}) => bool, ?start: C, ?stop: D) => stream[E] where A: \
         Record, E: Record",
        "The fields of a bucket.";
    MEASUREMENT_FIELD_KEYS = "measurementFieldKeys", "influxdata/influxdb/schema"."measurementFieldKeys",
        "(bucket: string, measurement: A, ?start: B, ?stop: C) => stream[D] where D: Record",
        "The fields of a measurement.";
}
