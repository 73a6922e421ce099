//! `filter(fn: (r) => true)` is left out.

use std::sync::Arc;

use weir_flux_syntax::ast::Expression;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::universe::filter::Filter;

/// See the module.
pub(super) struct TrivialFilter;

impl Rule for TrivialFilter {
    fn name(&self) -> &'static str {
        "RemoveTrivialFilterRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let filter = node.spec_as::<Filter>()?;
        let holds = match filter.function.body()? {
            Expression::Boolean(b) => b.value,
            Expression::Identifier(id) => {
                let scope = &filter.function.function().closure()?.scope;
                id.name == "true" && scope.bound("true").is_none() && filter.function.param() != "true"
            }
            _ => false,
        };
        node.input().filter(|input| holds && !shared(input)).cloned()
    }
}
