//! `first` and `last` of groups that were read as such: by time. Scripts don't call it; a rule makes it.
//!
//! Elsewhere the first row of a table is the one that stands first. The reference's storage, which groups for itself, goes
//! by time there: of several newest rows it takes the one that stands last.

use weir_table::Ints;

use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Run};
use crate::plan::{KeyUse, Node, Spec};
use crate::tables::per_tables;
use crate::tables::select::{Kind, selected, take_picked};

/// The oldest row of each table ([`Kind::First`]), or the newest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupSelector(pub(crate) Kind);

impl Spec for GroupSelector {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn key(&self) -> KeyUse {
        KeyUse::Kept
    }

    fn details(&self) -> String {
        "by time".to_owned()
    }

    fn open(&self, inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let first = self.0 == Kind::First;
        per_tables(inputs, run, node, move |batch| {
            let (_, times) = selected(&batch, "_time")?;
            let times = Ints::of(&times).ok_or_else(|| FluxError::internal("times are no integers"))?;
            let times = times.0.values();
            let pick = |run: usize| {
                batch.run(run).reduce(|best, row| {
                    let better = if first { times[row] < times[best] } else { times[row] >= times[best] };
                    if better { row } else { best }
                })
            };
            let picked = (0..batch.runs()).map(pick).collect();
            Ok(Some(take_picked(&batch, picked)))
        })
    }
}
