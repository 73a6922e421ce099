package json_test

import "array"
import "experimental/dynamic"
import parsing "experimental/json"
import "internal/debug"
import "json"
import "testing"

testcase all_that_can_be_written {
    value = {
        b: 1.0,
        a: "x<>&",
        c: [1, 2],
        d: 1h,
        t: 2020-01-01T00:00:00.5Z,
        u: uint(v: 3),
        f: false,
        y: bytes(v: "hi"),
        m: [1: "one"],
    }

    testing.assertEqualValues(
        got: string(v: json.encode(v: value)),
        want:
            "{\"a\":\"x\\u003c\\u003e\\u0026\",\"b\":1,\"c\":[1,2],\"d\":\"1h\",\"f\":false,\"m\":{\"1\":\"one\"},\"t\":\"2020-01-01T00:00:00.5Z\",\"u\":3,\"y\":\"aGk=\"}",
    )
}

testcase numbers_that_need_an_exponent {
    testing.assertEqualValues(
        got: string(v: json.encode(v: [0.000001, 0.0000001, 100000000000000000000.0, 1000000000000000000000.0])),
        want: "[0.000001,1e-7,100000000000000000000,1e+21]",
    )
}

testcase arrays_of_one_type {
    testing.shouldError(
        fn: () => parsing.parse(data: bytes(v: "[1, \"a\"]")),
        want: /array values must all be the same type/,
    )
}

testcase records_of_one_type {
    testing.shouldError(
        fn: () => parsing.parse(data: bytes(v: "[{\"a\": 1}, {\"b\": 1}]")),
        want: /array values must all be the same type/,
    )
}

testcase anything_may_be_dynamic {
    testing.assertEqualValues(
        got: display(v: [dynamic.dynamic(v: /a/), dynamic.dynamic(v: ["k": 1])]),
        want: "[dynamic(a), dynamic([k: 1])]",
    )
}

testcase dynamic_values_come_back {
    text = "{\"a\":[1,\"b\",{\"c\":true}],\"z\":null}"

    testing.assertEqualValues(
        got: string(v: dynamic.jsonEncode(v: dynamic.jsonParse(data: bytes(v: text)))),
        want: text,
    )
}

testcase members_of_what_has_none {
    testing.shouldError(
        fn: () => dynamic.dynamic(v: {a: debug.null()}).a.b,
        want: /cannot access property "b" on value of type invalid/,
    )
}

testcase json_that_ends_too_early {
    testing.shouldError(fn: () => dynamic.jsonParse(data: bytes(v: "{\"a\": [1")), want: /unexpected end of JSON input$/)
}

testcase json_with_a_stray_comma {
    testing.shouldError(
        fn: () => dynamic.jsonParse(data: bytes(v: "[1,]")),
        want: /invalid character '\]' looking for beginning of value$/,
    )
}

testcase null_is_no_array {
    testing.shouldError(
        fn: () => dynamic.asArray(v: dynamic.jsonParse(data: bytes(v: "null"))),
        want: /unable to convert <null> to array/,
    )
}
