package parent_test

import "array"
import "testing"

option now = () => 2030-01-01T00:00:00Z

rows = () => array.from(rows: [{_time: 2029-12-31T23:00:00Z, _value: 1}, {_time: 2029-12-31T00:00:00Z, _value: 2}])

double = (tables=<-) => tables |> map(fn: (r) => ({r with _value: r._value * 2}))

testcase last_hours {
    got =
        rows()
            |> testing.load()
            |> range(start: -2h)
            |> double()
            |> keep(columns: ["_time", "_value"])

    testing.diff(got: got, want: array.from(rows: [{_time: 2029-12-31T23:00:00Z, _value: 2}]))
}
