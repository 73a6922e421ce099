//! `testing`: what scripts that test other scripts use.

mod assert;
pub mod expect;

use crate::eval::Args;
use crate::registry::{Body, Definition, Package};
use crate::stdlib::experimental::diff;
use crate::stdlib::forward::forward;
use crate::stdlib::native::in_flux;
use crate::value::Value;

/// The package.
pub static PACKAGE: Package = Package {
    path: "testing",
    name: "testing",
    members: &[
        &ASSERT_EQUAL_VALUES,
        &DIFF,
        &LOAD,
        &SHOULD_ERROR,
        &TAGS,
        &assert::ASSERT_EMPTY,
        &assert::ASSERT_EQUALS,
    ],
};

/// How a test's data comes in.
pub(crate) static LOAD: Definition = Definition {
    package: "testing",
    name: "load",
    signature: "(<-tables: A) => A",
    doc: "How a test's data comes in: as it is, unless the runner says otherwise.",
    body: Body::Option("(tables=<-) => tables"),
};

/// A test's tags.
pub(crate) static TAGS: Definition = Definition {
    package: "testing",
    name: "tags",
    signature: "[A]",
    doc: "A test's tags: it runs only if all of them are asked for.",
    body: Body::Option("[]"),
};

/// `diff(got:, want:)`.
pub(crate) static DIFF: Definition = Definition {
    package: "testing",
    name: "diff",
    signature: "(<-got: stream[A], want: stream[A], ?verbose: B, ?epsilon: C, ?nansEqual: D) => \
                stream[{A with _diff: string}]",
    doc: "The rows in which two streams differ, as the result \"errorOutput\".",
    body: Body::Native(|args, cx| {
        let rows = diff::call(args, cx)?;
        let mut named =
            Args::new([("name", Value::from("errorOutput"))]).at(args.location.clone()).piped(rows);
        forward("universe", "yield", &mut named, cx)
    }),
};

in_flux! { "testing":
    ASSERT_EQUAL_VALUES = "assertEqualValues", "(got: A, want: A) => stream[{v: A, _diff: string}]",
        "Compares two values, which must be equal.",
        "import \"array\"\n(got, want) => diff(got: array.from(rows: [{v: got}]), want: array.from(rows: [{v: want}]))";
    SHOULD_ERROR = "shouldError", "(fn: () => A, want: regexp) => stream[{v: string}]",
        "Calls a function that must fail with a message that matches.",
        r#"import "array"
import "experimental"

(fn, want) => {
    caught = experimental.catch(fn: fn)

    return if not exists caught.code then
        die(msg: "shouldError: the function did not fail")
    else
        array.from(rows: [{v: caught.msg}]) |> filter(fn: (r) => r.v !~ want) |> yield(name: "errorOutput")
}"#;
}
