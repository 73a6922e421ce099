//! `internal/testing`: assertions for tests of the library itself.

use crate::registry::Package;
use crate::stdlib::native::in_flux;

/// The package.
pub static PACKAGE: Package = Package {
    path: "internal/testing",
    name: "testing",
    members: &[&ASSERT_MATCHES, &SHOULD_ERROR_WITH_CODE],
};

in_flux! { "internal/testing":
    SHOULD_ERROR_WITH_CODE = "shouldErrorWithCode",
        "(fn: () => A, want: regexp, code: uint) => stream[{match: bool, code: uint, _diff: string}]",
        "Calls a function that must fail with this code and a message that matches.",
        r#"import "array"
import "experimental"
import "testing"

(fn, want, code) => {
    caught = experimental.catch(fn: fn)

    return if not exists caught.code then
        die(msg: "shouldErrorWithCode: the function did not fail")
    else
        testing.diff(
            got: array.from(rows: [{match: caught.msg =~ want, code: caught.code}]),
            want: array.from(rows: [{match: true, code: code}]),
        )
}"#;
    ASSERT_MATCHES = "assertMatches", "(got: string, want: regexp) => stream[{v: string, _diff: string}]",
        "Compares a text with a pattern.",
        r#"import "array"
import "testing"

(got, want) =>
    testing.diff(
        got: array.from(rows: [{v: got}]),
        want: array.from(rows: [{v: if got =~ want then got else "a text that matches ${string(v: want)}"}]),
    )"#;
}
