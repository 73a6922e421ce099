use std::collections::BTreeMap;

use weir_catalog::*;
use weir_model::*;

use crate::world::*;

fn properties(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let new = |name: &str| NewLabel {
        org_id: org.id,
        name: name.into(),
        properties: properties(&[("color", "red"), ("empty", "")]),
    };
    let label = c.create_label(new("  hot  ")).await.unwrap();
    assert_eq!((label.name.as_str(), label.properties.len()), ("hot", 2));
    refused(c.create_label(new("HOT")).await, ErrorCode::Conflict, "label with name HOT already exists");
    refused(c.create_label(new(" ")).await, ErrorCode::Invalid, "label name is required");
    let elsewhere = w.org("else").await;
    w.label(&elsewhere, "hot").await;

    let set = properties(&[("color", ""), ("size", "big")]);
    let changed = c.update_label(label.id, LabelUpdate { name: None, properties: Some(set) }).await.unwrap();
    assert_eq!(changed.properties, properties(&[("empty", ""), ("size", "big")]));
    let cold = w.label(&org, "cold").await;
    let taken = LabelUpdate { name: Some("Hot".into()), properties: None };
    refused(c.update_label(cold.id, taken).await, ErrorCode::Conflict, "label with name Hot already exists");
    let own_case = LabelUpdate { name: Some("COLD".into()), properties: None };
    assert_eq!(c.update_label(cold.id, own_case).await.unwrap().name, "COLD");
    let nothing = LabelUpdate { name: Some(String::new()), properties: None };
    assert_eq!(c.update_label(cold.id, nothing).await.unwrap().name, "COLD");

    let list = async |name: Option<&str>| {
        let filter = LabelFilter { org_id: Some(org.id), name: name.map(str::to_owned) };
        c.list_labels(&filter).await.unwrap().into_iter().map(|label| label.name).collect::<Vec<_>>()
    };
    assert_eq!(list(None).await, ["hot", "COLD"]);
    assert_eq!(list(Some("cold")).await, ["COLD"]);
    assert_eq!(list(Some("mild")).await, [""; 0]);
    assert_eq!(c.list_labels(&LabelFilter::default()).await.unwrap().len(), 3);
    c.delete_label(label.id).await.unwrap();
    refused(c.delete_label(label.id).await, ErrorCode::NotFound, "label not found");
    refused(c.find_label(label.id).await, ErrorCode::NotFound, "label not found");
}

pub(crate) async fn on_resources(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let (one, two) = (w.bucket(&org, "one").await, w.bucket(&org, "two").await);
    let (a, b) = (w.label(&org, "a").await, w.label(&org, "b").await);
    let kind = ResourceType::Buckets;
    c.add_label(kind, one.id, b.id).await.unwrap();
    c.add_label(kind, one.id, a.id).await.unwrap();
    refused(
        c.add_label(kind, one.id, a.id).await,
        ErrorCode::Conflict,
        "Cannot add label, label already exists on resource",
    );
    refused(c.add_label(kind, one.id, nobody()).await, ErrorCode::NotFound, "label not found");
    assert_eq!(c.list_labels_of(one.id).await.unwrap(), [a.clone(), b.clone()]);
    assert_eq!(c.list_labels_of(two.id).await.unwrap(), []);
    let all = c.list_labels_of_all(&[one.id, two.id]).await.unwrap();
    assert_eq!(all, BTreeMap::from([(one.id, vec![a.clone(), b.clone()])]));
    c.remove_label(one.id, a.id).await.unwrap();
    c.remove_label(one.id, a.id).await.unwrap();
    refused(c.remove_label(one.id, nobody()).await, ErrorCode::NotFound, "label not found");
    c.delete_label(b.id).await.unwrap();
    assert_eq!(c.list_labels_of(one.id).await.unwrap(), []);
}
