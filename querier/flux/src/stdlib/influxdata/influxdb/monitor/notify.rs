//! Notifications out of statuses.

use crate::stdlib::native::in_flux;

in_flux! { "influxdata/influxdb/monitor":
    NOTIFY = "notify",
        "(<-tables: stream[E], data: A, endpoint: (<-: stream[{B with _measurement: string, \
         _status_timestamp: int, _time: time, _time: C}]) => stream[D]) => stream[D] where B: Record, D: \
         Record, E: Record",
        "Sends each row through an endpoint, and logs what was sent.",
        r#"import "experimental"

(tables=<-, endpoint, data) =>
    tables
        |> experimental.set(o: data)
        |> experimental.group(mode: "extend", columns: experimental.objectKeys(o: data))
        |> map(fn: (r) => ({r with
            _measurement: "notifications",
            _status_timestamp: int(v: r._time),
            _time: now(),
        }))
        |> endpoint()
        |> experimental.group(mode: "extend", columns: ["_sent"])
        |> log()"#;
}
