package map_test

import "array"
import "testing"

rows =
    array.from(
        rows: [
            {host: "a", region: "x", n: 1},
            {host: "b", region: "x", n: 2},
            {host: "c", region: "y", n: 3},
        ],
    )
        |> group(columns: ["host", "region"])

testcase a_key_column_of_another_puts_tables_together {
    got = rows |> map(fn: (r) => ({r with host: r.region})) |> sum(column: "n")
    want =
        array.from(rows: [{host: "x", region: "x", n: 3}, {host: "y", region: "y", n: 3}])
            |> group(columns: ["host", "region"])

    testing.diff(got: got, want: want)
}

testcase a_key_column_computed_of_others_puts_tables_together {
    got = rows |> map(fn: (r) => ({host: if r.region == "x" then r.region + "!" else r.host, n: r.n})) |> sum(column: "n")
    want = array.from(rows: [{host: "x!", n: 3}, {host: "c", n: 3}]) |> group(columns: ["host"])

    testing.diff(got: got, want: want)
}

testcase branches_see_the_rows_that_take_them {
    got =
        array.from(rows: [{a: 6, b: 2}, {a: 6, b: 0}])
            |> map(
                fn: (r) => {
                    share = if r.b != 0 then r.a / r.b else -1

                    return {share: share}
                },
            )
    want = array.from(rows: [{share: 3}, {share: -1}])

    testing.diff(got: got, want: want)
}

// Where the reference computes column by column, the function tells the type of what is not there.
testcase types_of_columns_that_are_not_there {
    got =
        array.from(rows: [{k: "a", n: 1}])
            |> drop(columns: ["n"])
            |> map(fn: (r) => ({r with u: r.a * 2.0, v: r.a + r.b, w: not r.c}))
            |> columns()

    testing.diff(got: got, want: array.from(rows: ["k", "u", "v", "w"] |> array.map(fn: (x) => ({_value: x}))))
}

testcase times_as_floats_column_by_column {
    got = array.from(rows: [{t: 1970-01-01T00:00:01Z}]) |> map(fn: (r) => ({f: float(v: r.t)}))

    testing.diff(got: got, want: array.from(rows: [{f: 1000000000.0}]))
}
