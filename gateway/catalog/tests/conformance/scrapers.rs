use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Invalid, NotFound};

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, other) = (w.org("acme").await, w.org("else").await);
    let (bucket, foreign) = (w.bucket(&org, "in").await, w.bucket(&other, "in").await);
    let made = c.create_scraper(new_scraper(&bucket, "node")).await.unwrap();
    let second = c.create_scraper(new_scraper(&bucket, "node")).await.unwrap();
    assert_eq!(c.find_scraper(made.id).await.unwrap(), made);
    let strange = NewScraper { kind: "odd".into(), ..new_scraper(&bucket, "x") };
    assert_eq!(refusal(c.create_scraper(strange).await).0, Invalid);
    let across = NewScraper { bucket_id: foreign.id, ..new_scraper(&bucket, "x") };
    refused(c.create_scraper(across).await, NotFound, "bucket not found");
    let move_out = ScraperUpdate { bucket_id: Some(foreign.id), ..ScraperUpdate::default() };
    refused(c.update_scraper(made.id, move_out).await, NotFound, "bucket not found");
    let update =
        ScraperUpdate { name: Some("new".into()), allow_insecure: Some(true), ..ScraperUpdate::default() };
    let changed = c.update_scraper(made.id, update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.allow_insecure, &changed.url), ("new", true, &made.url));
    let list = async |filter: ScraperFilter| {
        c.list_scrapers(&filter).await.unwrap().into_iter().map(|found| found.id).collect::<Vec<_>>()
    };
    assert_eq!(list(ScraperFilter::default()).await, [made.id, second.id]);
    assert_eq!(list(ScraperFilter { org: Some("else".into()), ..Default::default() }).await, []);
    assert_eq!(list(ScraperFilter { name: Some("new".into()), ..Default::default() }).await, [made.id]);
    let one = ScraperFilter { ids: vec![second.id], org_id: Some(org.id), ..Default::default() };
    assert_eq!(list(one).await, [second.id]);
    c.delete_scraper(made.id).await.unwrap();
    refused(c.delete_scraper(made.id).await, NotFound, "scraper target is not found");
    refused(c.find_scraper(made.id).await, NotFound, "scraper target is not found");
}
