use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Conflict, Invalid, NotFound, Unauthorized, UnprocessableEntity};

fn new_remote(org_id: Id) -> NewRemote {
    NewRemote {
        org_id,
        name: "far".into(),
        description: None,
        url: "http://127.0.0.1:1".into(),
        token: "sesame".into(),
        remote_org_id: None,
        allow_insecure_tls: false,
    }
}

fn new_replication(bucket: &Bucket, remote: &Remote) -> NewReplication {
    NewReplication {
        org_id: bucket.org_id,
        name: "copy".into(),
        description: None,
        remote_id: remote.id,
        local_bucket_id: bucket.id,
        remote_bucket: RemoteBucket::of(None, Some("there".into())),
        max_queue_size: DEFAULT_QUEUE_SIZE,
        max_age: 0,
        drop_non_retryable: false,
    }
}

pub(crate) async fn life(w: World) {
    let (c, org) = (&w.catalog, w.org("acme").await);
    let made = c.create_remote(new_remote(org.id)).await.unwrap();
    assert_eq!(c.find_remote(made.id).await.unwrap(), made);
    assert_eq!(c.remote_token(made.id).await.unwrap(), "sesame");
    refused(c.create_remote(new_remote(nobody())).await, NotFound, "organization not found");
    let update = RemoteUpdate { token: Some("open".into()), name: Some("near".into()), ..Default::default() };
    let changed = c.update_remote(made.id, update).await.unwrap();
    assert_eq!((changed.name.as_str(), &changed.url), ("near", &made.url));
    assert_eq!(w.other().await.remote_token(made.id).await.unwrap(), "open");
    let named = RemoteFilter { org_id: org.id, name: Some("far".into()), url: None };
    assert_eq!(c.list_remotes(&named).await.unwrap(), []);
    let none = w.holding(made.id, vec![]);
    let all = RemoteFilter { org_id: org.id, name: None, url: None };
    assert_eq!(none.list_remotes(&all).await.unwrap(), Some(vec![]));
    let text = format!("read:orgs/{}/remotes/{} is unauthorized", org.id, made.id);
    refused(none.find_remote(made.id).await, Unauthorized, &text);

    let bucket = w.bucket(&org, "in").await;
    c.create_replication(new_replication(&bucket, &made)).await.unwrap();
    assert_eq!(refusal(c.delete_remote(made.id).await).0, Conflict);
    c.delete_bucket(bucket.id).await.unwrap();
    c.delete_remote(made.id).await.unwrap();
    refused(c.find_remote(made.id).await, NotFound, "remote connection not found");
}

pub(crate) async fn replicate(w: World) {
    let (c, org, other) = (&w.catalog, w.org("acme").await, w.org("else").await);
    let (bucket, foreign) = (w.bucket(&org, "in").await, w.bucket(&other, "in").await);
    let remote = c.create_remote(new_remote(org.id)).await.unwrap();
    let of_others = c.create_remote(new_remote(other.id)).await.unwrap();
    let made = c.create_replication(new_replication(&bucket, &remote)).await.unwrap();
    assert_eq!(c.find_replication(made.id).await.unwrap(), made);

    // Nothing of another organization is joined, whatever ids are guessed.
    let across = NewReplication { org_id: org.id, ..new_replication(&foreign, &remote) };
    let text = format!("local bucket \"{}\" not found", foreign.id);
    refused(c.create_replication(across).await, Invalid, &text);
    let text = format!("remote \"{}\" not found", of_others.id);
    refused(c.create_replication(new_replication(&bucket, &of_others)).await, Invalid, &text);
    let update = ReplicationUpdate { remote_id: Some(of_others.id), ..Default::default() };
    refused(c.update_replication(made.id, update).await, Invalid, &text);

    let nowhere = NewReplication { remote_bucket: None, ..new_replication(&bucket, &remote) };
    assert_eq!(refusal(c.create_replication(nowhere).await).0, UnprocessableEntity);
    let small = ReplicationUpdate { max_queue_size: Some(1), ..Default::default() };
    assert_eq!(refusal(c.update_replication(made.id, small).await).0, Invalid);
    let young = ReplicationUpdate { max_age: Some(59), ..Default::default() };
    assert_eq!(refusal(c.update_replication(made.id, young).await).0, Invalid);
    let update = ReplicationUpdate {
        remote_bucket: RemoteBucket::of(Some(nobody()), Some("both".into())),
        max_age: Some(60),
        ..Default::default()
    };
    let changed = c.update_replication(made.id, update).await.unwrap();
    assert_eq!((changed.remote_bucket.id(), changed.remote_bucket.name()), (Some(nobody()), ""));
    c.note_replication_answer(made.id, 204, "").await.unwrap();
    let noted = c.find_replication(made.id).await.unwrap();
    assert_eq!((noted.latest_response_code, noted.latest_error_message.as_deref()), (Some(204), Some("")));

    let filter = |remote_id, local_bucket_id| ReplicationFilter {
        org_id: org.id,
        name: None,
        remote_id,
        local_bucket_id,
    };
    assert_eq!(c.list_replications(&filter(Some(remote.id), Some(bucket.id))).await.unwrap(), [noted]);
    assert_eq!(c.list_replications(&filter(Some(of_others.id), None)).await.unwrap(), []);
    c.delete_org(org.id).await.unwrap();
    refused(c.find_replication(made.id).await, NotFound, "replication not found");
}
