//! No text makes the parser panic or hang, however wrong it is.

use proptest::prelude::*;

use crate::{errors, format, from_json, parse, parse_package, parse_type_expression, to_json};

fn token() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "a",
        "with",
        "where",
        "extends",
        "stream",
        "vector",
        "dynamic",
        "and",
        "or",
        "not",
        "exists",
        "import",
        "package",
        "return",
        "option",
        "builtin",
        "testcase",
        "if",
        "then",
        "else",
        "1",
        "012",
        "1.5",
        "1h",
        "99999999999999999999",
        "99999999999999999999h",
        "2020-01-01",
        "2020-13-01",
        "2020-01-01T00:00:00",
        "\"s\"",
        "\"",
        "\"\\xff\"",
        "${",
        "}",
        "\\q",
        "/a/",
        "/(/",
        "/",
        "//c\n",
        "+",
        "-",
        "*",
        "%",
        "^",
        "==",
        "=~",
        "!~",
        "<=",
        "<-",
        "=>",
        "=",
        "|>",
        "(",
        ")",
        "[",
        "]",
        "{",
        ":",
        ",",
        ".",
        "?",
        "@a",
        "@",
        ";",
        "é",
        "☃",
        "\n",
        " ",
        "\u{0}",
    ])
}

fn check(source: &str) {
    let file = parse(source, "");
    let found = errors(&file);
    assert_eq!(format(&file).is_ok(), found.is_empty(), "{source}");
    let json = to_json(&parse_package(source, "", ""));
    assert_eq!(to_json(&from_json(&json).unwrap()), json);
    let _answer = parse_type_expression(source);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn token_soup(tokens in proptest::collection::vec(token(), 0..40), glue in any::<bool>()) {
        check(&tokens.join(if glue { "" } else { " " }));
    }

    #[test]
    fn characters(source in "[ -~\\n\u{e9}]{0,60}") {
        check(&source);
    }

    #[test]
    fn cut_scripts(cut in 0usize..400) {
        let script = "package p\nimport \"a\"\n@x(1)\nf = (a, b=1, t=<-) => { y = \"i ${a} j\" return t |> g(a: [1, {r with b: 2}]) }\n\
                      option p.z = if not exists r.a then x[0] else -1h // c\nbuiltin b : (<-t: stream[A], ?n: [K: V]) => {A with x: int} where A: Record\n\
                      testcase c extends \"d\" { q = ([\"a\": 1], /re/, 2020-01-01) }";
        let end = (0..=cut.min(script.len())).rev().find(|i| script.is_char_boundary(*i)).unwrap_or(0);
        check(&script[..end]);
    }
}
