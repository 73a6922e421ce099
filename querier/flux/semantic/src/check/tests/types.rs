//! What is inferred.

use super::{IMPORTER, check_package, parse};

fn inferred(value: &str) -> String {
    let package = parse(&format!("import \"array\"\nx = {value}"));
    let checked = check_package(&package, &*IMPORTER);
    assert_eq!(checked.diagnostics, [], "{value}");
    checked.types.lookup("x").unwrap().to_string()
}

#[test]
fn values() {
    for (value, ty) in [
        ("1", "int"),
        ("1.5", "float"),
        ("\"a${1}\"", "string"),
        ("1h", "duration"),
        ("2020-01-01", "time"),
        ("/a/", "regexp"),
        ("true", "bool"),
        ("[]", "[A]"),
        ("[:]", "[A:B] where A: Comparable"),
        ("[\"a\": 1]", "[string:int]"),
        ("{a: 1, b: {c: \"d\"}}", "{a: int, b: {c: string}}"),
        ("if 1 == 2 then 1h else 2h", "duration"),
        ("array.from(rows: [{a: 1}])", "stream[{a: int}]"),
        ("exists 1", "bool"),
    ] {
        assert_eq!(inferred(value), ty, "{value}");
    }
}

#[test]
fn functions() {
    for (value, ty) in [
        ("() => 1", "() => int"),
        ("(x) => x", "(x: A) => A"),
        ("(a, b) => a + b", "(a: A, b: A) => A where A: Addable"),
        ("(a, b) => a == b", "(a: A, b: B) => bool where A: Equatable, B: Equatable"),
        (
            "(a, b) => a <= b",
            "(a: A, b: B) => bool where A: Comparable + Equatable, B: Comparable + Equatable",
        ),
        ("(r) => r.a", "(r: {A with a: B}) => B"),
        ("(r) => r.a + r.b.c", "(r: {A with a: B, b: {C with c: B}}) => B where B: Addable"),
        ("(r) => ({r with a: 1})", "(r: A) => {A with a: int}"),
        ("(b, a=1, t=<-) => t", "(<-t: A, b: B, ?a: C) => A"),
        ("(x) => { y = x + 1 return {y} }", "(x: int) => {y: int}"),
        ("(f) => f(a: 1)", "(f: (a: int) => A) => A"),
        ("(v=<-) => v * 2", "(<-v: int) => int"),
        ("(tables=<-) => tables |> limit(n: 1)", "(<-tables: stream[A]) => stream[A]"),
        (
            "(factor, tables=<-) => tables |> map(fn: (r) => ({r with _value: r._value * factor}))",
            "(<-tables: stream[{A with _value: B}], factor: B) => stream[{A with _value: B, _value: B}] where B: Divisible",
        ),
    ] {
        assert_eq!(inferred(value), ty, "{value}");
    }
}

#[test]
fn options_are_marked() {
    let checked = check_package(&parse("package p\noption o = 1\nx = o"), &*IMPORTER);
    assert_eq!(checked.types.name, "p");
    assert!(checked.types.is_option("o") && !checked.types.is_option("x"));
    assert_eq!(checked.types.members().collect::<Vec<_>>(), ["o", "x"]);
    assert_eq!(checked.types.lookup("o").unwrap().to_string(), "int");
}
