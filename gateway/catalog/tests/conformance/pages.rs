use weir_catalog::*;
use weir_model::*;

use crate::world::*;

/// Pages that are read one after the other, and again after a change.
pub(crate) async fn of_dashboards(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let mut ids = Vec::new();
    for name in ["d", "a", "c", "b", "e"] {
        ids.push(c.create_dashboard(new_dashboard(org.id, user.id, name)).await.unwrap().id);
    }
    let listed = async |filter: DashboardFilter, paging: Paging| -> Vec<Id> {
        c.list_dashboards(&filter, &paging).await.unwrap().iter().map(|d| d.id).collect()
    };
    let all = DashboardFilter::default();
    for _ in 0..2 {
        assert_eq!(listed(all.clone(), page(2, 0)).await, ids[..2]);
        assert_eq!(listed(all.clone(), page(2, 2)).await, ids[2..4]);
        assert_eq!(listed(all.clone(), page(2, 4)).await, ids[4..]);
        assert_eq!(listed(all.clone(), page(3, 2)).await, ids[2..]);
    }
    let down = |offset| Paging { descending: true, ..page(2, offset) };
    assert_eq!(listed(all.clone(), down(0)).await, [ids[4], ids[3]]);
    assert_eq!(listed(all.clone(), down(2)).await, [ids[2], ids[1]]);
    let nobodys = DashboardFilter { owner_id: Some(nobody()), ..all.clone() };
    assert_eq!(listed(nobodys, page(2, 2)).await, []);
    c.delete_dashboard(ids[0]).await.unwrap();
    assert_eq!(listed(all.clone(), page(2, 2)).await, ids[3..], "one row less before them");
    w.other().await.delete_dashboard(ids[1]).await.unwrap();
    w.pass(1_000_000_000);
    assert_eq!(listed(all.clone(), page(2, 2)).await, [ids[4]], "also if another process took it");

    let here = DashboardFilter { org_id: Some(org.id), ..all };
    let after = Paging { after: Some(ids[2]), ..page(1, 0) };
    assert_eq!(listed(here.clone(), page(1, 1)).await, ids[2..], "an organization's come all at once");
    assert_eq!(listed(here.clone(), after).await, [ids[3]]);
    let up_to = |most| DashboardFilter { whole_up_to: Some(most), ..here.clone() };
    assert_eq!(listed(up_to(3), page(1, 1)).await, ids[2..]);
    assert_eq!(listed(up_to(2), page(1, 1)).await, [ids[3]], "unless there are too many");
    let by_name = DashboardFilter { order: DashboardOrder::Name, org_id: None, ..here };
    assert_eq!(listed(by_name, page(2, 1)).await, [ids[2], ids[4]]);
}

pub(crate) async fn of_tokens(w: World) {
    let c = &w.catalog;
    let (org, user) = (w.org("acme").await, w.user("ann").await);
    let mut ids = Vec::new();
    for _ in 0..5 {
        let read = vec![Permission::read(Resource::in_org(ResourceType::Buckets, org.id))];
        ids.push(w.token(&org, &user, read).await.0.id);
    }
    let listed = async |paging: Paging| -> Vec<Id> {
        let filter = AuthorizationFilter { org_id: Some(org.id), paging, ..AuthorizationFilter::default() };
        c.list_authorizations(&filter).await.unwrap().iter().map(|found| found.id).collect()
    };
    assert_eq!(listed(Paging::default()).await, ids);
    assert_eq!(listed(page(2, 1)).await, ids[1..3]);
    assert_eq!(listed(Paging { after: Some(ids[1]), ..page(2, 0) }).await, ids[2..4]);
    assert_eq!(listed(Paging { descending: true, ..page(2, 0) }).await, [ids[4], ids[3]]);
}
