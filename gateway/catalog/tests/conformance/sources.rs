use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Forbidden, NotFound};

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    let fields = SourceFields { name: "old".into(), token: "t".into(), ..SourceFields::default() };
    let made = c.create_source(org.id, fields.clone()).await.unwrap();
    assert_eq!(c.find_source(made.id).await.unwrap(), made);
    let renamed = SourceFields { name: "new".into(), ..fields.clone() };
    assert_eq!(c.update_source(made.id, renamed.clone()).await.unwrap().fields, renamed);
    let all = c.list_sources().await.unwrap();
    assert_eq!((all.len(), all[0].default, all[0].fields.name.as_str()), (2, true, "autogen"));
    let own = all[0].id;
    assert_eq!(c.find_source(own).await.unwrap(), all[0]);
    assert_eq!(refusal(c.delete_source(own).await).0, Forbidden);
    assert_eq!(refusal(c.update_source(own, fields.clone()).await).0, Forbidden);
    refused(c.create_source(nobody(), fields).await, NotFound, "organization not found");
    c.delete_source(made.id).await.unwrap();
    refused(c.delete_source(made.id).await, NotFound, "source not found");
    refused(c.find_source(made.id).await, NotFound, "source not found");
}
