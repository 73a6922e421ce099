package extend_test

import "array"
import "math"
import "testing"

// A name of the parent's file may be given another meaning.
double = (tables=<-) => tables |> map(fn: (r) => ({r with _value: r._value + 1}))

testcase helpers extends "weir/testing/parents/parent_test.last_hours" {
    x = math.abs(x: -1.0)

    super()
    array.from(rows: [{x: x}]) |> testing.assertEquals(name: "x", want: array.from(rows: [{x: 1.0}]))
}

testcase tags_of_the_case {
    option testing.tags = ["slow"]

    testing.assertEqualValues(got: 2, want: 2)
}

testcase tags_of_the_other_file extends "weir/testing/parents/tagged_test.tagged" {
    super()
}

// What is loaded can be changed for all cases that say how they load.
testcase another_load extends "weir/testing/parents/parent_test.last_hours" {
    option testing.load = (tables=<-) => tables |> filter(fn: (r) => r._value < 2)

    super()
}
