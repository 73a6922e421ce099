use std::collections::BTreeMap;
use std::sync::Arc;

use weir_catalog::*;
use weir_database::{Database, Options, sql};
use weir_model::*;

use crate::world::*;

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, other) = (w.org("acme").await, w.org("else").await);
    c.set_secrets(org.id, &pairs(&[("b", "1"), ("a", "2"), ("B", "")])).await.unwrap();
    assert_eq!(c.list_secrets(org.id).await.unwrap(), ["B", "a", "b"]);
    c.set_secrets(org.id, &pairs(&[("b", "sesame")])).await.unwrap();
    assert_eq!(c.find_secret(org.id, "b").await.unwrap().as_deref(), Some("sesame"));
    assert_eq!(c.find_secret(org.id, "B").await.unwrap().as_deref(), Some(""));
    assert_eq!(c.find_secret(org.id, "none").await.unwrap(), None);
    assert_eq!(c.find_secret(other.id, "b").await.unwrap(), None);
    c.delete_secrets(org.id, &["a".into(), "none".into()]).await.unwrap();
    assert_eq!(c.list_secrets(org.id).await.unwrap(), ["B", "b"]);
    let to_nobody = c.set_secrets(nobody(), &pairs(&[("b", "1")])).await;
    refused(to_nobody, ErrorCode::NotFound, "organization not found");
    c.delete_org(org.id).await.unwrap();
    assert_eq!(c.find_secret(org.id, "b").await.unwrap(), None);
}

pub(crate) async fn are_unreadable_elsewhere(w: World) {
    let c = &w.catalog;
    let org = w.org("acme").await;
    c.set_secrets(org.id, &pairs(&[("a", "sesame"), ("b", "other")])).await.unwrap();
    let kept = c.database().fetch_all(sql("SELECT sealed FROM secrets ORDER BY name")).await.unwrap();
    let kept: Vec<String> = kept.iter().map(|row| row.get("sealed").unwrap()).collect();
    assert!(kept.iter().all(|sealed| !sealed.contains("sesame") && !sealed.contains("other")));
    // A value that is put in another's place does not open.
    let moved = sql("UPDATE secrets SET sealed = ? WHERE name = ?").bind(&kept[0]).bind("b");
    c.database().execute(moved).await.unwrap();
    assert_eq!(refusal(c.find_secret(org.id, "b").await).0, ErrorCode::Internal);
    let without = async |keys: Option<SecretKeys>| {
        let database = Database::connect(&w.url, &Options::default()).await.unwrap();
        Catalog::open_with(database, Arc::new(System), keys).await.unwrap()
    };
    let other_key = without(Some(SecretKeys::parse(&SecretKeys::generate(&System)).unwrap())).await;
    assert_eq!(refusal(other_key.find_secret(org.id, "a").await).0, ErrorCode::Internal);
    let new = SecretKeys::generate(&System);
    let rotated = without(Some(SecretKeys::parse(&format!("{new}\n{}", "ab".repeat(32))).unwrap())).await;
    let renewed = rotated.rotate_secrets().await.unwrap();
    assert_eq!((renewed.renewed, renewed.unreadable), (1, 1));
    let without_old = without(Some(SecretKeys::parse(&new).unwrap())).await;
    assert_eq!(without_old.find_secret(org.id, "a").await.unwrap().as_deref(), Some("sesame"));
    assert_eq!(without_old.rotate_secrets().await.unwrap().renewed, 0);
    let no_key = without(None).await;
    assert_eq!(refusal(no_key.set_secrets(org.id, &pairs(&[("c", "1")])).await).0, ErrorCode::Internal);
    assert_eq!(no_key.list_secrets(org.id).await.unwrap(), ["a", "b"]);
}
