package operators_test

import "array"
import "json"
import "testing"

testcase arrays_and_records_may_be_equal {
    got = [
        [1, 2] == [1, 2],
        [1, 2] == [2, 1],
        {a: 1, b: [1.5]} == {b: [1.5], a: 1},
        {a: 1} == {a: 2},
        bytes(v: "a") == bytes(v: "a"),
    ]

    testing.assertEqualValues(got: string(v: json.encode(v: got)), want: "[true,false,true,false,true]")
}

testcase bytes_have_no_not_equal {
    testing.shouldError(
        fn: () => bytes(v: "a") != bytes(v: "b"),
        want: /unsupported binary expression bytes != bytes/,
    )
}

testcase durations_do_not_compare {
    testing.shouldError(fn: () => 1h < 2h, want: /unsupported binary expression duration < duration/)
}

testcase plus_is_for_rows {
    want = array.from(rows: [{v: 1}])

    testing.diff(got: want |> map(fn: (r) => ({v: +r.v})), want: want)
}

testcase plus_is_for_nothing_else {
    testing.shouldError(fn: () => +1, want: /unsupported operator "\+"/)
}

testcase a_label_stands_once {
    testing.shouldError(fn: () => ({a: 1, a: 2}), want: /duplicate key in object: "a"/)
}

testcase an_argument_stands_once {
    f = (x) => x

    testing.shouldError(fn: () => f(x: 1, x: 2), want: /duplicate keyword parameter specified: "x"/)
}
