package rows_test

import "array"
import "internal/debug"
import "math"
import "strings"
import "testing"

// What is known of the rows only when the script runs.
rows =
    array.from(rows: [{a: 1, f: 1.5, s: "x"}])
        |> debug.opaque()

found = (tables=<-) => tables |> findRecord(fn: (key) => true, idx: 0)

testcase a_column_must_be_what_the_function_takes_it_for {
    testing.shouldError(
        fn: () => rows |> map(fn: (r) => ({v: if r.s == "other" then r.a + 1.5 else 0.0})) |> found(),
        want: /type conflict: float != int/,
    )
}

testcase columns_that_are_added_must_be_alike {
    testing.shouldError(
        fn: () => rows |> filter(fn: (r) => r.s == "other" and r.a + r.f > 1.0) |> found(),
        want: /type conflict/,
    )
}

testcase an_operator_must_know_its_sides_where_no_row_gets_to_it {
    testing.shouldError(
        fn: () => rows |> filter(fn: (r) => r.s == "other" and r.s > 5) |> found(),
        want: /unsupported binary expression string > int/,
    )
}

testcase arguments_of_functions_are_looked_at {
    testing.shouldError(
        fn: () => rows |> map(fn: (r) => ({v: if r.a > 5 then math.abs(x: r.a) else 0.0})) |> found(),
        want: /type conflict: float != int/,
    )
}

testcase functions_of_the_script_are_looked_at {
    half = (x) => x / 2.0

    testing.shouldError(
        fn: () => rows |> map(fn: (r) => ({v: if r.a > 5 then half(x: r.a) else 0.0})) |> found(),
        want: /type conflict: float != int/,
    )
}

testcase accumulators_are_looked_at {
    testing.shouldError(
        fn: () =>
            rows
                |> filter(fn: (r) => r.a > 5, onEmpty: "keep")
                |> reduce(fn: (r, accumulator) => ({n: accumulator.n + int(v: strings.strlen(v: r.f))}), identity: {n: 0})
                |> found(),
        want: /type conflict: string != float/,
    )
}

testcase numbers_compare_and_columns_may_be_missing {
    got =
        rows
            |> filter(fn: (r) => r.a < r.f and (r.missing == "x" or r.s =~ /x/ or r.gone =~ /x/))
            |> map(fn: (r) => ({a: r.a, b: if exists r.none then r.none else r.a + 1}))

    testing.diff(got: got, want: array.from(rows: [{a: 1, b: 2}]))
}
