//! Fields side by side, a row a time, are what storage answers: `pivot` by `_time` and `_field` right behind a read does
//! nothing but to leave them so.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::influxdata::influxdb::wide_scan::WideScan;
use crate::stdlib::universe::pivot::Pivot;

/// See the module.
pub(super) struct PivotIntoScan;

impl Rule for PivotIntoScan {
    fn name(&self) -> &'static str {
        "PushDownPivotRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let pivot = node.spec_as::<Pivot>()?;
        let input = node.input()?;
        let scan = input.spec_as::<Scan>()?;
        if !pivot.is_of_fields() || shared(input) {
            return None;
        }
        Some(Node::new(WideScan(scan.clone()), Vec::new(), input.location.clone()))
    }
}
