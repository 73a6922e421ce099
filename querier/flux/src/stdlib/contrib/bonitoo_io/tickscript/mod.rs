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
        "(<-tables: stream[A], check: {B with tags: C, _type: string, _check_name: string, _check_id: string}, \
         ?id: (r: D) => string, ?details: (r: D) => string, ?message: (r: E) => string, ?crit: (r: F) => bool, \
         ?warn: (r: F) => bool, ?info: (r: F) => bool, ?ok: (r: F) => bool, ?topic: string) => stream[G] \
         where A: Record, B: Record, C: Record, D: Record, E: Record, F: Record, G: Record",
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
        "(<-tables: stream[A], check: {B with tags: C, _type: string, _check_name: string, _check_id: string}, \
         measurement: string, ?threshold: int, ?id: (r: D) => string, ?message: (r: E) => string, ?topic: string) \
         => stream[F] where A: Record, B: Record, C: Record, D: Record, E: Record, F: Record",
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
        "(<-tables: stream[A], ?column: string, ?fn: (<-: stream[A], column: string) => stream[B], as: string) => stream[C] where A: Record, B: Record, C: Record",
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
        "(<-tables: stream[A], ?column: string, ?fn: (<-: stream[A], column: string) => stream[B], as: string) => stream[C] where A: Record, B: Record, C: Record",
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
        "(tables: A, ?on: [string], measurement: string) => stream[B] where A: Record, B: Record",
        "Joins two streams, and names the measurement of the rows.",
        r#"import "universe"
import "experimental"

(tables, on=["_time"], measurement) =>
    universe.join(tables: tables, on: on)
        |> map(fn: (r) => ({r with _measurement: measurement}))
        |> experimental.group(mode: "extend", columns: ["_measurement"])"#;
}
