package refusals_test

import "array"
import "experimental"
import "internal/debug"
import "math"
import "testing"

row = {tag: "a", key: "x", _value: 1.0, le: 2.0, _time: 2026-01-01T00:00:00Z}

by = (column) => array.from(rows: [row]) |> group(columns: [column])

refused = (tables, want) => testing.shouldError(fn: () => tables |> tableFind(fn: (key) => true), want: want)

// A new column cannot be called as one of the group key.
testcase distinct_in_the_key {
    refused(tables: by(column: "_value") |> distinct(column: "le"), want: /already has column with label _value/)
}

testcase mode_in_the_key {
    refused(tables: by(column: "_value") |> mode(column: "le"), want: /already has column with label _value/)
}

testcase columns_in_the_key {
    refused(tables: by(column: "tag") |> columns(column: "tag"), want: /already has column with label tag/)
}

testcase keys_in_the_key {
    refused(tables: by(column: "_value") |> keys(), want: /already has column with label _value/)
}

testcase key_values_in_the_key {
    refused(
        tables: by(column: "_value") |> keyValues(keyColumns: ["tag"]),
        want: /already has column with label _value/,
    )
}

testcase covariance_in_the_key {
    refused(
        tables: by(column: "tag") |> covariance(columns: ["_value", "le"], valueDst: "tag"),
        want: /already has column with label tag/,
    )
}

testcase histogram_of_one_column {
    refused(
        tables: by(column: "tag") |> histogram(bins: [3.0], countColumn: "le"),
        want: /already has column with label le/,
    )
}

testcase quantile_in_the_key {
    refused(
        tables: by(column: "tag") |> histogramQuantile(quantile: 0.5, valueColumn: "tag"),
        want: /already has column with label tag/,
    )
}

testcase extending_by_no_column {
    refused(
        tables: by(column: "tag") |> experimental.group(columns: ["key", "other"], mode: "extend"),
        want: /unknown column "other"/,
    )
}

testcase pivot_without_rows {
    refused(
        tables: by(column: "tag") |> pivot(rowKey: ["none"], columnKey: ["tag"], valueColumn: "_value"),
        want: /pivot: specified row key column does not exist in table: none/,
    )
}

testcase pivot_without_columns {
    refused(
        tables: by(column: "tag") |> pivot(rowKey: ["_time"], columnKey: ["none"], valueColumn: "_value"),
        want: /pivot: specified column does not exist in table: none/,
    )
}

testcase pivot_without_values {
    refused(
        tables: by(column: "tag") |> pivot(rowKey: ["_time"], columnKey: ["tag"], valueColumn: "none"),
        want: /pivot: specified value column does not exist in table: none/,
    )
}

testcase pivot_onto_a_column {
    refused(
        tables:
            array.from(rows: [{row with tag: "key"}])
                |> pivot(rowKey: ["key"], columnKey: ["tag"], valueColumn: "_value"),
        want: /value "key" appears in a column key column, but a column named "key" already exists/,
    )
}

testcase reduced_to_null {
    refused(
        tables:
            array.from(rows: [{v: debug.null(type: "int")}])
                |> reduce(fn: (r, accumulator) => ({sum: accumulator.sum + r.v}), identity: {sum: 0}),
        want: /null values are not supported for "sum" in the reduce\(\) function/,
    )
}

testcase forecast_of_no_number {
    refused(
        tables: array.from(rows: [{row with _value: math.NaN()}]) |> holtWinters(n: 1, interval: 1m),
        want: /NaN\/Inf in input/,
    )
}

testcase key_values_of_nothing {
    refused(
        tables: array.from(rows: [{a: "x", b: 1}]) |> keyValues(keyColumns: ["c", "d"]),
        want: /received table with columns \[a b\] not having key columns \[c d\]/,
    )
}

testcase key_values_of_two_types {
    refused(
        tables: array.from(rows: [{a: "x", b: 1}]) |> keyValues(keyColumns: ["a", "b"]),
        want: /keyColumns must all be the same type/,
    )
}

// A value counts once for each column, and null once for all.
testcase key_values {
    none = debug.null(type: "string")
    got =
        array.from(rows: [{a: "x", b: "x"}, {a: "y", b: "x"}, {a: none, b: none}])
            |> keyValues(keyColumns: ["a", "none", "b"])
    want =
        array.from(
            rows: [{_key: "a", _value: "x"}, {_key: "b", _value: "x"}, {_key: "a", _value: "y"}, {_key: "a", _value: none}],
        )

    testing.diff(got: got, want: want)
}

// One value stands for the whole range.
testcase integral_of_one_value {
    got =
        array.from(rows: [row])
            |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-01T00:01:00Z)
            |> integral(unit: 10s, interpolate: "linear")
            |> keep(columns: ["_value"])

    testing.diff(got: got, want: array.from(rows: [{_value: 6.0}]))
}

testcase average_of_one_value {
    got =
        array.from(rows: [row])
            |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-01T00:01:00Z)
            |> timeWeightedAvg(unit: 1h)
            |> keep(columns: ["_value"])

    testing.diff(got: got, want: array.from(rows: [{_value: 1.0}]))
}

testcase pivot_by_a_row_key_of_two_types {
    whole = array.from(rows: [{t: "a", k: "i", v: 1}]) |> group(columns: ["t", "k"]) |> debug.opaque()
    broken = array.from(rows: [{t: "a", k: "f", v: 1.5}]) |> group(columns: ["t", "k"]) |> debug.opaque()

    refused(
        tables: union(tables: [whole, broken]) |> pivot(rowKey: ["v"], columnKey: ["k"], valueColumn: "t"),
        want: /schema collision: column "v" is both of type float and int/,
    )
}
