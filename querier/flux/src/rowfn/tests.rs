//! Functions over whole columns answer what the interpreter answers row by row.

use std::sync::Arc;

use arrow_array::{ArrayRef, BooleanArray, Float64Array, Int64Array, StringArray};
use proptest::prelude::*;
use weir_flux_syntax::ast::Statement;
use weir_table::{Column, ColumnType, TableBatch};

use super::{RowFunction, evaluate};
use crate::env::Nowhere;
use crate::eval::{Context, Scope};
use crate::value::Value;

/// Two tables, with nulls and the numbers that go wrong.
fn batch() -> TableBatch {
    let floats = [Some(1.5), None, Some(0.0), Some(-2.0), Some(f64::INFINITY), Some(f64::NAN), Some(7.25)];
    let ints = [Some(1), Some(0), None, Some(-3), Some(i64::MAX), Some(2), Some(2)];
    let texts = [Some("a"), Some(""), None, Some("b"), Some("ab"), Some("a"), Some("é")];
    let flags = [Some(true), Some(false), None, Some(true), None, Some(false), Some(true)];
    let column = |label: &str, ty, array: ArrayRef| Column::row(label, ty, array);
    TableBatch::new(
        vec![
            column("f", ColumnType::Float, Arc::new(Float64Array::from(floats.to_vec()))),
            column("i", ColumnType::Int, Arc::new(Int64Array::from(ints.to_vec()))),
            column("s", ColumnType::String, Arc::new(StringArray::from(texts.to_vec()))),
            column("b", ColumnType::Bool, Arc::new(BooleanArray::from(flags.to_vec()))),
            column("t", ColumnType::Time, Arc::new(Int64Array::from((0..7).collect::<Vec<i64>>()))),
            Column::key("k", ColumnType::String, Arc::new(StringArray::from(vec![Some("x"), None]))),
        ],
        vec![0, 4, 7],
    )
}

fn number(leaf: &'static [&'static str], depth: u32) -> BoxedStrategy<String> {
    let start = proptest::sample::select(leaf.to_vec()).prop_map(String::from);
    start
        .prop_recursive(depth, 16, 2, |inner| {
            let operator = proptest::sample::select(vec!["+", "-", "*", "/", "%"]);
            prop_oneof![
                (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
                inner.clone().prop_map(|a| format!("(-{a})")),
                (truth(1), inner.clone(), inner).prop_map(|(c, a, b)| format!("(if {c} then {a} else {b})")),
            ]
        })
        .boxed()
}

fn float() -> BoxedStrategy<String> {
    prop_oneof![
        number(&["r.f", "2.0", "0.5", "0.0"], 3),
        number(&["r.i", "3"], 1).prop_map(|a| format!("float(v: {a})")),
    ]
    .boxed()
}

fn integer() -> BoxedStrategy<String> {
    number(&["r.i", "2", "10", "1"], 3)
}

fn text() -> BoxedStrategy<String> {
    let leaf = proptest::sample::select(vec!["r.s", "r.k", "\"a\"", "\"\""]).prop_map(String::from);
    leaf.prop_recursive(2, 6, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} + {b})")),
            (truth(1), inner.clone(), inner).prop_map(|(c, a, b)| format!("(if {c} then {a} else {b})")),
        ]
    })
    .boxed()
}

fn truth(depth: u32) -> BoxedStrategy<String> {
    let compare = || proptest::sample::select(vec!["==", "!=", "<", "<=", ">", ">="]);
    let small = |leaf: &'static [&'static str]| proptest::sample::select(leaf.to_vec());
    let leaf = prop_oneof![
        (small(&["r.f", "1.5", "0.0"]), compare(), small(&["r.f", "2.0"]))
            .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
        (small(&["r.i", "r.f"]), compare(), small(&["r.i", "2"]))
            .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
        (small(&["r.s", "r.k", "\"a\""]), compare(), small(&["r.s", "\"a\""]))
            .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
        small(&["r.b", "exists r.f", "exists r.k", "exists r.missing", "r.s =~ /a/", "r.s !~ /^b/", "true"])
            .prop_map(|a| format!("({a})")),
    ];
    leaf.prop_recursive(depth, 12, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} and {b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} or {b})")),
            inner.prop_map(|a| format!("(not {a})")),
        ]
    })
    .boxed()
}

fn function(body: &str, cx: &Context) -> RowFunction {
    let file = weir_flux_syntax::parse_valid(&format!("(r) => {body}"), "").unwrap();
    let Statement::Expression(statement) = &file.body[0] else { panic!("{body} is no expression") };
    match cx.eval(&statement.expression, &Scope::main()).unwrap() {
        Value::Function(f) => RowFunction::new(f, cx),
        other => panic!("{other} is no function"),
    }
}

/// A value that tells NaN and the two zeros, and no type of null, from others.
fn shown(value: &Value) -> String {
    match value {
        Value::Null(_) => "null".into(),
        Value::Float(v) if v.is_nan() => "NaN".into(),
        other => format!("{} {other}", other.nature()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn columns_and_rows_agree(body in prop_oneof![float(), integer(), text(), truth(3),
        (float(), text(), truth(2)).prop_map(|(a, b, c)| format!("({{r with f: {a}, new: {b}, flag: {c}}})"))])
    {
        let cx = Context::new(Arc::new(Nowhere), 0);
        let (function, batch) = (function(&body, &cx), batch());
        let rows = function.evaluate_by_row(&batch);
        // What the columns cannot do is done row by row; that is no disagreement.
        if let Ok(columns) = evaluate::evaluate(&function, &batch) {
            let rows = rows.map_err(|e| TestCaseError::fail(format!("{body}: only rows fail: {}", e.message)))?;
            for run in 0..batch.runs() {
                for row in batch.run(run) {
                    let (a, b) = (columns.value(run, row), rows.value(run, row));
                    prop_assert_eq!(shown(&a), shown(&b), "{} in row {}", body, row);
                }
            }
        }
    }
}
