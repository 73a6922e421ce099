//! What may stand between a bounded read and an operation that wants little of its rows.

use std::sync::Arc;

use weir_batch::{Ends, ScanWindows};

use crate::plan::Node;
use crate::stdlib::influxdata::influxdb::reduced_scan::{ReducedScan, What};
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::stdlib::universe::column_list::{Project, Which};
use crate::stdlib::universe::group::Group;
use crate::stdlib::universe::rename::Rename;
use crate::stdlib::universe::set::SetColumns;
use crate::stdlib::universe::window::WindowSpec;

/// `scan |> (group | keep | drop | rename | set)… |> [window] |> operation`: operations that look at no value and no
/// time but to pass them on, so that rows which the operation has no use for need not be there.
pub(super) struct Chain<'a> {
    /// The read.
    pub(super) scan: &'a Scan,
    /// Its node.
    source: &'a Arc<Node>,
    /// The window, if there is one.
    pub(super) window: Option<&'a WindowSpec>,
    /// The node of each operation between the two, the last one first.
    links: Vec<&'a Arc<Node>>,
    /// Columns that are not there any more, or may not be, among `_time` and `_value`.
    lost_time: bool,
    lost_value: bool,
    /// Whether the read's tables are taken elsewhere too.
    pub(super) source_is_shared: bool,
}

impl<'a> Chain<'a> {
    /// What stands below a node; `None` if something stands there that is no such chain, or is taken elsewhere too. The
    /// read alone may be: two reads, of which one is of few rows, cost less than one of all rows that two share.
    pub(super) fn below(node: &'a Arc<Node>, shared: &dyn Fn(&Arc<Node>) -> bool) -> Option<Self> {
        let mut at = node.input()?;
        let (mut links, mut window, mut lost_time, mut lost_value) = (Vec::new(), None, false, false);
        loop {
            if let Some(scan) = at.spec_as::<Scan>() {
                if scan.bounds.is_empty() || scan.ends.is_some() {
                    return None;
                }
                let source_is_shared = shared(at);
                return Some(Self {
                    scan,
                    source: at,
                    window,
                    links,
                    lost_time,
                    lost_value,
                    source_is_shared,
                });
            }
            if shared(at) {
                return None;
            }
            if let Some(group) = at.spec_as::<Group>() {
                if group.is_key("_value") || group.is_key("_time") {
                    return None;
                }
            } else if let Some(project) = at.spec_as::<Project>() {
                let Which::List(list) = &project.which else { return None };
                let keeps = |label: &str| list.iter().any(|l| **l == *label) == project.keep;
                lost_time |= !keeps("_time");
                lost_value |= !keeps("_value");
            } else if let Some(set) = at.spec_as::<SetColumns>() {
                if set.values.iter().any(|(label, ..)| is_special(label)) {
                    return None;
                }
            } else if let Some(rename) = at.spec_as::<Rename>() {
                if rename.pairs()?.iter().any(|(from, to)| is_special(from) || is_special(to)) {
                    return None;
                }
            } else if let Some(spec) = at.spec_as::<WindowSpec>().filter(|_| links.is_empty()) {
                window = Some(spec);
            } else {
                return None;
            }
            links.push(at);
            at = at.input()?;
        }
    }

    /// Whether the operation still finds the rows' values.
    pub(super) fn has_value(&self) -> bool {
        !self.lost_value
    }

    /// Whether the operation still finds the rows' times.
    pub(super) fn has_time(&self) -> bool {
        !self.lost_time
    }

    /// Whether tables of several series may be one table where the operation stands.
    pub(super) fn merges(&self) -> bool {
        self.links.len() > usize::from(self.window.is_some())
    }

    /// Whether nothing but groupings stands there, and at least one.
    pub(super) fn is_grouped(&self) -> bool {
        let links = &self.links[usize::from(self.window.is_some())..];
        !links.is_empty() && links.iter().all(|link| link.spec_as::<Group>().is_some())
    }

    /// Whether nothing but a window stands there, if anything.
    pub(super) fn is_plain(&self) -> bool {
        !self.merges() && !self.source_is_shared
    }

    /// The grouping straight over the read, if that is all there is and the read keeps its bounds under it.
    pub(super) fn pushed_group(&self) -> Option<&'a Group> {
        let [only] = self.links.as_slice() else { return None };
        let bound = |group: &Group| {
            !group.except
                && ["_start", "_stop"].iter().all(|label| group.columns.iter().any(|c| **c == **label))
        };
        only.spec_as::<Group>().filter(|group| !self.source_is_shared && bound(group))
    }

    /// The same operations over a read of less; the result is the operation's new input. `times` tells whether somebody
    /// looks at the times of selected rows.
    pub(super) fn reduced(&self, windows: ScanWindows, what: What, times: bool) -> Arc<Node> {
        // Reads of groups of the reference sum numbers, and pass over what is none.
        let numbers = what == What::Sum && self.window.is_none() && self.pushed_group().is_some();
        let grouped = self.merges();
        let spec = ReducedScan { scan: self.scan.clone(), windows, what, grouped, times, numbers };
        self.over(Node::new(spec, Vec::new(), self.source.location.clone()))
    }

    /// The same operations over a read of few rows of each table; the result is the operation's new input.
    pub(super) fn ended(&self, ends: Ends) -> Arc<Node> {
        let spec = Scan { ends: Some(ends), ..self.scan.clone() };
        self.over(Node::new(spec, Vec::new(), self.source.location.clone()))
    }

    /// The same operations over another read.
    fn over(&self, mut input: Arc<Node>) -> Arc<Node> {
        for link in self.links.iter().rev() {
            input = match link.spec_as::<WindowSpec>().filter(|w| w.is_all_of_time()) {
                Some(window) => Node::new(window.of_rows(), vec![input], link.location.clone()),
                None => link.with_inputs(vec![input]),
            };
        }
        input
    }
}

/// Whether reads treat the column in a way of their own.
fn is_special(label: &str) -> bool {
    matches!(label, "_time" | "_value" | "_start" | "_stop")
}
