//! Whatever program there is, its formatted text is the same program, and formatting that changes nothing.

use proptest::prelude::*;

use crate::ast::File;
use crate::{errors, format, parse, to_json};

fn name() -> impl Strategy<Value = String> {
    proptest::sample::select(vec!["a", "b", "r", "long_name_of_a_thing", "x1", "_value"])
        .prop_map(String::from)
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        (0i64..100_000).prop_map(|n| n.to_string()),
        (0u32..1000).prop_map(|n| format!("{}.{}", n / 10, n % 10)),
        proptest::sample::select(vec![
            "1h30m",
            "1mo",
            "2020-01-01",
            "2020-01-01T00:00:00Z",
            "/a+\\/b/",
            "true",
            "[]",
            "[:]"
        ])
        .prop_map(String::from),
        "[a-z \\n]{0,12}".prop_map(|s| format!("\"{s}\"")),
        name().prop_map(|n| format!("\"is ${{{n}}} and \\\"${{{n} + 1}}\\\"\"")),
    ]
}

fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![name(), literal()];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let operator = proptest::sample::select(vec![
            "+", "-", "*", "/", "%", "^", "==", "!=", "<", ">=", "=~", "!~", "and", "or",
        ]);
        let fields = proptest::collection::vec((name(), inner.clone()), 1..4);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("{a} {o} {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}) ^ ({b})")),
            inner.clone().prop_map(|a| format!("not ({a})")),
            inner.clone().prop_map(|a| format!("-({a})")),
            name().prop_map(|a| format!("exists {a}.b")),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| format!("if {a} then {b} else {c}")),
            proptest::collection::vec(inner.clone(), 1..5).prop_map(|v| format!("[{}]", v.join(", "))),
            fields.clone().prop_map(|v| format!("{{{}}}", pairs(&v))),
            (name(), fields.clone()).prop_map(|(n, v)| format!("{{{n} with {}}}", pairs(&v))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}: {b}]")),
            (name(), fields.clone()).prop_map(|(n, v)| format!("{n}({})", pairs(&v))),
            (name(), name(), fields.clone())
                .prop_map(|(a, n, v)| format!("{a} |> {n}({}) |> {n}()", pairs(&v))),
            (name(), inner.clone()).prop_map(|(n, a)| format!("({n}, b=1, t=<-) => ({a})")),
            (name(), inner.clone(), inner.clone())
                .prop_map(|(n, a, b)| format!("({n}) => {{ y = {a}\n// why\n return {b} }}")),
            (name(), inner).prop_map(|(n, a)| format!("{n}[{a}]")),
        ]
    })
}

fn pairs(fields: &[(String, String)]) -> String {
    fields.iter().map(|(n, v)| format!("{n}: {v}")).collect::<Vec<_>>().join(", ")
}

fn statement() -> impl Strategy<Value = String> {
    prop_oneof![
        (name(), expression()).prop_map(|(n, e)| format!("{n} = {e}")),
        (name(), expression()).prop_map(|(n, e)| format!("option {n}.{n} = {e} // so")),
        expression().prop_map(|e| format!("f(v: {e})")),
        (name(), expression()).prop_map(|(n, e)| format!("testcase {n} {{ q = {e} }}")),
    ]
}

/// The tree without places and without what the parser keeps of the text.
fn bare(file: &File) -> String {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(map) => {
                map.shift_remove("location");
                map.values_mut().for_each(strip);
            }
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let package = crate::ast::Package { files: vec![file.clone()], ..Default::default() };
    let mut json = to_json(&package);
    strip(&mut json);
    json.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn formatting_keeps_the_program(statements in proptest::collection::vec(statement(), 1..4)) {
        let source = format!("package p\n\nimport \"a\"\n\n{}\n", statements.join("\n"));
        let file = parse(&source, "");
        prop_assume!(errors(&file).is_empty());
        let text = format(&file).unwrap();
        let again = parse(&text, "");
        prop_assert!(errors(&again).is_empty(), "{}\n---\n{}", source, text);
        prop_assert_eq!(format(&again).unwrap(), text.clone(), "{}", source);
        prop_assert_eq!(bare(&again), bare(&file), "{}\n---\n{}", source, text);
    }
}
