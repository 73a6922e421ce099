//! Variables, configurations, dashboards and the like as callers with few rights see them.

use std::collections::BTreeMap;

use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::Unauthorized;

pub(crate) async fn of_every_kind(w: World) {
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let bucket = w.bucket(&org, "in").await;
    let (c, o) = (&w.catalog, org.id);
    let v = c.create_variable(new_variable(o, "v")).await.unwrap().id;
    let t = c.create_telegraf(new_telegraf(o, "")).await.unwrap().id;
    let d = c.create_dashboard(new_dashboard(o, user.id, "d")).await.unwrap().id;
    let cell = c.add_cell(d, NewCell::default()).await.unwrap().id;
    let s = c.create_scraper(new_scraper(&bucket, "s")).await.unwrap().id;
    let r = c.create_source(o, SourceFields::default()).await.unwrap().id;
    let none = w.holding(user.id, vec![]);
    let move_it = CellUpdate { x: Some(1), ..CellUpdate::default() };
    let name_it = ViewUpdate { name: Some("n".into()), ..ViewUpdate::default() };

    let makes = [
        ("variables", none.create_variable(new_variable(o, "x")).await.map(drop)),
        ("telegrafs", none.create_telegraf(new_telegraf(o, "")).await.map(drop)),
        ("dashboards", none.create_dashboard(new_dashboard(o, user.id, "x")).await.map(drop)),
        ("scrapers", none.create_scraper(new_scraper(&bucket, "x")).await.map(drop)),
        ("sources", none.create_source(o, SourceFields::default()).await.map(drop)),
    ];
    for (kind, result) in makes {
        refused(result, Unauthorized, &format!("write:orgs/{o}/{kind} is unauthorized"));
    }
    let reads = [
        ("variables", v, none.find_variable(v).await.map(drop)),
        ("telegrafs", t, none.find_telegraf(t).await.map(drop)),
        ("dashboards", d, none.find_dashboard(d).await.map(drop)),
        ("dashboards", d, none.find_view(d, cell).await.map(drop)),
        ("scrapers", s, none.find_scraper(s).await.map(drop)),
        ("sources", r, none.find_source(r).await.map(drop)),
    ];
    for (kind, id, result) in reads {
        refused(result, Unauthorized, &format!("read:orgs/{o}/{kind}/{id} is unauthorized"));
    }
    let readers: Vec<Permission> = ResourceType::ALL
        .into_iter()
        .filter(|kind| *kind != ResourceType::Instance)
        .map(|kind| Permission::read(Resource::in_org(kind, o)))
        .collect();
    for (caller, reads) in [(none.clone(), false), (w.holding(user.id, readers.clone()), true)] {
        let writes = [
            ("variables", v, caller.update_variable(v, VariableUpdate::default()).await.map(drop)),
            ("variables", v, caller.replace_variable(v, new_variable(o, "x")).await.map(drop)),
            ("variables", v, caller.delete_variable(v).await),
            ("telegrafs", t, caller.replace_telegraf(t, new_telegraf(o, "")).await.map(drop)),
            ("telegrafs", t, caller.delete_telegraf(t).await),
            ("dashboards", d, caller.update_dashboard(d, DashboardUpdate::default()).await.map(drop)),
            ("dashboards", d, caller.delete_dashboard(d).await),
            ("dashboards", d, caller.add_cell(d, NewCell::default()).await.map(drop)),
            ("dashboards", d, caller.replace_cells(d, vec![]).await.map(drop)),
            ("dashboards", d, caller.update_cell(d, cell, move_it).await.map(drop)),
            ("dashboards", d, caller.remove_cell(d, cell).await),
            ("dashboards", d, caller.update_view(d, cell, name_it.clone()).await.map(drop)),
            ("scrapers", s, caller.update_scraper(s, ScraperUpdate::default()).await.map(drop)),
            ("scrapers", s, caller.delete_scraper(s).await),
            ("sources", r, caller.update_source(r, |_| ()).await.map(drop)),
            ("sources", r, caller.delete_source(r).await),
        ];
        for (kind, id, result) in writes {
            // Some are read before they are changed.
            let first = if !reads && matches!(kind, "variables" | "telegrafs") { "read" } else { "write" };
            refused(result, Unauthorized, &format!("{first}:orgs/{o}/{kind}/{id} is unauthorized"));
        }
    }
    let counts = async |caller: &Authorized| {
        [
            caller.list_variables(&VariableFilter::default(), &Paging::default()).await.unwrap().len(),
            caller.list_telegrafs(None).await.unwrap().len(),
            caller.list_dashboards(&DashboardFilter::default(), &Paging::default()).await.unwrap().len(),
            caller.list_scrapers(&ScraperFilter::default()).await.unwrap().len(),
            caller.list_sources().await.unwrap().len(),
        ]
    };
    assert_eq!(counts(&none).await, [0; 5]);
    assert_eq!(counts(&w.holding(user.id, readers)).await, [1; 5]);

    // A scraper writes into a bucket, so whoever makes or changes it must be allowed to.
    let scrapers = Permission::write(Resource::in_org(ResourceType::Scrapers, o));
    let half = w.holding(user.id, vec![scrapers]);
    let into = format!("write:orgs/{o}/buckets/{} is unauthorized", bucket.id);
    refused(half.create_scraper(new_scraper(&bucket, "x")).await, Unauthorized, &into);
    refused(half.update_scraper(s, ScraperUpdate::default()).await, Unauthorized, &into);
    let only =
        w.holding(user.id, vec![Permission::read(Resource::one_in_org(ResourceType::Dashboards, d, o))]);
    assert_eq!(counts(&only).await, [0, 0, 1, 0, 0]);
}

pub(crate) async fn of_secrets(w: World) {
    let (org, other, user) = (w.org("acme").await, w.org("else").await, w.user("ann").await);
    let o = org.id;
    let values = BTreeMap::from([("k".to_owned(), "v".to_owned())]);
    w.catalog.set_secrets(o, &values).await.unwrap();
    let held = |action, org: Id| Permission::new(action, Resource::in_org(ResourceType::Secrets, org));
    let elsewhere = w.holding(user.id, vec![held(Action::Read, other.id), held(Action::Write, other.id)]);
    let (read, write) =
        (format!("read:orgs/{o}/secrets is unauthorized"), format!("write:orgs/{o}/secrets is unauthorized"));
    refused(elsewhere.list_secrets(o).await, Unauthorized, &read);
    refused(elsewhere.find_secret(o, "k").await, Unauthorized, &read);
    refused(elsewhere.find_secret(o, "none").await, Unauthorized, &read);
    refused(elsewhere.set_secrets(o, &values).await, Unauthorized, &write);
    refused(elsewhere.delete_secrets(o, &["k".into()]).await, Unauthorized, &write);
    let reader = w.holding(user.id, vec![held(Action::Read, o)]);
    assert_eq!(reader.find_secret(o, "k").await.unwrap().as_deref(), Some("v"));
    refused(reader.set_secrets(o, &values).await, Unauthorized, &write);
}
