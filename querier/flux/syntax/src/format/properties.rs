//! What must hold for any script: formatting changes no meaning, loses no comment and settles at once.

use proptest::prelude::*;
use serde_json::Value;

use crate::{errors, format, parse, parse_package, to_json};

/// A tree without places, comments and parentheses: two texts mean the same if these are equal.
fn meaning(source: &str) -> Value {
    let mut json = to_json(&parse_package(source, "", ""));
    strip(&mut json);
    json
}

fn strip(value: &mut Value) {
    while value["type"] == "ParenExpression" {
        *value = value["expression"].take();
    }
    match value {
        Value::Object(map) => {
            const PLACES: [&str; 16] = [
                "location",
                "comments",
                "lbrack",
                "rbrack",
                "lbrace",
                "rbrace",
                "lparen",
                "rparen",
                "arrow",
                "comma",
                "separator",
                "tk_if",
                "tk_then",
                "tk_else",
                "colon",
                "eof",
            ];
            PLACES.iter().for_each(|key| {
                map.shift_remove(*key);
            });
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

fn comment_count(source: &str) -> usize {
    source.matches("//c").count()
}

/// A blank, a break or a comment between two tokens.
fn gap() -> impl Strategy<Value = &'static str> {
    prop_oneof![40 => Just(" "), 4 => Just("\n"), 1 => Just(" //c\n"), 1 => Just("\n//c\n")]
}

/// Tokens with gaps between them.
fn spaced(tokens: Vec<String>) -> BoxedStrategy<String> {
    let gaps = proptest::collection::vec(gap(), tokens.len());
    gaps.prop_map(move |gaps| tokens.iter().zip(&gaps).flat_map(|(t, g)| [t.as_str(), *g]).collect()).boxed()
}

fn tokens(parts: &[&str]) -> Vec<String> {
    parts.iter().map(|s| (*s).to_owned()).collect()
}

fn leaf() -> BoxedStrategy<String> {
    let words = [
        "a",
        "bcd",
        "_time",
        "with",
        "1",
        "0",
        "1.5",
        ".5",
        "\"s\"",
        "\"long string of text with\nbreak  \n\"",
        "\"$${x} \\${ \\\" \"",
        "\"i ${ a } j\"",
        "/re\\/x/",
        "1h30m",
        "2020-01-01",
        "2020-01-01T01:02:03.5-01:00",
        ".label",
        ".\"a b\"",
        "[]",
        "[:]",
        "{}",
        "aRatherLongIdentifierThatFillsTheLine",
        "f()",
    ];
    proptest::sample::select(words.to_vec()).prop_map(str::to_owned).boxed()
}

fn operator() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "+", "-", "*", "/", "%", "^", "==", "!=", "<", "<=", ">", ">=", "=~", "!~", "and", "or",
    ])
}

fn joined(items: Vec<String>, open: &str, close: &str) -> Vec<String> {
    let mut out = vec![open.to_owned()];
    for item in items {
        out.extend([item, ",".to_owned()]);
    }
    out.push(close.to_owned());
    out
}

fn any_expression() -> BoxedStrategy<String> {
    leaf()
        .prop_recursive(6, 60, 6, |inner| {
            let list = |open: &'static str, close: &'static str, item: BoxedStrategy<String>| {
                proptest::collection::vec(item, 1..7).prop_map(move |items| joined(items, open, close))
            };
            let e = inner.clone().boxed();
            let pair = e.clone().prop_map(|v| format!("k : {v}")).boxed();
            let item = (e.clone(), e.clone()).prop_map(|(k, v)| format!("({k}) : {v}")).boxed();
            let param = prop_oneof![Just("p".to_owned()), e.clone().prop_map(|v| format!("p = {v}"))].boxed();
            let operand = prop_oneof![e.clone(), e.clone().prop_map(|e| format!("({e})"))].boxed();
            prop_oneof![
                (operand.clone(), operator(), operand.clone()).prop_map(|(a, o, b)| tokens(&[&a, o, &b])),
                (operand.clone(), operator(), operand.clone())
                    .prop_map(|(a, o, b)| tokens(&["(", &a, o, &b, ")"])),
                (proptest::sample::select(vec!["-", "+", "not", "exists"]), operand.clone())
                    .prop_map(|(o, a)| tokens(&["(", o, &a, ")"])),
                e.clone().prop_map(|a| tokens(&["(", &a, ")", ".", "name"])),
                e.clone().prop_map(|a| tokens(&["(", &a, ")", "[", "\"name\"", "]"])),
                (e.clone(), operand.clone()).prop_map(|(a, i)| tokens(&["(", &a, ")", "[", &i, "]"])),
                (e.clone(), pair.clone()).prop_map(|(a, p)| tokens(&["(", &a, ")", "(", &p, ")"])),
                (operand.clone(), pair.clone(), pair.clone()).prop_map(|(a, p, q)| tokens(&[
                    "(", &a, ")", "|>", "f", "(", &p, ",", &q, ")", "|>", "g", "(", ")"
                ])),
                (e.clone(), e.clone(), e.clone())
                    .prop_map(|(a, b, c)| tokens(&["(", "if", &a, "then", &b, "else", &c, ")"])),
                list("[", "]", e.clone()),
                list("[", "]", item),
                list("{", "}", pair.clone()),
                list("{ r with ", "}", pair.clone()),
                list("{", "}", proptest::sample::select(vec!["a".to_owned(), "b".to_owned()]).boxed()),
                (list("(", ")", param), operand.clone()).prop_map(|(mut p, b)| {
                    p.insert(0, "(".to_owned());
                    p.extend(tokens(&["=>", &b, ")"]));
                    p
                }),
                (e.clone(), e.clone()).prop_map(|(a, b)| tokens(&[
                    "(", "(", ")", "=>", "{", "x = ", &a, "return", &b, "}", ")"
                ])),
            ]
            .prop_flat_map(spaced)
        })
        .boxed()
}

fn any_statement() -> BoxedStrategy<String> {
    let e = any_expression();
    prop_oneof![
        e.clone().prop_map(|e| tokens(&["x", "=", &e])),
        e.clone().prop_map(|e| tokens(&["option", "x", "=", &e])),
        e.clone().prop_map(|e| tokens(&["option", "p", ".", "x", "=", &e])),
        e.clone().prop_map(|e| tokens(&["f", "(", "a", ":", &e, ")"])),
        e.clone().prop_map(|e| tokens(&["testcase", "t", "extends", "\"u\"", "{", "x = ", &e, "}"])),
        Just(tokens(&["@attr", "(", "1", ",", "\"b\"", ")", "x", "=", "1"])),
        Just(tokens(&[
            "builtin", "b", ":", "(", "<-", "t", ":", "stream", "[", "A", "]", ",", "?", "n", ":", "[", "K",
            ":", "V", "]", "=", ".l", ",", "r", ":", "{", "B", "with", "a", ":", "int", "}", ")", "=>", "A",
            "where", "A", ":", "Record", "+", "Basic", ",", "B", ":", "Record",
        ])),
    ]
    .prop_flat_map(spaced)
    .boxed()
}

fn any_file() -> impl Strategy<Value = String> {
    let head = prop_oneof![
        Just(tokens(&[])),
        Just(tokens(&["package", "p"])),
        Just(tokens(&["import", "\"a\"", "import", "b", "\"c\""])),
        Just(tokens(&["@e", "package", "p", "@i", "import", "\"a\""])),
    ]
    .prop_flat_map(spaced);
    (head, proptest::collection::vec(any_statement(), 0..4), gap())
        .prop_map(|(head, statements, end)| format!("{head}{}{end}", statements.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_global_rejects: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formatting_keeps_meaning_and_comments(source in any_file()) {
        prop_assume!(errors(&parse(&source, "")).is_empty());
        let formatted = format(&parse(&source, "")).unwrap();
        prop_assert_eq!(meaning(&formatted), meaning(&source), "{}\n-----\n{}", source, formatted);
        prop_assert_eq!(comment_count(&formatted), comment_count(&source), "{}\n-----\n{}", source, formatted);
    }

    #[test]
    fn formatting_twice_is_formatting_once(source in any_file()) {
        let source = source.replace("//c", "");
        prop_assume!(errors(&parse(&source, "")).is_empty());
        let once = format(&parse(&source, "")).unwrap();
        let twice = format(&parse(&once, "")).unwrap();
        prop_assert_eq!(&once, &twice, "{}\n-----\n{}", source, once);
    }
}
