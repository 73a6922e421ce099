//! From nodes to operators.

use std::collections::HashMap;
use std::sync::Arc;

use super::metered::Metered;
use super::shared::SharedSource;
use super::{BoxOperator, Run};
use crate::error::{FluxError, Result};
use crate::plan::{Node, rules::count_uses};

/// Opens one operator for each root. A node that is used more than once is opened once and shared.
///
/// # Errors
/// What a spec answers when it is opened.
pub fn open_all(roots: &[Arc<Node>], run: &Run) -> Result<Vec<BoxOperator>> {
    let uses = count_uses(roots);
    let mut shared: HashMap<usize, SharedSource> = HashMap::new();
    let mut opened: HashMap<usize, BoxOperator> = HashMap::new();
    let mut out = Vec::with_capacity(roots.len());
    for root in roots {
        // Post-order over an explicit stack: a script may chain more calls than the thread's stack has room for.
        let mut stack = vec![(Arc::clone(root), false)];
        while let Some((node, inputs_done)) = stack.pop() {
            let id = Arc::as_ptr(&node) as usize;
            if shared.contains_key(&id) || opened.contains_key(&id) {
                continue;
            }
            if !inputs_done {
                stack.push((Arc::clone(&node), true));
                stack.extend(node.inputs.iter().map(|i| (Arc::clone(i), false)));
                continue;
            }
            let mut inputs = Vec::with_capacity(node.inputs.len());
            for input in &node.inputs {
                inputs.push(take(input, &shared, &mut opened)?);
            }
            let operator = Metered::over(node.spec.open(inputs, run, &node)?, run);
            let operator = match run.context.profile() {
                Some(profile) => profile.watch(operator, &node),
                None => operator,
            };
            if uses.get(&id).copied().unwrap_or(1) > 1 {
                shared.insert(id, SharedSource::new(operator, run));
            } else {
                opened.insert(id, operator);
            }
        }
        out.push(take(root, &shared, &mut opened)?);
    }
    Ok(out)
}

fn take(
    node: &Arc<Node>,
    shared: &HashMap<usize, SharedSource>,
    opened: &mut HashMap<usize, BoxOperator>,
) -> Result<BoxOperator> {
    let id = Arc::as_ptr(node) as usize;
    match shared.get(&id) {
        Some(source) => Ok(source.reader()),
        None => opened.remove(&id).ok_or_else(|| FluxError::internal("an operator was opened twice")),
    }
}
