//! Aggregates and selectors of plain windows over a bounded read are summed up where the rows are read.

use std::sync::Arc;

use weir_batch::ScanWindows;

use super::Rule;
use crate::plan::{Bounds, Node};
use crate::stdlib::influxdata::influxdb::reduced_scan::{ReducedScan, Weighted, What};
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::duplicate::Duplicate;
use crate::stdlib::universe::fill_empty::FillEmpty;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::window::WindowSpec;
use crate::tables::aggregate::{Aggregate, Kind};
use crate::tables::select::{self, Selector};

/// `scan |> [group] |> [window] |> aggregate`: the scan answers one row a window.
pub(super) struct AggregateIntoScan;

/// `… |> selector |> duplicate(as: "_time")`: nobody sees the selected rows' times.
pub(super) struct NoTimes;

/// More windows than this that months or zones make are not written down.
const WINDOWS: usize = 100_000;

impl Rule for AggregateIntoScan {
    fn name(&self) -> &'static str {
        "PushDownWindowAggregateRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let what = wanted(node)?;
        let mut chain = Vec::new();
        let mut below = node.input().filter(|i| !shared(i))?;
        let mut window = None;
        if let Some(spec) = below.spec_as::<WindowSpec>() {
            window = Some(spec);
            chain.push(Arc::clone(below));
            below = below.input().filter(|i| !shared(i))?;
        }
        let mut grouped = false;
        if let Some(group) = below.spec_as::<Group>() {
            if group.is_key("_value") || group.is_key("_time") {
                return None;
            }
            grouped = true;
            chain.push(Arc::clone(below));
            below = below.input().filter(|i| !shared(i))?;
        }
        let scan = below.spec_as::<Scan>()?.clone();
        if scan.bounds.is_empty() {
            return None;
        }
        let windows = window.map_or(Some(ScanWindows::Whole), |w| windows(w, scan.bounds))?;
        let times = matches!(what, What::Select(_));
        let reduced = ReducedScan { scan, windows, what, grouped, times };
        let mut input = Node::new(reduced, Vec::new(), below.location.clone());
        for link in chain.iter().rev() {
            input = link.with_inputs(vec![input]);
        }
        Some(match what {
            What::Count => Node::new(Weighted::Count, vec![input], node.location.clone()),
            What::Mean => Node::new(Weighted::Mean, vec![input], node.location.clone()),
            _ => node.with_inputs(vec![input]),
        })
    }
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

impl Rule for NoTimes {
    fn name(&self) -> &'static str {
        "PushDownWindowAggregateByTimeRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let duplicate = node.spec_as::<Duplicate>()?;
        if *duplicate.copy != *"_time" || *duplicate.column == *"_time" {
            return None;
        }
        let mut chain = vec![Arc::clone(node)];
        let mut below = node.input().filter(|i| !shared(i))?;
        if below.spec_as::<FillEmpty>().is_some() {
            chain.push(Arc::clone(below));
            below = below.input().filter(|i| !shared(i))?;
        }
        let selector = below.spec_as::<Selector>()?;
        if !matches!(selector.kind, select::Kind::Min | select::Kind::Max) {
            return None;
        }
        chain.push(Arc::clone(below));
        let window = below.input().filter(|i| !shared(i))?;
        window.spec_as::<WindowSpec>()?;
        chain.push(Arc::clone(window));
        below = window.input().filter(|i| !shared(i))?;
        if below.spec_as::<Group>().is_some() {
            chain.push(Arc::clone(below));
            below = below.input().filter(|i| !shared(i))?;
        }
        let reduced = below.spec_as::<ReducedScan>().filter(|r| r.times)?;
        let mut input =
            Node::new(ReducedScan { times: false, ..reduced.clone() }, Vec::new(), below.location.clone());
        for link in chain.iter().rev() {
            input = link.with_inputs(vec![input]);
        }
        Some(input)
    }
}
