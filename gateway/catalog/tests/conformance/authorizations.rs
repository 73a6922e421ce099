use weir_catalog::*;
use weir_model::*;

use crate::world::*;

fn reading(org: &Org) -> Vec<Permission> {
    vec![Permission::read(Resource::in_org(ResourceType::Buckets, org.id))]
}

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let (a, token) = w.token(&org, &user, reading(&org)).await;
    assert_eq!(token.len(), 88);
    assert_eq!((a.org.as_deref(), a.user.as_deref()), (Some("acme"), Some("ann")));
    assert_eq!(c.find_authorization(a.id).await.unwrap(), a);
    assert_eq!(c.find_authorization_by_token(&token).await.unwrap().unwrap(), a);
    assert_eq!(c.find_authorization_by_token("guess").await.unwrap(), None);
    let (b, other) = w.token(&org, &user, reading(&org)).await;
    assert_ne!(token, other);

    w.pass(3);
    let update = AuthorizationUpdate { status: Some(Status::Inactive), description: None };
    let changed = c.update_authorization(a.id, update).await.unwrap();
    assert_eq!((changed.status, changed.updated_at), (Status::Inactive, a.updated_at.plus(3)));
    let update = AuthorizationUpdate { status: None, description: Some("x".into()) };
    let changed = c.update_authorization(a.id, update).await.unwrap();
    assert_eq!((changed.status, changed.description.as_str()), (Status::Inactive, "x"));

    let list = async |filter: AuthorizationFilter| {
        let found = c.list_authorizations(&filter).await.unwrap();
        found.into_iter().map(|authorization| authorization.id).collect::<Vec<_>>()
    };
    let elsewhere = w.org("else").await;
    let (x, _) = w.token(&elsewhere, &user, reading(&elsewhere)).await;
    let filter = AuthorizationFilter::default;
    assert_eq!(list(filter()).await, [a.id, b.id, x.id]);
    assert_eq!(list(AuthorizationFilter { org_id: Some(org.id), ..filter() }).await, [a.id, b.id]);
    assert_eq!(list(AuthorizationFilter { org: Some("else".into()), ..filter() }).await, [x.id]);
    assert_eq!(list(AuthorizationFilter { user: Some("ann".into()), ..filter() }).await.len(), 3);
    assert_eq!(list(AuthorizationFilter { user_id: Some(nobody()), ..filter() }).await, []);
    let by_name = AuthorizationFilter { user: Some("x".into()), ..filter() };
    refused(c.list_authorizations(&by_name).await, ErrorCode::NotFound, "user not found");

    c.delete_authorization(a.id).await.unwrap();
    refused(c.delete_authorization(a.id).await, ErrorCode::NotFound, "authorization not found");
    assert_eq!(c.find_authorization_by_token(&token).await.unwrap(), None);
    let by_id = AuthorizationFilter { id: Some(a.id), ..filter() };
    refused(c.list_authorizations(&by_id).await, ErrorCode::NotFound, "authorization not found");
}

async fn refuses(w: &World, new: NewAuthorization, code: ErrorCode, message: &str) {
    refused(w.catalog.create_authorization(new).await, code, message);
}

pub(crate) async fn refusals(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let good = || new_authorization(&org, &user, reading(&org));
    let none = NewAuthorization { permissions: vec![], ..good() };
    refuses(&w, none, ErrorCode::Invalid, "authorization must include permissions").await;
    let other = w.org("else").await;
    let message = format!("permission read:orgs/{}/buckets is not for org id {}", other.id, org.id);
    refuses(&w, NewAuthorization { permissions: reading(&other), ..good() }, ErrorCode::Invalid, &message)
        .await;
    let permissions = vec![Permission::read(Resource::all(ResourceType::Buckets))];
    let no_org = NewAuthorization { org_id: nobody(), permissions, ..good() };
    refuses(&w, no_org, ErrorCode::Invalid, "unable to create token").await;
    let no_user = NewAuthorization { user_id: nobody(), ..good() };
    refuses(&w, no_user, ErrorCode::Invalid, "unable to create token").await;
    let chosen = || NewAuthorization { token: Some("same".into()), ..good() };
    w.catalog.create_authorization(chosen()).await.unwrap();
    refuses(&w, chosen(), ErrorCode::Conflict, "token already exists").await;
}

pub(crate) async fn outlive_users(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let (a, token) = w.token(&org, &user, reading(&org)).await;
    assert!(a.user_active);
    c.update_user(user.id, UserUpdate { name: None, status: Some(Status::Inactive) }).await.unwrap();
    assert!(!c.find_authorization(a.id).await.unwrap().user_active);
    c.delete_user(user.id).await.unwrap();
    let left = c.find_authorization_by_token(&token).await.unwrap().unwrap();
    assert_eq!((left.id, left.user, left.user_active), (a.id, None, false));
    assert_eq!(c.list_authorizations(&AuthorizationFilter::default()).await.unwrap(), []);
}

pub(crate) async fn names_beside_ids(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let bucket = w.bucket(&org, "temps").await;
    let read = Permission::read;
    let permissions = [
        read(Resource::one_in_org(ResourceType::Buckets, bucket.id, org.id)),
        read(Resource::one(ResourceType::Buckets, bucket.id)),
        read(Resource::one_in_org(ResourceType::Buckets, nobody(), org.id)),
        read(Resource::one_in_org(ResourceType::Tasks, nobody(), org.id)),
        read(Resource::one(ResourceType::Orgs, org.id)),
        read(Resource::one(ResourceType::Users, user.id)),
        read(Resource::all(ResourceType::Buckets)),
    ];
    let resolved = c.resolve_permissions(&permissions).await.unwrap();
    let names: Vec<_> = resolved.iter().map(|r| (r.name.as_deref(), r.org.as_deref())).collect();
    let expected = [
        (Some("temps"), Some("acme")),
        (Some("temps"), None),
        (None, None),
        (None, Some("acme")),
        (Some("acme"), None),
        (Some("ann"), None),
        (None, None),
    ];
    assert_eq!(names, expected);
}
