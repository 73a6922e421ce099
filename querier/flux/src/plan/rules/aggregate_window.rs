//! The columns and rows of `aggregateWindow`, in the order that users know.
//!
//! The reference makes one operation of the function when it takes counts, sums or means, and a read when storage can do
//! the work. Both answer columns in orders of their own, and windows in the order of time, whatever order rows come in.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::reduced_scan::Weighted;
use crate::stdlib::universe::duplicate::Duplicate;
use crate::stdlib::universe::fill_empty::FillEmpty;
use crate::stdlib::universe::window::WindowSpec;
use crate::tables::aggregate::{Aggregate, Kind};
use crate::tables::arrange::Arranged;

/// `window |> aggregate |> [fill] |> duplicate(as: "_time") |> window(every: inf)`.
pub(super) struct AggregateWindow {
    /// Whether the shape is that with empty windows.
    pub(super) create_empty: bool,
}

impl Rule for AggregateWindow {
    fn name(&self) -> &'static str {
        if self.create_empty { "AggregateWindowCreateEmptyRule" } else { "AggregateWindowRule" }
    }

    fn apply(&self, node: &Arc<Node>, _shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        node.spec_as::<WindowSpec>().filter(|w| w.is_one_window())?;
        let duplicate = node.input()?.spec_as::<Duplicate>()?;
        if *duplicate.copy != *"_time" || !matches!(&*duplicate.column, "_start" | "_stop") {
            return None;
        }
        let mut below = node.input()?.input()?;
        let filled = below.spec_as::<FillEmpty>().is_some();
        if filled != self.create_empty {
            return None;
        }
        if filled {
            below = below.input()?;
        }
        let read = below.spec_as::<Arranged>().is_some();
        if read {
            below = below.input()?;
        }
        let fits = |a: &Aggregate| matches!(a.kind, Kind::Count | Kind::Sum | Kind::Mean);
        let aggregate = below.spec_as::<Aggregate>().filter(|a| fits(a));
        if aggregate.is_none() && below.spec_as::<Weighted>().is_none() {
            return None;
        }
        let windows = below.input()?;
        let spec = windows.spec_as::<WindowSpec>()?;
        if !read && spec.window.is_none() {
            return None;
        }
        if read {
            // Of a read rows come in the order of their times.
            return Some(Arranged::over(Arc::clone(node), ["_start", "_stop", "_time", "_value"]));
        }
        let cut = Node::new(spec.of_aggregates(), windows.inputs.clone(), windows.location.clone());
        let kind = match aggregate.map(|a| a.kind) {
            // Here values of any type are counted.
            Some(Kind::Count) => Some(Kind::Rows),
            Some(Kind::Sum) if !self.create_empty => Some(Kind::WindowSum),
            _ => None,
        };
        let aggregated = match (aggregate, kind) {
            (Some(aggregate), Some(kind)) => {
                let columns = aggregate.columns.clone();
                Node::new(Aggregate { kind, columns }, vec![cut], below.location.clone())
            }
            _ => below.with_inputs(vec![cut]),
        };
        Some(Arranged::over(upon(node, below, aggregated)?, ["_time"]))
    }
}

/// A chain of nodes from `top` down, with another node in the place of one of them.
fn upon(top: &Arc<Node>, old: &Arc<Node>, new: Arc<Node>) -> Option<Arc<Node>> {
    if Arc::ptr_eq(top, old) {
        return Some(new);
    }
    Some(top.with_inputs(vec![upon(top.input()?, old, new)?]))
}
