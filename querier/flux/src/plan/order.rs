//! Who sees in which order tables come.
//!
//! Rows of several tables that come together keep their tables' order. For a read that is the order of the reference's
//! storage: by series and field. A read that need not keep to it makes fewer batches, which all that follows is faster
//! for. Many of the reference's operations collect their tables and pass them on by their keys; others pass on
//! each as it comes. Where nobody sees the difference, nothing is put in order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Node;
use crate::scan_tables::TableOrder;
use crate::stdlib::influxdata::influxdb::group_selector::GroupSelector;
use crate::stdlib::influxdata::influxdb::reduced_scan::{ReducedScan, Weighted};
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::influxdata::influxdb::wide_scan::WideScan;
use crate::stdlib::join::tables::Join as JoinTables;
use crate::stdlib::universe::column_list::Project;
use crate::stdlib::universe::duplicate::Duplicate;
use crate::stdlib::universe::fill::Fill;
use crate::stdlib::universe::fill_empty::FillEmpty;
use crate::stdlib::universe::filter::Filter;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::key_values::KeyValues;
use crate::stdlib::universe::limit::Limit;
use crate::stdlib::universe::map::Map;
use crate::stdlib::universe::pivot::Pivot;
use crate::stdlib::universe::reduce::Reduce;
use crate::stdlib::universe::rename::Rename;
use crate::stdlib::universe::set::SetColumns;
use crate::stdlib::universe::sort::Sort;
use crate::stdlib::universe::union::Union;
use crate::stdlib::universe::window::WindowSpec;
use crate::stdlib::universe::yield_::Yield;
use crate::stdlib::{experimental, universe};
use crate::tables::aggregate::{Aggregate, Kind};
use crate::tables::arrange::Arranged;
use crate::tables::key_of_read::KeyOfRead;
use crate::tables::key_order::KeyOrder;
use crate::tables::select::Selector;

/// The same graph, in which each read keeps to the order that those above it see.
pub(super) fn keep_order(roots: Vec<Arc<Node>>) -> Vec<Arc<Node>> {
    let nodes = inputs_first(&roots);
    let mut wanted: HashMap<*const Node, TableOrder> = HashMap::new();
    for node in nodes.iter().rev() {
        let above = wanted.get(&Arc::as_ptr(node)).copied().unwrap_or(TableOrder::Any);
        let order = match seen_by(node) {
            // In whatever order its tables come, they will be put in that of their keys.
            TableOrder::Any if node.spec.by_keys() => TableOrder::Any,
            // What had different types may have one above.
            TableOrder::Any if above > TableOrder::Any && may_retype(node) => TableOrder::SeriesAndField,
            seen => above.max(seen),
        };
        for input in &node.inputs {
            let entry = wanted.entry(Arc::as_ptr(input)).or_insert(TableOrder::Any);
            *entry = order.max(*entry);
        }
    }
    let parts = parts_of_tables(&nodes);
    let arriving = seen_as_they_arrive(&nodes);
    let mut new: HashMap<*const Node, Arc<Node>> = HashMap::new();
    for node in &nodes {
        let order = wanted.get(&Arc::as_ptr(node)).copied().unwrap_or(TableOrder::Any);
        let inputs: Vec<_> = node.inputs.iter().map(|i| Arc::clone(&new[&Arc::as_ptr(i)])).collect();
        let changed = inputs.iter().zip(&node.inputs).any(|(a, b)| !Arc::ptr_eq(a, b));
        if order > TableOrder::Any && !parts.contains(&Arc::as_ptr(node)) && !is_cut_by_storage(node) {
            let by_keys =
                |window: &WindowSpec| Node::new(window.by_keys(), inputs.clone(), node.location.clone());
            let window = node.spec_as::<WindowSpec>().filter(|w| w.window.is_some());
            if let Some(window) = window.map(by_keys) {
                new.insert(Arc::as_ptr(node), window);
                continue;
            }
        }
        if order > TableOrder::Any && !parts.contains(&Arc::as_ptr(node)) && comes_by_keys(node) {
            new.insert(Arc::as_ptr(node), KeyOrder::over(node.with_inputs(inputs)));
            continue;
        }
        let appears = order > TableOrder::Any && arriving.contains(&Arc::as_ptr(node));
        if let Some(spec) = appears.then(|| node.spec.by_appearance()).flatten() {
            let location = node.location.clone();
            new.insert(Arc::as_ptr(node), Arc::new(Node { spec, inputs, location }));
            continue;
        }
        let ordered = (order > TableOrder::Any).then(|| in_order(node, order)).flatten();
        let same = || if changed { node.with_inputs(inputs) } else { Arc::clone(node) };
        new.insert(Arc::as_ptr(node), ordered.unwrap_or_else(same));
    }
    roots.iter().map(|root| Arc::clone(&new[&Arc::as_ptr(root)])).collect()
}

/// Nodes whose tables are put back together by a window of all times before anything else shows their order.
fn parts_of_tables(inputs_first: &[Arc<Node>]) -> HashSet<*const Node> {
    let mut parts = HashSet::new();
    let mut whole = HashSet::new();
    for node in inputs_first.iter().rev() {
        let is_cut = node.spec_as::<WindowSpec>().is_some_and(|w| w.window.is_some());
        let of_parts = parts.contains(&Arc::as_ptr(node)) && !whole.contains(&Arc::as_ptr(node)) && !is_cut;
        let puts_back = node.spec_as::<WindowSpec>().is_some_and(WindowSpec::is_one_window);
        for input in &node.inputs {
            if puts_back || of_parts && seen_by(node) == TableOrder::Any {
                parts.insert(Arc::as_ptr(input));
            } else {
                whole.insert(Arc::as_ptr(input));
            }
        }
    }
    &parts - &whole
}

/// Nodes whose tables another node sees as their first rows arrive: the reference's groups and maps pass on rows as they
/// come, up to the next operation that wants whole tables, which has them in the order of their keys.
fn seen_as_they_arrive(inputs_first: &[Arc<Node>]) -> HashSet<*const Node> {
    let mut seen = HashSet::new();
    for node in inputs_first.iter().rev() {
        let passes_on = !node.spec.by_keys()
            && node.spec_as::<Fill>().is_none()
            && node.spec_as::<FillEmpty>().is_none()
            && node.spec_as::<Sort>().is_none_or(|sort| sort.limit.is_some());
        let groups = node.spec.by_appearance().is_some();
        if groups || passes_on && seen.contains(&Arc::as_ptr(node)) {
            seen.extend(node.inputs.iter().map(Arc::as_ptr));
        }
    }
    seen
}

/// Whether the reference's operation passes its tables on in the order of their keys.
fn comes_by_keys(node: &Node) -> bool {
    let puts_back = node.spec_as::<WindowSpec>().is_some_and(WindowSpec::is_one_window);
    (node.spec.by_keys() || puts_back && !is_fused(node)) && !is_of_storage(node)
}

/// Whether a node answers what the reference's storage does: an aggregate of a read, or windows of such put back.
fn is_of_storage(node: &Node) -> bool {
    let Some(input) = node.input() else { return false };
    let sums = node.spec_as::<Aggregate>().is_some_and(|a| a.kind == Kind::Sum);
    let selects = node.spec_as::<Selector>().is_some_and(|s| *s.column == *"_value");
    if sums || selects {
        return input.spec_as::<ReducedScan>().is_some() || is_cut_by_storage(input);
    }
    let passes_on = node.spec_as::<Duplicate>().is_some()
        || node.spec_as::<WindowSpec>().is_some()
        || node.spec_as::<FillEmpty>().is_some()
        || node.spec_as::<Arranged>().is_some();
    node.spec_as::<Weighted>().is_some() || passes_on && is_of_storage(input)
}

/// Whether a window of all times ends an `aggregateWindow` that the reference computes table by table.
fn is_fused(node: &Node) -> bool {
    let mut below = node.input();
    while let Some(node) = below {
        if let Some(window) = node.spec_as::<WindowSpec>() {
            return window.is_of_aggregates();
        }
        below = node.input();
    }
    false
}

/// Whether a cut into windows is done by the storage, which answers windows table by table.
fn is_cut_by_storage(node: &Node) -> bool {
    node.input().is_some_and(|input| input.spec_as::<ReducedScan>().is_some())
}

/// All nodes, each after those that it takes its tables from.
pub(super) fn inputs_first(roots: &[Arc<Node>]) -> Vec<Arc<Node>> {
    let mut nodes: Vec<Arc<Node>> = Vec::new();
    let mut seen = HashSet::new();
    let mut stack: Vec<_> = roots.iter().map(|root| (Arc::clone(root), false)).collect();
    while let Some((node, inputs_done)) = stack.pop() {
        if inputs_done {
            nodes.push(node);
        } else if seen.insert(Arc::as_ptr(&node)) {
            stack.push((Arc::clone(&node), true));
            stack.extend(node.inputs.iter().map(|i| (Arc::clone(i), false)));
        }
    }
    nodes
}

/// The same graph with each node made anew of its new inputs. `make` may answer `None` for a node that stays what it is.
pub(super) fn rebuilt(
    roots: &[Arc<Node>],
    mut make: impl FnMut(&Arc<Node>, &mut Vec<Arc<Node>>) -> Option<Arc<Node>>,
) -> Vec<Arc<Node>> {
    let mut new: HashMap<*const Node, Arc<Node>> = HashMap::new();
    for node in &inputs_first(roots) {
        let mut inputs: Vec<_> = node.inputs.iter().map(|i| Arc::clone(&new[&Arc::as_ptr(i)])).collect();
        let made = make(node, &mut inputs).unwrap_or_else(|| {
            let same = inputs.iter().zip(&node.inputs).all(|(a, b)| Arc::ptr_eq(a, b));
            if same { Arc::clone(node) } else { node.with_inputs(inputs) }
        });
        new.insert(Arc::as_ptr(node), made);
    }
    roots.iter().map(|root| Arc::clone(&new[&Arc::as_ptr(root)])).collect()
}

/// Whether values may be of other types than in the tables that they come from.
fn may_retype(node: &Node) -> bool {
    node.spec_as::<Map>().is_some() || node.spec_as::<JoinTables>().is_some()
}

/// The order of its input that an operation's output shows.
fn seen_by(node: &Node) -> TableOrder {
    if node.spec_as::<Group>().is_some() {
        // Values of different types cannot come together, so only series can.
        return TableOrder::Series;
    }
    let a_table_each = node.spec.by_keys() && !may_merge(node)
        || node.spec_as::<Filter>().is_some()
        || node.spec_as::<Fill>().is_some()
        || node.spec_as::<FillEmpty>().is_some()
        || node.spec_as::<Limit>().is_some()
        || node.spec_as::<Sort>().is_some()
        || node.spec_as::<WindowSpec>().is_some()
        || node.spec_as::<Arranged>().is_some()
        || node.spec_as::<KeyOfRead>().is_some()
        || node.spec_as::<Yield>().is_some()
        || node.spec_as::<Weighted>().is_some()
        || node.spec_as::<GroupSelector>().is_some()
        // What comes together here is of one group key, or makes a table for each pair of them.
        || node.spec_as::<Union>().is_some()
        || node.spec_as::<universe::join::Join>().is_some()
        || node.spec_as::<JoinTables>().is_some()
        || node.spec_as::<Map>().is_some_and(Map::keeps_tables)
        || node.spec_as::<Duplicate>().is_some_and(|d| *d.copy == *"_time");
    if a_table_each { TableOrder::Any } else { TableOrder::SeriesAndField }
}

/// Whether tables of different keys may become one.
fn may_merge(node: &Node) -> bool {
    node.spec_as::<Reduce>().is_some()
        || node.spec_as::<Pivot>().is_some()
        || node.spec_as::<Project>().is_some()
        || node.spec_as::<Rename>().is_some()
        || node.spec_as::<SetColumns>().is_some()
        || node.spec_as::<experimental::set::Set>().is_some()
        || node.spec_as::<Duplicate>().is_some()
        || node.spec_as::<KeyValues>().is_some()
}

/// The node in order, if it is a read.
fn in_order(node: &Arc<Node>, order: TableOrder) -> Option<Arc<Node>> {
    let at = |scan: &Scan| Scan { order, ..scan.clone() };
    if let Some(scan) = node.spec_as::<Scan>() {
        return Some(Node::new(at(scan), Vec::new(), node.location.clone()));
    }
    if let Some(WideScan(scan)) = node.spec_as::<WideScan>() {
        // Its tables are series.
        let order = order.min(TableOrder::Series);
        return Some(Node::new(WideScan(Scan { order, ..scan.clone() }), Vec::new(), node.location.clone()));
    }
    let reduced = node.spec_as::<ReducedScan>()?;
    let reduced = ReducedScan { scan: at(&reduced.scan), ..reduced.clone() };
    Some(Node::new(reduced, Vec::new(), node.location.clone()))
}
