//! Time bounds of streams.

use std::collections::HashMap;
use std::sync::Arc;

use super::Node;

/// A half-open range of time, nanoseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// The first nanosecond.
    pub start: i64,
    /// The first nanosecond past the end.
    pub stop: i64,
}

impl Bounds {
    /// The times in both.
    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        Self { start: self.start.max(other.start), stop: self.stop.min(other.stop) }
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), stop: self.stop.max(other.stop) }
    }

    /// Whether no time is inside.
    pub fn is_empty(self) -> bool {
        self.start >= self.stop
    }
}

/// The bounds of a node's output, found from its sources up. `seen` remembers nodes, by address, between calls.
pub fn bounds_of(node: &Arc<Node>, seen: &mut HashMap<usize, Option<Bounds>>) -> Option<Bounds> {
    let mut stack = vec![(Arc::clone(node), false)];
    while let Some((node, inputs_done)) = stack.pop() {
        let id = Arc::as_ptr(&node) as usize;
        if seen.contains_key(&id) {
            continue;
        }
        if inputs_done {
            let inputs: Vec<_> =
                node.inputs.iter().map(|i| seen.get(&(Arc::as_ptr(i) as usize)).copied().flatten()).collect();
            seen.insert(id, node.spec.bounds(&inputs));
        } else {
            stack.push((Arc::clone(&node), true));
            stack.extend(node.inputs.iter().map(|i| (Arc::clone(i), false)));
        }
    }
    seen.get(&(Arc::as_ptr(node) as usize)).copied().flatten()
}
