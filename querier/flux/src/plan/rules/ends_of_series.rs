//! Operations that need no row of a series but its first or last read no others: `limit`, `tail`, the newest or oldest
//! rows by a sort, selectors by another column than the value, and `unique` and `distinct` of a tag.

use std::sync::Arc;

use weir_batch::{Ends, ScanWindows};

use super::Rule;
use super::chain::Chain;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::reduced_scan::What;
use crate::stdlib::universe::distinct::Distinct;
use crate::stdlib::universe::limit::Limit;
use crate::stdlib::universe::sort::Sort;
use crate::stdlib::universe::tail::Tail;
use crate::stdlib::universe::unique::Unique;
use crate::tables::select::{Kind, Selector};

/// See the module. The operation stays where it is, over fewer rows.
pub(super) struct EndsOfSeries;

/// Which rows of each series are needed, and what of them.
struct Needs {
    which: Kind,
    rows: usize,
    /// Whether the operation goes by the rows' times.
    by_time: bool,
    /// Whether times are of the operation's output.
    times: bool,
}

impl Rule for EndsOfSeries {
    fn name(&self) -> &'static str {
        "PushDownEndsOfSeriesRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Arc<Node>> {
        let needs = needs(node)?;
        let chain = Chain::below(node, shared)?;
        if chain.window.is_some() || needs.by_time && !chain.has_time() {
            return None;
        }
        let input = match needs.rows {
            1 => chain.reduced(ScanWindows::Whole, What::Select(needs.which), needs.times),
            rows => chain.ended(Ends { rows: rows as u64, last: matches!(needs.which, Kind::Last) }),
        };
        Some(node.with_inputs(vec![input]))
    }
}

fn needs(node: &Node) -> Option<Needs> {
    let few = |which, rows| Some(Needs { which, rows, by_time: false, times: true }).filter(|_| rows > 0);
    let newest = |last, rows| {
        let which = if last { Kind::Last } else { Kind::First };
        Some(Needs { which, rows, by_time: true, times: true }).filter(|_| rows > 0)
    };
    let stored = |column: &str| matches!(column, "_value" | "_time");
    if let Some(limit) = node.spec_as::<Limit>() {
        return few(Kind::First, limit.n.saturating_add(limit.offset));
    }
    if let Some(tail) = node.spec_as::<Tail>() {
        return few(Kind::Last, tail.n.saturating_add(tail.offset));
    }
    if let Some(sort) = node.spec_as::<Sort>() {
        // Of a series no two rows have one time, so other columns decide between the newest rows of series only.
        let by_time = sort.columns.first().is_some_and(|c| **c == *"_time");
        return if by_time { newest(sort.desc, sort.limit?) } else { None };
    }
    if let Some(selector) = node.spec_as::<Selector>() {
        return match (selector.kind, &*selector.column) {
            (Kind::Min, "_time") => newest(false, 1),
            (Kind::Max, "_time") => newest(true, 1),
            (kind @ (Kind::First | Kind::Last), column) if column != "_value" => few(kind, 1),
            _ => None,
        };
    }
    if let Some(unique) = node.spec_as::<Unique>() {
        return if stored(&unique.column) { None } else { few(Kind::First, 1) };
    }
    let distinct = node.spec_as::<Distinct>()?;
    (!stored(&distinct.column)).then_some(Needs { which: Kind::First, rows: 1, by_time: false, times: false })
}
