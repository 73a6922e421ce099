//! Where the level of statuses changes.

use crate::stdlib::native::in_flux;

in_flux! { "influxdata/influxdb/monitor":
    STATE_CHANGES = "stateChanges",
        "(<-tables: stream[{C with _level: D}], ?fromLevel: A, ?toLevel: B) => stream[E] where C: Record, \
         E: Record",
        "Keeps the statuses at which the level changes from one to another; \"any\" stands for every level.",
        r#"(fromLevel="any", toLevel="any", tables=<-) =>
    if fromLevel == "any" and toLevel == "any" then
        tables |> stateChangesOnly()
    else
        tables |> _levelChanges(fromLevel: fromLevel, toLevel: toLevel)"#;
    STATE_CHANGES_ONLY = "stateChangesOnly", "(<-tables: stream[{A with _level: B}]) => stream[C] where A: Record, C: Record",
        "Keeps the statuses whose level differs from the one before.",
        r#"import "dict"
import "experimental"

(tables=<-) => {
    ranks = [levelOK: 1, levelInfo: 2, levelWarn: 3, levelCrit: 4]

    return tables
        |> map(fn: (r) => ({r with level_value: dict.get(dict: ranks, key: r._level, default: 0)}))
        |> _ungroupLevel()
        |> sort(columns: ["_source_timestamp", "_time"])
        |> difference(columns: ["level_value"])
        |> filter(fn: (r) => r.level_value != 0)
        |> drop(columns: ["level_value"])
        |> experimental.group(mode: "extend", columns: ["_level"])
}"#;
    BETWEEN = "_levelChanges",
        "(<-tables: stream[A], fromLevel: string, toLevel: string) => stream[B] where A: Record, B: Record",
        "Keeps the statuses at which the level changes from one to another.",
        r#"import "experimental"

(fromLevel, toLevel, tables=<-) => {
    arrives = (r) => if toLevel == "any" then exists r._level and r._level != fromLevel else r._level == toLevel
    departs = (r) => if fromLevel == "any" then exists r._level and r._level != toLevel else r._level == fromLevel

    // A step of exactly one is a change from the one to the other: all else lies far below both.
    return tables
        |> map(fn: (r) => ({r with level_value: if arrives(r: r) then 1 else if departs(r: r) then 0 else -10}))
        |> _ungroupLevel()
        |> sort(columns: ["_source_timestamp", "_time"])
        |> difference(columns: ["level_value"])
        |> filter(fn: (r) => r.level_value == 1)
        |> drop(columns: ["level_value"])
        |> experimental.group(mode: "extend", columns: ["_level"])
}"#;
    UNGROUP = "_ungroupLevel", "(<-tables: stream[A]) => stream[A] where A: Record",
        "Takes the level out of the group key.",
        r#"(tables=<-) =>
    tables
        |> duplicate(column: "_level", as: "____level")
        |> drop(columns: ["_level"])
        |> rename(columns: {____level: "_level"})"#;
}
