package array_test

import "array"
import "testing"

testcase types_without_columns {
    fetched = (v) => array.from(rows: [{v: v}]) |> findRecord(fn: (key) => true, idx: 0)

    testing.shouldError(fn: () => fetched(v: 1h), want: /cannot represent the type duration as column data/)
}

testcase types_of_functions {
    fetched = (v) => array.from(rows: [{v: v}]) |> findRecord(fn: (key) => true, idx: 0)

    testing.shouldError(fn: () => fetched(v: {f: () => 1}), want: /the type \{f: \(\) => int\} as column data/)
}

testcase rows_nobody_asks_for {
    unused = array.from(rows: [{v: 1h}])

    testing.assertEqualValues(got: 1, want: 1)
}

testcase rows_of_nothing_but_null {
    nothing = array.from(rows: [{a: 1}]) |> findRecord(fn: (key) => false, idx: 0)

    testing.shouldError(
        fn: () => array.from(rows: [{v: nothing.a, w: 1}]) |> findColumn(fn: (key) => true, column: "w"),
        want: /cannot represent the type null as column data/,
    )
}
