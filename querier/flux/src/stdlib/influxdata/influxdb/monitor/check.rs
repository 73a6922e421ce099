//! Statuses out of rows.

use crate::stdlib::native::in_flux;

in_flux! { "influxdata/influxdb/monitor":
    CHECK = "check",
        "(<-tables: stream[J], data: {A with _check_id: B, _check_name: C, _type: D, tags: E}, messageFn: \
         (r: {F with _check_id: B, _check_name: C, _level: string, _measurement: string, _measurement: G, \
         _source_measurement: G, _source_timestamp: int, _time: time, _time: H, _type: D}) => I, ?crit: \
         (r: {F with _measurement: G, _time: H}) => bool, ?info: (r: {F with _measurement: G, _time: H}) \
         => bool, ?ok: (r: {F with _measurement: G, _time: H}) => bool, ?warn: (r: {F with _measurement: \
         G, _time: H}) => bool) => stream[{F with _check_id: B, _check_name: C, _level: string, \
         _measurement: string, _measurement: G, _message: I, _source_measurement: G, _source_timestamp: \
         int, _time: time, _time: H, _type: D}] where A: Record, F: Record, J: Record",
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
        "(<-tables: stream[{B with _time: C}], t: A) => stream[{B with _time: C, dead: bool}] where B: \
         Record",
        "Answers the last row of each table, and whether it is older than `t`.",
        r#"(t, tables=<-) =>
    tables
        |> max(column: "_time")
        |> map(fn: (r) => ({r with dead: r._time < t}))"#;
}
