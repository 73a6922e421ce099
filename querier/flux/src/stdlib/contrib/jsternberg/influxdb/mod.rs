//! `contrib/jsternberg/influxdb`: reading buckets in one call.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package =
    Package { path: "contrib/jsternberg/influxdb", name: "influxdb", members: &[&FROM, &SELECT] };

in_flux! { "contrib/jsternberg/influxdb":
    FROM = "from",
        "(bucket: string, start: A, ?host: string, ?org: string, ?stop: B, ?token: string) => stream[{C \
         with _field: string, _measurement: string, _start: time, _stop: time, _time: time, _value: D}] \
         where C: Record",
        "All rows of a bucket within a range of time.",
        "import \"influxdata/influxdb\"
         (bucket, start, stop=now(), org=\"\", host=\"\", token=\"\") => {
             source =
                 if host != \"\" then influxdb.from(bucket: bucket, org: org, host: host, token: token)
                 else if org != \"\" then influxdb.from(bucket: bucket, org: org)
                 else influxdb.from(bucket: bucket)
             return source |> range(start: start, stop: stop)
         }";
    SELECT = "select",
        "(from: string, m: A, start: B, ?fields: [string], ?host: string, ?org: string, ?stop: C, ?token: \
         string, ?where: (r: {D with _field: string, _measurement: string, _start: time, _stop: time, \
         _time: time, _value: E}) => bool) => stream[F] where D: Record, F: Record",
        "Rows of one measurement with fields as columns, as `SELECT` in InfluxQL answers them.",
        "import self \"contrib/jsternberg/influxdb\"
         (from, start, stop=now(), m, fields=[], where=(r) => true, org=\"\", host=\"\", token=\"\") => {
             source = self.from(bucket: from, start: start, stop: stop, org: org, host: host, token: token)
                 |> filter(fn: (r) => r._measurement == m)
                 |> filter(fn: where)
             chosen =
                 if length(arr: fields) == 0 then source
                 else source |> filter(fn: (r) => contains(value: r._field, set: fields))
             return chosen
                 |> pivot(rowKey: [\"_time\"], columnKey: [\"_field\"], valueColumn: \"_value\")
                 |> drop(columns: [\"_measurement\", \"_start\", \"_stop\"])
         }";
}
