//! A scan whose tables have a column a field. Scripts don't call it; a rule makes it of a pivot.

use super::scan::Scan;
use crate::error::Result;
use crate::exec::{BoxOperator, Run};
use crate::plan::{Bounds, Node, Spec};
use crate::scan_tables::TableForm;

/// The scan.
#[derive(Debug, Clone)]
pub(crate) struct WideScan(pub(crate) Scan);

impl Spec for WideScan {
    fn name(&self) -> &'static str {
        "ReadRangePivoted"
    }

    fn details(&self) -> String {
        self.0.details()
    }

    fn bounds(&self, inputs: &[Option<Bounds>]) -> Option<Bounds> {
        self.0.bounds(inputs)
    }

    fn validate(&self, node: &Node) -> Result<()> {
        self.0.validate(node)
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(self.0.read(run, TableForm::Wide))
    }
}
