//! Windows put back into one table, where those of one table stand next to each other.
//!
//! `aggregateWindow` cuts tables and puts them together again. In general any two tables may become one, so that all are
//! collected first. But tables that were read from a bucket, or grouped just then, have different keys: what was cut out
//! of one is in one batch, side by side.

use weir_table::{ColumnType, KeyEncoder, TableBatch};

use super::WindowSpec;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::reduced_scan::{ReducedScan, Weighted};
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::duplicate::Duplicate;
use crate::stdlib::universe::fill_empty::FillEmpty;
use crate::stdlib::universe::filter::Filter;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::range::Range;
use crate::tables::aggregate::Aggregate;
use crate::tables::arrange::Arranged;
use crate::tables::select::Selector;

/// Whether tables that get one key by `node`, one window of all times, stand side by side in its input, unless the reads
/// below it have [twins](crate::eval::Context::has_twins).
pub(super) fn side_by_side(node: &Node) -> bool {
    let Some(cut) = below(node, |node| {
        let copies = node.spec_as::<Duplicate>().is_some_and(|d| *d.copy == *"_time");
        copies
            || node.spec_as::<FillEmpty>().is_some()
            || node.spec_as::<Arranged>().is_some()
            || node.spec_as::<Aggregate>().is_some()
            || node.spec_as::<Weighted>().is_some()
            || node.spec_as::<Selector>().is_some()
    }) else {
        return false;
    };
    if !cut.spec_as::<WindowSpec>().is_some_and(|w| *w.start == *"_start" && *w.stop == *"_stop") {
        return false;
    }
    let is_filter = |node: &Node| node.spec_as::<Filter>().is_some();
    let Some(tables) = below(cut, is_filter) else { return false };
    is_read(tables) || tables.spec_as::<Group>().is_some() && below(tables, is_filter).is_some_and(is_read)
}

fn is_read(node: &Node) -> bool {
    node.spec_as::<Scan>().is_some() || node.spec_as::<ReducedScan>().is_some()
}

/// Whether all tables of the input have the same bounds, as far as the plan tells: they come of one range, and are not cut
/// into windows.
pub(super) fn one_range(node: &Node) -> bool {
    let Some(input) = node.input() else { return false };
    let bounded = is_read(input) || input.spec_as::<Range>().is_some();
    bounded || input.spec_as::<WindowSpec>().is_none() && one_range(input)
}

/// The first node below that is none of those passed over.
fn below(node: &Node, passed_over: impl Fn(&Node) -> bool) -> Option<&Node> {
    let mut node = node.input()?;
    while passed_over(node) {
        node = node.input()?;
    }
    Some(node)
}

/// Leaves of `runs`, which ascend, those that differ from the one before by more than their bounds.
pub(super) fn firsts(batch: &TableBatch, runs: &mut Vec<usize>, bounds: [&str; 2]) {
    let keys = batch.key_columns().filter(|c| !bounds.contains(&&*c.label));
    let keys = keys.map(|c| (c.ty, c.data.array())).collect::<Vec<(ColumnType, _)>>();
    let encoder = KeyEncoder::new(keys);
    runs.dedup_by(|run, before| encoder.agree(*before, *run));
}
