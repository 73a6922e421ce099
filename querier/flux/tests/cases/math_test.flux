package math_test

import "array"
import "internal/debug"
import "math"
import "testing"

testcase names_of_arguments {
    got =
        array.from(
            rows: [{hypot: math.hypot(p: 3.0, q: 4.0), exponent: math.ilogb(x: 10.0) + 1, pow: math.pow(x: 2.0, y: 3.0)}],
        )
    want = array.from(rows: [{hypot: 5.0, exponent: 4, pow: 8.0}])

    testing.diff(got: got, want: want)
}

testcase null_in_one_of_two_arguments {
    got =
        array.from(rows: [{v: 3.0}, {v: debug.null(type: "float")}])
            |> map(fn: (r) => ({hypot: math.hypot(p: 4.0, q: r.v), known: exists math.pow(x: r.v, y: 2.0)}))
    want = array.from(rows: [{hypot: 5.0, known: true}, {hypot: debug.null(type: "float"), known: false}])

    testing.diff(got: got, want: want)
}

testcase angle_of_a_point {
    testing.assertEqualValues(got: math.atan2(x: 0.0, y: 1.0), want: math.pi / 2.0)
}
