//! The first rows of a group are among the first rows of its tables: `group |> limit` and `group |> sort |> limit` (so
//! `top` and `bottom`) take few rows of each series before they come together.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::filter::Filter;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::limit::Limit;
use crate::stdlib::universe::sort::Sort;

/// See the module. The operation stays where it is, and stands before the grouping too.
pub(super) struct FirstOfEach;

impl Rule for FirstOfEach {
    fn name(&self) -> &'static str {
        "FirstOfEachTableRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let first = of_each(node)?;
        let group = node.input().filter(|group| !shared(group))?;
        // Rows of one table must stay together.
        group.spec_as::<Group>().filter(|g| !g.is_key("_value") && !g.is_key("_time"))?;
        // Stored values are ordered whatever else is there: none of them is NaN. An operation that stands here already
        // is no read.
        let tables = group.input().filter(|tables| !shared(tables))?;
        let mut source = tables;
        while source.spec_as::<Filter>().is_some() {
            source = source.input()?;
        }
        source.spec_as::<Scan>()?;
        let first = first(node, Arc::clone(tables));
        Some(node.with_inputs(vec![group.with_inputs(vec![first])]))
    }
}

/// What makes an operation like a node's on other tables.
type Remake = fn(&Node, Arc<Node>) -> Arc<Node>;

/// Makes the operation that takes of each table what the node may take of it.
fn of_each(node: &Node) -> Option<Remake> {
    if let Some(limit) = node.spec_as::<Limit>() {
        if limit.n == 0 {
            return None;
        }
        return Some(|node, tables| {
            let n = node.spec_as::<Limit>().map_or(usize::MAX, |l| l.n.saturating_add(l.offset));
            Node::new(Limit { n, offset: 0 }, vec![tables], node.location.clone())
        });
    }
    node.spec_as::<Sort>()?.limit.filter(|n| *n > 0)?;
    Some(|node, tables| node.with_inputs(vec![tables]))
}
