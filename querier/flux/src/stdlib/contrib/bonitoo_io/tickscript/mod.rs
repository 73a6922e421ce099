//! `contrib/bonitoo-io/tickscript`: for scripts that were TICKscript before.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "contrib/bonitoo-io/tickscript",
    name: "tickscript",
    members: &[
        &ALERT,
        &COMPUTE,
        &DEADMAN,
        &DEFINE_CHECK,
        &GROUP_BY,
        &JOIN,
        &RENAME,
        &ROWS,
        &SELECT,
        &SELECT_WINDOW,
        &TOPIC,
    ],
};

in_flux! { "contrib/bonitoo-io/tickscript":
    DEFINE_CHECK = "defineCheck",
        "(id: A, name: B, ?type: C) => {tags: {}, _type: C, _check_name: B, _check_id: A}",
        "What identifies a check.",
        "(id, name, type=\"custom\") => ({_check_id: id, _check_name: name, _type: type, tags: {}})";
    TOPIC = "_withTopic", "(<-tables: stream[A], topic: string) => stream[B] where A: Record, B: Record",
        "Puts the topic into the group key, if there is one.",
        r#"import "experimental"

(tables=<-, topic) =>
    if topic == "" then
        tables
    else
        tables |> set(key: "_topic", value: topic) |> experimental.group(mode: "extend", columns: ["_topic"])"#;
    ALERT = "alert",
        "(<-tables: stream[M], check: {A with _check_id: B, _check_name: C, _type: D, tags: E}, ?crit: \
         (r: {F with _measurement: G, _time: H}) => bool, ?details: (r: {I with _check_id: B, \
         _check_name: C, id: J}) => K, ?id: (r: {I with _check_id: B, _check_name: C}) => J, ?info: (r: \
         {F with _measurement: G, _time: H}) => bool, ?message: (r: {F with _check_id: B, _check_name: C, \
         _level: string, _measurement: string, _measurement: G, _source_measurement: G, \
         _source_timestamp: int, _time: time, _time: H, _type: D}) => L, ?ok: (r: {F with _measurement: \
         G, _time: H}) => bool, ?topic: string, ?warn: (r: {F with _measurement: G, _time: H}) => bool) \
         => stream[{F with _check_id: B, _check_name: C, _level: string, _measurement: string, \
         _measurement: G, _message: L, _source_measurement: G, _source_timestamp: int, _time: time, \
         _time: H, _type: D}] where A: Record, F: Record, I: Record, M: Record",
        "Writes a status for each row, as the `alert` node did.",
        r#"import "influxdata/influxdb/monitor"
import "strings"

(
    check,
    id=(r) => "${r._check_id}",
    details=(r) => "",
    message=(r) => "Threshold Check: ${r._check_name} is: ${r._level}",
    crit=(r) => false,
    warn=(r) => false,
    info=(r) => false,
    ok=(r) => true,
    topic="",
    tables=<-,
) =>
    tables
        |> drop(
            fn: (column) =>
                strings.containsStr(v: column, substr: "_start") or strings.containsStr(v: column, substr: "_stop"),
        )
        |> map(fn: (r) => {
            checked = {r with _check_id: check._check_id, _check_name: check._check_name}

            return {checked with id: id(r: checked), details: details(r: checked)}
        })
        |> _withTopic(topic: topic)
        |> monitor.check(data: check, messageFn: message, crit: crit, warn: warn, info: info, ok: ok)"#;
    DEADMAN = "deadman",
        "(<-tables: stream[M], check: {A with _check_id: B, _check_name: C, _type: D, tags: E}, \
         measurement: string, ?id: (r: {F with _check_id: B, _check_name: C}) => G, ?message: (r: {H with \
         _check_id: B, _check_name: C, _level: string, _measurement: string, _measurement: I, \
         _source_measurement: I, _source_timestamp: int, _time: time, _time: J, _type: D, dead: bool}) => \
         K, ?threshold: L, ?topic: string) => stream[{H with _check_id: B, _check_name: C, _level: \
         string, _measurement: string, _measurement: I, _message: K, _source_measurement: I, \
         _source_timestamp: int, _time: time, _time: J, _type: D, dead: bool}] where A: Record, F: \
         Record, H: Record, M: Record",
        "Writes a critical status when no more than `threshold` rows came in, as the `deadman` node did.",
        r#"import "array"

(
    check,
    measurement,
    threshold=0,
    id=(r) => "${r._check_id}",
    message=(r) => "Deadman Check: ${r._check_name} is: " + (if r.dead then "dead" else "alive"),
    topic="",
    tables=<-,
) => {
    first = tables
        |> filter(fn: (r) => r._measurement == measurement)
        |> group()
        |> first(column: "_measurement")
        |> findColumn(fn: (key) => true, column: "_measurement")
    // Of a measurement without rows no table tells that there are none: one is made that does.
    counts =
        if length(arr: first) == 0 then
            array.from(rows: [{_measurement: measurement, ____rows: 0}]) |> group(columns: ["_measurement"])
        else
            tables |> _rows()

    return counts
        |> map(fn: (r) => ({r with dead: r.____rows <= threshold, _time: now()}))
        |> drop(columns: ["____rows"])
        |> alert(check: check, id: id, message: message, crit: (r) => r.dead, topic: topic)
}"#;
    ROWS = "_rows", "(<-tables: stream[A]) => stream[B] where A: Record, B: Record",
        "How many rows each table has.",
        r#"(tables=<-) => tables |> duplicate(column: "_measurement", as: "____rows") |> count(column: "____rows")"#;
    RENAME = "_rename", "(<-tables: stream[A], from: string, to: string) => stream[B] where A: Record, B: Record",
        "Gives a column another name.",
        "(tables=<-, from, to) => tables |> rename(fn: (column) => if column == from then to else column)";
    SELECT = "select",
        "(<-tables: B, as: string, ?column: A, ?fn: (<-: B, column: A) => stream[C]) => stream[D] where \
         C: Record, D: Record",
        "Applies an aggregate or selector, and renames the column.",
        r#"(tables=<-, column="_value", fn=(column, tables=<-) => tables, as) =>
    tables
        |> fn(column: column)
        |> _rename(from: column, to: as)"#;
    SELECT_WINDOW = "selectWindow",
        "(<-tables: stream[A], ?column: string, fn: (<-: stream[B], column: string) => stream[C], as: string, every: duration, defaultValue: D) => stream[E] where A: Record, B: Record, C: Record, E: Record",
        "Applies an aggregate or selector to windows of time, and renames the column.",
        r#"(tables=<-, column="_value", fn, as, every, defaultValue) =>
    tables
        |> aggregateWindow(every: every, fn: fn, column: column, createEmpty: true)
        |> fill(column: column, value: defaultValue)
        |> _rename(from: column, to: as)"#;
    COMPUTE = "compute",
        "(<-tables: B, as: string, ?column: A, ?fn: (<-: B, column: A) => stream[C]) => stream[D] where \
         C: Record, D: Record",
        "Applies an aggregate or selector, and renames the column.",
        r#"(tables=<-, column="_value", fn=(column, tables=<-) => tables, as) =>
    tables |> select(column: column, fn: fn, as: as)"#;
    GROUP_BY = "groupBy",
        "(<-tables: stream[A], columns: [string]) => stream[A] where A: Record",
        "Groups by columns and the measurement.",
        r#"import "experimental"

(columns, tables=<-) =>
    tables |> group(columns: columns) |> experimental.group(mode: "extend", columns: ["_measurement"])"#;
    JOIN = "join",
        "(measurement: A, tables: B, ?on: [string]) => stream[{C with _measurement: A}] where C: Record",
        "Joins two streams, and names the measurement of the rows.",
        r#"import "universe"
import "experimental"

(tables, on=["_time"], measurement) =>
    universe.join(tables: tables, on: on)
        |> map(fn: (r) => ({r with _measurement: measurement}))
        |> experimental.group(mode: "extend", columns: ["_measurement"])"#;
}
