package forecast_test

import "array"
import "sampledata"
import "testing"

// The forecasts are those that the documentation of Flux shows.
testcase without_seasons {
    got = sampledata.int() |> holtWinters(n: 3, interval: 10s, withFit: true) |> filter(fn: (r) => r.tag == "t2")
    want =
        array.from(
            rows: [
                {tag: "t2", _time: 2021-01-01T00:00:00Z, _value: 19.0},
                {tag: "t2", _time: 2021-01-01T00:00:10Z, _value: 10.099938333168268},
                {tag: "t2", _time: 2021-01-01T00:00:20Z, _value: 3.576640457126943},
                {tag: "t2", _time: 2021-01-01T00:00:30Z, _value: 6.744937158136209},
                {tag: "t2", _time: 2021-01-01T00:00:40Z, _value: 6.79061592841652},
                {tag: "t2", _time: 2021-01-01T00:00:50Z, _value: 6.791265139903281},
                {tag: "t2", _time: 2021-01-01T00:01:00Z, _value: 6.791274364986771},
                {tag: "t2", _time: 2021-01-01T00:01:10Z, _value: 6.791274496071822},
                {tag: "t2", _time: 2021-01-01T00:01:20Z, _value: 6.791274497934493},
            ],
        )
            |> group(columns: ["tag"])

    testing.diff(got: got, want: want)
}

testcase with_seasons {
    got = sampledata.int() |> holtWinters(n: 4, interval: 10s, seasonality: 4) |> filter(fn: (r) => r.tag == "t2")
    want =
        array.from(
            rows: [
                {tag: "t2", _time: 2021-01-01T00:01:00Z, _value: 0.0003493824987647374},
                {tag: "t2", _time: 2021-01-01T00:01:10Z, _value: 12.80532295591006},
                {tag: "t2", _time: 2021-01-01T00:01:20Z, _value: 8.6277743213372},
                {tag: "t2", _time: 2021-01-01T00:01:30Z, _value: 1.4602203332390207},
            ],
        )
            |> group(columns: ["tag"])

    testing.diff(got: got, want: want)
}

testcase no_numbers {
    testing.shouldError(
        fn: () =>
            sampledata.string()
                |> holtWinters(n: 2, interval: 10s)
                |> findColumn(fn: (key) => true, column: "_value"),
        want: /holtWinters can work only on numerical types, got string/,
    )
}

testcase a_season_without_a_value {
    rows =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:00Z, _value: 7.0},
                {_time: 2021-01-01T00:00:30Z, _value: 2.0},
                {_time: 2021-01-01T00:00:40Z, _value: 5.0},
            ],
        )
    want =
        array.from(
            rows: [
                {_time: 2021-01-01T00:00:50Z, _value: 2.017423741247301},
                {_time: 2021-01-01T00:01:00Z, _value: 4.3950126968317145},
            ],
        )

    testing.diff(got: rows |> holtWinters(n: 2, interval: 10s, seasonality: 2), want: want)
}
