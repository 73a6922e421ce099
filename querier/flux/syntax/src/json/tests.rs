use serde_json::{Value, json};

use super::{from_json, to_json};
use crate::parse_package;

/// Leaves out all locations.
fn bare(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.remove("location");
            map.values_mut().for_each(bare);
        }
        Value::Array(items) => items.iter_mut().for_each(bare),
        _ => {}
    }
}

#[test]
fn shape_of_nodes() {
    let package = parse_package("a = 1 b = 2.0 c = {r with v: -1h30m}", "", "");
    let mut json = to_json(&package);
    let first = json["files"][0]["body"][0].clone();
    bare(&mut json);
    assert_eq!(
        json,
        json!({"type": "Package", "package": "main", "files": [{
        "type": "File", "metadata": "parser-type=rust", "package": null, "imports": null, "body": [
            {"type": "VariableAssignment", "id": {"type": "Identifier", "name": "a"},
             "init": {"type": "IntegerLiteral", "value": "1"}},
            {"type": "VariableAssignment", "id": {"type": "Identifier", "name": "b"},
             "init": {"type": "FloatLiteral", "value": 2}},
            {"type": "VariableAssignment", "id": {"type": "Identifier", "name": "c"},
             "init": {"type": "ObjectExpression", "with": {"type": "Identifier", "name": "r"},
                "properties": [{"type": "Property", "key": {"type": "Identifier", "name": "v"},
                    "value": {"type": "UnaryExpression", "operator": "-", "argument":
                        {"type": "DurationLiteral", "values": [
                            {"magnitude": 1, "unit": "h"}, {"magnitude": 30, "unit": "m"}]}}}]}}
        ]}]})
    );
    assert_eq!(
        first["location"],
        json!({"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 6}, "source": "a = 1"})
    );
}

#[test]
fn there_and_back() {
    for source in [
        "",
        "package p\nimport a \"b\"\nimport \"c\"\n// hi\nx = [1, 2.5] // end",
        "f = (a, b=1, t=<-) => { return t |> g(a: a) }\noption x.y = [\"a\": 1, \"b\": 2]",
        "x = if a =~ /b\\/c/ then \"d${e}f\" else 2020-01-01T00:00:00.5+01:00",
        "builtin f : (<-t: stream[A], ?n: int, m: {A with x: [string: int]}) => vector[B] where A: Record, B: Numeric",
        "testcase a extends \"b\" { x[0](y: .z) }\nnot exists r.a or r[\"b\"] and (1)",
    ] {
        let package = parse_package(source, "", "");
        let json = to_json(&package);
        let back = from_json(&json).unwrap();
        assert_eq!(to_json(&back), json, "{source}");
    }
}

#[test]
fn refusals_name_the_place() {
    let mut json = to_json(&parse_package("x = [1, y]", "", ""));
    json["files"][0]["body"][0]["init"]["elements"][1]["type"] = json!("Nonsense");
    assert_eq!(
        from_json(&json).unwrap_err().to_string(),
        "invalid AST at ast.files[0].body[0].init.elements[1]: Nonsense is no expression"
    );
    assert!(from_json(&json!(null)).is_err());
    assert!(from_json(&json!({"type": "Package", "files": [{"body": [1]}]})).is_err());
}
