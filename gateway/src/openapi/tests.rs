use std::collections::BTreeSet;

use serde_json::Value;

use super::*;

fn wanted(state: Option<State>) -> BTreeSet<(String, &'static str)> {
    CONTRACT
        .iter()
        .filter(|row| state.is_none_or(|state| row.state == state))
        .flat_map(|row| row.methods().map(|method| (method.to_owned(), row.path)))
        .collect()
}

#[test]
fn every_operation_that_is_served_is_described_and_no_other() {
    let described: BTreeSet<(String, &str)> = described().operations().collect();
    let missing: Vec<_> = wanted(Some(State::Served)).difference(&described).cloned().collect();
    assert!(missing.is_empty(), "without a description: {missing:?}");
    let unknown: Vec<_> = described.difference(&wanted(None)).cloned().collect();
    assert!(unknown.is_empty(), "described, but not in the contract: {unknown:?}");
    let later: BTreeSet<_> =
        CONTRACT.iter().filter(|row| row.state == State::Later).map(|row| row.path).collect();
    let paths = document()["paths"].as_object().unwrap();
    assert!(paths.keys().all(|path| !later.contains(path.as_str())));
}

#[test]
fn names_of_schemas_and_operations_exist_and_stand_once() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let mut used = BTreeSet::new();
    references(document, &mut used);
    for name in &used {
        assert!(schemas.contains_key(name), "{name} is not described");
    }
    let mut ids = BTreeSet::new();
    for operation in
        document["paths"].as_object().unwrap().values().flat_map(|p| p.as_object().unwrap().values())
    {
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{operation} stands twice");
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(name) = members
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|r| r.strip_prefix("#/components/schemas/"))
            {
                found.insert(name.to_owned());
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
