//! Rewriting rules, one file a rule. A rule looks at one node and answers another that does the same work better.
//! Rules change no result, and tests run random queries with them on and off; but for those whose namesakes in the
//! reference do, because its storage answers otherwise than its operations. They say what.

mod aggregate_by_time;
mod aggregate_window;
mod chain;
mod ends_of_series;
mod filter_into_scan;
mod first_of_each;
mod force_aggregate;
mod group_keeps_bounds;
mod merge_groups;
mod pivot_into_scan;
mod range_into_scan;
mod reduce;
mod redundant_sort;
mod schema_into_scan;
mod sort_limit;
mod trivial_filter;

use std::collections::HashMap;
use std::sync::Arc;

use super::key_of_read::keep_keys;
use super::order::keep_order;
use super::wanted::keep_wanted;
use super::{Fired, Node};

/// A rewriting rule.
pub trait Rule: Sync {
    /// The name that `planner.disablePhysicalRules` and plans use.
    fn name(&self) -> &'static str;

    /// The node in a better form; `None` if the rule has nothing to say about it. `shared` tells whether a node's
    /// output is used by more than one other node, in which case it must not be swallowed.
    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>>;
}

/// All rules. The first that has something to say about a node is applied.
pub const RULES: &[&dyn Rule] = &[
    &trivial_filter::TrivialFilter,
    &range_into_scan::RangeIntoScan,
    &filter_into_scan::FilterIntoScan,
    &merge_groups::MergeGroups,
    &group_keeps_bounds::GroupKeepsBounds,
    &redundant_sort::RedundantSort,
    &sort_limit::SortLimit,
    &schema_into_scan::TagValuesIntoScan,
    &schema_into_scan::TagKeysIntoScan,
    &schema_into_scan::CardinalityIntoScan,
    &reduce::BareAggregate,
    &reduce::WindowAggregate,
    &reduce::GroupAggregate,
    &reduce::GroupWindowAggregate,
    &aggregate_by_time::AggregateByTime,
    &force_aggregate::ForceAggregate,
    &aggregate_window::AggregateWindow { create_empty: false },
    &aggregate_window::AggregateWindow { create_empty: true },
    &ends_of_series::EndsOfSeries,
    &first_of_each::FirstOfEach,
    &pivot_into_scan::PivotIntoScan,
];

/// The name under which groupings are kept from leaving out columns.
pub const KEEP_WANTED: &str = "WantedColumnsRule";

/// A graph that was rewritten.
#[derive(Debug)]
pub struct Optimized {
    /// The new roots, in the order of the old ones.
    pub roots: Vec<Arc<Node>>,
    /// Which rules were applied, in the order of first use.
    pub fired: Vec<Fired>,
}

/// Rewrites the graph below some roots until no rule applies. Shared nodes stay shared. Names in `disabled` that no rule
/// has are passed over.
pub fn optimize(roots: &[Arc<Node>], disabled: &[String]) -> Optimized {
    let rules: Vec<_> = RULES.iter().filter(|r| !disabled.iter().any(|d| d == r.name())).collect();
    let mut fired = Vec::new();
    let uses = count_uses(roots);
    let mut done: HashMap<usize, Arc<Node>> = HashMap::new();
    // A rewritten node stands for the original, so its uses are the original's.
    let mut rewritten_uses: HashMap<usize, usize> = HashMap::new();
    let mut keep_alive = Vec::new();
    for root in roots {
        let mut stack = vec![(Arc::clone(root), false)];
        while let Some((node, inputs_done)) = stack.pop() {
            let id = address(&node);
            if done.contains_key(&id) {
                continue;
            }
            if !inputs_done {
                stack.push((Arc::clone(&node), true));
                stack.extend(node.inputs.iter().map(|i| (Arc::clone(i), false)));
                continue;
            }
            let inputs: Vec<_> = node.inputs.iter().map(|i| Arc::clone(&done[&address(i)])).collect();
            let changed = inputs.iter().zip(&node.inputs).any(|(a, b)| !Arc::ptr_eq(a, b));
            let mut new = if changed { node.with_inputs(inputs) } else { Arc::clone(&node) };
            while let Some((rule, better)) = {
                let shared = |n: &Arc<Node>| rewritten_uses.get(&address(n)).copied().unwrap_or(1) > 1;
                rules.iter().find_map(|r| Some((r.name(), r.apply(&new, &shared)?)))
            } {
                Fired::count_in(&mut fired, rule, 1);
                keep_alive.push(std::mem::replace(&mut new, better));
            }
            rewritten_uses.insert(address(&new), uses.get(&id).copied().unwrap_or(1));
            done.insert(id, new);
        }
    }
    let mut roots: Vec<_> = roots.iter().map(|r| Arc::clone(&done[&address(r)])).collect();
    if !disabled.iter().any(|d| d == KEEP_WANTED) {
        roots = keep_wanted(&roots);
    }
    Optimized { roots: keep_order(keep_keys(&roots)), fired }
}

fn address(node: &Arc<Node>) -> usize {
    Arc::as_ptr(node) as usize
}

/// How many nodes take each node's output; a root counts once more.
pub(crate) fn count_uses(roots: &[Arc<Node>]) -> HashMap<usize, usize> {
    let mut uses: HashMap<usize, usize> = HashMap::new();
    let mut stack: Vec<_> = Vec::new();
    for root in roots {
        let n = uses.entry(address(root)).or_default();
        *n += 1;
        if *n == 1 {
            stack.push(Arc::clone(root));
        }
    }
    while let Some(node) = stack.pop() {
        for input in &node.inputs {
            let n = uses.entry(address(input)).or_default();
            *n += 1;
            if *n == 1 {
                stack.push(Arc::clone(input));
            }
        }
    }
    uses
}
