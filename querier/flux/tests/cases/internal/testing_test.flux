package testing_test

import "array"
import "experimental"
import "internal/debug"
import "internal/gen"
import "internal/influxql"
import "internal/testing"
import assert "testing"
import "internal/testutil"
import "testing/expect"

testcase an_error_with_its_code {
    testing.shouldErrorWithCode(fn: () => die(msg: "no such thing"), want: /no such/, code: uint(v: 3))
}

testcase a_text_that_matches {
    testing.assertMatches(got: "123", want: /12/)
}

testcase an_error {
    assert.shouldError(fn: () => die(msg: "no such thing"), want: /no such/)
}

testcase expectations {
    expect.planner(rules: ["SortLimitRule": 1, "RemoveTrivialFilterRule": 2, "MergeGroupRule": 0])
    got =
        array.from(rows: [{v: 1}, {v: 2}])
            |> filter(fn: (r) => true)
            |> filter(fn: (r) => true)
            |> sort(columns: ["v"], desc: true)
            |> limit(n: 1)

    assert.diff(got: got, want: array.from(rows: [{v: 2}]))
}

testcase expectations_of_other_planners {
    expect.planner(rules: ["NoRuleOfOurs": 1])
    assert.assertEqualValues(got: 1 + 1, want: 2)
}

testcase made_up_data {
    got =
        gen.tables(n: 5, seed: 7, tags: [{name: "a", cardinality: 2}, {name: "b", cardinality: 3}])
            |> count()
            |> group()
            |> sum()

    assert.diff(got: got, want: array.from(rows: [{_value: 30}]))
}

testcase times_of_influxql {
    assert.assertEqualValues(got: int(v: influxql.maxTime) - 9223372036854775806, want: 0)
}

testcase values_without_type {
    assert.assertEqualValues(got: testutil.makeRecord(o: {a: 1}).a, want: 1)
}

testcase null_is_null {
    assert.assertEqualValues(got: exists debug.null(type: "int"), want: false)
}

testcase group_key_counts {
    want = array.from(rows: [{k: "x", v: 1}])

    // Tables of other keys are other tables: both sides show up.
    rows =
        experimental.diff(got: want |> group(columns: ["k"]), want: want)
            |> group()
            |> count(column: "v")

    assert.diff(got: rows, want: array.from(rows: [{v: 2}]))
}

testcase values_that_are_passed_on {
    got = array.from(rows: [{n: testutil.yield(v: 4)}]) |> testutil.yield()
    want = array.from(rows: [{n: 4}])

    assert.diff(got: got, want: want)
}

testcase the_group_key_stands_before_the_other_columns {
    want = array.from(rows: [{v: 1, k: "x", w: true}]) |> group(columns: ["k"])
    got = want |> map(fn: (r) => ({r with v: 2, more: 1.0})) |> debug.opaque()

    assert.diff(
        got: experimental.diff(got: got, want: want) |> columns() |> keep(columns: ["_value"]) |> group(),
        want: array.from(rows: [{_value: "_diff"}, {_value: "k"}, {_value: "v"}, {_value: "w"}, {_value: "more"}]),
    )
}

testcase flags {
    assert.assertEqualValues(got: debug.feature(key: "optimizeAggregateWindow"), want: true)
}

testcase flags_nobody_knows_are_null {
    assert.assertEqualValues(got: exists debug.feature(key: "noFlagOfOurs"), want: false)
}
