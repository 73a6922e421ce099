package steps_test

import "array"
import "internal/debug"
import "math"
import "sampledata"
import "testing"

nothing = debug.null(type: "int")
tag = (v) => (tables=<-) => tables |> filter(fn: (r) => r.tag == v) |> keep(columns: ["_time", "_value", "tag"])

t1 = (rows) => array.from(rows: rows) |> group(columns: ["tag"])

// A null is passed over: the next value is compared with the last one that was there.
testcase difference_over_nulls {
    want =
        t1(
            rows: [
                {_time: 2021-01-01T00:00:10Z, _value: nothing, tag: "t1"},
                {_time: 2021-01-01T00:00:20Z, _value: 9, tag: "t1"},
                {_time: 2021-01-01T00:00:30Z, _value: nothing, tag: "t1"},
                {_time: 2021-01-01T00:00:40Z, _value: nothing, tag: "t1"},
                {_time: 2021-01-01T00:00:50Z, _value: -3, tag: "t1"},
            ],
        )
    only = tag(v: "t1")

    testing.diff(got: sampledata.int(includeNull: true) |> difference() |> only(), want: want)
}

testcase difference_without_negatives {
    want =
        t1(
            rows: [
                {_time: 2021-01-01T00:00:10Z, _value: 12, tag: "t1"},
                {_time: 2021-01-01T00:00:20Z, _value: nothing, tag: "t1"},
                {_time: 2021-01-01T00:00:30Z, _value: 10, tag: "t1"},
                {_time: 2021-01-01T00:00:40Z, _value: nothing, tag: "t1"},
                {_time: 2021-01-01T00:00:50Z, _value: nothing, tag: "t1"},
            ],
        )
    only = tag(v: "t1")

    testing.diff(got: sampledata.int() |> difference(nonNegative: true) |> only(), want: want)
}

testcase difference_from_zero {
    want =
        t1(
            rows: [
                {_time: 2021-01-01T00:00:00Z, _value: 0, tag: "t1"},
                {_time: 2021-01-01T00:00:10Z, _value: 12, tag: "t1"},
                {_time: 2021-01-01T00:00:20Z, _value: 7, tag: "t1"},
                {_time: 2021-01-01T00:00:30Z, _value: 10, tag: "t1"},
                {_time: 2021-01-01T00:00:40Z, _value: 15, tag: "t1"},
                {_time: 2021-01-01T00:00:50Z, _value: 4, tag: "t1"},
            ],
        )
    only = tag(v: "t1")

    testing.diff(
        got: sampledata.int() |> difference(nonNegative: true, initialZero: true, keepFirst: true) |> only(),
        want: want,
    )
}

testcase derivative_over_nulls {
    none = debug.null(type: "float")
    want =
        t1(
            rows: [
                {_time: 2021-01-01T00:00:10Z, _value: none, tag: "t2"},
                {_time: 2021-01-01T00:00:20Z, _value: -0.7, tag: "t2"},
                {_time: 2021-01-01T00:00:30Z, _value: 2.2, tag: "t2"},
                {_time: 2021-01-01T00:00:40Z, _value: none, tag: "t2"},
                {_time: 2021-01-01T00:00:50Z, _value: -0.9, tag: "t2"},
            ],
        )
    only = tag(v: "t2")

    testing.diff(got: sampledata.int(includeNull: true) |> derivative() |> only(), want: want)
}

// A column of no times has no rows to tell of.
testcase elapsed_of_strings {
    want = sampledata.int() |> limit(n: 0)

    testing.diff(got: sampledata.int() |> elapsed(timeColumn: "tag"), want: want)
}

// Times are subtracted as floats: a millisecond may be a little less than one, and a null is the epoch.
testcase elapsed_below_seconds {
    times = [2026-01-01T00:00:00.001Z, 2026-01-01T00:00:00.002Z, 2026-01-01T00:00:00.003Z, 2026-01-01T00:00:00.004Z]
    got =
        array.from(rows: times |> array.map(fn: (x) => ({_time: x})))
            |> elapsed(unit: 1ms)
            |> keep(columns: ["elapsed"])
    want = array.from(rows: [{elapsed: 0}, {elapsed: 1}, {elapsed: 0}])

    testing.diff(got: got, want: want)
}

testcase elapsed_since_nothing {
    got =
        array.from(rows: [{_time: debug.null(type: "time")}, {_time: 1970-01-01T00:00:07Z}])
            |> elapsed()
            |> keep(columns: ["elapsed"])

    testing.diff(got: got, want: array.from(rows: [{elapsed: 7}]))
}

testcase cumulative_sum_of_no_numbers {
    data = array.from(rows: [{a: "x", n: 1}, {a: "y", n: 2}])
    want = array.from(rows: [{a: "x", n: 1}, {a: "y", n: 3}])

    testing.diff(got: data |> cumulativeSum(columns: ["a", "n", "none"]), want: want)
}

testcase state_count_needs_times {
    fn = () => array.from(rows: [{v: 1}]) |> stateCount(fn: (r) => true) |> tableFind(fn: (key) => true)

    testing.shouldError(fn: fn, want: /column "_time" does not exist/)
}

testcase state_duration_needs_order {
    rows = [{_time: 2026-01-01T00:01:00Z, v: 1}, {_time: 2026-01-01T00:00:00Z, v: 2}]
    fn = () => array.from(rows: rows) |> stateDuration(fn: (r) => true) |> tableFind(fn: (key) => true)

    testing.shouldError(fn: fn, want: /out-of-order timestamp/)
}

testcase state_duration_needs_all_times {
    rows = [{_time: 2026-01-01T00:01:00Z, v: 1}, {_time: debug.null(type: "time"), v: 2}]
    fn = () => array.from(rows: rows) |> stateDuration(fn: (r) => true) |> tableFind(fn: (key) => true)

    testing.shouldError(fn: fn, want: /null timestamp/)
}

// A value below zero has not grown from zero.
testcase difference_from_zero_to_below {
    rows = array.from(rows: [{_value: 4}, {_value: -3}, {_value: 19}, {_value: 13}])
    want = array.from(rows: [{_value: 0}, {_value: nothing}, {_value: 22}, {_value: 13}])

    testing.diff(
        got: rows |> difference(nonNegative: true, initialZero: true, keepFirst: true),
        want: want,
    )
}

testcase increase_past_values_below_zero {
    rows = array.from(rows: [{_value: 19}, {_value: 4}, {_value: -3}, {_value: 19}, {_value: 13}, {_value: 1}])
    want = array.from(rows: [{_value: 0}, {_value: 4}, {_value: 4}, {_value: 26}, {_value: 39}, {_value: 40}])

    testing.diff(got: rows |> increase(), want: want)
}

// A fall counts as standing still, not as growth from zero.
testcase derivative_from_zero {
    rows =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:00Z, _value: 10.0},
                {_time: 2026-01-01T00:00:10Z, _value: 4.0},
                {_time: 2026-01-01T00:00:20Z, _value: 9.0},
            ],
        )
    want =
        array.from(rows: [{_time: 2026-01-01T00:00:10Z, _value: 0.0}, {_time: 2026-01-01T00:00:20Z, _value: 0.5}])

    testing.diff(got: rows |> derivative(nonNegative: true, initialZero: true), want: want)
}

testcase states_of_nulls {
    rows =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:00Z, _value: 1},
                {_time: 2026-01-01T00:00:10Z, _value: nothing},
                {_time: 2026-01-01T00:00:20Z, _value: 3},
                {_time: 2026-01-01T00:00:30Z, _value: 4},
            ],
        )
    got =
        rows
            |> stateTracking(fn: (r) => r._value < 10, countColumn: "n", durationColumn: "d")
            |> keep(columns: ["n", "d"])

    testing.diff(got: got, want: array.from(rows: [{n: 1, d: 0}, {n: -1, d: -1}, {n: 1, d: 0}, {n: 2, d: 10}]))
}

// Differences of unsigned integers are signed, and what is no number is not from zero up.
testcase what_did_not_grow_has_no_difference {
    unsigned = [7, 2, 5] |> array.map(fn: (x) => ({_value: uint(v: x)}))
    floats = [1.0, math.NaN(), 3.0, 5.0] |> array.map(fn: (x) => ({_value: x}))
    got = (rows) => array.from(rows: rows) |> difference(nonNegative: true) |> map(fn: (r) => ({v: exists r._value}))
    want = (is) => array.from(rows: is |> array.map(fn: (x) => ({v: x})))

    testing.diff(
        got: union(tables: [got(rows: unsigned) |> set(key: "of", value: "u"), got(rows: floats) |> set(key: "of", value: "f")]),
        want:
            union(
                tables: [
                    want(is: [false, true]) |> set(key: "of", value: "u"),
                    want(is: [false, false, true]) |> set(key: "of", value: "f"),
                ],
            ),
    )
}

testcase first_differences_from_zero {
    rows = (values) => array.from(rows: values |> array.map(fn: (x) => ({_value: x})))

    testing.diff(
        got: rows(values: [1, 3, 2]) |> difference(keepFirst: true, initialZero: true),
        want: rows(values: [0, 2, -1]),
    )
}

testcase differences_of_texts_in_the_key {
    testing.shouldError(
        fn: () =>
            array.from(rows: [{_value: "x"}])
                |> group(columns: ["_value"])
                |> difference()
                |> findColumn(fn: (key) => true, column: "_value"),
        want: /difference does not support column "_value" of type "string"/,
    )
}

// A selector that keeps a row aside forgets which of its cells were null.
unknown =
    array.from(
        rows: [
            {t: "a", n: 1, _value: 3.0},
            {t: debug.null(type: "string"), n: nothing, _value: 5.0},
            {t: "b", n: 2, _value: 4.0},
        ],
    )
known = array.from(rows: [{t: "", n: 0, _value: 5.0}])

testcase nulls_of_the_greatest_row {
    testing.diff(got: unknown |> max(), want: known)
}

testcase nulls_of_the_row_at_a_quantile {
    testing.diff(got: unknown |> quantile(q: 1.0, method: "exact_selector"), want: known)
}
