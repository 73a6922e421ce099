//! Operations that need no row of a series but its first or last read no others: `limit(n: 1)`, `tail(n: 1)`, the
//! newest or oldest row by a sort, selectors by another column than the value, and `unique` and `distinct` of a tag.

use std::sync::Arc;

use weir_batch::ScanWindows;

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

/// Which row of each series is needed, and what of it.
struct Needs {
    which: Kind,
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
        let input = chain.reduced(ScanWindows::Whole, What::Select(needs.which), needs.times);
        Some(node.with_inputs(vec![input]))
    }
}

fn needs(node: &Node) -> Option<Needs> {
    let rows = |which| Some(Needs { which, by_time: false, times: true });
    let newest =
        |last| Some(Needs { which: if last { Kind::Last } else { Kind::First }, by_time: true, times: true });
    let stored = |column: &str| matches!(column, "_value" | "_time");
    if let Some(limit) = node.spec_as::<Limit>() {
        return if limit.n == 1 && limit.offset == 0 { rows(Kind::First) } else { None };
    }
    if let Some(tail) = node.spec_as::<Tail>() {
        return if tail.n == 1 && tail.offset == 0 { rows(Kind::Last) } else { None };
    }
    if let Some(sort) = node.spec_as::<Sort>() {
        // Of a series no two rows have one time, so other columns decide between the newest rows of series only.
        let by_time = sort.columns.first().is_some_and(|c| **c == *"_time");
        return if by_time && sort.limit == Some(1) { newest(sort.desc) } else { None };
    }
    if let Some(selector) = node.spec_as::<Selector>() {
        return match (selector.kind, &*selector.column) {
            (Kind::Min, "_time") => newest(false),
            (Kind::Max, "_time") => newest(true),
            (kind @ (Kind::First | Kind::Last), column) if column != "_value" => rows(kind),
            _ => None,
        };
    }
    if let Some(unique) = node.spec_as::<Unique>() {
        return if stored(&unique.column) { None } else { rows(Kind::First) };
    }
    let distinct = node.spec_as::<Distinct>()?;
    (!stored(&distinct.column)).then_some(Needs { which: Kind::First, by_time: false, times: false })
}
