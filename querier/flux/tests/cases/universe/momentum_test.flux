package momentum_test

import "array"
import "math"
import "sampledata"
import "testing"

first = (tables=<-) => tables |> filter(fn: (r) => r.tag == "t1") |> keep(columns: ["_time", "_value", "tag"])

testcase relative_strength {
    want =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:30Z, _value: 84.375, tag: "t1"},
                {_time: 2021-01-01T00:00:40Z, _value: 73.97260273972603, tag: "t1"},
                {_time: 2021-01-01T00:00:50Z, _value: 36.672325976230894, tag: "t1"},
            ],
        )
            |> group(columns: ["tag"])

    testing.diff(got: sampledata.int() |> relativeStrengthIndex(n: 3) |> first(), want: want)
}

testcase adaptive_average {
    want =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:30Z, _value: 9.72641183951902, tag: "t1"},
                {_time: 2021-01-01T00:00:40Z, _value: 10.097401019601417, tag: "t1"},
                {_time: 2021-01-01T00:00:50Z, _value: 9.972614968115325, tag: "t1"},
            ],
        )
            |> group(columns: ["tag"])

    testing.diff(got: sampledata.int() |> kaufmansAMA(n: 3) |> first(), want: want)
}

// An average over more rows than there are is one over all of them.
testcase averages_of_few_rows {
    rows = array.from(rows: [{_time: 2026-01-01T00:00:00Z, _value: 1.0}, {_time: 2026-01-01T00:01:00Z, _value: 4.0}])

    testing.diff(
        got: rows |> movingAverage(n: 5),
        want: array.from(rows: [{_time: 2026-01-01T00:01:00Z, _value: 2.5}]),
    )
}

testcase average_of_no_rows {
    testing.shouldError(
        fn: () => sampledata.int() |> movingAverage(n: 0) |> findColumn(fn: (key) => true, column: "_value"),
        want: /cannot take moving average with a period of 0/,
    )
}

testcase adaptive_average_is_exact {
    got =
        sampledata.int()
            |> kaufmansAMA(n: 3)
            |> map(fn: (r) => ({v: string(v: r._value)}))
    want =
        array.from(
            rows: [
                {v: "9.72641183951902"},
                {v: "10.097401019601417"},
                {v: "9.972614968115325"},
                {v: "-2.9084287200832466"},
                {v: "-2.142970089472789"},
                {v: "-2.0940721758134693"},
            ],
        )

    testing.diff(got: got, want: want)
}

testcase averages_look_at_the_period_when_a_table_comes {
    none = sampledata.float() |> filter(fn: (r) => false)

    testing.assertEmpty(tables: none |> exponentialMovingAverage(n: 0))
}

// A table that is one row short has no average, a shorter one has that of all its rows.
testcase average_of_too_few_rows {
    rows = array.from(rows: [{_value: 1.0}, {_value: 2.0}])

    testing.assertEmpty(tables: rows |> movingAverage(n: 3))
    testing.diff(got: rows |> movingAverage(n: 4), want: array.from(rows: [{_value: 1.5}]))
}

// What is no number counts for as long as the average sees it.
testcase average_past_no_number {
    values = [1.0, math.NaN(), 3.0, 4.0, 5.0]
    got = array.from(rows: values |> array.map(fn: (x) => ({_value: x}))) |> movingAverage(n: 2) |> tail(n: 2)

    testing.diff(got: got, want: array.from(rows: [{_value: 3.5}, {_value: 4.5}]))
}

testcase average_short_of_a_row {
    rows = array.from(rows: [{_value: 1.0}, {_value: 4.0}])

    testing.diff(got: rows |> movingAverage(n: 3) |> count(), want: array.from(rows: [{_value: 0}]))
}

// Rows are left out even where the column is not there.
testcase averages_of_no_column {
    rows = array.from(rows: [{v: 1.0}, {v: 3.0}, {v: 5.0}])

    testing.diff(got: rows |> kaufmansAMA(n: 2), want: array.from(rows: [{v: 5.0}]))
}

testcase oscillator_of_no_column {
    rows = array.from(rows: [{v: 1.0}, {v: 3.0}, {v: 5.0}])

    testing.diff(got: rows |> chandeMomentumOscillator(n: 2), want: array.from(rows: [{v: 5.0}]))
}
