package empty_tables_test

import "array"
import "experimental"
import "testing"

data =
    array.from(
        rows: [
            {_time: 2026-01-01T00:00:00Z, _value: 10.0, k: "a"},
            {_time: 2026-01-01T00:01:00Z, _value: 14.0, k: "b"},
            {_time: 2026-01-01T00:02:00Z, _value: 12.0, k: "b"},
        ],
    )
        |> group(columns: ["k"])
        |> filter(fn: (r) => r.k == "b", onEmpty: "keep")

// The keys of the tables there are: `columns` answers rows of an empty table too.
keys = (tables=<-) =>
    tables
        |> columns()
        |> filter(fn: (r) => r._value == "k")
        |> keep(columns: ["k"])
        |> group()
        |> sort(columns: ["k"])

both = array.from(rows: [{k: "a"}, {k: "b"}])
full = array.from(rows: [{k: "b"}])

// Where no column is left, a table is still there, and empty.
testcase tables_without_columns {
    got = data |> keep(columns: ["nope"]) |> distinct(column: "nope")

    testing.diff(got: got, want: array.from(rows: [{_value: ""}]))
}

testcase sort_leaves_empty_tables {
    testing.diff(got: data |> sort() |> keys(), want: both)
}

testcase limit_leaves_empty_tables {
    testing.diff(got: data |> limit(n: 0) |> keys(), want: both)
}

testcase sort_and_limit_drop_empty_tables {
    testing.diff(got: data |> sort() |> limit(n: 2) |> keys(), want: full)
}

testcase top_drops_empty_tables {
    testing.diff(got: data |> top(n: 1) |> keys(), want: full)
}

testcase top_none_drops_all_tables {
    testing.diff(got: union(tables: [data |> top(n: 0), data |> bottom(n: 1)]) |> keys(), want: full)
}

testcase map_drops_empty_tables {
    testing.diff(got: data |> map(fn: (r) => ({r with x: r._value * 2.0})) |> keys(), want: full)
}

testcase map_of_the_key_drops_empty_tables {
    want = array.from(rows: [{k: "xb"}])

    testing.diff(got: data |> map(fn: (r) => ({r with k: "x" + r.k})) |> keys(), want: want)
}

testcase conversions_drop_empty_tables {
    testing.diff(got: data |> toInt() |> keys(), want: full)
}

testcase unpivot_leaves_empty_tables {
    testing.diff(got: data |> rename(columns: {_value: "v"}) |> experimental.unpivot() |> keys(), want: both)
}

testcase mode_of_no_rows_is_no_row {
    testing.diff(got: data |> mode() |> group() |> keep(columns: ["k"]), want: full)
}

testcase one_window_of_no_rows_is_none {
    got = data |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-01T00:03:00Z) |> window(every: inf)

    testing.diff(got: got |> keys(), want: full)
}
