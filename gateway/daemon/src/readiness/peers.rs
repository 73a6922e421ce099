//! Other processes: enough of them must have been there once. Later a gateway without them is better asked than not
//! found, since it says what is missing.

use std::time::Duration;

use weir_catalog::{Catalog, NodeRole};

use super::Need;
use crate::cluster::{ALIVE, BEAT};

/// Puts down how many ingesters there are; tells whether they are enough for a write to be acknowledged.
pub(crate) fn ingesters_met(need: &Need, running: usize, replication: usize) -> bool {
    let needed = replication.max(1) / 2 + 1;
    if running >= needed {
        need.met();
        return true;
    }
    need.missing(format!("{running} of {needed} ingesters that a write needs have joined"));
    false
}

/// Looks until there is a querier.
pub(crate) async fn meet_queriers(catalog: Catalog, need: Need) {
    let mut pause = BEAT / 4;
    loop {
        match catalog.live_nodes(NodeRole::Querier, ALIVE).await {
            Ok(nodes) if !nodes.is_empty() => {
                need.met();
                return;
            }
            Ok(_) => need.missing("no querier has joined".to_owned()),
            Err(error) => tracing::warn!(%error, "the queriers cannot be looked up"),
        }
        tokio::time::sleep(pause).await;
        pause = Duration::min(pause * 2, BEAT);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::Needs;

    #[test]
    fn a_quorum_is_enough() {
        let needs = Needs::default();
        let need = needs.add("ingesters", "not looked up yet");
        for (running, replication, enough) in
            [(0, 1, false), (1, 1, true), (1, 3, false), (2, 3, true), (3, 3, true)]
        {
            assert_eq!(ingesters_met(&need, running, replication), enough);
            assert_eq!(needs.checks()()[0].missing.is_none(), enough, "{running} of {replication}");
        }
    }
}
