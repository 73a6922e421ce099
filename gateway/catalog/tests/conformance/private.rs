use std::collections::BTreeMap;

use serde_json::json;
use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Conflict, Invalid, NotFound};

pub(crate) async fn notebooks(w: World) {
    let (c, org) = (&w.catalog, w.org("acme").await);
    let new = NewNotebook { org_id: org.id, name: "book".into(), spec: json!({"a": [1, null]}) };
    let made = c.create_notebook(new.clone()).await.unwrap();
    assert_eq!(c.find_notebook(made.id).await.unwrap(), made);
    let astray = NewNotebook { org_id: nobody(), ..new };
    refused(c.create_notebook(astray).await, NotFound, "organization not found");
    w.pass(1_000);
    let changed = c.replace_notebook(made.id, "other".into(), json!(2)).await.unwrap();
    assert!(changed.updated_at > changed.created_at);
    assert_eq!(c.list_notebooks(org.id).await.unwrap(), [changed]);
    c.delete_notebook(made.id).await.unwrap();
    refused(c.find_notebook(made.id).await, NotFound, "notebook not found");
}

fn note(stream: &str, start: i64, end: i64, stickers: &[(&str, &str)]) -> AnnotationFields {
    AnnotationFields {
        stream: stream.into(),
        summary: "s".into(),
        message: String::new(),
        stickers: stickers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        start: Timestamp(start),
        end: Timestamp(end),
    }
}

fn between(start: i64, end: i64) -> AnnotationFilter {
    AnnotationFilter {
        start: Timestamp(start),
        end: Timestamp(end),
        streams: vec![],
        stream_id: None,
        stickers: BTreeMap::new(),
    }
}

pub(crate) async fn annotations(w: World) {
    let (c, org) = (&w.catalog, w.org("acme").await);
    let new = vec![
        note("a", 1, 2, &[("k", "v"), ("l", "w")]),
        note("b", 3, 4, &[("k", "v")]),
        note("a", 5, 5, &[]),
    ];
    let made = c.create_annotations(org.id, new).await.unwrap();
    assert_eq!(c.list_streams(org.id, &[]).await.unwrap().len(), 2);
    let found = async |filter: AnnotationFilter| {
        let found = c.list_annotations(org.id, &filter).await.unwrap();
        found.into_iter().map(|annotation| annotation.id).collect::<Vec<_>>()
    };
    assert_eq!(found(between(1, 4)).await, [made[0].id, made[1].id]);
    assert_eq!(found(between(2, 4)).await, [made[1].id]);
    let in_a = AnnotationFilter { streams: vec!["a".into()], ..between(0, 9) };
    assert_eq!(found(in_a.clone()).await, [made[0].id, made[2].id]);
    let stuck = AnnotationFilter { stickers: made[0].fields.stickers.clone(), ..between(0, 9) };
    assert_eq!(found(stuck).await, [made[0].id]);

    let moved = c.replace_annotation(made[1].id, note("c", 3, 3, &[])).await.unwrap();
    assert_eq!(c.find_annotation(made[1].id).await.unwrap(), moved);
    let stream = c.put_stream(org.id, "a", "words").await.unwrap();
    assert_eq!(c.put_stream(org.id, "a", "").await.unwrap().description, "words");
    assert_eq!(refusal(c.update_stream(stream.id, "b", "").await).0, Conflict);
    c.delete_annotations(org.id, &AnnotationFilter { stream_id: Some(stream.id), ..between(0, 4) })
        .await
        .unwrap();
    assert_eq!(found(in_a).await, [made[2].id]);
    c.delete_streams(org.id, &["a".into(), "none".into()]).await.unwrap();
    assert_eq!(found(between(0, 9)).await, [made[1].id]);
    refused(c.delete_stream(stream.id).await, Invalid, "stream not found");
    refused(c.delete_annotation(made[2].id).await, Invalid, "annotation not found");
}
