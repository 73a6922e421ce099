package schema_test

import "array"
import "influxdata/influxdb/schema"
import "testing"

option schema._from = (bucket) =>
    array.from(
        rows: [
            {_time: 2026-01-01T00:00:00Z, _measurement: "power", _field: "watts", host: "z", _value: 1.0},
            {_time: 2026-01-01T00:00:00Z, _measurement: "disk", _field: "free", host: "a", _value: 2.0},
            {_time: 2026-01-01T00:00:01Z, _measurement: "disk", _field: "free", host: "z", _value: 3.0},
        ],
    )
        |> group(columns: ["_measurement", "_field", "host"])

// Groups come in the order of their keys, of which `_field` is the first.
testcase values_of_other_streams_stand_as_they_come {
    got = schema.tagValues(bucket: "any", tag: "host", start: 2026-01-01T00:00:00Z, stop: 2026-01-02T00:00:00Z)
    want = array.from(rows: [{_value: "a"}, {_value: "z"}])

    testing.diff(got: got, want: want)
}

testcase fields_that_fit {
    got =
        schema.fieldKeys(
            bucket: "any",
            predicate: (r) => r.host == "a",
            start: 2026-01-01T00:00:00Z,
            stop: 2026-01-02T00:00:00Z,
        )
    want = array.from(rows: [{_value: "free"}])

    testing.diff(got: got, want: want)
}

// Bounds are what `range` takes, seconds among them.
testcase measurements_between_seconds {
    got = schema.measurements(bucket: "any", start: 1767225600, stop: 1767225601)
    want = array.from(rows: [{_value: "disk"}, {_value: "power"}])

    testing.diff(got: got, want: want)
}
