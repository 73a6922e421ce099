//! `from |> range` becomes a bounded read.

use std::sync::Arc;

use weir_batch::Predicate;

use super::Rule;
use crate::plan::Node;
use crate::scan_tables::TableOrder;
use crate::stdlib::influxdata::influxdb::From;
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::range::Range;

/// See the module.
pub(super) struct RangeIntoScan;

impl Rule for RangeIntoScan {
    fn name(&self) -> &'static str {
        "PushDownRangeRule"
    }

    /// Applies to a shared `from` too: each range reads for itself, since `from` alone cannot run.
    fn apply(&self, node: &Arc<Node>, _shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let range = node.spec_as::<Range>()?;
        let input = node.input()?;
        if !range.has_default_columns() {
            return None;
        }
        if let Some(from) = input.spec_as::<From>() {
            let scan = Scan {
                from: from.clone(),
                bounds: range.bounds,
                predicate: Predicate::TRUE,
                order: TableOrder::Any,
                ends: None,
            };
            return Some(Node::new(scan, Vec::new(), node.location.clone()));
        }
        None
    }
}
