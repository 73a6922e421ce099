//! `… |> min |> [fill] |> duplicate(as: "_time")`: nobody sees the selected rows' times, so they are not read.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::reduced_scan::ReducedScan;
use crate::stdlib::universe::duplicate::Duplicate;
use crate::stdlib::universe::fill_empty::FillEmpty;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::window::WindowSpec;
use crate::tables::select::{self, Selector};

/// See the module. Rollups know least and greatest values, but not when they were.
pub(super) struct AggregateByTime;

impl Rule for AggregateByTime {
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
        if !matches!(selector.kind, select::Kind::Min | select::Kind::Max) || *selector.column != *"_value" {
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
