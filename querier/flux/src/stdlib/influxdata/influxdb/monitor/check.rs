//! Statuses out of rows.

use crate::stdlib::native::in_flux;

in_flux! { "influxdata/influxdb/monitor":
    CHECK = "check",
        "(<-tables: stream[A], data: {B with tags: C, _type: string, _check_name: string, _check_id: string}, \
         messageFn: (r: D) => string, ?crit: (r: E) => bool, ?warn: (r: E) => bool, ?info: (r: E) => bool, \
         ?ok: (r: E) => bool) => stream[F] where A: Record, B: Record, C: Record, D: Record, E: Record, F: Record",
        "Gives each row a level, by the first of crit, warn, info and ok that holds, and writes it as a status.",
        r#"import "experimental"

(tables=<-, data, messageFn, crit=(r) => false, warn=(r) => false, info=(r) => false, ok=(r) => true) => {
    levelOf = (r) =>
        if crit(r: r) then levelCrit
        else if warn(r: r) then levelWarn
        else if info(r: r) then levelInfo
        else if ok(r: r) then levelOK
        else levelUnknown

    return tables
        |> experimental.set(o: data.tags)
        |> experimental.group(mode: "extend", columns: experimental.objectKeys(o: data.tags))
        |> map(fn: (r) => ({r with
            _level: levelOf(r: r),
            _measurement: "statuses",
            _source_measurement: r._measurement,
            _source_timestamp: int(v: r._time),
            _time: now(),
            _type: data._type,
            _check_id: data._check_id,
            _check_name: data._check_name,
        }))
        |> map(fn: (r) => ({r with _message: messageFn(r: r)}))
        |> experimental.group(
            mode: "extend",
            columns: ["_source_measurement", "_type", "_check_id", "_check_name", "_level"],
        )
        |> write()
}"#;
    DEADMAN = "deadman",
        "(<-tables: stream[{A with _time: time}], t: time) => stream[{A with _time: time, dead: bool}] where A: Record",
        "Answers the last row of each table, and whether it is older than `t`.",
        r#"(t, tables=<-) =>
    tables
        |> max(column: "_time")
        |> map(fn: (r) => ({r with dead: r._time < t}))"#;
}
