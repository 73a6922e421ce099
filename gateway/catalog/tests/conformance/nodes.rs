use weir_catalog::*;

use crate::world::*;

pub(crate) async fn come_and_go(w: World) {
    let c = &w.catalog;
    c.register_node("i-1", NodeRole::Ingester, "http://one").await.unwrap();
    c.register_node("i-0", NodeRole::Ingester, "http://zero").await.unwrap();
    c.register_node("q-0", NodeRole::Querier, "http://q").await.unwrap();
    let live = async || {
        let nodes = c.live_nodes(NodeRole::Ingester, 10).await.unwrap();
        nodes.into_iter().map(|node| node.name).collect::<Vec<_>>()
    };
    assert_eq!(live().await, ["i-0", "i-1"]);
    w.pass(11);
    assert_eq!(live().await, [""; 0]);
    assert!(c.heartbeat_node("i-1").await.unwrap());
    assert_eq!(live().await, ["i-1"]);
    c.register_node("i-1", NodeRole::Ingester, "http://moved").await.unwrap();
    let all = c.list_nodes(NodeRole::Ingester).await.unwrap();
    assert_eq!(all[1].address, "http://moved");
    assert_eq!(all[1].started_at, c.now());
    c.remove_node("i-1").await.unwrap();
    assert!(!c.heartbeat_node("i-1").await.unwrap());
    assert_eq!(c.list_nodes(NodeRole::Ingester).await.unwrap().len(), 1);
}
