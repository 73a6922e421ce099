use serde_json::json;
use weir_catalog::*;
use weir_model::*;

use crate::world::*;

use ErrorCode::{Conflict, Invalid, NotFound};

fn at(x: i32) -> NewCell {
    NewCell { x, w: 4, h: 3, ..NewCell::default() }
}

pub(crate) async fn life(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let new = NewDashboard { cells: vec![at(4), at(0)], ..new_dashboard(org.id, user.id, "board") };
    let made = c.create_dashboard(new).await.unwrap();
    assert_eq!(made.cells.iter().map(|cell| cell.x).collect::<Vec<_>>(), [4, 0]);
    assert_eq!(c.find_dashboard(made.id).await.unwrap(), made);
    w.pass(1);
    let update = DashboardUpdate { name: None, description: Some("of things".into()) };
    let changed = c.update_dashboard(made.id, update).await.unwrap();
    assert_eq!((changed.name.as_str(), changed.cells.len()), ("board", 2));
    assert!(changed.updated_at > made.updated_at);
    let nothing = c.update_dashboard(made.id, DashboardUpdate::default()).await;
    refused(nothing, Invalid, "must update at least one attribute");
    let lost = c.create_dashboard(new_dashboard(nobody(), user.id, "x")).await;
    refused(lost, NotFound, "organization not found");
    let kind = ResourceType::Dashboards;
    c.add_member(kind, made.id, user.id, Role::Member).await.unwrap();
    c.delete_dashboard(made.id).await.unwrap();
    assert_eq!(c.list_members(made.id, Role::Member).await.unwrap(), []);
    refused(c.delete_dashboard(made.id).await, NotFound, "dashboard not found");
    refused(c.find_view(made.id, made.cells[0].id).await, NotFound, "dashboard not found");
}

pub(crate) async fn lists(w: World) {
    let c = &w.catalog;
    let (org, other) = (w.org("acme").await, w.org("else").await);
    let (ann, bob) = (w.user("ann").await, w.user("bob").await);
    let mut ids = Vec::new();
    for (name, owner) in [("b", ann.id), ("c", bob.id), ("a", ann.id)] {
        w.pass(1);
        ids.push(c.create_dashboard(new_dashboard(org.id, owner, name)).await.unwrap().id);
    }
    c.create_dashboard(new_dashboard(other.id, ann.id, "d")).await.unwrap();
    w.pass(1);
    c.add_cell(ids[0], at(0)).await.unwrap();
    let list = async |filter: DashboardFilter, paging: Paging| {
        let found = c.list_dashboards(&filter, &paging).await.unwrap();
        found.iter().map(|found| found.name.clone()).collect::<String>()
    };
    let of_org = |order| DashboardFilter { org_id: Some(org.id), order, ..Default::default() };
    use DashboardOrder::{CreatedAt, Id, Name, UpdatedAt};
    // An organization's are not paged.
    assert_eq!(list(of_org(Id), page(1, 1)).await, "bca");
    assert_eq!(list(of_org(CreatedAt), page(20, 0)).await, "bca");
    assert_eq!(list(of_org(UpdatedAt), page(20, 0)).await, "cab");
    let down = Paging { descending: true, ..page(20, 0) };
    assert_eq!(list(of_org(Name), down).await, "cba");
    assert_eq!(list(DashboardFilter::default(), page(2, 1)).await, "ca");
    let by_name = DashboardFilter { order: Name, ..Default::default() };
    assert_eq!(list(by_name, page(2, 1)).await, "bc");
    let some = DashboardFilter { ids: vec![ids[2], nobody(), ids[0]], ..Default::default() };
    assert_eq!(list(some, page(20, 0)).await, "ba");
    let of_bob = DashboardFilter { owner_id: Some(bob.id), ..Default::default() };
    assert_eq!(list(of_bob, page(20, 0)).await, "c");
    let elsewhere = DashboardFilter { org: Some("else".into()), ..Default::default() };
    assert_eq!(list(elsewhere, page(20, 0)).await, "d");
    let found = c.list_dashboards(&of_org(Id), &Paging::default()).await.unwrap();
    assert_eq!(found.iter().map(|found| found.cells.len()).collect::<Vec<_>>(), [1, 0, 0]);
}

pub(crate) async fn cells_and_views(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let d = c.create_dashboard(new_dashboard(org.id, user.id, "board")).await.unwrap().id;
    let (a, b) = (c.add_cell(d, at(0)).await.unwrap(), c.add_cell(d, at(4)).await.unwrap());
    let moved = CellUpdate { y: Some(9), ..CellUpdate::default() };
    assert_eq!(c.update_cell(d, a.id, moved).await.unwrap(), Cell { y: 9, ..a.clone() });
    refused(c.update_cell(d, nobody(), moved).await, NotFound, "cell not found");
    refused(c.update_cell(nobody(), a.id, moved).await, NotFound, "dashboard not found");
    let nothing = c.update_cell(d, a.id, CellUpdate::default()).await;
    refused(nothing, Invalid, "must update at least one attribute");

    assert_eq!(c.find_view(d, a.id).await.unwrap(), View::default());
    let text = json!({"shape": "chronograf-v2", "type": "markdown", "note": "n"});
    let properties = ViewProperties::new(&text).unwrap();
    let update = ViewUpdate { name: Some("title".into()), properties: Some(properties.clone()) };
    let view = View { name: "title".into(), properties };
    assert_eq!(c.update_view(d, a.id, update.clone()).await.unwrap(), view);
    refused(c.update_view(d, nobody(), update).await, NotFound, "view not found");
    let nothing = c.update_view(d, a.id, ViewUpdate::default()).await;
    refused(nothing, Invalid, "expected at least one attribute to be updated");

    let placed = c.replace_cells(d, vec![(b.id, at(1)), (a.id, at(2))]).await.unwrap();
    assert_eq!(c.find_dashboard(d).await.unwrap().cells, placed);
    assert_eq!((placed[0].id, &placed[1].view), (b.id, &view));
    let unknown = c.replace_cells(d, vec![(nobody(), at(0))]).await;
    refused(unknown, Conflict, "cannot replace cells that were not already present");
    let twice = c.replace_cells(d, vec![(a.id, at(0)), (a.id, at(0))]).await;
    refused(twice, Invalid, "cannot provide a cell twice");
    c.replace_cells(d, vec![(a.id, at(5))]).await.unwrap();
    refused(c.find_view(d, b.id).await, NotFound, "view not found");
    c.remove_cell(d, a.id).await.unwrap();
    refused(c.remove_cell(d, a.id).await, NotFound, "cell not found");
    assert_eq!(c.find_dashboard(d).await.unwrap().cells, []);
}
