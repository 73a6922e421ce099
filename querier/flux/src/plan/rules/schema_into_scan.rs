//! Questions about tags over a bounded read become one question to the storage.
//!
//! `keep([tag]) |> group() |> distinct(tag)` and `keys() |> keep |> distinct` ask so, in scripts as in the functions of
//! `influxdata/influxdb/schema`. Pushed down, the answer is sorted, is one table even if it is
//! empty, and goes by whole shard groups: scripts see the difference, as with the reference's rules of these names.

use std::sync::Arc;

use super::Rule;
use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::CountTables;
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::influxdata::influxdb::schema::{Question, SchemaScan};
use crate::stdlib::universe::column_list::{Project, Which};
use crate::stdlib::universe::column_names::ColumnNames;
use crate::stdlib::universe::distinct::Distinct;
use crate::stdlib::universe::group::Group;

/// The values of a tag.
pub(super) struct TagValuesIntoScan;

/// The keys of tags.
pub(super) struct TagKeysIntoScan;

/// The number of series.
pub(super) struct CardinalityIntoScan;

type Shared<'a> = &'a dyn Fn(&Arc<Node>) -> bool;

/// The only input, if nobody else takes it.
fn own_input<'a>(node: &'a Arc<Node>, shared: Shared<'_>) -> Option<&'a Arc<Node>> {
    node.input().filter(|i| !shared(i))
}

fn ask(node: &Arc<Node>, input: &Arc<Node>, question: Question) -> Option<Arc<Node>> {
    let scan = input.spec_as::<Scan>()?.clone();
    Some(Node::new(SchemaScan { scan, question }, Vec::new(), node.location.clone()))
}

/// Whether the node keeps one column, this one.
fn keeps_only(node: &Node, label: &str) -> bool {
    let Some(Project { keep: true, which: Which::List(list) }) = node.spec_as() else { return false };
    matches!(list.as_slice(), [only] if **only == *label)
}

impl Rule for TagValuesIntoScan {
    fn name(&self) -> &'static str {
        "PushDownReadTagValuesRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: Shared<'_>) -> Option<Arc<Node>> {
        let input = own_input(node, shared)?;
        let tag = &node.spec_as::<Distinct>()?.column;
        if matches!(&**tag, "_time" | "_value" | "_start" | "_stop") {
            return None;
        }
        let group = input.spec_as::<Group>()?;
        let keep = own_input(input, shared)?;
        if group.except || !group.columns.is_empty() || !keeps_only(keep, tag) {
            return None;
        }
        ask(node, own_input(keep, shared)?, Question::TagValues { tag: Arc::clone(tag) })
    }
}

impl Rule for TagKeysIntoScan {
    fn name(&self) -> &'static str {
        "PushDownReadTagKeysRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: Shared<'_>) -> Option<Arc<Node>> {
        let input = own_input(node, shared)?;
        let column = &node.spec_as::<Distinct>()?.column;
        let names = own_input(input, shared)?;
        let keys = names.spec_as::<ColumnNames>()?;
        if !keeps_only(input, column) || !keys.key_only || keys.column != *column || &**column != "_value" {
            return None;
        }
        ask(node, own_input(names, shared)?, Question::TagKeys { column: Arc::clone(column) })
    }
}

impl Rule for CardinalityIntoScan {
    fn name(&self) -> &'static str {
        "PushDownReadSeriesCardinalityRule"
    }

    fn apply(&self, node: &Arc<Node>, shared: Shared<'_>) -> Option<Arc<Node>> {
        node.spec_as::<CountTables>()?;
        ask(node, own_input(node, shared)?, Question::Cardinality)
    }
}
