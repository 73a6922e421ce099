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
        "Fails unless a text matches a pattern.",
        r#"import "regexp"
import "testing"

(got, want) => if got =~ want then
    testing.assertEqualValues(got: "", want: "")
else
    die(msg: "Regex `${regexp.getString(r: want)}` does not match `${got}`")"#;
}
