use weir_catalog::*;
use weir_model::*;

use crate::world::*;

fn new_stack(org_id: Id, name: &str) -> NewStack {
    NewStack { org_id, name: name.into(), description: String::new(), urls: vec!["http://x/y.yml".into()] }
}

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, other) = (w.org("acme").await, w.org("else").await);
    let made = c.create_stack(new_stack(org.id, "mine")).await.unwrap();
    let twin = c.create_stack(new_stack(org.id, "mine")).await.unwrap();
    assert_eq!(c.find_stack(made.id).await.unwrap(), made);
    w.pass(5);
    let resource = StackResource {
        api_version: "v".into(),
        id: nobody(),
        kind: "Bucket".into(),
        meta_name: "b".into(),
        associations: vec![StackAssociation { kind: "Label".into(), meta_name: "l".into() }],
    };
    let event = StackEvent {
        kind: StackEventKind::Update,
        name: "named".into(),
        resources: vec![resource],
        ..made.latest()
    };
    let changed = c.add_stack_event(made.id, event.clone()).await.unwrap();
    assert_eq!(changed.events.len(), 2);
    assert_eq!(changed.latest().updated_at, made.created_at.plus(5));
    assert_eq!(c.find_stack(made.id).await.unwrap(), changed);
    let list = async |org: Id, ids: &[Id], names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        c.list_stacks(org, &StackFilter { ids: ids.to_vec(), names }).await.unwrap()
    };
    assert_eq!(list(org.id, &[], &[]).await, [changed.clone(), twin.clone()]);
    assert_eq!(list(org.id, &[made.id], &["mine"]).await.len(), 2);
    assert_eq!(list(org.id, &[], &["named"]).await, [changed]);
    assert_eq!(list(other.id, &[made.id], &[]).await, []);
    let lost = c.create_stack(new_stack(nobody(), "x")).await;
    let message = format!("organization dependency does not exist for id[\"{}\"]", nobody());
    refused(lost, ErrorCode::Conflict, &message);
    c.delete_stack(made.id).await.unwrap();
    let missing = format!("stack not found for key \"{}\"", made.id);
    refused(c.find_stack(made.id).await, ErrorCode::NotFound, &missing);
    refused(c.delete_stack(made.id).await, ErrorCode::NotFound, &missing);
    refused(c.add_stack_event(made.id, event).await, ErrorCode::NotFound, &missing);
}

pub(crate) async fn rights(w: World) {
    let (org, other, user) = (w.org("acme").await, w.org("else").await, w.user("ann").await);
    let stack = w.catalog.create_stack(new_stack(org.id, "mine")).await.unwrap();
    let labels = |org| Permission::write(Resource::in_org(ResourceType::Labels, org));
    let reads = w.holding(user.id, vec![Permission::read(Resource::one(ResourceType::Orgs, org.id))]);
    assert!(reads.find_stack(stack.id).await.is_ok());
    let refusal = "not authorized to create stack";
    refused(reads.create_stack(new_stack(org.id, "x")).await, ErrorCode::Unauthorized, refusal);
    refused(reads.stack_to_change(stack.id).await, ErrorCode::Unauthorized, refusal);
    refused(reads.stack_to_uninstall(stack.id, org.id).await, ErrorCode::Unauthorized, refusal);
    let makes = w.holding(user.id, vec![labels(org.id)]);
    let denied = format!("read:orgs/{} is unauthorized", org.id);
    refused(makes.find_stack(stack.id).await, ErrorCode::Unauthorized, &denied);
    assert!(makes.stack_to_apply(stack.id, org.id).await.is_ok());
    assert!(makes.create_stack_of_template(org.id).await.is_ok());
    let stranger = w.holding(user.id, vec![labels(other.id)]);
    refused(stranger.stack_to_apply(stack.id, org.id).await, ErrorCode::Unauthorized, &denied);
    refused(stranger.create_stack_of_template(org.id).await, ErrorCode::Unauthorized, &denied);
    let elsewhere = stranger.stack_to_apply(stack.id, other.id).await;
    refused(elsewhere, ErrorCode::Conflict, "you do not have access to given stack ID");
}
