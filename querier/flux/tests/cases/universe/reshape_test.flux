package reshape_test

import "array"
import "csv"
import "experimental"
import "join"
import "internal/debug"
import "testing"

a = array.from(rows: [{id: 1, v: "a"}, {id: 2, v: "b"}, {id: 2, v: "bb"}, {id: 3, v: "c"}])
b = array.from(rows: [{id: 2, w: 2.0}, {id: 3, w: 3.0}, {id: 3, w: 3.5}, {id: 4, w: 4.0}])

testcase full_join {
    got =
        join.full(
            left: a,
            right: b,
            on: (l, r) => l.id == r.id,
            as: (l, r) => ({id: if exists l.id then l.id else r.id, v: l.v, w: r.w}),
        )
    want =
        array.from(
            rows: [
                {id: 1, v: "a", w: debug.null(type: "float")},
                {id: 2, v: "b", w: 2.0},
                {id: 2, v: "bb", w: 2.0},
                {id: 3, v: "c", w: 3.0},
                {id: 3, v: "c", w: 3.5},
                {id: 4, v: debug.null(type: "string"), w: 4.0},
            ],
        )

    testing.diff(got: got, want: want)
}

testcase join_loses_its_key {
    testing.shouldError(
        fn: () =>
            join.inner(
                left: a |> group(columns: ["id"]),
                right: b |> group(columns: ["id"]),
                on: (l, r) => l.id == r.id,
                as: (l, r) => ({v: l.v, w: r.w}),
            )
                |> findColumn(fn: (key) => true, column: "v"),
        want: /join cannot modify group key: output record has a missing or invalid value for column 'id:int'/,
    )
}

// New columns come in the order in which their keys appear.
testcase pivot_keeps_order {
    rows =
        array.from(
            rows: [
                {id: 2, k: "z", v: 1},
                {id: 2, k: "a", v: 2},
                {id: 1, k: "z", v: 3},
            ],
        )
    labels = rows |> pivot(rowKey: ["id"], columnKey: ["k"], valueColumn: "v") |> columns()

    testing.diff(got: labels, want: array.from(rows: [{_value: "id"}, {_value: "z"}, {_value: "a"}]))
}

// Rows that are made one by one have their columns in the order of the labels.
testcase map_orders_columns {
    text = (v) => string(v: v)
    labels = a |> map(fn: (r) => ({w: text(v: r.id), b: r.v})) |> columns()

    testing.diff(got: labels, want: array.from(rows: [{_value: "b"}, {_value: "w"}]))
}

testcase key_values {
    got = a |> group(columns: ["v"]) |> limit(n: 1) |> filter(fn: (r) => r.v == "bb") |> keyValues(keyColumns: ["v"])
    want = array.from(rows: [{v: "bb", _key: "v", _value: "bb"}]) |> group(columns: ["v"])

    testing.diff(got: got, want: want)
}

testcase csv_times_in_layouts {
    text =
        "#datatype,string,long,dateTime:2006-01-02,dateTime:RFC3339Nano,dateTime:02 Jan 06 15:04 -0700
#group,false,false,false,false,false
#default,_result,,,,
,result,table,a,b,c
,,0,2026-01-05,2026-01-05T00:00:00.000000001Z,05 Jan 26 01:30 +0130
"
    want =
        array.from(
            rows: [{a: 2026-01-05T00:00:00Z, b: 2026-01-05T00:00:00.000000001Z, c: 2026-01-05T00:00:00Z}],
        )

    testing.diff(got: csv.from(csv: text), want: want)
}

// With `_field` among the rows, the columns of a table make one.
testcase unpivot_into_one_table {
    rows =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:00Z, tag: "x", a: 1.0, b: 2.0},
                {_time: 2026-01-01T00:00:01Z, tag: "x", a: 3.0, b: 4.0},
            ],
        )
    want =
        array.from(
            rows: [
                {tag: "x", _time: 2026-01-01T00:00:00Z, _field: "a", _value: 1.0},
                {tag: "x", _time: 2026-01-01T00:00:01Z, _field: "a", _value: 3.0},
                {tag: "x", _time: 2026-01-01T00:00:00Z, _field: "b", _value: 2.0},
                {tag: "x", _time: 2026-01-01T00:00:01Z, _field: "b", _value: 4.0},
            ],
        )

    testing.diff(
        got: rows |> group(columns: ["tag"]) |> experimental.unpivot(otherColumns: ["_time", "_field"]),
        want: want |> group(columns: ["tag"]),
    )
}

// A stream that is given twice counts once.
testcase union_of_a_stream_with_itself {
    one = array.from(rows: [{v: 1}])
    other = array.from(rows: [{v: 2}])

    testing.diff(
        got: union(tables: [one, other, one]) |> sort(columns: ["v"]),
        want: array.from(rows: [{v: 1}, {v: 2}]),
    )
}

testcase join_with_nothing {
    nobody = a |> filter(fn: (r) => r.id > 9)

    testing.shouldError(
        fn: () =>
            join.left(left: nobody, right: b, on: (l, r) => l.id == r.id, as: (l, r) => ({l with w: r.w}))
                |> findColumn(fn: (key) => true, column: "v"),
        want: /error preparing left side of join: cannot join on an empty table/,
    )
}

// No null is like another.
testcase join_in_a_group_of_null {
    rows = array.from(rows: [{id: 1, k: debug.null(type: "string")}]) |> group(columns: ["k"])

    testing.shouldError(
        fn: () =>
            join.inner(left: rows, right: rows, on: (l, r) => l.id == r.id, as: (l, r) => ({l with w: r.id}))
                |> findColumn(fn: (key) => true, column: "id"),
        want: /join cannot modify group key: output record has a missing or invalid value for column 'k:string'/,
    )
}

testcase pivot_of_tables_without_rows {
    empty = array.from(rows: [{id: 1, k: "x", v: 1}]) |> group(columns: ["k"]) |> filter(fn: (r) => r.id > 9, onEmpty: "keep")
    labels = empty |> pivot(rowKey: ["id"], columnKey: ["k"], valueColumn: "v") |> columns()

    testing.diff(got: labels, want: array.from(rows: [{_value: "id"}]))
}
