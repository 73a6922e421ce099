package alerts_test

import "array"
import "contrib/anaisdg/anomalydetection"
import "contrib/anaisdg/statsmodels"
import "contrib/bonitoo-io/tickscript"
import "influxdata/influxdb/monitor"
import "testing"

option now = () => 2026-01-01T01:00:00Z

option monitor.write = (tables=<-) => tables

option monitor.log = (tables=<-) => tables

points =
    array.from(
        rows: [
            {_time: 2026-01-01T00:00:00Z, _measurement: "m", host: "a", load: 10.0},
            {_time: 2026-01-01T00:01:00Z, _measurement: "m", host: "a", load: 95.0},
        ],
    )
        |> group(columns: ["_measurement", "host"])
        |> range(start: 2026-01-01T00:00:00Z)

testcase levels_of_rows {
    got =
        points
            |> tickscript.alert(
                check: tickscript.defineCheck(id: "c1", name: "load"),
                crit: (r) => r.load > 90.0,
                details: (r) => "of ${r.host}",
            )
            |> keep(columns: ["_level", "_message", "details", "id"])
    want =
        array.from(
            rows: [
                {_level: "ok", _message: "Threshold Check: load is: ok", details: "of a", id: "c1"},
                {_level: "crit", _message: "Threshold Check: load is: crit", details: "of a", id: "c1"},
            ],
        )

    testing.diff(got: got |> group() |> sort(columns: ["_level"], desc: true), want: want)
}

testcase dead_or_alive {
    got =
        points
            |> tickscript.deadman(check: tickscript.defineCheck(id: "c2", name: "alive"), measurement: "m", threshold: 1)
            |> group()
            |> keep(columns: ["_level", "_message"])
    want = array.from(rows: [{_level: "ok", _message: "Deadman Check: alive is: alive"}])

    testing.diff(got: got, want: want)
}

testcase out_of_line {
    rows =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:00Z, _value: 1.0, host: "a"},
                {_time: 2026-01-01T00:00:00Z, _value: 3.0, host: "b"},
                {_time: 2026-01-01T00:00:00Z, _value: 40.0, host: "c"},
                // Alike: nothing can be said.
                {_time: 2026-01-01T00:01:00Z, _value: 5.0, host: "a"},
                {_time: 2026-01-01T00:01:00Z, _value: 5.0, host: "b"},
            ],
        )
    got = rows |> anomalydetection.mad() |> group() |> keep(columns: ["host", "_value", "level", "_value_diff", "MAD"])
    want =
        array.from(
            rows: [
                {host: "a", _value: 1.0, level: "normal", _value_diff: 2.0, MAD: 2.9652},
                {host: "b", _value: 0.0, level: "normal", _value_diff: 0.0, MAD: 2.9652},
                {host: "c", _value: 18.5, level: "anomaly", _value_diff: 37.0, MAD: 2.9652},
            ],
        )

    testing.diff(got: got, want: want)
}

testcase dead_without_rows {
    got =
        points
            |> filter(fn: (r) => r.host == "nobody")
            |> tickscript.deadman(check: tickscript.defineCheck(id: "c2", name: "alive"), measurement: "m")
            |> group()
            |> keep(columns: ["_level", "_message", "_source_measurement", "dead"])
    want =
        array.from(
            rows: [{_level: "crit", _message: "Deadman Check: alive is: dead", _source_measurement: "m", dead: true}],
        )

    testing.diff(got: got, want: want)
}

testcase line_of_the_first_table {
    rows =
        array.from(
            rows: [
                {_time: 2026-01-01T00:00:00Z, _value: 1.0, host: "a"},
                {_time: 2026-01-01T00:01:00Z, _value: 3.0, host: "a"},
                {_time: 2026-01-01T00:02:00Z, _value: 5.0, host: "a"},
                {_time: 2026-01-01T00:00:00Z, _value: 4.0, host: "b"},
            ],
        )
            |> group(columns: ["host"])
    got =
        rows
            |> statsmodels.linearRegression()
            |> group()
            |> keep(columns: ["host", "N", "slope", "x", "y", "y_hat", "errors"])
    want =
        array.from(
            rows: [
                {host: "a", N: 3.0, slope: 2.0, x: 1.0, y: 1.0, y_hat: 1.0, errors: 0.0},
                {host: "a", N: 3.0, slope: 2.0, x: 2.0, y: 3.0, y_hat: 3.0, errors: 0.0},
                {host: "a", N: 3.0, slope: 2.0, x: 3.0, y: 5.0, y_hat: 5.0, errors: 0.0},
                {host: "b", N: 3.0, slope: 2.0, x: 1.0, y: 4.0, y_hat: 1.0, errors: 9.0},
            ],
        )

    testing.diff(got: got, want: want)
}
