use weir_catalog::*;
use weir_model::*;

use crate::world::*;

const CONFIG: &str =
    "[[outputs.influxdb_v2]]\n  bucket = \"in\"\n[[outputs.influxdb_v2]]\n  bucket = \"too\"\n";

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, other) = (w.org("acme").await, w.org("else").await);
    let made = c.create_telegraf(new_telegraf(org.id, CONFIG)).await.unwrap();
    assert_eq!(made.buckets, ["in", "too"]);
    assert_eq!(c.find_telegraf(made.id).await.unwrap(), made);
    let named = NewTelegraf { buckets: vec!["b".into()], ..new_telegraf(other.id, "$INCOMPLETE") };
    let replaced = c.replace_telegraf(made.id, named).await.unwrap();
    assert_eq!((replaced.org_id, replaced.buckets.len()), (org.id, 1));
    assert_eq!(c.list_telegrafs(Some(org.id)).await.unwrap(), [replaced]);
    assert_eq!(c.list_telegrafs(Some(other.id)).await.unwrap(), []);
    assert_eq!(c.list_telegrafs(None).await.unwrap().len(), 1);
    let lost = c.create_telegraf(new_telegraf(nobody(), "")).await;
    refused(lost, ErrorCode::NotFound, "organization not found");
    c.delete_telegraf(made.id).await.unwrap();
    refused(c.delete_telegraf(made.id).await, ErrorCode::NotFound, "telegraf configuration not found");
    refused(c.find_telegraf(made.id).await, ErrorCode::NotFound, "telegraf configuration not found");
}
