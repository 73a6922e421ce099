use weir_catalog::*;
use weir_model::*;

use crate::world::*;

/// The mappings of a database: policy, and `*` behind the default.
async fn shown(w: &World, org: Id, database: &str) -> Vec<String> {
    let filter = DbrpFilter { database: Some(database.into()), ..Default::default() };
    let found = w.catalog.list_dbrps(org, &filter).await.unwrap();
    let mut shown: Vec<String> =
        found.iter().map(|d| format!("{}{}", d.retention_policy, if d.default { "*" } else { "" })).collect();
    shown.sort();
    shown
}

pub(crate) async fn defaults(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let bucket = w.bucket(&org, "temps").await;
    let one = w.dbrp(&bucket, "db", "one").await;
    assert!(one.default, "the first of a database is its default");
    let two = w.dbrp(&bucket, "db", "two").await;
    assert!(!two.default);
    let three = c.create_dbrp(NewDbrp { default: true, ..new_dbrp(&bucket, "db", "three") }).await.unwrap();
    assert!(three.default);
    assert_eq!(shown(&w, org.id, "db").await, ["one", "three*", "two"]);
    let update = |default| DbrpUpdate { default: Some(default), retention_policy: None };
    assert!(!c.update_dbrp(org.id, three.id, update(false)).await.unwrap().default);
    assert_eq!(shown(&w, org.id, "db").await, ["one*", "three", "two"]);
    c.update_dbrp(org.id, two.id, update(true)).await.unwrap();
    c.delete_dbrp(org.id, two.id).await.unwrap();
    assert_eq!(shown(&w, org.id, "db").await, ["one*", "three"]);

    let same = c.create_dbrp(new_dbrp(&bucket, "db", "one")).await;
    refused(same, ErrorCode::Conflict, "another DBRP mapping with same orgID, db, and rp exists");
    w.dbrp(&bucket, "db", "ONE").await;
    let rename = |policy: &str| DbrpUpdate { default: None, retention_policy: Some(policy.into()) };
    assert_eq!(refusal(c.update_dbrp(org.id, one.id, rename("three")).await).0, ErrorCode::Conflict);
    assert_eq!(c.update_dbrp(org.id, one.id, rename("new")).await.unwrap().retention_policy, "new");
    for (database, policy, which) in [
        ("", "rp", "database"),
        ("a/b", "rp", "database"),
        (".", "rp", "database"),
        ("db", "", "retentionPolicy"),
        ("db", "a\\b", "retentionPolicy"),
        ("db", "..", "retentionPolicy"),
    ] {
        let message = format!(
            "DBRP provided is invalid: {which} must contain at least one character and only be letters, numbers, '_', '-', and '.'"
        );
        refused(c.create_dbrp(new_dbrp(&bucket, database, policy)).await, ErrorCode::Invalid, &message);
    }
    let lost = NewDbrp { bucket_id: nobody(), ..new_dbrp(&bucket, "db", "x") };
    refused(c.create_dbrp(lost).await, ErrorCode::NotFound, "bucket not found");
    refused(c.delete_dbrp(org.id, nobody()).await, ErrorCode::NotFound, "unable to find DBRP");
    refused(c.update_dbrp(nobody(), one.id, rename("y")).await, ErrorCode::NotFound, "unable to find DBRP");
}

pub(crate) async fn virtual_mappings(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let (plain, named) = (w.bucket(&org, "plain").await, w.bucket(&org, "db/rp").await);
    let all = c.list_dbrps(org.id, &DbrpFilter::default()).await.unwrap();
    let names: Vec<_> =
        all.iter().map(|d| (d.database.as_str(), d.retention_policy.as_str(), d.default)).collect();
    let expected = [
        ("_monitoring", "autogen", true),
        ("_tasks", "autogen", true),
        ("db", "rp", false),
        ("plain", "autogen", true),
    ];
    assert_eq!(names, expected);
    assert!(all.iter().all(|d| d.is_virtual && d.id == d.bucket_id));
    w.dbrp(&plain, "db", "rp").await;
    w.dbrp(&plain, "db", "rp2").await;
    assert_eq!(shown(&w, org.id, "db").await, ["rp*", "rp2"], "the physical one hides the virtual one");
    assert!(c.find_dbrp(org.id, named.id).await.unwrap().is_virtual);
    refused(c.find_dbrp(nobody(), named.id).await, ErrorCode::NotFound, "unable to find DBRP");
    let meant = async |database: &str, policy| c.resolve_dbrp(org.id, database, policy).await;
    assert_eq!(meant("db", None).await.unwrap(), plain);
    assert_eq!(meant("db", Some("rp2")).await.unwrap(), plain);
    assert_eq!(meant("plain", Some("autogen")).await.unwrap(), plain);
    assert_eq!(meant("plain", None).await.unwrap(), plain);
    refused(meant("plain", Some("x")).await, ErrorCode::NotFound, "no dbrp mapping found");
    refused(meant("db/rp", None).await, ErrorCode::NotFound, "no dbrp mapping found");
    let other = w.bucket(&org, "two/x").await;
    assert_eq!(meant("two", Some("x")).await.unwrap(), other);
    refused(meant("two", None).await, ErrorCode::NotFound, "no dbrp mapping found");
    let filter = DbrpFilter { bucket_id: Some(plain.id), default: Some(true), ..Default::default() };
    assert_eq!(c.list_dbrps(org.id, &filter).await.unwrap().len(), 2);
}

pub(crate) async fn go_with_their_bucket(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let (a, b) = (w.bucket(&org, "a").await, w.bucket(&org, "b").await);
    let one = w.dbrp(&a, "db", "one").await;
    w.dbrp(&a, "db", "two").await;
    w.dbrp(&b, "db", "three").await;
    c.delete_bucket(a.id).await.unwrap();
    assert_eq!(shown(&w, org.id, "db").await, ["three*"], "the default passes on");
    refused(c.find_dbrp(org.id, one.id).await, ErrorCode::NotFound, "unable to find DBRP");
}
