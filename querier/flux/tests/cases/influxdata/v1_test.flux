package v1_test

import "array"
import "influxdata/influxdb/v1"
import "testing"

answer =
    "{\"results\": [{\"statement_id\": 0, \"series\": [{\"name\": \"cpu\", \"tags\": {\"host\": \"a\"},
      \"columns\": [\"time\", \"load\", \"up\", \"none\"], \"values\": [
      [\"2021-01-01T00:00:00Z\", 2, true, null], [\"2021-01-01T00:01:00.5Z\", null, false, null]]}]},
      {\"statement_id\": 1, \"series\": [{\"name\": \"other\", \"columns\": [\"a\"], \"values\": [[1]]}]}]}"

keyed = (rows) => array.from(rows: rows) |> group(columns: ["_measurement", "host", "_field"])

// Each column is a field, and nulls are no rows.
testcase tables_of_fields {
    want =
        keyed(
            rows: [
                {_time: 2021-01-01T00:00:00Z, _measurement: "cpu", host: "a", _field: "up", _value: true},
                {_time: 2021-01-01T00:01:00.5Z, _measurement: "cpu", host: "a", _field: "up", _value: false},
            ],
        )

    testing.diff(got: v1.json(json: answer) |> filter(fn: (r) => r._field == "up"), want: want)
}

testcase numbers_are_floats {
    want =
        keyed(rows: [{_time: 2021-01-01T00:00:00Z, _measurement: "cpu", host: "a", _field: "load", _value: 2.0}])

    testing.diff(got: v1.json(json: answer) |> filter(fn: (r) => r._field == "load"), want: want)
}

testcase fields_of_nothing_are_left_out {
    testing.diff(
        got: v1.json(json: answer) |> keep(columns: ["_field"]) |> group() |> distinct(column: "_field"),
        want: array.from(rows: [{_value: "load"}, {_value: "up"}]),
    )
}

testcase answers_of_errors {
    testing.shouldError(
        fn: () =>
            v1.json(json: "{\"results\": [{\"error\": \"database not found\"}]}")
                |> findColumn(fn: (key) => true, column: "_value"),
        want: /database not found/,
    )
}

testcase a_column_of_two_types {
    testing.shouldError(
        fn: () =>
            v1.json(json: "{\"results\": [{\"series\": [{\"columns\": [\"a\"], \"values\": [[1], [\"x\"]]}]}]}")
                |> findColumn(fn: (key) => true, column: "_value"),
        want: /does not fit into column _value of type float/,
    )
}
