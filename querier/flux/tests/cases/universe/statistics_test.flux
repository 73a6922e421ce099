package statistics_test

import "array"
import "csv"
import "sampledata"
import "testing"

bins = (rows) => array.from(rows: rows) |> group(columns: ["tag"])

testcase histogram_quantile {
    rows =
        bins(
            rows: [
                {tag: "t1", le: 0.0, _value: 1.0},
                {tag: "t1", le: 5.0, _value: 2.0},
                {tag: "t1", le: 10.0, _value: 3.0},
                {tag: "t1", le: 20.0, _value: 6.0},
                {tag: "t2", le: 0.0, _value: 1.0},
                {tag: "t2", le: 5.0, _value: 3.0},
                {tag: "t2", le: 10.0, _value: 3.0},
                {tag: "t2", le: 20.0, _value: 6.0},
            ],
        )
    want = bins(rows: [{tag: "t1", _value: 18.0}, {tag: "t2", _value: 18.0}])

    testing.diff(got: rows |> histogramQuantile(quantile: 0.9), want: want)
}

// A bound that is infinite is no end to go to: the finite one is answered.
testcase histogram_quantile_at_infinity {
    rows = array.from(rows: [{le: 0.2, _value: 2.0}, {le: float(v: "+Inf"), _value: 4.0}])

    testing.diff(got: rows |> histogramQuantile(quantile: 0.9), want: array.from(rows: [{_value: 0.2}]))
}

testcase modes_are_sorted {
    rows = array.from(rows: [{_value: 3}, {_value: 1}, {_value: 3}, {_value: 2}, {_value: 1}])

    testing.diff(got: rows |> mode(), want: array.from(rows: [{_value: 1}, {_value: 3}]))
}

testcase covariance_of_columns {
    rows = array.from(rows: [{x: 1.0, y: 2.0}, {x: 2.0, y: 5.0}, {x: 4.0, y: 5.0}])

    testing.diff(got: rows |> covariance(columns: ["x", "y"]), want: array.from(rows: [{_value: 2.0}]))
}

testcase covariance_of_one_column {
    testing.shouldError(
        fn: () => sampledata.float() |> covariance(columns: ["_value"]),
        want: /must provide exactly two columns/,
    )
}

testcase exact_quantile_takes_floats {
    testing.shouldError(
        fn: () =>
            sampledata.int()
                |> quantile(q: 0.5, method: "exact_mean")
                |> findColumn(fn: (key) => true, column: "_value"),
        want: /unsupported aggregate column type int/,
    )
}

testcase estimate_of_integers {
    values = (datatype) =>
        csv.from(
            csv:
                "#datatype,string,long,${datatype}
#group,false,false,false
#default,_result,,
,result,table,_value
,,0,1
,,0,2
,,0,4
",
        )

    testing.diff(
        got:
            union(
                tables: [
                    values(datatype: "long") |> median(),
                    values(datatype: "unsignedLong") |> quantile(q: 1.0),
                ],
            ),
        want: array.from(rows: [{_value: 2.0}, {_value: 4.0}]),
    )
}

testcase quantile_selects_rows_of_any_numbers {
    rows = array.from(rows: [{at: "a", _value: 3}, {at: "b", _value: 1}, {at: "c", _value: 2}])

    testing.diff(
        got: rows |> quantile(q: 0.5, method: "exact_selector"),
        want: array.from(rows: [{at: "c", _value: 2}]),
    )
}

testcase quantile_sorts_nan_first {
    rows = array.from(rows: [{_value: 1.0}, {_value: float(v: "NaN")}, {_value: 3.0}])

    testing.diff(got: rows |> quantile(q: 0.5, method: "exact_mean"), want: array.from(rows: [{_value: 1.0}]))
}
