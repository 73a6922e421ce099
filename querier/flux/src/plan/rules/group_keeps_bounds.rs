//! `group(mode: "by")` straight over a scan keeps `_start` and `_stop` in the group key.
//!
//! The reference groups such tables in its storage engine, whose tables always have the bounds in the key; grouping
//! elsewhere does not add them. Users see the difference, so it is kept.

use std::sync::Arc;

use super::Rule;
use crate::exec::Order;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::group::Group;

/// See the module.
pub(super) struct GroupKeepsBounds;

impl Rule for GroupKeepsBounds {
    fn name(&self) -> &'static str {
        "PushDownGroupRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let group = node.spec_as::<Group>()?;
        let input = node.input()?;
        input.spec_as::<Scan>()?;
        let done =
            group.columns.iter().any(|c| &**c == "_start") && group.columns.iter().any(|c| &**c == "_stop");
        let unstorable = group.columns.iter().any(|c| matches!(&**c, "_time" | "_value"));
        if group.except || done || unstorable || shared(input) {
            return None;
        }
        let mut columns = group.columns.clone();
        for label in ["_start", "_stop"] {
            if !columns.iter().any(|c| &**c == label) {
                columns.push(label.into());
            }
        }
        let group = Group { except: false, columns, wanted: None, order: Order::Keys };
        Some(Node::new(group, vec![Arc::clone(input)], node.location.clone()))
    }
}
