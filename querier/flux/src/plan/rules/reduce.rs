//! Aggregates and selectors over a bounded read are summed up where the rows are read. Four rules, by what stands
//! between the read and the aggregate; the names are those of the reference's rules for the same shapes.

use std::sync::Arc;

use weir_batch::ScanWindows;
use weir_table::window::Window;

use super::Rule;
use super::chain::Chain;
use crate::plan::{Bounds, Node};
use crate::stdlib::influxdata::influxdb::group_selector::GroupSelector;
use crate::stdlib::influxdata::influxdb::reduced_scan::{Weighted, What};
use crate::stdlib::universe::window::WindowSpec;
use crate::tables::aggregate::{Aggregate, Kind};
use crate::tables::arrange::Arranged;
use crate::tables::select::{self, Selector};

/// `scan |> aggregate`: one row a series.
pub(super) struct BareAggregate;

/// `scan |> window |> aggregate`: one row a series and window.
pub(super) struct WindowAggregate;

/// `scan |> group |> aggregate`: one row a series, which the grouping puts together.
pub(super) struct GroupAggregate;

/// `scan |> group |> window |> aggregate`: one row a series and window, which the grouping puts together.
pub(super) struct GroupWindowAggregate;

/// More windows than this that months or zones make are not written down.
const WINDOWS: usize = 100_000;

type Shared<'a> = &'a dyn Fn(&Arc<Node>) -> bool;

impl Rule for BareAggregate {
    fn name(&self) -> &'static str {
        "PushDownBareAggregateRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: Shared<'_>) -> Option<Arc<Node>> {
        let (what, chain) = (wanted(node)?, Chain::below(node, shared)?);
        if chain.window.is_some() || chain.is_grouped() || !chain.has_value() {
            return None;
        }
        let what = if what == What::Count && !chain.merges() { What::Total } else { what };
        let out = over(node, what, &chain, ScanWindows::Whole);
        Some(if chain.is_plain() { as_read(out, what, &[]) } else { out })
    }
}

impl Rule for WindowAggregate {
    fn name(&self) -> &'static str {
        "PushDownWindowAggregateRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: Shared<'_>) -> Option<Arc<Node>> {
        let (what, chain) = (wanted(node)?, Chain::below(node, shared)?);
        let windows = windows(chain.window?, chain.scan.bounds)?;
        if chain.is_grouped() || !chain.has_value() || !chain.has_time() {
            return None;
        }
        // Only reads of the reference answer nothing of the empty window beside that of all times.
        if chain.window.is_some_and(WindowSpec::is_all_of_time) && (!chain.is_plain() || what == What::Spread)
        {
            return None;
        }
        let what = if what == What::Count && !chain.merges() { What::Total } else { what };
        let plain =
            chain.is_plain() && chain.window.is_some_and(|w| w.window.as_ref().is_some_and(Window::is_plain));
        let out = over(node, what, &chain, windows);
        Some(if plain { as_read(out, what, &[]) } else { out })
    }
}

impl Rule for GroupAggregate {
    fn name(&self) -> &'static str {
        "PushDownGroupAggregateRule"
    }

    /// Changes what users see in two ways, as the reference's rule does: rows of different types are counted
    /// together, and the first and last of a group go by time, not by the order of its rows.
    fn apply(&self, node: &Arc<Node>, shared: Shared<'_>) -> Option<Arc<Node>> {
        let (what, chain) = (wanted(node)?, Chain::below(node, shared)?);
        if chain.window.is_some() || !chain.is_grouped() {
            return None;
        }
        let Some(group) = chain.pushed_group() else {
            return Some(over(node, what, &chain, ScanWindows::Whole));
        };
        match what {
            What::Count => {
                let out = over(node, What::Total, &chain, ScanWindows::Whole);
                Some(as_read(out, What::Total, &group.columns))
            }
            What::Sum => Some(as_read(over(node, what, &chain, ScanWindows::Whole), what, &group.columns)),
            What::Select(kind @ (select::Kind::First | select::Kind::Last)) => {
                let input = chain.reduced(ScanWindows::Whole, what, true);
                Some(Node::new(GroupSelector(kind), vec![input], node.location.clone()))
            }
            what => Some(over(node, what, &chain, ScanWindows::Whole)),
        }
    }
}

impl Rule for GroupWindowAggregate {
    fn name(&self) -> &'static str {
        "GroupWindowAggregateTransposeRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: Shared<'_>) -> Option<Arc<Node>> {
        let (what, chain) = (wanted(node)?, Chain::below(node, shared)?);
        let windows = windows(chain.window?, chain.scan.bounds)?;
        let all_of_time = chain.window.is_some_and(WindowSpec::is_all_of_time);
        (chain.is_grouped() && !all_of_time).then(|| over(node, what, &chain, windows))
    }
}

/// The aggregate over what is left of the rows.
fn over(node: &Node, what: What, chain: &Chain<'_>, windows: ScanWindows) -> Arc<Node> {
    let input = chain.reduced(windows, what, matches!(what, What::Select(_)));
    match what {
        What::Total => Node::new(Weighted::Total, vec![input], node.location.clone()),
        What::Count => Node::new(Weighted::Count, vec![input], node.location.clone()),
        What::Mean => Node::new(Weighted::Mean, vec![input], node.location.clone()),
        What::Sum | What::Spread | What::Select(_) => node.with_inputs(vec![input]),
    }
}

/// The aggregate with its columns in the order in which the reference's reads answer them: the bounds, the value, and the
/// rest of the key, of which `columns` go first. Reads of the reference do not do all that ours do.
fn as_read(node: Arc<Node>, what: What, columns: &[Arc<str>]) -> Arc<Node> {
    if !matches!(what, What::Total | What::Sum | What::Mean) {
        return node;
    }
    let rest = columns.iter().map(|c| &**c).filter(|c| !matches!(*c, "_start" | "_stop"));
    Arranged::over(node, ["_start", "_stop", "_value"].into_iter().chain(rest))
}

/// What a node wants of each table, if summaries tell it.
fn wanted(node: &Node) -> Option<What> {
    if let Some(selector) = node.spec_as::<Selector>() {
        return (*selector.column == *"_value").then_some(What::Select(selector.kind));
    }
    let aggregate = node.spec_as::<Aggregate>()?;
    if !matches!(aggregate.columns.as_slice(), [one] if **one == *"_value") {
        return None;
    }
    match aggregate.kind {
        Kind::Count => Some(What::Count),
        Kind::Sum => Some(What::Sum),
        Kind::Mean => Some(What::Mean),
        Kind::Spread => Some(What::Spread),
        _ => None,
    }
}

fn windows(spec: &WindowSpec, bounds: Bounds) -> Option<ScanWindows> {
    if *spec.time != *"_time" || *spec.start != *"_start" || *spec.stop != *"_stop" {
        return None;
    }
    let Some(window) = &spec.window else { return Some(ScanWindows::Whole) };
    if !window.is_tiling() {
        return None;
    }
    if let Some((every, offset)) = window.fixed() {
        return Some(ScanWindows::Every { every, offset });
    }
    let indices = window.overlapping(bounds.start, bounds.stop);
    if usize::try_from(indices.end - indices.start).ok()? > WINDOWS {
        return None;
    }
    let mut out: Vec<i64> = Vec::new();
    for index in indices {
        let (start, stop) = window.bounds(index).ok()?;
        // Where a clock is set back, windows may overlap or leave gaps.
        if out.is_empty() {
            out.push(start);
        }
        if out[out.len() - 1] != start || stop <= start {
            return None;
        }
        out.push(stop);
    }
    (out.len() > 1).then(|| ScanWindows::Bounds(out.into()))
}
