use crate::{errors, join_errors, parse, parse_type_expression};

fn errors_of(source: &str) -> String {
    join_errors(&errors(&parse(source, "")))
}

#[test]
fn errors_and_their_places() {
    for (source, want) in [
        (
            "import \"array\"\n\narray.from(rows: [{a: \"x}])",
            "error @3:1-3:28: expected RPAREN, got EOF\n\nerror @3:18-3:28: expected COMMA, got EOF\n\n\
             error @3:18-3:28: expected RBRACK, got EOF\n\nerror @3:19-3:28: expected RBRACE, got EOF\n\n\
             error @3:23-3:28: got unexpected token in string expression @3:28-3:28: EOF",
        ),
        ("f(rows: [{a: 1 ? 2}])", "error @1:18-1:19: invalid expression @1:16-1:17: ?"),
        (
            "if = 5\nx",
            "error @1:1-1:4: expected THEN, got ASSIGN (=) at 1:4\n\n\
             error @1:1-1:4: expected ELSE, got ASSIGN (=) at 1:4\n\n\
             error @1:4-1:5: invalid expression: invalid token for primary expression: ASSIGN\n\n\
             error @1:4-1:5: invalid statement: =",
        ),
        (
            "from(bucket: \"metrics\") |>",
            "error @1:27-1:27: pipe destination must be a function call\n\n\
             error @1:27-1:27: invalid expression: invalid token for primary expression: EOF",
        ),
        ("from(bucket: \"metrics\") |> range", "error @1:28-1:33: pipe destination must be a function call"),
        ("x = \"${}\"", "error @1:8-1:9: invalid expression: invalid token for primary expression: RBRACE"),
        ("x = \"x\" =~ /(/", "error @1:12-1:15: regex parse error: ( error: unclosed group"),
        ("x = 012", "error @1:5-1:8: invalid integer literal \"012\": nonzero value cannot start with 0"),
        (
            "x = 9223372036854775808",
            "error @1:5-1:24: invalid integer literal \"9223372036854775808\": value out of range",
        ),
        (
            "x = 2020-01-01T00:00:00",
            "error @1:5-1:24: invalid expression: invalid token for primary expression: TIME",
        ),
        ("x = {a, b: 1}", "error @1:5-1:14: cannot mix implicit and explicit properties"),
        ("x = {\"a\"}", "error @1:5-1:10: string literal key a must have a value"),
        ("f(a: )", "error @1:3-1:4: missing property value"),
        ("x = a[]", "error @1:5-1:8: no expression included in brackets"),
        ("a b ; c", "error @1:5-1:6: invalid statement: ;"),
        (
            "@a",
            "error @1:1-1:3: attributes must stand before a statement\n\nerror @1:1-1:3: invalid statement: @a",
        ),
    ] {
        assert_eq!(errors_of(source), want, "{source}");
    }
}

#[test]
fn sound_scripts() {
    for source in [
        "",
        "// only a comment",
        "package foo\nimport a \"b\"\nimport \"c\"\nx = 1\noption y = 2\noption p.z = 3\nreturn 1",
        "f = (a, b=1, t=<-) => t |> g(a) |> h(x: {r with a: 1, \"b c\": [1, 2,]})",
        "x = if a then b else if c then d else e",
        "x = [1: 2, 3: 4]\ny = [:]\nz = []\nw = [\"a\": 1]",
        "x = r.a[\"b\"][0](c: -1) / 2 / 3 =~ /a\\/b/ and not exists r.x or true",
        "x = 1h30m + 2020-01-01 - 2020-01-01T00:00:00.5+01:00",
        "x = \"a ${b + \"c ${d}\"} e\"",
        "builtin f : (<-t: stream[A], ?n: int, m: {A with x: [string: int]}) => vector[B] where A: Record + Addable, B: Numeric",
        "testcase a extends \"x/y.case\" { z = 1\n super() }",
        "@edition(\"2022.1\")\npackage a\n@x\n@y(1, \"b\")\nz = 1",
        "x = (a) => { y = a\n return y }",
        "x = .label\nf(column: .\"a b\")",
        "with = 1\nstream = with\nextends = 1",
    ] {
        assert_eq!(errors_of(source), "", "{source}");
    }
}

#[test]
fn nesting_is_refused_not_overflowed() {
    let chain = |s: &str, n: usize| format!("x = 1{}", s.repeat(n));
    for source in [
        "(".repeat(10_000) + "1" + &")".repeat(10_000),
        "[".repeat(10_000),
        "x = ".to_owned() + &"-".repeat(10_000) + "1",
        "x = ".to_owned() + &"not ".repeat(10_000) + "true",
        "x = ".to_owned() + &"(a) => ".repeat(10_000) + "1",
        "x = ".to_owned() + &"\"${".repeat(10_000),
        "x = ".to_owned() + &"{a: ".repeat(10_000),
        "testcase a {".repeat(10_000),
        "builtin x : ".to_owned() + &"[".repeat(10_000),
        "@a(".to_owned() + &"[".repeat(10_000),
        chain(" + 1", 10_000),
        chain(" |> f()", 10_000),
        chain(".a", 10_000),
        chain(" or 1", 200),
    ] {
        let file = parse(&source, "");
        let found = errors(&file);
        assert_eq!(found.len(), 1, "{}", &source[..30]);
        assert_eq!(found[0].message, "Program is nested too deep");
    }
    assert_eq!(errors_of(&chain(" + 1", 150)), "");
    assert_eq!(errors_of(&("(".repeat(70) + "1" + &")".repeat(70))), "");
}

#[test]
fn type_expressions() {
    for good in ["int", "A", "[int]", "[string: A]", "{A with a: int, \"b c\": float}", "() => {}", "dynamic"]
    {
        assert!(parse_type_expression(good).is_ok(), "{good}");
    }
    for bad in ["", "[int", "int int", "(a) => int"] {
        assert!(parse_type_expression(bad).is_err(), "{bad}");
    }
}
