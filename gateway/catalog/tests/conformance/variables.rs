use serde_json::json;
use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Conflict, Invalid, NotFound};

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let made = c
        .create_variable(NewVariable { selected: Some(vec!["b".into()]), ..new_variable(org.id, "room") })
        .await
        .unwrap();
    assert_eq!(c.find_variable(made.id).await.unwrap(), made);
    w.pass(1);
    let map = Arguments::new(&json!({"type": "map", "values": {"k2": "v", "k1": "w"}})).unwrap();
    let update = VariableUpdate {
        name: Some("Room".into()),
        description: Some(String::new()),
        arguments: Some(map.clone()),
        selected: None,
    };
    let changed = c.update_variable(made.id, update).await.unwrap();
    assert_eq!((changed.name.as_str(), &changed.selected), ("Room", &made.selected));
    assert_eq!(changed.arguments, map);
    assert!(changed.updated_at > made.updated_at && changed.created_at == made.created_at);
    let replaced = c.replace_variable(made.id, new_variable(nobody(), "other")).await.unwrap();
    assert_eq!((replaced.org_id, &replaced.selected), (org.id, &None));
    assert_eq!(c.find_variable(made.id).await.unwrap(), replaced);

    let label = w.label(&org, "hot").await;
    c.add_label(ResourceType::Variables, made.id, label.id).await.unwrap();
    c.delete_variable(made.id).await.unwrap();
    assert_eq!(c.list_labels_of(made.id).await.unwrap(), []);
    let gone = format!("variable not found for key \"{}\"", made.id);
    refused(c.find_variable(made.id).await, NotFound, &gone);
    refused(c.delete_variable(made.id).await, NotFound, &gone);
    refused(c.update_variable(made.id, VariableUpdate::default()).await, NotFound, &gone);
    refused(c.create_variable(new_variable(nobody(), "x")).await, NotFound, "organization not found");
}

pub(crate) async fn names(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let make = async |name: &str| c.create_variable(new_variable(org.id, name)).await;
    let first = make("room").await.unwrap();
    assert_eq!(refusal(make("ROOM ").await).0, Conflict);
    for name in [" room", "1st", "ünï"] {
        refused(make(name).await, Invalid, "variable name must start with a letter");
    }
    refused(make("").await, Invalid, "missing variable name");
    refused(make("return").await, Invalid, "\"return\" is a protected variable name");
    make("_ok").await.unwrap();
    let rename = VariableUpdate { name: Some("_OK".into()), ..VariableUpdate::default() };
    assert_eq!(refusal(c.update_variable(first.id, rename).await).0, Conflict);
    let elsewhere = w.org("else").await;
    c.create_variable(new_variable(elsewhere.id, "room")).await.unwrap();
    assert!(VariableUpdate::default().check().is_err());
    let empty = VariableUpdate { name: Some(String::new()), ..VariableUpdate::default() };
    assert!(empty.check().is_err());
    for bad in [
        json!(null),
        json!({"type": "odd", "values": []}),
        json!({"type": "constant", "values": [1]}),
        json!({"type": "map", "values": ["a"]}),
        json!({"type": "query", "values": "x"}),
        json!({"values": ["a"]}),
    ] {
        assert!(Arguments::new(&bad).is_err(), "{bad}");
    }
}

pub(crate) async fn lists(w: World) {
    let c = &w.catalog;
    let (org, other) = (w.org("acme").await, w.org("else").await);
    for name in ["b", "a", "c"] {
        c.create_variable(new_variable(org.id, name)).await.unwrap();
    }
    c.create_variable(new_variable(other.id, "d")).await.unwrap();
    let names = async |filter: VariableFilter, paging: Paging| {
        let found = c.list_variables(&filter, &paging).await.unwrap();
        found.into_iter().map(|variable| variable.name).collect::<Vec<_>>()
    };
    let of_org = VariableFilter { org_id: Some(org.id), org: None };
    // An organization's are not paged.
    assert_eq!(names(of_org.clone(), page(1, 2)).await, ["b", "a", "c"]);
    let by_name = VariableFilter { org_id: None, org: Some("else".into()) };
    assert_eq!(names(by_name, page(20, 0)).await, ["d"]);
    assert_eq!(names(VariableFilter::default(), page(2, 1)).await, ["a", "c"]);
    let missing = VariableFilter { org_id: None, org: Some("none".into()) };
    assert_eq!(refusal(c.list_variables(&missing, &page(20, 0)).await).0, NotFound);
}
