//! One operation of a plan.

use std::any::Any;
use std::fmt::Debug;
use std::sync::Arc;

use super::Bounds;
use crate::error::Result;
use crate::eval::Place;
use crate::exec::{BoxOperator, Run};

/// What an operation does: its parameters, and how to run it. One type a table function, in that function's file.
pub trait Spec: Any + Debug + Send + Sync {
    /// The name shown in plans and error messages: the function's.
    fn name(&self) -> &'static str;

    /// Its parameters, as plans show them; nothing by default.
    fn details(&self) -> String {
        String::new()
    }

    /// What its tables have of the group keys of its input's.
    fn key(&self) -> KeyUse {
        KeyUse::Made
    }

    /// Starts the operation over its inputs.
    ///
    /// # Errors
    /// When the parameters make no sense for this run.
    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator>;

    /// The time bounds of the output, given those of the inputs. Most operations pass the first input's on.
    fn bounds(&self, inputs: &[Option<Bounds>]) -> Option<Bounds> {
        inputs.iter().flatten().copied().reduce(Bounds::union)
    }

    /// Whether its tables come in the order of their keys, whatever the order of those it takes.
    fn by_keys(&self) -> bool {
        false
    }

    /// The same operation, whose tables come as their first rows do; `None` if its tables have one order only.
    fn by_appearance(&self) -> Option<Arc<dyn Spec>> {
        None
    }

    /// Whether the operation is worth running for what it does, and not only for its tables: a stream that ends in it
    /// is a result of the script even if nobody asks for it.
    fn has_side_effect(&self) -> bool {
        false
    }

    /// Checks a plan that has been rewritten as far as it goes. `from` without `range` is refused here.
    ///
    /// # Errors
    /// When the operation cannot stand where it stands.
    fn validate(&self, _node: &Node) -> Result<()> {
        Ok(())
    }
}

/// What the tables of an operation have of the group keys of its input's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Their keys are made of their columns.
    Made,
    /// They have the same keys.
    Kept,
    /// They have the same keys, of which their columns are made.
    Shown,
}

/// An operation and the operations whose tables it takes. A node that two others take is run once.
#[derive(Debug)]
pub struct Node {
    /// What it does.
    pub spec: Arc<dyn Spec>,
    /// Where its tables come from.
    pub inputs: Vec<Arc<Node>>,
    /// Where the call stands in the script.
    pub location: Place,
}

impl Node {
    /// A node.
    pub fn new(spec: impl Spec, inputs: Vec<Arc<Self>>, location: Place) -> Arc<Self> {
        Arc::new(Self { spec: Arc::new(spec), inputs, location })
    }

    /// The spec, if it is of this type.
    pub fn spec_as<T: Spec>(&self) -> Option<&T> {
        let any: &dyn Any = &*self.spec;
        any.downcast_ref()
    }

    /// The only input, if there is exactly one.
    pub fn input(&self) -> Option<&Arc<Self>> {
        match &*self.inputs {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The same operation over other inputs.
    pub fn with_inputs(&self, inputs: Vec<Arc<Self>>) -> Arc<Self> {
        Arc::new(Self { spec: Arc::clone(&self.spec), inputs, location: self.location.clone() })
    }
}

impl Drop for Node {
    /// Takes long chains apart one by one, so that a script with very many calls cannot exhaust the stack.
    fn drop(&mut self) {
        let mut pending = std::mem::take(&mut self.inputs);
        while let Some(node) = pending.pop() {
            if let Ok(mut node) = Arc::try_unwrap(node) {
                pending.append(&mut node.inputs);
            }
        }
    }
}
