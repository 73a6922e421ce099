package diff_test

import "array"
import "csv"
import "experimental"
import "internal/debug"
import "math"
import "testing"

testcase columns_may_stand_in_another_order {
    testing.diff(got: array.from(rows: [{a: 1, b: "x"}]), want: array.from(rows: [{b: "x", a: 1}]))
}

testcase a_missing_column_is_null {
    want = array.from(rows: [{a: 1, b: debug.null(type: "string")}])

    testing.diff(got: array.from(rows: [{a: 1}]) |> debug.opaque(), want: want)
}

testcase floats_may_lie_a_little_apart {
    testing.diff(got: array.from(rows: [{v: 0.1 + 0.2}]), want: array.from(rows: [{v: 0.3}]))
}

testcase epsilon_says_how_far_apart {
    testing.diff(got: array.from(rows: [{v: 1.0}]), want: array.from(rows: [{v: 1.4}]), epsilon: 0.5)
}

testcase not_a_number_is_itself {
    testing.diff(got: array.from(rows: [{v: math.NaN()}]), want: array.from(rows: [{v: math.NaN()}]), nansEqual: true)
}

testcase an_empty_table_is_as_good_as_none {
    got = array.from(rows: [{v: 1}]) |> filter(fn: (r) => r.v > 1, onEmpty: "keep")

    testing.diff(got: got, want: array.from(rows: [{v: 1}]) |> filter(fn: (r) => r.v > 1))
}

testcase tables_of_one_key_are_one {
    want = array.from(rows: [{v: 1}, {v: 2}])
    got = union(tables: [array.from(rows: [{v: 1}]), array.from(rows: [{v: 2}])])

    testing.diff(got: got |> sort(columns: ["v"]), want: want)
}

testcase annotated_csv {
    inData =
        "
#datatype,string,long,dateTime:RFC3339,string,string,double
#group,false,false,false,true,true,false
#default,_result,,,,,
,result,table,_time,_measurement,_field,_value
,,0,2018-04-17T00:00:00Z,m1,f1,42
,,0,2018-04-17T00:00:01Z,m1,f1,43
"
    outData =
        "
#datatype,string,long,dateTime:RFC3339,dateTime:RFC3339,string,string,dateTime:RFC3339,double
#group,false,false,true,true,true,true,false,false
#default,_result,,,,,,,
,result,table,_start,_stop,_measurement,_field,_time,_value
,,0,2018-04-17T00:00:00Z,2030-01-01T00:00:00Z,m1,f1,2018-04-17T00:00:01Z,43
"
    got =
        csv.from(csv: inData)
            |> testing.load()
            |> range(start: 2018-04-17T00:00:00Z, stop: 2030-01-01T00:00:00Z)
            |> max()
    want = csv.from(csv: outData)

    testing.diff(got, want) |> yield()
}

testcase equal_streams {
    array.from(rows: [{v: 1}]) |> testing.assertEquals(name: "streams", want: array.from(rows: [{v: 1}]))
}

testcase no_rows {
    array.from(rows: [{v: 1}])
        |> filter(fn: (r) => r.v > 1)
        |> testing.assertEmpty()
}

testcase rows_where_none_should_be {
    testing.shouldError(
        fn: () =>
            array.from(rows: [{t: "a"}, {t: "b"}])
                |> group(columns: ["t"])
                |> testing.assertEmpty()
                |> findRecord(fn: (key) => true, idx: 0),
        want: /found 2 tables that were not empty/,
    )
}

testcase unequal_rows {
    testing.shouldError(
        fn: () =>
            array.from(rows: [{v: 1}])
                |> testing.assertEquals(name: "rows", want: array.from(rows: [{v: 2}]))
                |> findRecord(fn: (key) => true, idx: 0),
        want: /test rows: tables not equal/,
    )
}

testcase unequal_keys {
    tables = (rows) => array.from(rows: rows) |> group(columns: ["t"])

    testing.shouldError(
        fn: () =>
            tables(rows: [{t: "a"}])
                |> testing.assertEquals(name: "keys", want: tables(rows: [{t: "b"}]))
                |> findRecord(fn: (key) => true, idx: 0),
        want: /test keys: unequal group key sets/,
    )
}

testcase unequal_numbers_of_tables {
    tables = (rows) => array.from(rows: rows) |> group(columns: ["t"])

    testing.shouldError(
        fn: () =>
            tables(rows: [{t: "a"}])
                |> testing.assertEquals(name: "tables", want: tables(rows: [{t: "a"}, {t: "b"}]))
                |> findRecord(fn: (key) => true, idx: 0),
        want: /assertEquals streams had unequal table counts/,
    )
}

testcase errors_of_streams {
    testing.shouldError(
        fn: () =>
            array.from(rows: [{v: 1}])
                |> map(fn: (r) => ({v: 1 / (r.v - 1)}))
                |> findRecord(fn: (key) => true, idx: 0),
        want: /divide by zero/,
    )
}

testcase marks {
    diff =
        experimental.diff(
            got: array.from(rows: [{v: 1}, {v: 3}]),
            want: array.from(rows: [{v: 1}, {v: 2}]),
        )

    testing.diff(
        got: diff |> rename(columns: {_diff: "mark"}),
        want: array.from(rows: [{mark: "", v: 1}, {mark: "-", v: 2}, {mark: "+", v: 3}]),
    )
}

testcase marks_before_the_key {
    rows = (v) => array.from(rows: [{v: v, tag: "a"}]) |> group(columns: ["tag"])

    testing.diff(
        got: experimental.diff(got: rows(v: 1), want: rows(v: 2)) |> columns() |> group(),
        want:
            array.from(
                rows: [
                    {tag: "a", _value: "_diff"},
                    {tag: "a", _value: "tag"},
                    {tag: "a", _value: "v"},
                ],
            ),
    )
}
