//! Plans as text: what profilers show, and what tests of rules compare.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Bounds, Node};

/// How deep a plan is indented; deeper operations stand below each other.
const DEEPEST: usize = 64;

/// An operation a line: its name and its parameters; what it takes its tables from stands below it, one step to the
/// right. An operation that two take from is written out once, and is `…` where it stands again.
pub fn describe(roots: &[Arc<Node>]) -> String {
    let mut text = String::new();
    let mut seen = HashSet::new();
    for root in roots {
        let mut stack = vec![(Arc::clone(root), 0usize)];
        while let Some((node, depth)) = stack.pop() {
            let again = !seen.insert(Arc::as_ptr(&node) as usize);
            text.push_str(&"  ".repeat(depth.min(DEEPEST)));
            text.push_str(node.spec.name());
            let details = if again { "…".to_owned() } else { node.spec.details() };
            if !details.is_empty() {
                text.push(' ');
                text.push_str(&details);
            }
            text.push('\n');
            if !again {
                stack.extend(node.inputs.iter().rev().map(|i| (Arc::clone(i), depth + 1)));
            }
        }
    }
    text
}

/// Bounds as a half-open range of times.
pub(crate) fn range(bounds: Bounds) -> String {
    let time = weir_table::time::format_rfc3339;
    format!("[{}, {})", time(bounds.start), time(bounds.stop))
}

/// Labels as a list.
pub(crate) fn labels(labels: &[Arc<str>]) -> String {
    format!("[{}]", labels.join(", "))
}
