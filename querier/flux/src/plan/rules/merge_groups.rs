//! `group |> group`: only the last grouping counts.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::universe::group::Group;

/// Drops a grouping whose tables go straight into another. Rows then keep the order they had before the first, as in
/// the reference, which merges such groupings too.
pub(super) struct MergeGroups;

impl Rule for MergeGroups {
    fn name(&self) -> &'static str {
        "MergeGroupRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        node.spec_as::<Group>()?;
        let inner = node.input()?;
        inner.spec_as::<Group>()?;
        if shared(inner) {
            return None;
        }
        Some(node.with_inputs(inner.inputs.clone()))
    }
}
