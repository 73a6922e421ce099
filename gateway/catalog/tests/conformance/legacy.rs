use weir_catalog::*;
use weir_model::*;

use crate::world::*;

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let permissions = vec![Permission::read(Resource::in_org(ResourceType::Buckets, org.id))];
    let new = |token: &str| NewAuthorization {
        token: Some(token.into()),
        ..new_authorization(&org, &user, permissions.clone())
    };
    refused(
        c.create_legacy_authorization(new("")).await,
        ErrorCode::Invalid,
        "token required for v1 user authorization type",
    );
    let one = c.create_legacy_authorization(new("one")).await.unwrap();
    let two = c.create_legacy_authorization(new("two")).await.unwrap();
    refused(c.create_legacy_authorization(new("one")).await, ErrorCode::Conflict, "token already exists");
    let lost = NewAuthorization { user_id: nobody(), ..new("three") };
    refused(c.create_legacy_authorization(lost).await, ErrorCode::Invalid, "unable to create token");
    let id = one.authorization.id;
    assert_eq!(c.find_legacy_authorization(id).await.unwrap(), one);
    // The two kinds do not meet.
    assert!(c.find_authorization(id).await.is_err());
    assert_eq!(c.list_authorizations(&AuthorizationFilter::default()).await.unwrap(), []);

    assert_eq!(c.find_legacy_login("one").await.unwrap().unwrap(), (one.clone(), None));
    c.set_legacy_password_hash(id, "hash").await.unwrap();
    assert_eq!(c.find_legacy_login("one").await.unwrap().unwrap().1.as_deref(), Some("hash"));
    refused(
        c.set_legacy_password_hash(nobody(), "hash").await,
        ErrorCode::NotFound,
        "authorization not found",
    );

    let list = async |filter: LegacyFilter| c.list_legacy_authorizations(&filter).await;
    assert_eq!(list(LegacyFilter::default()).await.unwrap(), [one, two.clone()]);
    let named = LegacyFilter { token: Some("two".into()), ..Default::default() };
    assert_eq!(list(named).await.unwrap(), [two]);
    let missing = LegacyFilter { token: Some("three".into()), ..Default::default() };
    refused(list(missing).await, ErrorCode::NotFound, "authorization not found");
    let of = AuthorizationFilter { user_id: Some(nobody()), ..Default::default() };
    assert_eq!(list(LegacyFilter { of, token: None }).await.unwrap(), []);

    let off = AuthorizationUpdate { status: Some(Status::Inactive), description: Some("d".into()) };
    let changed = c.update_legacy_authorization(id, off).await.unwrap().authorization;
    assert_eq!((changed.status, changed.description.as_str()), (Status::Inactive, "d"));
    c.delete_legacy_authorization(id).await.unwrap();
    refused(c.delete_legacy_authorization(id).await, ErrorCode::NotFound, "authorization not found");
}
