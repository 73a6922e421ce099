package windows_test

import "array"
import "internal/debug"
import "sampledata"
import "testing"

data = sampledata.float() |> range(start: sampledata.start, stop: sampledata.stop)

bounded = (rows) => array.from(rows: rows) |> group(columns: ["_start", "_stop", "tag"])

// Windows that reach over the range are cut to it.
testcase overlapping_windows {
    want =
        array.from(
            rows: [
                {_start: 2021-01-01T00:00:00Z, _stop: 2021-01-01T00:00:20Z, tag: "t1", _value: 2},
                {_start: 2021-01-01T00:00:00Z, _stop: 2021-01-01T00:00:40Z, tag: "t1", _value: 4},
                {_start: 2021-01-01T00:00:20Z, _stop: 2021-01-01T00:01:00Z, tag: "t1", _value: 4},
                {_start: 2021-01-01T00:00:40Z, _stop: 2021-01-01T00:01:00Z, tag: "t1", _value: 2},
            ],
        )
            |> group(columns: ["_start", "_stop", "tag"])
    got = data |> filter(fn: (r) => r.tag == "t1") |> window(every: 20s, period: 40s) |> count()

    testing.diff(got: got, want: want)
}

testcase negative_offset {
    want =
        array.from(
            rows: [
                {_start: 2021-01-01T00:00:00Z, _stop: 2021-01-01T00:00:25Z, tag: "t1", _value: 3},
                {_start: 2021-01-01T00:00:25Z, _stop: 2021-01-01T00:00:55Z, tag: "t1", _value: 3},
            ],
        )
            |> group(columns: ["_start", "_stop", "tag"])
    got = data |> filter(fn: (r) => r.tag == "t1") |> window(every: 30s, offset: -5s) |> count()

    testing.diff(got: got, want: want)
}

// The window of all of time is cut to the range where it has rows, so that the whole of it is an empty one.
testcase window_of_all_time {
    got = data |> window(every: inf, createEmpty: true) |> count()
    always = {start: time(v: -9223372036854775807 - 1), stop: time(v: 9223372036854775807)}
    want =
        bounded(
            rows: [
                {_start: always.start, _stop: always.stop, tag: "t1", _value: 0},
                {_start: always.start, _stop: always.stop, tag: "t2", _value: 0},
                {_start: sampledata.start, _stop: sampledata.stop, tag: "t1", _value: 6},
                {_start: sampledata.start, _stop: sampledata.stop, tag: "t2", _value: 6},
            ],
        )

    testing.diff(got: got, want: want)
}

two =
    array.from(rows: [{_time: 2026-01-01T00:00:00Z, _value: 1.0}, {_time: 2026-01-01T00:01:00Z, _value: 2.0}])
        |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-01T00:05:00Z)

// Of windows that become one when they are cut to the range each is aggregated for itself.
testcase aggregates_of_cut_windows {
    got = two |> aggregateWindow(every: 2m, period: 10m, fn: sum) |> drop(columns: ["_start", "_stop"])
    want =
        array.from(
            rows: [
                {_time: 2026-01-01T00:02:00Z, _value: 3.0},
                {_time: 2026-01-01T00:04:00Z, _value: 3.0},
                {_time: 2026-01-01T00:05:00Z, _value: 3.0},
                {_time: 2026-01-01T00:05:00Z, _value: 3.0},
                {_time: 2026-01-01T00:05:00Z, _value: 3.0},
                {_time: 2026-01-01T00:05:00Z, _value: debug.null(type: "float")},
                {_time: 2026-01-01T00:05:00Z, _value: debug.null(type: "float")},
            ],
        )

    testing.diff(got: got, want: want)
}

// Other operations see one table of them, with each row as often as it was in one.
testcase rows_of_cut_windows {
    got =
        two
            |> window(every: 2m, period: 10m, createEmpty: true)
            |> filter(fn: (r) => r._stop == 2026-01-01T00:05:00Z)
            |> group()
            |> keep(columns: ["_value"])
    want = array.from(rows: [1.0, 1.0, 1.0, 2.0, 2.0, 2.0] |> array.map(fn: (x) => ({_value: x})))

    testing.diff(got: got, want: want)
}

// A row outside of the range is in no window, as an aggregate at its window's stop.
testcase aggregates_of_rows_outside {
    got =
        two
            |> aggregateWindow(every: 5m, fn: sum)
            |> aggregateWindow(every: 5m, fn: count)
            |> drop(columns: ["_start", "_stop"])

    testing.diff(got: got, want: array.from(rows: [{_time: 2026-01-01T00:05:00Z, _value: 0}]))
}

testcase weeks_from_monday {
    rows =
        array.from(
            rows: [
                {_time: 2022-01-01T00:00:00Z, tag: "t1", _value: 2.0},
                {_time: 2022-01-03T00:00:00Z, tag: "t1", _value: 2.2},
                {_time: 2022-01-06T00:00:00Z, tag: "t1", _value: 4.1},
                {_time: 2022-01-09T00:00:00Z, tag: "t1", _value: 3.8},
                {_time: 2022-01-20T00:00:00Z, tag: "t1", _value: 5.0},
            ],
        )
            |> group(columns: ["tag"])
            |> range(start: 2022-01-01T00:00:00Z, stop: 2022-01-23T23:59:59Z)
    start = 2022-01-01T00:00:00Z
    stop = 2022-01-23T23:59:59Z
    want =
        bounded(
            rows: [
                {_time: 2022-01-03T00:00:00Z, _start: start, _stop: stop, tag: "t1", _value: 2.0},
                {_time: 2022-01-10T00:00:00Z, _start: start, _stop: stop, tag: "t1", _value: 3.3666666666666667},
                {_time: 2022-01-17T00:00:00Z, _start: start, _stop: stop, tag: "t1", _value: debug.null(type: "float")},
                {_time: 2022-01-23T23:59:59Z, _start: start, _stop: stop, tag: "t1", _value: 5.0},
            ],
        )

    testing.diff(got: rows |> aggregateWindow(every: 1w, offset: -3d, fn: mean), want: want)
}

testcase times_of_windows_from_their_starts {
    want =
        bounded(
            rows: [
                {at: 2021-01-01T00:00:00Z, _start: sampledata.start, _stop: sampledata.stop, tag: "t1", _value: 7.35},
                {at: 2021-01-01T00:00:30Z, _start: sampledata.start, _stop: sampledata.stop, tag: "t1", _value: 15.23},
            ],
        )
    got =
        data
            |> filter(fn: (r) => r.tag == "t1")
            |> aggregateWindow(every: 30s, fn: median, timeSrc: "_start", timeDst: "at")

    testing.diff(got: got, want: want)
}

testcase no_bounds {
    testing.shouldError(
        fn: () => sampledata.int() |> window(every: 10s) |> findColumn(fn: (key) => true, column: "_value"),
        want: /nil bounds passed to window/,
    )
}

// Bounds that were no part of the group key come into it behind what was.
testcase columns_of_windows_of_groups {
    got =
        data
            |> group(columns: ["tag"])
            |> filter(fn: (r) => r.tag == "t1")
            |> aggregateWindow(every: 30s, fn: mean)
            |> columns(column: "label")
            |> keep(columns: ["label"])
    want =
        array.from(
            rows: [{label: "_time"}, {label: "tag"}, {label: "_start"}, {label: "_stop"}, {label: "_value"}],
        )

    testing.diff(got: got, want: want)
}

// Rows are looked at in the order of their times, and those without a time not at all.
testcase windows_of_rows_in_any_order {
    rows =
        array.from(
            rows: [
                {_time: 2026-01-01T10:10:00Z, _value: 1.0},
                {_time: 2026-01-01T08:10:00Z, _value: 2.0},
                {_time: debug.null(type: "time"), _value: 100.0},
                {_time: 2026-01-01T09:10:00Z, _value: 3.0},
                {_time: 2026-01-01T08:20:00Z, _value: 5.0},
            ],
        )
            |> map(fn: (r) => ({r with _start: 2026-01-01T08:00:00Z, _stop: 2026-01-01T11:00:00Z}))
            |> group(columns: ["_start", "_stop"])
    bounds = array.from(rows: [{_time: 2026-01-01T08:00:00Z, _value: 0.0}]) |> range(start: 2026-01-01T08:00:00Z, stop: 2026-01-01T11:00:00Z) |> filter(fn: (r) => false)
    got = union(tables: [bounds, rows]) |> aggregateWindow(every: 1h, fn: mean)
    want =
        array.from(
            rows: [
                {_time: 2026-01-01T09:00:00Z, _value: 3.5},
                {_time: 2026-01-01T10:00:00Z, _value: 3.0},
                {_time: 2026-01-01T11:00:00Z, _value: 1.0},
            ],
        )
            |> map(fn: (r) => ({r with _start: 2026-01-01T08:00:00Z, _stop: 2026-01-01T11:00:00Z}))
            |> group(columns: ["_start", "_stop"])

    testing.diff(got: got, want: want)
}

// A mistake is told of where the user's script makes it.
testcase the_place_of_an_error {
    testing.shouldError(
        fn: () => array.from(rows: [{_time: 2026-01-01T08:00:00Z, _value: "a"}])
            |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-02T00:00:00Z)
            |> aggregateWindow(every: 1h, fn: mean)
            |> findRecord(fn: (key) => true, idx: 0),
        want: /runtime error windows_test.flux@\d+:16-\d+:52: aggregateWindow: unsupported aggregate column type string/,
    )
}

// Windows of several tables come in the order of their keys: by their bounds first.
testcase windows_of_tables_that_come_together {
    rows =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:10Z, h: "b", _value: 1},
                {_time: 2026-01-01T00:01:10Z, h: "b", _value: 2},
                {_time: 2026-01-01T00:00:20Z, h: "a", _value: 3},
                {_time: 2026-01-01T00:01:20Z, h: "a", _value: 4},
            ],
        )
    got =
        rows
            |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-01T00:02:00Z)
            |> group(columns: ["h"])
            |> window(every: 1m)
            |> sum()
            |> group()
            |> keep(columns: ["h", "_value"])
    want =
        array.from(
            rows: [
                {h: "a", _value: 3},
                {h: "b", _value: 1},
                {h: "a", _value: 4},
                {h: "b", _value: 2},
            ],
        )

    testing.diff(got: got, want: want)
}

// Windows that overlap are cut to the same bounds at the ends: aggregateWindow tells of each for some functions, and of all
// of them at once for others.
testcase windows_cut_to_the_same_bounds {
    rows =
        array.from(rows: [{_time: 2026-01-01T00:00:00Z, _value: 1}, {_time: 2026-01-01T00:02:00Z, _value: 2}])
            |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-01T00:04:00Z)
    sums = rows |> aggregateWindow(every: 5m, period: 10m, fn: sum) |> set(key: "of", value: "sum")
    maxima = rows |> aggregateWindow(every: 5m, period: 10m, fn: max) |> set(key: "of", value: "max")
    got = union(tables: [sums, maxima]) |> keep(columns: ["of", "_value"]) |> group(columns: ["of"])
    want =
        array.from(rows: [{of: "max", _value: 2}, {of: "sum", _value: 3}, {of: "sum", _value: 3}])
            |> group(columns: ["of"])

    testing.diff(got: got, want: want)
}

// Each window is cut again for itself, into windows of the whole range.
testcase windows_of_windows {
    rows =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:00Z, _value: 7},
                {_time: 2021-01-01T00:01:30Z, _value: 2},
                {_time: 2021-01-01T00:02:40Z, _value: 5},
            ],
        )
            |> range(start: 2021-01-01T00:00:00Z, stop: 2021-01-01T00:04:00Z)
    got =
        rows
            |> window(every: 2m)
            |> aggregateWindow(every: 1m, fn: count)
            |> drop(columns: ["_start", "_stop", "_time"])

    testing.diff(
        got: got,
        want: array.from(rows: [1, 1, 0, 0, 0, 0, 1, 0] |> array.map(fn: (x) => ({_value: x}))),
    )
}

// The last mean has the end of the range for its time, which no window of the range holds.
testcase aggregates_of_aggregates {
    rows =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:00Z, _value: 4},
                {_time: 2021-01-01T00:01:00Z, _value: 2},
                {_time: 2021-01-01T00:13:00Z, _value: 5},
            ],
        )
            |> range(start: 2021-01-01T00:00:00Z, stop: 2021-01-01T00:20:00Z)
            |> aggregateWindow(every: 10m, fn: sum)
    want =
        array.from(
            rows: [
                {_time: 2021-01-01T00:10:00Z, _value: 0, of: "count"},
                {_time: 2021-01-01T00:20:00Z, _value: 1, of: "count"},
                {_time: 2021-01-01T00:12:00Z, _value: 6, of: "sum"},
                {_time: 2021-01-01T00:00:00Z, _value: 0, of: "sum"},
            ],
        )
            |> group(columns: ["of"])
    count = rows |> aggregateWindow(every: 10m, fn: count) |> set(key: "of", value: "count")
    sum = rows |> aggregateWindow(every: 2m, fn: sum, createEmpty: false) |> set(key: "of", value: "sum")
    got = union(tables: [count, sum]) |> group(columns: ["of"]) |> drop(columns: ["_start", "_stop"])

    testing.diff(got: got, want: want)
}

testcase windows_count_values_of_any_type {
    got =
        array.from(rows: [{_time: 2021-01-01T00:00:00Z}, {_time: 2021-01-01T00:01:00Z}])
            |> range(start: 2021-01-01T00:00:00Z, stop: 2021-01-01T00:02:00Z)
            |> duplicate(column: "_time", as: "t")
            |> aggregateWindow(every: 2m, fn: count, column: "t")
            |> keep(columns: ["t"])

    testing.diff(got: got, want: array.from(rows: [{t: 2}]))
}
