package polyline_test

import "array"
import "experimental/polyline"
import "testing"

// A zigzag of ten-second steps.
curve =
    array.from(
        rows: [
            {_time: 2023-04-06T14:59:40Z, _value: 10.5},
            {_time: 2023-04-06T14:59:50Z, _value: -29.7},
            {_time: 2023-04-06T15:00:00Z, _value: -67.5},
            {_time: 2023-04-06T15:00:10Z, _value: -16.7},
            {_time: 2023-04-06T15:00:20Z, _value: -47.2},
        ],
    )

testcase points_on_the_way_are_left_out {
    testing.diff(
        got: curve |> polyline.rdp(epsilon: 1.5),
        want: curve |> filter(fn: (r) => r._value != -29.7),
    )
}

testcase a_share_of_the_points {
    got = curve |> polyline.rdp(retention: 60.0) |> count()

    testing.diff(got: got, want: array.from(rows: [{_value: 3}]))
}

testcase not_both {
    testing.shouldError(
        fn: () =>
            (curve |> polyline.rdp(epsilon: 1.5, retention: 60.0) |> findRecord(fn: (key) => true, idx: 0))._value,
        want: /either epsilon or retention/,
    )
}
