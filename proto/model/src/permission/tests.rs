use super::*;
use crate::{ErrorCode, Result};

fn id(n: u64) -> Id {
    Id::new(n).unwrap()
}

fn token(permissions: Vec<Permission>) -> Caller {
    Caller::new(id(9), Credential::Token { id: id(8), org_id: id(1), active: true }, permissions)
}

#[test]
fn what_a_permission_covers() {
    let bucket = Permission::read(Resource::one_in_org(ResourceType::Buckets, id(2), id(1)));
    let covers = |resource| Permission::read(resource).covers(&bucket);
    assert!(covers(Resource::all(ResourceType::Buckets)));
    assert!(covers(Resource::in_org(ResourceType::Buckets, id(1))));
    assert!(covers(Resource::one(ResourceType::Buckets, id(2))));
    assert!(covers(Resource::all(ResourceType::Instance)));
    // The organization beside an id does not matter.
    assert!(covers(Resource::one_in_org(ResourceType::Buckets, id(2), id(7))));
    assert!(!covers(Resource::in_org(ResourceType::Buckets, id(7))));
    assert!(!covers(Resource::one_in_org(ResourceType::Buckets, id(3), id(1))));
    assert!(!covers(Resource::all(ResourceType::Tasks)));
    assert!(!Permission::write(Resource::all(ResourceType::Buckets)).covers(&bucket));
}

#[test]
fn a_limited_permission_does_not_cover_all() {
    let all = Permission::read(Resource::all(ResourceType::Buckets));
    assert!(!Permission::read(Resource::in_org(ResourceType::Buckets, id(1))).covers(&all));
    assert!(!Permission::read(Resource::one(ResourceType::Buckets, id(1))).covers(&all));
    let in_org = Permission::read(Resource::in_org(ResourceType::Buckets, id(1)));
    assert!(!Permission::read(Resource::one_in_org(ResourceType::Buckets, id(2), id(1))).covers(&in_org));
}

#[test]
fn the_texts_of_refusals() {
    let text = |resource| Permission::read(resource).to_string();
    assert_eq!(
        text(Resource::one_in_org(ResourceType::Buckets, id(2), id(1))),
        "read:orgs/0000000000000001/buckets/0000000000000002"
    );
    assert_eq!(text(Resource::in_org(ResourceType::Dbrp, id(1))), "read:orgs/0000000000000001/dbrp");
    assert_eq!(text(Resource::one_in_org(ResourceType::Orgs, id(1), id(1))), "read:orgs/0000000000000001");
    assert_eq!(Permission::write(Resource::all(ResourceType::Users)).to_string(), "write:users");
    let refusal = token(vec![]).check(Permission::write(Resource::all(ResourceType::Orgs))).unwrap_err();
    assert_eq!(
        (refusal.code, refusal.message.as_str()),
        (ErrorCode::Unauthorized, "write:orgs is unauthorized")
    );
}

#[test]
fn the_standard_sets() {
    assert_eq!(Permission::operator().len(), 44);
    assert!(token(Permission::operator()).check_operator().is_ok());
    let owner = token(Permission::owner(id(1)));
    assert!(owner.may(Permission::write(Resource::one(ResourceType::Orgs, id(1)))));
    assert!(owner.may(Permission::write(Resource::one_in_org(ResourceType::Tasks, id(5), id(1)))));
    assert!(!owner.may(Permission::read(Resource::one(ResourceType::Orgs, id(2)))));
    assert!(!owner.may(Permission::write(Resource::all(ResourceType::Orgs))));
    assert!(owner.check_operator().is_err());
    let member = token(Permission::member(id(1)));
    assert!(member.may(Permission::read(Resource::in_org(ResourceType::Buckets, id(1)))));
    assert!(!member.may(Permission::write(Resource::in_org(ResourceType::Buckets, id(1)))));
}

#[test]
fn an_inactive_token_gives_nothing() {
    let caller = Caller::new(
        id(9),
        Credential::Token { id: id(8), org_id: id(1), active: false },
        Permission::operator(),
    );
    let refusal = caller.check(Permission::read(Resource::all(ResourceType::Buckets))).unwrap_err();
    assert_eq!(refusal.message, "token is inactive");
}

#[test]
fn requests_are_checked_type_first() {
    let check = |json: &str| -> Result<Permission> {
        serde_json::from_str::<UncheckedPermission>(json).unwrap().check()
    };
    assert_eq!(
        check(r#"{"action": "eat", "resource": {"type": "spoons"}}"#).unwrap_err().message,
        "invalid resource type for permission: unknown resource type for permission"
    );
    assert_eq!(
        check(r#"{"resource": {"type": "buckets"}}"#).unwrap_err().message,
        "invalid action type for permission: unknown action for permission"
    );
    let permission =
        check(r#"{"action": "read", "resource": {"type": "buckets", "orgID": "0000000000000001"}}"#).unwrap();
    assert_eq!(
        serde_json::to_string(&permission).unwrap(),
        r#"{"action":"read","resource":{"type":"buckets","orgID":"0000000000000001"}}"#
    );
}

#[test]
fn a_caller_survives_the_wire() {
    let caller = token(Permission::member(id(1)));
    let json = serde_json::to_string(&caller).unwrap();
    assert_eq!(serde_json::from_str::<Caller>(&json).unwrap(), caller);
}
