//! `sort |> limit` looks for the first rows only. Users see one change, which is the reference's: a table without rows
//! is not answered, though both functions would leave it.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::universe::limit::Limit;
use crate::stdlib::universe::sort::Sort;

/// See the module.
pub(crate) struct SortLimit;

impl Rule for SortLimit {
    fn name(&self) -> &'static str {
        "SortLimitRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let limit = node.spec_as::<Limit>()?;
        let input = node.input()?;
        let sort = input.spec_as::<Sort>()?;
        if limit.offset != 0 || sort.limit.is_some() || shared(input) {
            return None;
        }
        let first = Sort { limit: Some(limit.n), ..sort.clone() };
        Some(Node::new(first, input.inputs.clone(), input.location.clone()))
    }
}
