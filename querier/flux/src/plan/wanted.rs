//! Which columns of its rows a grouping must keep. Aggregates look at few columns, and to put the others of very many
//! rows together costs more than all else.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::Node;
use super::order::{inputs_first, rebuilt};
use crate::stdlib::universe::distinct::Distinct;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::limit::Limit;
use crate::stdlib::universe::sort::Sort;
use crate::stdlib::universe::tail::Tail;
use crate::stdlib::universe::window::WindowSpec;
use crate::tables::aggregate::Aggregate;

/// Some columns, or all if it is unknown which.
type Wanted = Option<BTreeSet<Arc<str>>>;

/// The same graph, in which each grouping knows what is wanted of its rows.
pub(super) fn keep_wanted(roots: &[Arc<Node>]) -> Vec<Arc<Node>> {
    let nodes = inputs_first(roots);
    // A root's rows are shown as they are.
    let mut above: HashMap<*const Node, Wanted> = roots.iter().map(|r| (Arc::as_ptr(r), None)).collect();
    for node in nodes.iter().rev() {
        let wanted = wanted_by(node, above.get(&Arc::as_ptr(node)).cloned().flatten());
        for input in &node.inputs {
            let both = match (above.remove(&Arc::as_ptr(input)), &wanted) {
                (None, wanted) => wanted.clone(),
                (Some(Some(a)), Some(b)) => Some(&a | b),
                _ => None,
            };
            above.insert(Arc::as_ptr(input), both);
        }
    }
    rebuilt(roots, |node, inputs| {
        let wanted = above.get(&Arc::as_ptr(node)).cloned().flatten()?;
        let group = Group { wanted: Some(wanted.into_iter().collect()), ..node.spec_as::<Group>()?.clone() };
        Some(Node::new(group, std::mem::take(inputs), node.location.clone()))
    })
}

/// What a node wants of its inputs' rows, given what is wanted of its own.
fn wanted_by(node: &Node, above: Wanted) -> Wanted {
    if let Some(aggregate) = node.spec_as::<Aggregate>() {
        return Some(aggregate.columns.iter().cloned().collect());
    }
    if let Some(distinct) = node.spec_as::<Distinct>() {
        return Some([Arc::clone(&distinct.column)].into());
    }
    let mut wanted = above?;
    if let Some(window) = node.spec_as::<WindowSpec>() {
        wanted.extend([&window.time, &window.start, &window.stop].map(Arc::clone));
    } else if let Some(sort) = node.spec_as::<Sort>() {
        wanted.extend(sort.columns.iter().cloned());
    } else if let Some(group) = node.spec_as::<Group>() {
        if group.except {
            return None;
        }
        wanted.extend(group.columns.iter().cloned());
    } else if node.spec_as::<Limit>().is_none() && node.spec_as::<Tail>().is_none() {
        return None;
    }
    Some(wanted)
}
