//! Scripts that are not fine, and what is said.

use super::complaints;

fn refused(script: &str, wanted: &str) {
    assert_eq!(complaints(script), wanted, "{script}");
}

#[test]
fn operators() {
    refused("x = 1 + \"a\"", "error @1:9-1:12: expected int but found string");
    refused(
        "x = 2020-01-01 + 1h",
        "error @1:18-1:20: expected time but found duration\n\nerror @1:5-1:20: time is not Addable",
    );
    refused("x = true - true", "error @1:5-1:16: bool is not Subtractable");
    refused("x = 1 and true", "error @1:5-1:6: expected bool but found int");
    refused("x = not 1", "error @1:9-1:10: expected bool but found int");
    refused("x = -\"a\"", "error @1:6-1:9: string is not Negatable");
    refused("x = \"a\" =~ \"b\"", "error @1:12-1:15: expected regexp but found string");
    refused("x = true < 1", "error @1:5-1:9: bool is not Comparable");
    refused("x = (() => 1) == 1", "error @1:6-1:13: () => int (function) is not Equatable");
    refused("x = if 1 then 2 else 3", "error @1:8-1:9: expected bool but found int");
    refused("x = if true then 2 else \"a\"", "error @1:25-1:28: expected int but found string");
    refused("x = \"${[1]}\"", "error @1:8-1:11: [int] (array) is not Stringable");
}

#[test]
fn elements_of_an_array_after_one_that_does_not_fit_are_not_told() {
    refused("x = [1, \"a\", 2.0, true]", "error @1:9-1:12: expected int but found string");
    refused(
        "x = [[1], [nosuch], [\"a\"]]",
        "error @1:12-1:18: undefined identifier nosuch\n\n\
             error @1:21-1:26: expected int but found string",
    );
}

#[test]
fn types_are_laid_out() {
    refused(
        "x = 1 + {b: 1, a: \"s\", c: {z: 1, y: [1: \"a\"]}}",
        "error @1:9-1:47: expected int but found {c: {z: int, y: [int:string]}, b: int, a: string} (record)",
    );
    refused(
        "x = 1(e: 1, d: (a, b=<-, c=1) => ({a with b: 1}), c: \"s\", b: 1, a: 1)",
        "error @1:5-1:70: expected int but found (\n    a: int,\n    b: int,\n    c: string,\n    \
         d: (<-b: C, a: A, ?c: B) => {A with b: int},\n    e: int,\n) => D (function)",
    );
    let long = "n".repeat(60);
    refused(
        &format!("x = 1 + [{{{long}1: 1, {long}2: true}}]"),
        &format!(
            "error @1:9-1:146: expected int but found [{{\n    {long}2: bool,\n    {long}1: int,\n}}] (array)"
        ),
    );
    refused(
        "f = (r) => ({r with a: 1, b: 2, c: 3, d: 4, e: 5}) x = f == 1",
        "error @1:56-1:57: (\n    r: A,\n) => {\n    A with\n    e: int,\n    d: int,\n    c: int,\n    b: int,\n    \
         a: int,\n} (function) is not Equatable",
    );
}

#[test]
fn parts() {
    refused("r = {a: 1} x = r.b", "error @1:16-1:17: record is missing label b");
    refused("x = (1)[0]", "error @1:6-1:7: expected [A] (array) but found int");
    refused("x = [1][\"a\" + \"b\"]", "error @1:9-1:18: expected int but found string");
    refused("x = [1: 1, \"a\": 2]", "error @1:12-1:15: expected int but found string");
    refused(
        "x = .a",
        "error @1:5-1:7: Labels are currently experimental. (See the labelPolymorphism feature)",
    );
    refused("x = [true: 1]", "error @1:5-1:14: bool is not Comparable");
    refused("import \"strings\" x = strings.nosuch", "error @1:22-1:29: record is missing label nosuch");
}

#[test]
fn calls() {
    refused("x = 5 y = x()", "error @1:11-1:14: expected int but found () => A (function)");
    refused("f = (x) => x y = f(x: 1, y: 2)", "error @1:29-1:30: found unexpected argument y");
    refused(
        "f = (a, b=1) => a + b y = f(a: 1, c: 2)",
        "error @1:38-1:39: found unexpected argument c (Expected `b`)",
    );
    refused("f = (x) => x y = f()", "error @1:18-1:21: missing required argument x");
    refused(
        "f = (t=<-) => t y = 1 |> f(t: 2)",
        "error @1:28-1:32: pipe argument also specified as a keyword parameter: \"t\"",
    );
    refused(
        "f = (x) => x + 1 y = f(x: \"a\")",
        "error @1:27-1:30: expected int but found string (argument x)",
    );
    refused(
        "f = (x) => x y = 1 |> f()",
        "error @1:23-1:26: missing pipe argument\n\nerror @1:23-1:26: missing required argument x",
    );
    refused(
        "import \"array\" array.from(rows: [{a: 1}]) |> limit(m: 1)",
        "error @1:55-1:56: found unexpected argument m (Expected one of `n` or `offset`)\n\n\
         error @1:46-1:57: missing required argument n",
    );
    refused(
        "import \"array\" array.from(rows: [{a: 1}]) |> map(fn: (r) => r.b)",
        "error @1:46-1:65: record is missing label b (argument tables)",
    );
    refused(
        "import \"array\" x = [1] |> array.map(fn: (x) => x + \"a\")",
        "error @1:41-1:55: expected int but found string (argument x) (argument fn)",
    );
    refused(
        "import \"array\" from(bucket: \"b\") |> array.map(fn: (x) => x)",
        "error @1:37-1:60: expected [A] (array) but found stream[A] (argument arr)",
    );
}

#[test]
fn names() {
    refused("x = y y = 1", "error @1:5-1:6: undefined identifier y");
    refused("f = (n) => f(n: n)", "error @1:12-1:13: undefined identifier f");
    refused("x = 1 x = 2", "error @1:7-1:12: variable \"x\" reassigned");
    refused("f = (x) => { x = 2 return x }", "error @1:14-1:19: variable \"x\" reassigned");
    refused("option a = 1 option a = 2", "error @1:14-1:26: option \"a\" reassigned");
    refused("option a = 1 a = 2", "error @1:14-1:19: variable \"a\" conflicts with option of same name");
    refused(
        "option a = 1 option b = a + 1",
        "error @1:25-1:26: option \"b\" depends on option \"a\", which is defined in the same package",
    );
    refused("null", "error @1:1-1:5: undefined identifier null");
    refused(
        "import \"experimental/geo\" option geo.units = {distance: 1}",
        "error @1:46-1:59: expected string but found int",
    );
}

#[test]
fn defaults() {
    refused("f = (a=1) => a[0]", "error @1:5-1:18: expected [A] (array) but found int (argument a)");
    refused("f = (n=1, m=\"s\") => n + m", "error @1:5-1:26: expected string but found int (argument n)");
    refused("f = (r={}) => r.x", "error @1:5-1:18: record is missing label x (argument r)");
    // Another value may be of another type, but for what the body shares with the outside.
    refused(
        "f = (a=1) => a x = f(a: \"s\") + \"t\" g = (x) => (a=1) => a + x y = g(x: 2.5)",
        "error @1:71-1:74: expected int but found float (argument x)",
    );
}

#[test]
fn shapes() {
    refused("return 1", "error @1:1-1:9: return not valid in file block");
    refused("f = () => { x = 1 }", "error @1:13-1:18: missing return statement in block");
    refused(
        "f = () => { return 1\n return 2 }",
        "error @1:13-1:21: invalid return statement in function block",
    );
    refused(
        "f = () => { x = 1\n option y = 2 }",
        "error @2:2-2:14: invalid option statement in function block\n\n\
             error @1:13-1:18: missing return statement in block",
    );
    refused("f = (a=<-, b=<-) => a", "error @1:14-1:16: function types can have at most one pipe parameter");
    refused(
        "builtin f : (x: foo) => A where A: Bar",
        "error @1:17-1:20: invalid named type foo\n\nerror @1:36-1:39: invalid constraint Bar",
    );
}

#[test]
fn recursive_types() {
    refused("f = (x) => x(y: x)", "error @1:12-1:19: recursive types not supported A != (y: A) => B");
    refused(
        "f = (r, c) => if c then {r with a: 1} else r",
        "error @1:44-1:45: recursive types not supported A != {A with a: int}",
    );
}

#[test]
fn several_at_once() {
    refused(
        "x = 1 + \"a\"\ny = nosuch\nz = 1.0 * 2",
        "error @1:9-1:12: expected int but found string\n\nerror @2:5-2:11: undefined identifier nosuch\n\n\
         error @3:11-3:12: expected float but found int",
    );
}

#[test]
fn files_are_named() {
    let package = weir_flux_syntax::parse_package("x = nosuch", "", "a.flux");
    let found = super::check(&package, &*super::IMPORTER);
    assert_eq!(found[0].to_string(), "error a.flux@1:5-1:11: undefined identifier nosuch");
}
