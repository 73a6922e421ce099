//! `sort |> sort`: rows that are in order already are not sorted again.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::universe::filter::Filter;
use crate::stdlib::universe::limit::Limit;
use crate::stdlib::universe::sort::Sort;
use crate::stdlib::universe::tail::Tail;

/// Drops a sort by columns that the rows were sorted by last, the first of them at least, if nothing in between changes
/// the order.
pub(super) struct RedundantSort;

impl Rule for RedundantSort {
    fn name(&self) -> &'static str {
        "universe/RemoveRedundantSort"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let sort = node.spec_as::<Sort>().filter(|s| s.limit.is_none())?;
        let input = node.input()?;
        let mut below = input;
        while keeps_order(below) {
            below = below.input()?;
        }
        let earlier = below.spec_as::<Sort>()?;
        let in_order = earlier.desc == sort.desc && earlier.columns.starts_with(&sort.columns);
        (in_order && !sort.columns.is_empty() && !shared(input)).then(|| Arc::clone(input))
    }
}

fn keeps_order(node: &Node) -> bool {
    node.spec_as::<Filter>().is_some()
        || node.spec_as::<Limit>().is_some()
        || node.spec_as::<Tail>().is_some()
}
