//! `scan |> window |> selector |> [fill]` for `aggregateWindow` with empty windows: users see one change, which is the
//! reference's. Its storage answers no times of selected values then, so there are none beside another column of times.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::reduced_scan::ReducedScan;
use crate::stdlib::universe::column_list::{Project, Which};
use crate::stdlib::universe::duplicate::Duplicate;
use crate::stdlib::universe::fill_empty::FillEmpty;
use crate::stdlib::universe::window::WindowSpec;
use crate::tables::select::{Kind, Selector};

/// See the module.
pub(super) struct ForceAggregate;

impl Rule for ForceAggregate {
    fn name(&self) -> &'static str {
        "PushDownWindowForceAggregateRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let duplicate = node.spec_as::<Duplicate>()?;
        let fill = node.input()?;
        fill.spec_as::<FillEmpty>()?;
        let selector = fill.input()?;
        let windows = selector.input()?;
        let selects = |s: &Selector| matches!(s.kind, Kind::First | Kind::Last | Kind::Min | Kind::Max);
        let pushed = selector.spec_as::<Selector>().is_some_and(selects)
            && windows.spec_as::<WindowSpec>().is_some_and(WindowSpec::is_plain)
            && windows.input()?.spec_as::<ReducedScan>().is_some();
        // A column of times of the same name takes their place anyway.
        if !pushed || shared(fill) || *duplicate.copy == *"_time" && *duplicate.column != *"_time" {
            return None;
        }
        let times = Project { keep: false, which: Which::List(vec!["_time".into()]) };
        let without = Node::new(times, vec![Arc::clone(fill)], node.location.clone());
        Some(node.with_inputs(vec![without]))
    }
}
