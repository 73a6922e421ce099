package display_test

import "array"
import "testing"

testcase three_parts_in_a_line {
    got =
        array.from(
            rows: [
                {
                    array: display(v: [1, 2, 3]),
                    record: display(v: {b: 1, a: "x", c: [1.5]}),
                    dict: display(v: ["b": 1, "a": 2]),
                    bytes: display(v: bytes(v: "abc")),
                },
            ],
        )
    want =
        array.from(
            rows: [{array: "[1, 2, 3]", record: "{a: x, b: 1, c: [1.5]}", dict: "[a: 2, b: 1]", bytes: "0x616263"}],
        )

    testing.diff(got: got, want: want)
}

testcase more_parts_take_lines {
    value = {bytes: bytes(v: "abc"), string: "str", array: [1, 2, 3], dict: ["a": 1, "b": 2, "c": 3]}

    testing.assertEqualValues(
        got: display(v: value),
        want:
            "{
    array: [1, 2, 3],
    bytes: 0x616263,
    dict: [a: 1, b: 2, c: 3],
    string: str
}",
    )
}

testcase floats_with_exponents {
    testing.assertEqualValues(
        got: display(v: [1000000.0, 0.00001, 999999.5]),
        want: "[1e+06, 1e-05, 999999.5]",
    )
}

testcase long_arrays_take_lines {
    testing.assertEqualValues(
        got: display(v: [1, 2, 3, 4]),
        want:
            "[
    1,
    2,
    3,
    4
]",
    )
}

testcase keys_may_be_empty {
    testing.assertEqualValues(got: display(v: ["": 1]), want: "[: 1]")
}

testcase functions_are_shown_as_types {
    testing.assertEqualValues(
        got: display(v: {f: (x, y=1) => x, g: length}),
        want: "{f: (x: A, ?y: B) => A, g: (<-arr: [A]) => int}",
    )
}
