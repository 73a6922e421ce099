package prometheus_test

import "array"
import "experimental/prometheus"
import "testing"

buckets =
    array.from(
        rows: [
            {_time: 2020-01-01T00:00:00Z, path: "/", bound: "0.1", _value: 10.0},
            {_time: 2020-01-01T00:00:00Z, path: "/", bound: "1", _value: 20.0},
            {_time: 2020-01-01T00:00:00Z, path: "/", bound: "+Inf", _value: 20.0},
        ],
    )
quantiles =
    array.from(rows: [{_time: 2020-01-01T00:00:00Z, path: "/", quantile: "0.75", _value: 0.55}])
        |> group(columns: ["path", "quantile"])

testcase bounds_in_a_tag {
    got =
        buckets
            |> rename(columns: {bound: "le"})
            |> set(key: "_field", value: "seconds")
            |> group(columns: ["path", "le", "_field"])
            |> prometheus.histogramQuantile(quantile: 0.75)
            |> drop(columns: ["_field"])

    testing.diff(got: got, want: quantiles)
}

testcase bounds_in_fields {
    got =
        buckets
            |> rename(columns: {bound: "_field"})
            |> group(columns: ["path", "_field"])
            |> prometheus.histogramQuantile(quantile: 0.75, metricVersion: 1)

    testing.diff(got: got, want: quantiles)
}

testcase versions_there_are {
    testing.shouldError(
        fn: () =>
            buckets
                |> rename(columns: {bound: "_field"})
                |> set(key: "le", value: "1")
                |> prometheus.histogramQuantile(quantile: 0.75, metricVersion: 3),
        want: /Invalid metricVersion. Available versions are 1 and 2\./,
    )
}
