use weir_catalog::*;
use weir_model::*;

use crate::world::*;

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    assert!(org.id.is_embeddable());
    assert_eq!(c.find_org(org.id).await.unwrap(), org);
    w.pass(5);
    let update = OrgUpdate { name: None, description: Some("described".into()) };
    let changed = c.update_org(org.id, update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.description.as_str()), ("acme", "described"));
    assert_eq!(changed.updated_at, org.updated_at.plus(5));
    assert_eq!(changed.created_at, org.created_at);
    c.update_org(org.id, OrgUpdate { name: Some("other".into()), description: None }).await.unwrap();
    refused(c.find_org_by_name("acme").await, ErrorCode::NotFound, "organization name \"acme\" not found");
    assert_eq!(c.find_org_by_name("other").await.unwrap().description, "described");
    c.delete_org(org.id).await.unwrap();
    refused(c.find_org(org.id).await, ErrorCode::NotFound, "organization not found");
    refused(c.delete_org(org.id).await, ErrorCode::NotFound, "organization not found");
    refused(c.update_org(org.id, OrgUpdate::default()).await, ErrorCode::NotFound, "organization not found");
}

pub(crate) async fn names(w: World) {
    let c = &w.catalog;
    for name in ["", "   "] {
        let new = NewOrg { name: name.into(), ..Default::default() };
        refused(c.create_org(new, None).await, ErrorCode::Invalid, "org name is empty");
    }
    let org = w.org("Wörk / shop & co").await;
    let other = w.org("wörk / shop & co").await;
    let again = NewOrg { name: " Wörk / shop & co ".into(), ..Default::default() };
    refused(
        c.create_org(again, None).await,
        ErrorCode::Conflict,
        "organization with name  Wörk / shop & co  already exists",
    );
    let taken = OrgUpdate { name: Some(org.name.clone()), description: None };
    assert_eq!(refusal(c.update_org(other.id, taken).await).0, ErrorCode::Conflict);
    let empty = OrgUpdate { name: Some(String::new()), description: None };
    refused(c.update_org(other.id, empty).await, ErrorCode::Invalid, "org name is empty");
    assert_eq!(c.find_org(other.id).await.unwrap(), other);
}

pub(crate) async fn lists(w: World) {
    let c = &w.catalog;
    let (a, b, d) = (w.org("a").await, w.org("b").await, w.org("d").await);
    let mut ids = vec![a.id, b.id, d.id];
    ids.sort();
    let list = async |filter: OrgFilter, paging: Paging| {
        c.list_orgs(&filter, &paging).await.unwrap().iter().map(|org| org.id).collect::<Vec<_>>()
    };
    assert_eq!(list(OrgFilter::default(), Paging::default()).await, ids);
    assert_eq!(list(OrgFilter::default(), page(1, 1)).await, ids[1..2]);
    assert_eq!(list(OrgFilter::default(), page(5, 9)).await, []);
    let after = Paging { after: Some(ids[0]), ..Default::default() };
    assert_eq!(list(OrgFilter::default(), after).await, ids[1..]);
    let named = OrgFilter { name: Some("b".into()), ..Default::default() };
    assert_eq!(list(named, page(1, 5)).await, [b.id]);
    // The id goes before the name.
    let both = OrgFilter { id: Some(a.id), name: Some("b".into()), ..Default::default() };
    assert_eq!(list(both, Paging::default()).await, [a.id]);
    let user = w.user("ann").await;
    c.add_member(ResourceType::Orgs, b.id, user.id, Role::Member).await.unwrap();
    assert_eq!(list(OrgFilter { user_id: Some(user.id), ..Default::default() }, page(20, 0)).await, [b.id]);
    assert_eq!(list(OrgFilter { user_id: Some(nobody()), ..Default::default() }, page(20, 0)).await, []);
    let missing = OrgFilter { name: Some("x".into()), ..Default::default() };
    refused(
        c.list_orgs(&missing, &Paging::default()).await,
        ErrorCode::NotFound,
        "organization name \"x\" not found",
    );
}

pub(crate) async fn deletion_cascades(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let (bucket, label) = (w.bucket(&org, "temps").await, w.label(&org, "hot").await);
    c.add_label(ResourceType::Buckets, bucket.id, label.id).await.unwrap();
    w.dbrp(&bucket, "db", "rp").await;
    c.add_member(ResourceType::Buckets, bucket.id, user.id, Role::Member).await.unwrap();
    c.add_member(ResourceType::Orgs, org.id, user.id, Role::Member).await.unwrap();
    let (authorization, token) = w.token(&org, &user, Permission::owner(org.id)).await;
    c.delete_org(org.id).await.unwrap();
    assert!(c.find_bucket(bucket.id).await.is_err());
    assert!(c.find_label(label.id).await.is_err());
    assert_eq!(c.list_dbrps(org.id, &DbrpFilter::default()).await.unwrap(), []);
    assert_eq!(c.user_permissions(user.id).await.unwrap(), Permission::own_user(user.id));
    // The token stays, but no list shows it.
    assert_eq!(c.find_authorization_by_token(&token).await.unwrap().unwrap().id, authorization.id);
    assert_eq!(c.list_authorizations(&AuthorizationFilter::default()).await.unwrap(), []);
}
