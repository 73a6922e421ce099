package sample_test

import "array"
import "influxdata/influxdb/sample"
import "testing"

option now = () => 2026-01-02T00:00:00Z

testcase the_last_row_is_moved_to_now {
    got =
        array.from(
            rows: [
                {_time: 2020-01-01T02:00:00Z, host: "a", _value: 1},
                {_time: 2020-01-01T01:00:00Z, host: "b", _value: 2},
            ],
        )
            |> group(columns: ["host"])
            |> sample.alignToNow()
    want =
        array.from(
            rows: [
                {_time: 2026-01-02T01:00:00Z, host: "a", _value: 1},
                {_time: 2026-01-02T00:00:00Z, host: "b", _value: 2},
            ],
        )
            |> group(columns: ["host"])

    testing.diff(got: got, want: want)
}
