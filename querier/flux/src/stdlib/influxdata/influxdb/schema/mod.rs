//! `influxdata/influxdb/schema`: which measurements, tags and fields a bucket has.

mod scan;

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::in_flux;

pub use scan::{Question, SchemaScan};

/// The package.
pub static PACKAGE: Package = Package {
    path: "influxdata/influxdb/schema",
    name: "schema",
    members: &[
        &FIELD_KEYS,
        &FIELDS_AS_COLS,
        &FROM,
        &MEASUREMENT_FIELD_KEYS,
        &MEASUREMENT_TAG_KEYS,
        &MEASUREMENT_TAG_VALUES,
        &MEASUREMENTS,
        &TAG_KEYS,
        &TAG_VALUES,
    ],
};

/// What the functions read buckets with.
pub(crate) static FROM: Definition = Definition {
    package: "influxdata/influxdb/schema",
    name: "_from",
    signature: "(?bucket: string, ?bucketID: string, ?host: string, ?org: string, ?orgID: string, ?token: string) => \
                stream[{B with _measurement: string, _field: string, _time: time, _value: A}]",
    doc: "What this package's functions read buckets with; tests put their own data here.",
    body: Body::Option("from"),
};

in_flux! { "influxdata/influxdb/schema":
    FIELDS_AS_COLS = "fieldsAsCols", "(<-tables: stream[A]) => stream[B] where A: Record, B: Record",
        "Pivots fields into columns of the same time.",
        "(tables=<-) => tables |> pivot(rowKey: [\"_time\"], columnKey: [\"_field\"], valueColumn: \"_value\")";
    TAG_VALUES = "tagValues",
        "(bucket: string, tag: string, ?predicate: (r: {A with _field: string, _measurement: string, \
         _start: time, _stop: time, _time: time, _value: B}) => bool, ?start: C, ?stop: D) => stream[E] \
         where A: Record, E: Record",
        "The values of a tag in a bucket.",
        r#"(bucket, tag, predicate=(r) => true, start=-30d, stop=now()) =>
    _from(bucket: bucket)
        |> range(start: start, stop: stop)
        |> filter(fn: predicate)
        |> keep(columns: [tag])
        |> group()
        |> distinct(column: tag)"#;
    TAG_KEYS = "tagKeys",
        "(bucket: string, ?predicate: (r: {A with _field: string, _measurement: string, _start: time, \
         _stop: time, _time: time, _value: B}) => bool, ?start: C, ?stop: D) => stream[E] where A: \
         Record, E: Record",
        "The tag keys of a bucket.",
        r#"(bucket, predicate=(r) => true, start=-30d, stop=now()) =>
    _from(bucket: bucket)
        |> range(start: start, stop: stop)
        |> filter(fn: predicate)
        |> keys()
        |> keep(columns: ["_value"])
        |> distinct()"#;
    MEASUREMENTS = "measurements",
        "(bucket: string, ?start: A, ?stop: B) => stream[C] where C: Record",
        "The measurements of a bucket.",
        r#"(bucket, start=-30d, stop=now()) => tagValues(bucket: bucket, tag: "_measurement", start: start, stop: stop)"#;
    MEASUREMENT_TAG_VALUES = "measurementTagValues",
        "(bucket: string, measurement: A, tag: string, ?start: B, ?stop: C) => stream[D] where D: Record",
        "The values of a tag in a measurement.",
        r#"(bucket, measurement, tag, start=-30d, stop=now()) =>
    tagValues(bucket: bucket, tag: tag, predicate: (r) => r._measurement == measurement, start: start, stop: stop)"#;
    MEASUREMENT_TAG_KEYS = "measurementTagKeys",
        "(bucket: string, measurement: A, ?start: B, ?stop: C) => stream[D] where D: Record",
        "The tag keys of a measurement.",
        r#"(bucket, measurement, start=-30d, stop=now()) =>
    tagKeys(bucket: bucket, predicate: (r) => r._measurement == measurement, start: start, stop: stop)"#;
    FIELD_KEYS = "fieldKeys",
        "(bucket: string, ?predicate: (r: {A with _field: string, _measurement: string, _start: time, \
         _stop: time, _time: time, _value: B}) => bool, ?start: C, ?stop: D) => stream[E] where A: \
         Record, E: Record",
        "The fields of a bucket.",
        r#"(bucket, predicate=(r) => true, start=-30d, stop=now()) =>
    tagValues(bucket: bucket, tag: "_field", predicate: predicate, start: start, stop: stop)"#;
    MEASUREMENT_FIELD_KEYS = "measurementFieldKeys",
        "(bucket: string, measurement: A, ?start: B, ?stop: C) => stream[D] where D: Record",
        "The fields of a measurement.",
        r#"(bucket, measurement, start=-30d, stop=now()) =>
    fieldKeys(bucket: bucket, predicate: (r) => r._measurement == measurement, start: start, stop: stop)"#;
}
