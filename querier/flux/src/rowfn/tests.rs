//! Functions over whole columns answer what the interpreter answers row by row.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int64Array, StringArray, UInt32Array, UInt64Array,
};
use proptest::prelude::*;
use weir_table::{Column, ColumnType, TableBatch};

use super::{RowFunction, evaluate};
use crate::env::Nowhere;
use crate::eval::{Context, Scope};
use crate::value::Value;

/// Tables with nulls and the numbers that go wrong; one of them without rows.
fn batch() -> TableBatch {
    let floats = [Some(1.5), None, Some(0.0), Some(-2.0), Some(f64::INFINITY), Some(f64::NAN), Some(7.25)];
    let ints = [Some(1), Some(0), None, Some(-3), Some(i64::MAX), Some(2), Some(2)];
    let uints = [Some(1), Some(0), None, Some(u64::MAX), Some(7), Some(2), Some(2)];
    let texts = [Some("a"), Some(""), None, Some("b"), Some("ab"), Some("a"), Some("é")];
    let numbers = [Some("1"), Some("2"), None, Some("-3"), Some("4"), Some("15"), Some("6")];
    let flags = [Some(true), Some(false), None, Some(true), None, Some(false), Some(true)];
    let codes = UInt32Array::from(vec![Some(0), Some(1), Some(0), None, Some(1), Some(0), Some(2)]);
    let coded: StringArray = [Some("x"), Some("y"), None].into_iter().collect();
    let coded = DictionaryArray::<UInt32Type>::try_new(codes, Arc::new(coded)).unwrap();
    let column = |label: &str, ty, array: ArrayRef| Column::row(label, ty, array);
    let key = |label: &str, ty, array: ArrayRef| Column::key(label, ty, array);
    TableBatch::new(
        vec![
            column("f", ColumnType::Float, Arc::new(Float64Array::from(floats.to_vec()))),
            column("i", ColumnType::Int, Arc::new(Int64Array::from(ints.to_vec()))),
            column("u", ColumnType::UInt, Arc::new(UInt64Array::from(uints.to_vec()))),
            column("s", ColumnType::String, Arc::new(StringArray::from(texts.to_vec()))),
            column("d", ColumnType::String, Arc::new(coded)),
            column("n", ColumnType::String, Arc::new(StringArray::from(numbers.to_vec()))),
            column("b", ColumnType::Bool, Arc::new(BooleanArray::from(flags.to_vec()))),
            column(
                "t",
                ColumnType::Time,
                Arc::new(Int64Array::from((0..7).map(|i| i << 42).collect::<Vec<i64>>())),
            ),
            key("k", ColumnType::String, Arc::new(StringArray::from(vec![Some("x"), Some("1a"), None]))),
            key("kf", ColumnType::Float, Arc::new(Float64Array::from(vec![Some(2.0), Some(0.0), None]))),
            key("ki", ColumnType::Int, Arc::new(Int64Array::from(vec![Some(3), Some(0), Some(0)]))),
        ],
        vec![0, 4, 4, 7],
    )
}

fn one_of(leaf: &'static [&'static str]) -> BoxedStrategy<String> {
    proptest::sample::select(leaf.to_vec()).prop_map(String::from).boxed()
}

/// Numbers of one type: leaves and what else makes them, with operators, signs and conditions between them.
fn number(leaf: BoxedStrategy<String>, signed: bool, depth: u32) -> BoxedStrategy<String> {
    leaf.prop_recursive(depth, 16, 2, move |inner| {
        let operator = proptest::sample::select(vec!["+", "-", "*", "/", "%"]);
        let sign = if signed { "-" } else { "" };
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, o, b)| format!("({a} {o} {b})")),
            inner.clone().prop_map(move |a| format!("({sign}{a})")),
            inner.clone().prop_map(|a| format!("same(v: {a})")),
            (truth(1), inner.clone(), inner.clone())
                .prop_map(|(c, a, b)| format!("(if {c} then {a} else {b})")),
            (inner.clone(), inner)
                .prop_map(|(a, b)| format!("(if {b} != {b} - {b} then {a} / {b} else {a})")),
        ]
    })
    .boxed()
}

fn float() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        4 => one_of(&["r.f", "r.kf", "2.0", "0.5", "0.0"]),
        1 => one_of(&[
            "float(v: r.i)", "float(v: r.u)", "float(v: r.b)", "float(v: r.n)", "math.sqrt(x: r.f)", "math.abs(x: r.kf)",
            "math.pow(x: r.f, y: 2.0)", "math.mMax(x: r.f, y: r.kf)", "math.atan2(x: 1.5, y: r.f)", "math.exp(x: r.kf)", "math.floor(x: r.f * 1.3)", "(r.i ^ 2)", "math.round(x: r.kf)", "float(v: r.k)",
        ]),
    ];
    number(leaf.boxed(), true, 3)
}

fn integer() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        4 => one_of(&["r.i", "r.ki", "2", "10", "1", "0"]),
        1 => one_of(&[
            "int(v: r.f)", "int(v: r.u)", "int(v: r.t)", "int(v: r.b)", "int(v: r.n)", "strings.strlen(v: r.s)",
            "date.hour(t: r.t)", "date.year(t: r.t)", "date.second(t: r.t)", "date.weekDay(t: r.t)",
            "date.minute(t: r.t, location: {zone: \"Asia/Kathmandu\", offset: 7m})", "int(v: date.add(d: 1mo, to: r.t))",
            "int(v: date.sub(d: 1h, from: r.t))", "int(v: date.truncate(t: r.t, unit: 1d))", "date.month(t: -1h)", "(if exists r.d then strings.strlen(v: r.d) else 0)",
            "(if r.i != 0 then 7 / r.i else 7)", "(if exists r.k then strings.strlen(v: r.k) else r.ki)",
        ]),
    ];
    number(leaf.boxed(), true, 3)
}

fn unsigned() -> BoxedStrategy<String> {
    let leaf = one_of(&[
        "r.u",
        "uint(v: 2)",
        "uint(v: r.i)",
        "uint(v: r.ki)",
        "uint(v: r.f)",
        "uint(v: r.t)",
        "r.u",
    ]);
    number(leaf, false, 2)
}

fn text() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        3 => one_of(&["r.s", "r.k", "r.d", "\"a\"", "\"\""]),
        1 => one_of(&[
            "string(v: r.i)", "string(v: r.f)", "string(v: r.b)", "string(v: r.t)", "string(v: r.u)",
            "strings.toUpper(v: r.n)", "strings.toUpper(v: \"b\")", "(if exists r.d then strings.toUpper(v: r.d) else r.s)",
            "\"${r.kf}/${r.n}\"", "\"${r.i}-${r.b}${r.t}\"", "(if exists r.s and exists r.i then \"${r.s}${r.i}\" else r.n)",
        ]),
    ];
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
    let pair = |left: &'static [&'static str], right: &'static [&'static str]| {
        (one_of(left), compare(), one_of(right)).prop_map(|(a, o, b)| format!("({a} {o} {b})"))
    };
    let leaf = prop_oneof![
        pair(&["r.f", "1.5", "0.0", "r.kf"], &["r.f", "2.0", "r.kf"]),
        pair(&["r.i", "r.f", "r.u", "r.ki"], &["r.i", "2", "1.0", "r.u", "r.kf"]),
        pair(&["r.s", "r.k", "\"a\"", "r.d"], &["r.s", "\"a\"", "r.d", "r.k"]),
        pair(&["r.t"], &["r.t", "1970-01-01T03:00:00Z"]),
        (one_of(&["r.b", "true"]), one_of(&["==", "!="]), one_of(&["r.b", "false"]))
            .prop_map(|(a, o, b)| format!("({a} {o} {b})")),
        one_of(&[
            "r.b",
            "exists r.f",
            "exists r.k",
            "exists r.missing",
            "r.s =~ /a/",
            "r.s !~ /^b/",
            "true",
            "r.d =~ /x/",
            "r.k !~ /x/",
            "r.missing",
            "r.missing > 1",
            "bool(v: r.b)",
            "contains(value: r.i, set: [1, 2])",
            "contains(value: r.k, set: [\"x\"])",
            "math.isNaN(f: r.f)",
        ])
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
    let imports =
        "import \"math\"\nimport \"strings\"\nimport \"date\"\nsame = (v) => { w = v\n return w }\n";
    let file = weir_flux_syntax::parse_valid(&format!("{imports}f = (r) => {body}\nf"), "").unwrap();
    match crate::eval::eval_library(&file, &Scope::main(), cx).unwrap() {
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
    fn columns_and_rows_agree(body in prop_oneof![float(), integer(), unsigned(), text(), truth(3),
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

/// What must not fall back to the interpreter, lest the slow way become the rule.
const BY_COLUMNS: &[&str] = &[
    "{r with new: if r.f > 1.0 and exists r.k then r.f * 2.0 else if not r.b then -r.f else 0.0}",
    "{r with i: if r.i != 0 then 100 / r.i else 0, u: r.u % uint(v: 7), t: int(v: r.t)}",
    "{r with s: \"${r.k}: ${string(v: r.i)}\"}",
    "{s: strings.toUpper(v: r.k + r.d), root: math.sqrt(x: r.f), hour: date.hour(t: r.t)}",
    "r.i > r.f or r.u <= uint(v: 3) or r.s == r.d or r.t < 1970-01-01T03:00:00Z",
    "{r with same: same(v: r.i), set: contains(value: r.d, set: [\"x\"]), f: float(v: r.n)}",
];

#[test]
fn common_functions_go_by_columns() {
    let cx = Context::new(Arc::new(Nowhere), 0);
    for body in BY_COLUMNS {
        let whole = batch();
        // Texts that are null are none, and cannot be put into others.
        let present: BooleanArray = (0..7).map(|i| Some(matches!(i, 0 | 1))).collect();
        let batch = weir_table::filter_rows(&whole, &present);
        let function = function(&format!("({body})"), &cx);
        let wanted = function.evaluate_by_row(&batch);
        let columns =
            evaluate::evaluate(&function, &batch).unwrap_or_else(|e| panic!("{body}: {}", e.message));
        let wanted = wanted.unwrap_or_else(|e| panic!("{body}: {}", e.message));
        for row in batch.run(0) {
            assert_eq!(shown(&columns.value(0, row)), shown(&wanted.value(0, row)), "{body}");
        }
    }
}
