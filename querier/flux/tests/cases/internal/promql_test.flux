package promql_test

import "array"
import "internal/promql"
import "testing"

option now = () => 2026-01-01T00:00:00Z

series =
    array.from(
        rows: [
            {_start: 2026-01-01T00:00:00Z, _stop: 2026-01-01T00:00:40Z, _time: 2026-01-01T00:00:10Z, _value: 10.0, host: "a"},
            {_start: 2026-01-01T00:00:00Z, _stop: 2026-01-01T00:00:40Z, _time: 2026-01-01T00:00:20Z, _value: 4.0, host: "a"},
            {_start: 2026-01-01T00:00:00Z, _stop: 2026-01-01T00:00:40Z, _time: 2026-01-01T00:00:30Z, _value: 8.0, host: "a"},
        ],
    )
        |> group(columns: ["host", "_start", "_stop"])

answer = (v) => array.from(rows: [{host: "a", _value: v}]) |> group(columns: ["host"])

plain = (tables=<-) => tables |> drop(columns: ["_start", "_stop"])

testcase changes {
    testing.diff(got: series |> promql.changes() |> plain(), want: answer(v: 2.0))
}

testcase resets {
    testing.diff(got: series |> promql.resets() |> plain(), want: answer(v: 1.0))
}

testcase rate_of_a_counter {
    testing.diff(
        // 10 were lost when the counter began anew; 20 seconds were seen, 40 are asked for.
        got: series |> promql.extrapolatedRate(isCounter: true, isRate: true) |> plain(),
        want: answer(v: 8.0 * 40.0 / 20.0 / 40.0),
    )
}

testcase instant_difference {
    testing.diff(got: series |> promql.instantRate() |> plain(), want: answer(v: 4.0))
}

testcase prediction {
    testing.diff(
        got: series |> promql.linearRegression(predict: true, fromNow: 0.0) |> plain(),
        want: answer(v: 22.0 / 3.0 - 0.1 * 20.0),
    )
}

testcase timestamps {
    testing.diff(
        got: series |> promql.timestamp() |> last() |> plain() |> keep(columns: ["_value", "host"]),
        want: answer(v: 1767225630.0),
    )
}

testcase replaced_label {
    testing.diff(
        got:
            series
                |> promql.labelReplace(source: "host", destination: "name", regex: "(.*)", replacement: "is-$1")
                |> promql.changes()
                |> plain(),
        want: array.from(rows: [{host: "a", name: "is-a", _value: 2.0}]) |> group(columns: ["host", "name"]),
    )
}

testcase parts {
    testing.assertEqualValues(got: promql.promqlDaysInMonth(timestamp: 1709208000.0), want: 29.0)
}

testcase parts_of_the_week {
    testing.assertEqualValues(got: promql.promqlDayOfWeek(timestamp: 1767225600.0), want: 4.0)
}

testcase nothing {
    testing.assertEmpty(tables: promql.emptyTable())
}

testcase quantile_out_of_range {
    got = series |> promql.quantile(q: 2.0) |> map(fn: (r) => ({r with _value: string(v: r._value)})) |> plain()

    testing.diff(got: got, want: answer(v: "+Inf"))
}

testcase quantiles_of_a_method {
    got =
        array.from(rows: [{_value: 1.0}, {_value: 2.0}, {_value: 4.0}, {_value: 8.0}])
            |> promql.quantile(q: 0.5, method: "exact_selector")
    want = array.from(rows: [{_value: 2.0}])

    testing.diff(got: got, want: want)
}

testcase labels_take_only_values_along {
    got =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:00Z, host: "a1", unit: "s", _value: 1.0},
                {_time: 2026-01-01T00:00:00Z, host: "b", unit: "s", _value: 2.0},
                {_time: 2026-01-01T00:00:00Z, host: "c", unit: "s", _value: 3.0},
            ],
        )
            |> group(columns: ["host", "unit"])
            |> promql.labelReplace(source: "host", destination: "unit", regex: "([ab])\\d*", replacement: "in $1")
    want =
        array.from(
            rows: [
                {host: "a1", unit: "in a", _value: 1.0},
                {host: "b", unit: "in b", _value: 2.0},
                {host: "c", unit: "s", _value: 3.0},
            ],
        )
            |> group(columns: ["host", "unit"])

    testing.diff(got: got, want: want)
}

testcase labels_without_text_are_none {
    got =
        array.from(rows: [{host: "a", unit: "s", _value: 1.0}])
            |> group(columns: ["host", "unit"])
            |> promql.labelReplace(source: "host", destination: "unit", regex: "a", replacement: "")
    want = array.from(rows: [{host: "a", _value: 1.0}]) |> group(columns: ["host"])

    testing.diff(got: got, want: want)
}

testcase quantiles_of_bounds_that_are_text {
    got =
        array.from(
            rows: [
                {job: "x", le: "+Inf", _value: 10.0},
                {job: "x", le: "0.5", _value: 4.0},
                {job: "x", le: "2", _value: 8.0},
                {job: "x", le: "none", _value: 99.0},
            ],
        )
            |> group(columns: ["job"])
            |> promql.promHistogramQuantile(quantile: 0.6)
    want = array.from(rows: [{job: "x", _value: 1.25}]) |> group(columns: ["job"])

    testing.diff(got: got, want: want)
}

testcase timestamps_without_times {
    got = array.from(rows: [{_stop: 2026-01-01T00:00:00.0019Z, _value: 1.0}]) |> promql.timestamp()
    want = array.from(rows: [{_stop: 2026-01-01T00:00:00.0019Z, _value: 1767225600.001}])

    testing.diff(got: got, want: want)
}

testcase labels_of_any_name {
    got =
        array.from(rows: [{host: "a", _value: 1.0}])
            |> group(columns: ["host"])
            |> promql.labelReplace(source: "host", destination: "the host", regex: "a", replacement: "b")
    want = array.from(rows: [{host: "a", "the host": "b", _value: 1.0}]) |> group(columns: ["host", "the host"])

    testing.diff(got: got, want: want)
}

testcase labels_stand_before_the_value {
    got =
        array.from(rows: [{_value: 1.0, host: "a"}])
            |> group(columns: ["host"])
            |> promql.labelReplace(source: "host", destination: "name", regex: "a", replacement: "b")
            |> columns()
            |> keep(columns: ["_value"])
            |> group()

    testing.diff(got: got, want: array.from(rows: [{_value: "host"}, {_value: "name"}, {_value: "_value"}]))
}
