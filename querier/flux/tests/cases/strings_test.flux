package strings_test

import "array"
import "internal/debug"
import "strings"
import "testing"

testcase case_of_letters_that_have_several {
    got =
        array.from(
            rows: [
                {
                    title: strings.title(v: "hello wörld _x 1a b-c d.e"),
                    to_title: strings.toTitle(v: "ǆab ა"),
                    upper: strings.toUpper(v: "ßﬁ ᾳ"),
                    lower: strings.toLower(v: "İ Σ"),
                },
            ],
        )
    want =
        array.from(
            rows: [{title: "Hello Wörld _x 1a B-C D.E", to_title: "ǅAB ა", upper: "ßﬁ ᾼ", lower: "i σ"}],
        )

    testing.diff(got: got, want: want)
}

testcase bounds_outside_of_the_text {
    got =
        array.from(
            rows: [
                {
                    backwards: strings.substring(v: "abc", start: 2, end: 1),
                    letters: strings.substring(v: "héllo", start: 1, end: 3),
                    before: strings.substring(v: "abc", start: -5, end: -1),
                    behind: strings.substring(v: "héllo", start: 3, end: 99),
                },
            ],
        )
    want = array.from(rows: [{backwards: "", letters: "él", before: "", behind: "lo"}])

    testing.diff(got: got, want: want)
}

testcase empty_texts {
    got =
        array.from(
            rows: [
                {
                    count: strings.countStr(v: "five", substr: ""),
                    first: strings.index(v: "a", substr: ""),
                    last: strings.lastIndex(v: "abc", substr: ""),
                    any: strings.indexAny(v: "golang", chars: ""),
                    parts: length(arr: strings.split(v: "", t: "")),
                    some: length(arr: strings.splitN(v: "a,b", t: ",", i: 0)),
                },
            ],
        )
    want = array.from(rows: [{count: 5, first: 0, last: 3, any: -1, parts: 0, some: 0}])

    testing.diff(got: got, want: want)
}

testcase one_byte_only {
    testing.shouldError(fn: () => strings.isLetter(v: "é"), want: /length is not equal to 1/)
}

no = debug.null(type: "string")

testcase null_has_no_case {
    testing.shouldError(
        fn: () => strings.toLower(v: no),
        want: /cannot convert argument of type string value <nil> to upper case/,
    )
}

testcase null_has_no_length {
    testing.shouldError(fn: () => strings.strlen(v: no), want: /procedure cannot be executed/)
}

testcase null_has_no_prefix {
    testing.shouldError(
        fn: () => strings.hasPrefix(v: no, prefix: "a"),
        want: /expected argument "v" to be of type string, got type string value <nil>/,
    )
}
