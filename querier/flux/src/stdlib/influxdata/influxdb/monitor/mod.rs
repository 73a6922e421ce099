//! `influxdata/influxdb/monitor`: checks, their statuses, and notifications about them.
//!
//! Statuses and notifications are points of the bucket `_monitoring`; `write` and `log` say how they get there.

use crate::registry::{Body, Definition, Package};
use crate::stdlib::native::{constants, in_flux};

mod changes;
mod check;
mod notify;

/// The package.
pub static PACKAGE: Package = Package {
    path: "influxdata/influxdb/monitor",
    name: "monitor",
    members: &[
        &BUCKET,
        &FROM,
        &LEVEL_CRIT,
        &LEVEL_INFO,
        &LEVEL_OK,
        &LEVEL_UNKNOWN,
        &LEVEL_WARN,
        &LOG,
        &LOGS,
        &WRITE,
        &changes::BETWEEN,
        &changes::STATE_CHANGES,
        &changes::STATE_CHANGES_ONLY,
        &changes::UNGROUP,
        &check::CHECK,
        &check::DEADMAN,
        &notify::NOTIFY,
    ],
};

constants! { "influxdata/influxdb/monitor":
    BUCKET = "bucket", "string", "Where statuses and notifications are kept.", "_monitoring";
    LEVEL_OK = "levelOK", "string", "The level of a status where all is well.", "ok";
    LEVEL_INFO = "levelInfo", "string", "The level of a status that is worth knowing.", "info";
    LEVEL_WARN = "levelWarn", "string", "The level of a status that warns.", "warn";
    LEVEL_CRIT = "levelCrit", "string", "The level of a status that somebody must do something about.", "crit";
    LEVEL_UNKNOWN = "levelUnknown", "string", "No condition of the check held.", "unknown";
}

/// How statuses are kept.
pub(crate) static WRITE: Definition = Definition {
    package: "influxdata/influxdb/monitor",
    name: "write",
    signature: "(<-tables: stream[A]) => stream[A] where A: Record",
    doc: "How `check` keeps statuses: in the bucket `_monitoring`, unless a script says otherwise.",
    body: Body::Option("import \"experimental\"\n(tables=<-) => tables |> experimental.to(bucket: bucket)"),
};

/// How notifications are kept.
pub(crate) static LOG: Definition = Definition {
    package: "influxdata/influxdb/monitor",
    name: "log",
    signature: "(<-tables: stream[A]) => stream[A] where A: Record",
    doc: "How `notify` keeps notifications: in the bucket `_monitoring`, unless a script says otherwise.",
    body: Body::Option("import \"experimental\"\n(tables=<-) => tables |> experimental.to(bucket: bucket)"),
};

in_flux! { "influxdata/influxdb/monitor":
    FROM = "from", "(start: A, ?fn: (r: {B with _field: string, _measurement: string, _start: time, _stop: time, \
         _time: time, _value: C}) => bool, ?stop: D) => stream[E] where B: Record, E: Record",
        "Reads the statuses that checks have written, a row a status.",
        r#"import "influxdata/influxdb"

(start, stop=now(), fn=(r) => true) =>
    influxdb.from(bucket: bucket)
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == "statuses")
        |> filter(fn: fn)
        |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")"#;
    LOGS = "logs", "(fn: (r: {A with _field: string, _measurement: string, _start: time, _stop: time, _time: time, \
         _value: B}) => bool, start: C, ?stop: D) => stream[E] where A: Record, E: Record",
        "Reads the notifications that were sent, a row a notification.",
        r#"import "influxdata/influxdb"

(start, stop=now(), fn) =>
    influxdb.from(bucket: bucket)
        |> range(start: start, stop: stop)
        |> filter(fn: (r) => r._measurement == "notifications")
        |> filter(fn: fn)
        |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value")"#;
}
