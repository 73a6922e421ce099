//! The catalog as callers with few rights see it: what is refused, with which words, and what lists leave out.

use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Forbidden, NotFound, Unauthorized};

fn all(action: Action, kind: ResourceType) -> Permission {
    Permission::new(action, Resource::all(kind))
}

pub(crate) async fn of_orgs_and_users(w: World) {
    let (org, other, user) = (w.org("acme").await, w.org("else").await, w.user("ann").await);
    let none = w.holding(user.id, vec![]);
    let id = org.id;
    refused(none.create_org(NewOrg::default()).await, Unauthorized, "write:orgs is unauthorized");
    refused(none.find_org(id).await, Unauthorized, &format!("read:orgs/{id} is unauthorized"));
    let unknown = format!("read:orgs/{} is unauthorized", nobody());
    refused(none.find_org(nobody()).await, Unauthorized, &unknown);
    refused(
        none.update_org(id, OrgUpdate::default()).await,
        Unauthorized,
        &format!("write:orgs/{id} is unauthorized"),
    );
    refused(none.delete_org(id).await, Unauthorized, &format!("write:orgs/{id} is unauthorized"));
    let by_id = OrgFilter { id: Some(id), ..Default::default() };
    assert_eq!(none.list_orgs(&by_id, &Paging::default()).await.unwrap(), []);
    let member = w.holding(user.id, Permission::member(id));
    assert_eq!(member.list_orgs(&OrgFilter::default(), &page(20, 0)).await.unwrap(), [org]);
    assert!(member.find_org(other.id).await.is_err());
    let maker = w.holding(user.id, vec![all(Action::Write, ResourceType::Orgs)]);
    let made = maker.create_org(NewOrg { name: "mine".into(), ..Default::default() }).await.unwrap();
    assert_eq!(w.catalog.list_members(made.id, Role::Owner).await.unwrap()[0].user_id, user.id);

    let uid = user.id;
    refused(none.create_user(NewUser::default()).await, Unauthorized, "write:users is unauthorized");
    refused(none.me().await, Unauthorized, &format!("read:users/{uid} is unauthorized"));
    refused(none.user_permissions(uid).await, Unauthorized, &format!("read:users/{uid} is unauthorized"));
    refused(
        none.set_password_hash(uid, "h").await,
        Unauthorized,
        &format!("write:users/{uid} is unauthorized"),
    );
    let operator = w.holding(uid, Permission::operator());
    refused(operator.set_password_hash(nobody(), "h").await, Forbidden, "your userID is incorrect");
    let own = w.holding(uid, Permission::own_user(uid));
    assert_eq!(own.me().await.unwrap(), user);
    own.set_password_hash(uid, "h").await.unwrap();
    w.user("beth").await;
    assert_eq!(own.list_users(&UserFilter::default(), &page(20, 0)).await.unwrap(), [user]);
}

pub(crate) async fn of_buckets(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let (bucket, other) = (w.bucket(&org, "temps").await, w.bucket(&org, "other").await);
    let kind = ResourceType::Buckets;
    let one = w.holding(
        user.id,
        vec![
            Permission::read(Resource::one_in_org(kind, bucket.id, org.id)),
            Permission::write(Resource::one_in_org(kind, bucket.id, org.id)),
        ],
    );
    let (oid, bid) = (org.id, other.id);
    refused(
        one.find_bucket(bid).await,
        Unauthorized,
        &format!("read:orgs/{oid}/buckets/{bid} is unauthorized"),
    );
    refused(one.find_bucket(nobody()).await, NotFound, "bucket not found");
    refused(
        one.create_bucket(new_bucket(oid, "new")).await,
        Unauthorized,
        &format!("write:orgs/{oid}/buckets is unauthorized"),
    );
    refused(
        one.update_bucket(bid, BucketUpdate::default()).await,
        Unauthorized,
        &format!("write:orgs/{oid}/buckets/{bid} is unauthorized"),
    );
    refused(
        one.delete_bucket(bid).await.map(|_| ()),
        Unauthorized,
        &format!("write:orgs/{oid}/buckets/{bid} is unauthorized"),
    );
    let names = async |a: &Authorized| {
        let filter = BucketFilter { org_id: Some(oid), ..Default::default() };
        let found = a.list_buckets(&filter, &Paging::default()).await.unwrap();
        found.into_iter().map(|bucket| bucket.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&one).await, ["temps"]);
    // System buckets are seen by those who see the organization, not by those who see its buckets.
    let reader = w.holding(user.id, vec![Permission::read(Resource::in_org(kind, oid))]);
    assert_eq!(names(&reader).await, ["other", "temps"]);
    let org_reader = w.holding(user.id, vec![Permission::read(Resource::one(ResourceType::Orgs, oid))]);
    assert_eq!(names(&org_reader).await, ["_monitoring", "_tasks"]);

    let text = |name: &str| NameOrId::Text(name.into());
    assert_eq!(one.bucket_to_write(oid, &text("temps")).await.unwrap(), bucket);
    refused(one.bucket_to_write(oid, &text("other")).await, Forbidden, "insufficient permissions for write");
    refused(one.bucket_to_write(oid, &text("x")).await, NotFound, "bucket \"x\" not found");
    refused(
        one.bucket_to_delete_from(oid, &text("other")).await,
        Forbidden,
        "insufficient permissions to delete",
    );
    assert!(reader.bucket_to_read(oid, &text("temps")).await.is_ok());
    assert!(reader.bucket_to_write(oid, &text("_tasks")).await.is_err());
    let writer = w.holding(user.id, vec![Permission::write(Resource::in_org(kind, oid))]);
    assert!(writer.bucket_to_write(oid, &text("_tasks")).await.is_ok());
    assert_eq!(names(&writer).await, [""; 0]);
}

pub(crate) async fn of_tokens(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let reading = || vec![Permission::read(Resource::in_org(ResourceType::Buckets, org.id))];
    let (oid, uid) = (org.id, user.id);
    let none = w.holding(uid, reading());
    refused(
        none.create_authorization(new_authorization(&org, &user, reading())).await,
        Unauthorized,
        &format!("write:orgs/{oid}/authorizations is unauthorized"),
    );
    let (token, _) = w.token(&org, &user, reading()).await;
    let id = token.id;
    let read = format!("read:orgs/{oid}/authorizations/{id} is unauthorized");
    refused(none.find_authorization(id).await, Unauthorized, &read);
    refused(none.update_authorization(id, AuthorizationUpdate::default()).await, Unauthorized, &read);
    refused(
        none.delete_authorization(id).await,
        Unauthorized,
        &format!("write:orgs/{oid}/authorizations/{id} is unauthorized"),
    );
    assert_eq!(none.list_authorizations(&AuthorizationFilter::default()).await.unwrap(), []);

    // The rights over tokens are not enough, those over their users are needed too.
    let tokens = |action| Permission::new(action, Resource::in_org(ResourceType::Authorizations, oid));
    let half = w.holding(uid, vec![tokens(Action::Read), tokens(Action::Write)]);
    refused(
        half.create_authorization(new_authorization(&org, &user, reading())).await,
        Unauthorized,
        &format!("write:users/{uid} is unauthorized"),
    );
    assert_eq!(half.list_authorizations(&AuthorizationFilter::default()).await.unwrap(), []);

    let mut held = vec![tokens(Action::Read), tokens(Action::Write)];
    held.extend(Permission::own_user(uid));
    held.extend(reading());
    let limited = w.holding(uid, held);
    let more = vec![Permission::write(Resource::in_org(ResourceType::Buckets, oid))];
    refused(
        limited.create_authorization(new_authorization(&org, &user, more)).await,
        Forbidden,
        &format!(
            "permission write:orgs/{oid}/buckets is not allowed: write:orgs/{oid}/buckets is unauthorized"
        ),
    );
    let chosen =
        NewAuthorization { token: Some("chosen".into()), ..new_authorization(&org, &user, reading()) };
    let (_, made) = limited.create_authorization(chosen).await.unwrap();
    assert_ne!(made, "chosen");
    assert_eq!(limited.list_authorizations(&AuthorizationFilter::default()).await.unwrap().len(), 2);
}

pub(crate) async fn of_labels_and_members(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let (bucket, label) = (w.bucket(&org, "temps").await, w.label(&org, "hot").await);
    let (oid, lid, bid) = (org.id, label.id, bucket.id);
    let kind = ResourceType::Buckets;
    let reader = w.holding(user.id, Permission::member(oid));
    refused(
        reader.add_label(kind, bid, oid, lid).await,
        Unauthorized,
        &format!("write:orgs/{oid}/labels/{lid} is unauthorized"),
    );
    refused(reader.add_label(kind, bid, oid, nobody()).await, NotFound, "label not found");
    assert_eq!(reader.list_labels(&LabelFilter::default()).await.unwrap(), [label]);
    let no_labels = w.holding(user.id, vec![Permission::read(Resource::in_org(kind, oid))]);
    refused(
        no_labels.find_label(lid).await,
        Unauthorized,
        &format!("read:orgs/{oid}/labels/{lid} is unauthorized"),
    );
    w.catalog.add_label(kind, bid, lid).await.unwrap();
    assert_eq!(no_labels.list_labels_of(kind, bid, oid).await.unwrap(), []);
    assert_eq!(reader.list_labels_of(kind, bid, oid).await.unwrap().len(), 1);
    let labels_only = w.holding(user.id, vec![all(Action::Write, ResourceType::Labels)]);
    refused(
        labels_only.remove_label(kind, bid, oid, lid).await,
        Unauthorized,
        &format!("write:orgs/{oid}/buckets/{bid} is unauthorized"),
    );

    refused(no_labels.list_members(kind, bid, oid, Role::Member).await, NotFound, "not found");
    assert_eq!(reader.list_members(kind, bid, oid, Role::Member).await.unwrap(), []);
    refused(
        reader.add_member(kind, bid, oid, user.id, Role::Member).await,
        Unauthorized,
        &format!("write:orgs/{oid}/buckets/{bid} is unauthorized"),
    );
    refused(reader.add_member(kind, bid, oid, nobody(), Role::Member).await, NotFound, "user not found");
    let owner = w.holding(user.id, Permission::owner(oid));
    owner.add_member(ResourceType::Orgs, oid, oid, user.id, Role::Owner).await.unwrap();
    assert_eq!(owner.list_members(ResourceType::Orgs, oid, oid, Role::Owner).await.unwrap().len(), 1);
    owner.remove_member(ResourceType::Orgs, oid, oid, user.id).await.unwrap();
}

pub(crate) async fn of_dbrps(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let (a, b) = (w.bucket(&org, "a").await, w.bucket(&org, "b").await);
    let dbrp = w.dbrp(&a, "db", "rp").await;
    let (oid, kind) = (org.id, ResourceType::Buckets);
    let reader = w.holding(user.id, vec![Permission::read(Resource::one_in_org(kind, a.id, oid))]);
    let databases = async |who: &Authorized| {
        let found = who.list_dbrps(oid, &DbrpFilter::default()).await.unwrap();
        found.into_iter().map(|dbrp| dbrp.database).collect::<Vec<_>>()
    };
    assert_eq!(databases(&reader).await, ["db", "a"]);
    refused(reader.find_dbrp(oid, b.id).await, NotFound, "unable to find DBRP");
    let write = format!("write:orgs/{oid}/buckets/{} is unauthorized", a.id);
    refused(reader.create_dbrp(new_dbrp(&a, "db", "new")).await, Unauthorized, &write);
    refused(reader.update_dbrp(oid, dbrp.id, DbrpUpdate::default()).await, Unauthorized, &write);
    refused(reader.delete_dbrp(oid, dbrp.id).await, Unauthorized, &write);
    let other = w.holding(user.id, vec![Permission::write(Resource::one_in_org(kind, b.id, oid))]);
    let read = format!("read:orgs/{oid}/buckets/{} is unauthorized", a.id);
    refused(other.find_dbrp(oid, dbrp.id).await, Unauthorized, &read);
    assert_eq!(databases(&other).await, ["b"], "who may write must find where");

    assert_eq!(reader.bucket_of_dbrp(oid, "db", None).await.unwrap(), a);
    assert_eq!(reader.bucket_of_dbrp(oid, "a", Some("autogen")).await.unwrap(), a);
    refused(reader.bucket_of_dbrp(oid, "db", Some("x")).await, NotFound, "no dbrp mapping found");
    refused(reader.bucket_of_dbrp(oid, "b", None).await, NotFound, "no dbrp mapping found");
}

pub(crate) async fn of_inactive_tokens(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let bucket = w.bucket(&org, "temps").await;
    let credential = Credential::Token { id: user.id, org_id: org.id, active: false };
    let off = w.catalog.authorized(Caller::new(user.id, credential, Permission::operator()));
    refused(off.find_bucket(bucket.id).await, Unauthorized, "token is inactive");
    refused(off.me().await, Unauthorized, "token is inactive");
    refused(off.find_bucket(nobody()).await, NotFound, "bucket not found");
    assert_eq!(off.list_orgs(&OrgFilter::default(), &Paging::default()).await.unwrap(), []);
    refused(
        off.bucket_to_write(org.id, &NameOrId::Text("temps".into())).await,
        Forbidden,
        "insufficient permissions for write: token is inactive",
    );
}
