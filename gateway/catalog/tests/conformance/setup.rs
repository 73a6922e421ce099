use weir_catalog::*;
use weir_model::*;

use crate::world::*;

fn wanted() -> Setup {
    Setup {
        username: "ann".into(),
        password_hash: Some("hash".into()),
        org: "acme".into(),
        bucket: "temps".into(),
        ..Setup::default()
    }
}

pub(crate) async fn makes_all_or_nothing(w: World) {
    let c = &w.catalog;
    assert!(c.setup_allowed().await.unwrap());
    assert_eq!(refusal(c.setup(Setup { bucket: String::new(), ..wanted() }).await).0, ErrorCode::EmptyValue);
    let bad = Setup { retention_seconds: -1, ..wanted() };
    refused(c.setup(bad).await, ErrorCode::UnprocessableEntity, "expiration seconds cannot be negative");
    let bad = Setup { bucket: "_mine".into(), ..wanted() };
    assert_eq!(refusal(c.setup(bad).await).0, ErrorCode::Invalid);
    // What failed left nothing behind.
    assert!(c.setup_allowed().await.unwrap());

    let made =
        c.setup(Setup { token: Some("chosen".into()), retention_seconds: 7200, ..wanted() }).await.unwrap();
    assert_eq!(made.token, "chosen");
    assert_eq!(made.authorization.permissions, Permission::operator());
    assert_eq!(made.authorization.description, "ann's Token");
    assert_eq!(made.bucket.retention.rule().every_seconds, Some(7200));
    assert_eq!(c.password_hash(made.user.id).await.unwrap().as_deref(), Some("hash"));
    let known = c.find_authorization_by_token("chosen").await.unwrap().unwrap();
    assert_eq!(known, made.authorization);
    let owners = c.list_members(made.org.id, Role::Owner).await.unwrap();
    assert_eq!(owners.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["ann"]);
    let filter = BucketFilter { org_id: Some(made.org.id), ..Default::default() };
    let buckets = c.list_buckets(&filter, &Paging::default()).await.unwrap();
    let names: Vec<_> = buckets.iter().map(|b| (b.name.as_str(), b.kind.as_str())).collect();
    assert_eq!(names, [("_monitoring", "system"), ("_tasks", "system"), ("temps", "user")]);
    assert_eq!(buckets[0].retention.rule().every_seconds, Some(604_800));
    assert_eq!(buckets[1].retention.rule().every_seconds, Some(259_200));
    assert_eq!(buckets[1].retention.rule().shard_group_duration_seconds, Some(86_400));
}

pub(crate) async fn happens_once(w: World) {
    let other = w.other().await;
    let (a, b) = tokio::join!(w.catalog.setup(wanted()), other.setup(wanted()));
    let (made, late) = if a.is_ok() { (a, b) } else { (b, a) };
    made.unwrap();
    refused(late.map(|_| ()), ErrorCode::Conflict, "onboarding has already been completed");
    // Said before anything is looked at.
    let done = w.catalog.setup(Setup::default()).await;
    refused(done.map(|_| ()), ErrorCode::Conflict, "onboarding has already been completed");
    assert!(!other.setup_allowed().await.unwrap());
}

pub(crate) async fn processes_may_start_together(w: World) {
    let (a, b, c) = tokio::join!(w.other(), w.other(), w.other());
    a.create_org(NewOrg { name: "a".into(), ..Default::default() }, None).await.unwrap();
    assert!(b.find_org_by_name("a").await.is_ok());
    assert!(c.find_org_by_name("a").await.is_ok());
}

pub(crate) async fn versions_rise(w: World) {
    let other = w.other().await;
    let before = w.catalog.version().await.unwrap();
    assert_eq!(other.version().await.unwrap(), before);
    w.org("acme").await;
    let after = w.catalog.version().await.unwrap();
    assert!(after > before, "a change shows at once where it was made");
    w.pass(500_000_000);
    assert_eq!(other.version().await.unwrap(), after, "and elsewhere within half a second");
    // Sessions and heartbeats are no changes.
    let user = w.user("ann").await;
    let version = w.catalog.version().await.unwrap();
    w.catalog.create_session(user.id, 1).await.unwrap();
    w.catalog.register_node("n", NodeRole::Querier, "here").await.unwrap();
    w.pass(500_000_000);
    assert_eq!(w.catalog.version().await.unwrap(), version);
}
