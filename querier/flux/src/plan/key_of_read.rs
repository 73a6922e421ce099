//! Which operations show the whole group key of tables that the storage grouped.

use std::sync::Arc;

use super::order::rebuilt;
use super::{KeyUse, Node};
use crate::stdlib::influxdata::influxdb::reduced_scan::ReducedScan;
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::window::WindowSpec;
use crate::tables::key_of_read::KeyOfRead;

/// The same graph, in which what is made of the key of tables that the storage grouped has all of it.
pub(super) fn keep_keys(roots: &[Arc<Node>]) -> Vec<Arc<Node>> {
    rebuilt(roots, |node, inputs| {
        if let [input] = inputs.as_mut_slice()
            && node.spec.key() == KeyUse::Shown
            && let Some(keyed) = keyed(input)
        {
            *input = keyed;
        }
        None
    })
}

/// Tables with their whole key, if the storage grouped them.
fn keyed(tables: &Arc<Node>) -> Option<Arc<Node>> {
    if tables.spec_as::<WindowSpec>().is_some_and(WindowSpec::is_of_aggregates) {
        return Some(tables.with_inputs(vec![keyed(tables.input()?)?]));
    }
    let mut at = tables;
    while at.spec.key() == KeyUse::Kept {
        at = at.input()?;
    }
    let group = at.spec_as::<Group>()?;
    let mut read = at.input()?;
    // What takes the first rows of groups stands before the grouping too.
    while read.spec.key() == KeyUse::Kept {
        read = read.input()?;
    }
    let bound = |label: &str| group.columns.iter().any(|c| **c == *label);
    let stored = read.spec_as::<Scan>().is_some() || read.spec_as::<ReducedScan>().is_some();
    if group.except || !stored || !bound("_start") || !bound("_stop") {
        return None;
    }
    // These are never missing.
    let missing =
        |c: &&Arc<str>| !matches!(&***c, "_start" | "_stop" | "_time" | "_value" | "_field" | "_measurement");
    let labels: Vec<Arc<str>> = group.columns.iter().filter(missing).cloned().collect();
    if labels.is_empty() {
        return None;
    }
    Some(Node::new(KeyOfRead(labels), vec![Arc::clone(tables)], tables.location.clone()))
}
