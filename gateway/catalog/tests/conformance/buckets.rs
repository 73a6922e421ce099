use weir_catalog::*;
use weir_model::*;

use crate::world::*;

fn rule(every: i64) -> Vec<RetentionRule> {
    vec![RetentionRule { every_seconds: Some(every), shard_group_duration_seconds: None }]
}

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let bucket = w.bucket(&org, "temps").await;
    assert_eq!(c.find_bucket(bucket.id).await.unwrap(), bucket);
    assert_eq!(bucket.retention, Retention::FOREVER);
    let update =
        BucketUpdate { name: Some("t2".into()), description: Some("d".into()), ..Default::default() };
    let changed = c.update_bucket(bucket.id, update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.description.as_str()), ("t2", "d"));
    let short = BucketUpdate { retention_rules: rule(86_400), ..Default::default() };
    refused(
        c.update_bucket(bucket.id, short).await,
        ErrorCode::UnprocessableEntity,
        "shard-group duration must also be updated to be smaller than new retention duration",
    );
    assert_eq!(c.find_bucket(bucket.id).await.unwrap(), changed);
    c.delete_bucket(bucket.id).await.unwrap();
    refused(c.find_bucket(bucket.id).await, ErrorCode::NotFound, "bucket not found");
    refused(c.delete_bucket(bucket.id).await, ErrorCode::NotFound, "bucket not found");
    assert_ne!(w.bucket(&org, "t2").await.id, bucket.id);
}

pub(crate) async fn refusals(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let bucket = w.bucket(&org, "temps").await;
    let create = async |name: &str| c.create_bucket(new_bucket(org.id, name)).await;
    refused(
        create("_mine").await,
        ErrorCode::Invalid,
        "bucket name _mine is invalid. Buckets may not start with underscore",
    );
    refused(
        create("a \"b\"").await,
        ErrorCode::Invalid,
        "bucket name a \"b\" is invalid. Bucket names may not include quotation marks",
    );
    refused(create("temps").await, ErrorCode::Conflict, "bucket with name temps already exists");
    let rename = async |id, name: &str| {
        c.update_bucket(id, BucketUpdate { name: Some(name.into()), ..Default::default() }).await
    };
    let other = w.bucket(&org, "other").await;
    refused(rename(other.id, "temps").await, ErrorCode::Conflict, "bucket name is not unique");
    assert!(rename(other.id, "other").await.is_ok());
    let system = c.find_bucket_by_name(org.id, "_tasks").await.unwrap();
    refused(rename(system.id, "x").await, ErrorCode::Invalid, "system buckets cannot be renamed");
    refused(c.delete_bucket(system.id).await, ErrorCode::Invalid, "system buckets cannot be deleted");
    // The same name in another organization is another bucket.
    let elsewhere = w.org("else").await;
    assert_ne!(w.bucket(&elsewhere, "temps").await.id, bucket.id);
    let lost = c.create_bucket(new_bucket(nobody(), "temps")).await;
    refused(lost, ErrorCode::NotFound, "organization not found");
    refused(
        c.find_bucket_by_name(org.id, "nothing").await,
        ErrorCode::NotFound,
        "bucket \"nothing\" not found",
    );
}

pub(crate) async fn lists_by_name(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let mut ids = std::collections::BTreeMap::new();
    // By bytes: capitals first, umlauts last, whatever the database's language.
    for name in ["b", "B", "ä", "a", "é z"] {
        ids.insert(name, w.bucket(&org, name).await.id);
    }
    let list = async |filter: BucketFilter, paging: Paging| {
        let buckets = c.list_buckets(&filter, &paging).await.unwrap();
        buckets.into_iter().map(|bucket| bucket.name).collect::<Vec<_>>()
    };
    let of_org = || BucketFilter { org_id: Some(org.id), ..Default::default() };
    assert_eq!(list(of_org(), Paging::default()).await, ["B", "_monitoring", "_tasks", "a", "b", "ä", "é z"]);
    assert_eq!(list(of_org(), page(2, 3)).await, ["a", "b"]);
    assert_eq!(list(of_org(), page(3, 100)).await, [""; 0]);
    let after = |name| Paging { after: Some(ids[name]), ..page(2, 0) };
    assert_eq!(list(of_org(), after("a")).await, ["b", "ä"]);
    assert_eq!(list(of_org(), after("é z")).await, [""; 0]);
    let unknown = Paging { after: Some(nobody()), ..Default::default() };
    assert_eq!(list(of_org(), unknown).await, [""; 0]);
    let down = Paging { descending: true, ..page(3, 0) };
    assert_eq!(list(of_org(), down).await, ["é z", "ä", "b"]);
    let by_org_name = BucketFilter { org: Some("acme".into()), ..Default::default() };
    assert_eq!(list(by_org_name, page(1, 0)).await, ["B"]);
    let nowhere = BucketFilter { org: Some("x".into()), ..Default::default() };
    refused(
        c.list_buckets(&nowhere, &page(1, 0)).await,
        ErrorCode::NotFound,
        "organization name \"x\" not found",
    );
    assert_eq!(
        list(BucketFilter { org_id: Some(nobody()), ..Default::default() }, page(9, 0)).await,
        [""; 0]
    );
    let one = BucketFilter { name: Some("ä".into()), ..of_org() };
    assert_eq!(list(one, page(1, 5)).await, ["ä"]);
    let missing = BucketFilter { name: Some("x".into()), ..of_org() };
    refused(c.list_buckets(&missing, &page(1, 0)).await, ErrorCode::NotFound, "bucket \"x\" not found");
}

pub(crate) async fn lists_by_id(w: World) {
    let c = &w.catalog;
    let (one, two) = (w.org("one").await, w.org("two").await);
    let (a, b) = (w.bucket(&one, "same").await, w.bucket(&two, "same").await);
    let list = async |filter: BucketFilter| {
        let buckets = c.list_buckets(&filter, &Paging::default()).await.unwrap();
        buckets.into_iter().map(|bucket| bucket.id).collect::<Vec<_>>()
    };
    let all = list(BucketFilter::default()).await;
    assert_eq!(all.len(), 6);
    assert!(all.is_sorted());
    let mut same = vec![a.id, b.id];
    same.sort();
    assert_eq!(list(BucketFilter { name: Some("same".into()), ..Default::default() }).await, same);
    assert_eq!(list(BucketFilter { name: Some("x".into()), ..Default::default() }).await, []);
    let missing = BucketFilter { id: Some(nobody()), ..Default::default() };
    refused(c.list_buckets(&missing, &Paging::default()).await, ErrorCode::NotFound, "bucket not found");

    // Names and ids in one parameter.
    let text = |text: &str| NameOrId::Text(text.into());
    assert_eq!(c.resolve_org(&text("one")).await.unwrap().id, one.id);
    assert_eq!(c.resolve_org(&text(&one.id.to_string())).await.unwrap().id, one.id);
    assert_eq!(c.resolve_org(&NameOrId::Id(two.id)).await.unwrap().id, two.id);
    let named_like_an_id = w.bucket(&one, &nobody().to_string()).await;
    assert_eq!(c.resolve_bucket(one.id, &text(&nobody().to_string())).await.unwrap(), named_like_an_id);
    assert_eq!(c.resolve_bucket(one.id, &text(&a.id.to_string())).await.unwrap(), a);
    assert!(c.resolve_bucket(one.id, &text(&b.id.to_string())).await.is_err());
    // What is remembered is forgotten with the next change.
    assert_eq!(c.resolve_bucket(one.id, &text("same")).await.unwrap(), a);
    c.delete_bucket(a.id).await.unwrap();
    refused(c.resolve_bucket(one.id, &text("same")).await, ErrorCode::NotFound, "bucket \"same\" not found");
    assert!(c.resolve_bucket(one.id, &NameOrId::Id(b.id)).await.is_err());
}
