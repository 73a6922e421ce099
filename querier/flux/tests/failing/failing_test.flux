package failing_test

import "array"
import "internal/debug"
import matching "internal/testing"
import "testing"
import "testing/expect"

one = array.from(rows: [{v: 1}])

testcase rows_differ__diff {
    testing.diff(got: one, want: array.from(rows: [{v: 2}]))
}

testcase rows_stand_in_another_order__diff {
    testing.diff(
        got: array.from(rows: [{v: 1}, {v: 2}]),
        want: array.from(rows: [{v: 2}, {v: 1}]),
    )
}

testcase a_row_is_missing__diff {
    testing.diff(got: one, want: array.from(rows: [{v: 1}, {v: 2}]))
}

testcase a_table_is_missing__diff {
    testing.diff(got: one |> filter(fn: (r) => r.v > 1), want: one)
}

testcase the_group_key_differs__diff {
    testing.diff(got: one |> group(columns: ["v"]), want: one)
}

testcase floats_differ__diff {
    testing.diff(got: array.from(rows: [{v: 1.0}]), want: array.from(rows: [{v: 1.1}]))
}

testcase a_type_differs__has_different_types {
    testing.diff(
        got: array.from(rows: [{v: 1.0}]) |> debug.opaque(),
        want: array.from(rows: [{v: 1}]),
    )
}

testcase values_differ__diff {
    testing.assertEqualValues(got: 1, want: 2)
}

testcase streams_differ__tables_not_equal {
    one |> testing.assertEquals(name: "x", want: array.from(rows: [{v: 2}]))
}

testcase rows_are_left__were_not_empty {
    one |> testing.assertEmpty()
}

testcase no_error__did_not_fail {
    testing.shouldError(fn: () => 1, want: /x/)
}

testcase another_error__boom {
    testing.shouldError(fn: () => die(msg: "boom"), want: /bang/)
}

testcase another_text__does_not_match {
    matching.assertMatches(got: "123", want: /13/)
}

testcase no_such_type__Invalid_null_type {
    testing.assertEqualValues(got: debug.null(type: "text"), want: 1)
}

testcase no_such_option__option_does_not_exist {
    testing.assertEqualValues(got: debug.getOption(pkg: "testing", name: "nothing"), want: 1)
}

testcase no_parent__there_is_no_file extends "nowhere/x_test.y" {
    super()
}

testcase not_flux__undefined_identifier {
    nosuch()
}

double = (s) => s + s

times16 = (s) => double(s: double(s: double(s: double(s: s))))

times65536 = (s) => times16(s: times16(s: times16(s: times16(s: s))))

testcase a_text_that_doubles__is_too_long {
    testing.assertEqualValues(got: times65536(s: times65536(s: "0123456789")), want: "")
}

pair = (v) => ({left: v, right: v})

pairs16 = (v) => pair(v: pair(v: pair(v: pair(v: v))))

pairs65536 = (v) => pairs16(v: pairs16(v: pairs16(v: pairs16(v: v))))

testcase a_value_that_doubles__has_too_many_parts {
    testing.assertEqualValues(got: display(v: pairs65536(v: pairs16(v: pairs16(v: 1)))), want: "")
}

testcase no_such_rule_applied__applied_0_times {
    expect.planner(rules: ["SortLimitRule": 1])
    testing.assertEqualValues(got: 1, want: 1)
}
