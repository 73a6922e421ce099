use weir_catalog::*;
use weir_model::*;

use crate::world::*;

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let user = w.user(" Ännchen ").await;
    assert_eq!(c.find_user_by_name(" Ännchen ").await.unwrap(), user);
    refused(c.find_user_by_name("Ännchen").await, ErrorCode::NotFound, "user not found");
    let again = NewUser { name: " Ännchen ".into(), ..Default::default() };
    refused(c.create_user(again).await, ErrorCode::Conflict, "user with name  Ännchen  already exists");
    assert_eq!(refusal(c.create_user(NewUser::default()).await).0, ErrorCode::EmptyValue);
    let update = UserUpdate { name: None, status: Some(Status::Inactive) };
    assert_eq!(c.update_user(user.id, update).await.unwrap().status, Status::Inactive);
    let empty = UserUpdate { name: Some(String::new()), status: None };
    assert_eq!(refusal(c.update_user(user.id, empty).await).0, ErrorCode::EmptyValue);
    let renamed = UserUpdate { name: Some("ann".into()), status: None };
    assert_eq!(c.update_user(user.id, renamed).await.unwrap().status, Status::Inactive);
    c.delete_user(user.id).await.unwrap();
    refused(c.delete_user(user.id).await, ErrorCode::NotFound, "user not found");
    refused(c.find_user(user.id).await, ErrorCode::NotFound, "user not found");
    assert_ne!(w.user("ann").await.id, user.id);
}

pub(crate) async fn lists(w: World) {
    let c = &w.catalog;
    let mut made = Vec::new();
    for name in ["d", "a", "c", "b"] {
        made.push(w.user(name).await.id);
    }
    let list = async |paging: Paging| {
        let users = c.list_users(&UserFilter::default(), &paging).await.unwrap();
        users.iter().map(|user| user.id).collect::<Vec<_>>()
    };
    assert_eq!(list(Paging::default()).await, made, "ids grow with time");
    assert_eq!(list(page(2, 1)).await, made[1..3]);
    let down = Paging { descending: true, ..Default::default() };
    assert_eq!(list(down).await, made.iter().rev().copied().collect::<Vec<_>>());
    assert_eq!(list(Paging { after: Some(made[1]), ..page(1, 0) }).await, made[2..3]);
    let named = UserFilter { id: None, name: Some("c".into()) };
    assert_eq!(c.list_users(&named, &page(1, 5)).await.unwrap()[0].id, made[2]);
    let missing = UserFilter { id: Some(nobody()), name: None };
    refused(c.list_users(&missing, &page(1, 0)).await, ErrorCode::NotFound, "user not found");
}

pub(crate) async fn passwords_and_sessions(w: World) {
    let c = &w.catalog;
    let user = w.user("ann").await;
    assert_eq!(c.password_hash(user.id).await.unwrap(), None);
    refused(c.set_password_hash(nobody(), "x").await, ErrorCode::Forbidden, "your userID is incorrect");
    c.set_password_hash(user.id, "one").await.unwrap();
    c.set_password_hash(user.id, "two").await.unwrap();
    assert_eq!(c.password_hash(user.id).await.unwrap().as_deref(), Some("two"));

    let (session, key) = c.create_session(user.id, 100).await.unwrap();
    assert_eq!(c.find_session(&key).await.unwrap().unwrap(), session);
    assert_eq!(c.find_session("other").await.unwrap(), None);
    w.pass(90);
    c.renew_session(session.id, c.now().plus(50)).await.unwrap();
    c.renew_session(session.id, c.now()).await.unwrap();
    w.pass(50);
    assert!(c.find_session(&key).await.unwrap().is_some(), "renewal never shortens");
    w.pass(1);
    assert_eq!(c.find_session(&key).await.unwrap(), None);
    let (session, key) = c.create_session(user.id, 100).await.unwrap();
    c.delete_session(session.id).await.unwrap();
    c.delete_session(session.id).await.unwrap();
    assert_eq!(c.find_session(&key).await.unwrap(), None);
    let (_, key) = c.create_session(user.id, 100).await.unwrap();
    c.delete_user(user.id).await.unwrap();
    assert_eq!(c.find_session(&key).await.unwrap(), None);
    assert_eq!(c.password_hash(user.id).await.unwrap(), None);
}

pub(crate) async fn memberships_and_rights(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let bucket = w.bucket(&org, "temps").await;
    let own = Permission::own_user(user.id);
    assert_eq!(c.user_permissions(user.id).await.unwrap(), own);

    let kind = ResourceType::Buckets;
    let member = c.add_member(kind, bucket.id, user.id, Role::Member).await.unwrap();
    assert_eq!((member.name.as_str(), member.role), ("ann", Role::Member));
    let again = c.add_member(kind, bucket.id, user.id, Role::Owner).await;
    assert_eq!(refusal(again).0, ErrorCode::Conflict);
    let mut expected = vec![Permission::read(Resource::one(kind, bucket.id))];
    expected.extend(&own);
    assert_eq!(c.user_permissions(user.id).await.unwrap(), expected);
    c.remove_member(bucket.id, user.id).await.unwrap();
    c.remove_member(bucket.id, user.id).await.unwrap();
    c.add_member(kind, bucket.id, user.id, Role::Owner).await.unwrap();
    assert_eq!(c.user_permissions(user.id).await.unwrap(), own);
    assert_eq!(c.list_members(bucket.id, Role::Member).await.unwrap(), []);
    assert_eq!(c.list_members(bucket.id, Role::Owner).await.unwrap().len(), 1);

    c.add_member(ResourceType::Orgs, org.id, user.id, Role::Owner).await.unwrap();
    let mut expected = Permission::owner(org.id);
    expected.extend(&own);
    assert_eq!(c.user_permissions(user.id).await.unwrap(), expected);
    // A session has the rights of the user's active tokens besides.
    let extra = Permission::write(Resource::all(ResourceType::Users));
    let (authorization, _) = w.token(&org, &user, vec![extra]).await;
    assert!(c.session_permissions(user.id).await.unwrap().contains(&extra));
    let off = AuthorizationUpdate { status: Some(Status::Inactive), description: None };
    c.update_authorization(authorization.id, off).await.unwrap();
    assert_eq!(c.session_permissions(user.id).await.unwrap(), expected);
    let gone = c.add_member(ResourceType::Orgs, org.id, nobody(), Role::Owner).await;
    refused(gone, ErrorCode::NotFound, "user not found");
    c.delete_user(user.id).await.unwrap();
    assert_eq!(c.list_members(org.id, Role::Owner).await.unwrap(), []);
}
