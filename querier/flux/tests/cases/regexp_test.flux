package regexp_test

import "array"
import "internal/debug"
import "regexp"
import "testing"

testcase what_stands_for_groups {
    got =
        array.from(
            rows: [
                {
                    number: regexp.replaceAllString(r: /a(x*)b/, v: "-ab-axxb-", t: "$1"),
                    longer_name: regexp.replaceAllString(r: /a(x*)b/, v: "-ab-axxb-", t: "$1W"),
                    name: regexp.replaceAllString(r: /a(?P<x>x*)b/, v: "-ab-axxb-", t: "[\${x}]"),
                    dollar: regexp.replaceAllString(r: /a/, v: "banana", t: "$$"),
                    alone: regexp.replaceAllString(r: /a/, v: "ba", t: "$"),
                    nothing: regexp.replaceAllString(r: /x*/, v: "abc", t: "-"),
                },
            ],
        )
    want =
        array.from(
            rows: [
                {
                    number: "--xx-",
                    longer_name: "---",
                    name: "-[]-[xx]-",
                    dollar: "b$n$n$",
                    alone: "b$",
                    nothing: "-a-b-c-",
                },
            ],
        )

    testing.diff(got: got, want: want)
}

testcase classes {
    got =
        array.from(
            rows: [
                {
                    letters: "héß" =~ /^\pL+$/,
                    ascii: "hé" =~ /^\w+$/,
                    no_space: "a\xc2\xa0b" =~ /^\S+$/,
                    not_greek: "α" =~ regexp.compile(v: "^\\p{^Greek}$"),
                    octal: "A" =~ regexp.compile(v: "^\\101$"),
                    quoted: "a.b" =~ regexp.compile(v: "^\\Qa.b\\E$"),
                },
            ],
        )
    want =
        array.from(
            rows: [{letters: true, ascii: false, no_space: true, not_greek: false, octal: true, quoted: true}],
        )

    testing.diff(got: got, want: want)
}

testcase repetition_of_a_repetition {
    testing.shouldError(fn: () => regexp.compile(v: "a**"), want: /error parsing regexp: invalid nested repetition operator: `\*\*`$/)
}

testcase comments_in_patterns {
    testing.shouldError(fn: () => regexp.compile(v: "(?x)a"), want: /error parsing regexp: invalid or unsupported Perl syntax: `\(\?x`$/)
}

testcase looking_ahead {
    testing.shouldError(fn: () => regexp.compile(v: "a(?=b)"), want: /error parsing regexp: invalid or unsupported Perl syntax: `\(\?=`$/)
}

testcase classes_that_do_not_exist {
    testing.shouldError(
        fn: () => regexp.compile(v: "a\\p{Nothing}b"),
        want: /error parsing regexp: invalid character class range: `\\p\{Nothing\}`$/,
    )
}

no = debug.null(type: "string")

testcase nothing_is_found_in_null {
    testing.shouldError(
        fn: () => regexp.findString(r: /a+/, v: no),
        want: /cannot execute function containing argument r of type regexp value a\+ and argument v of type string value <nil>/,
    )
}

testcase nothing_is_replaced_in_null {
    testing.shouldError(
        fn: () => regexp.replaceAllString(r: /a/, v: no, t: "b"),
        want: /argument r of type regexp value a, argument v of type string value <nil>, and argument t of type string value b$/,
    )
}

testcase null_is_no_pattern {
    testing.shouldError(
        fn: () => regexp.compile(v: no),
        want: /cannot convert argument v of type string value <nil> to Regex/,
    )
}
