//! Whether a function fits the columns of a table.
//!
//! The incumbent compiles a function for the types of a table's columns before it looks at any row. So a mistake counts
//! also in a branch that no row takes, and in a table that has no rows: what the function makes of a column must agree
//! with the column's type, and operators must know the types of both sides.

use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use weir_flux_semantic::FieldType;
use weir_table::{Column, ColumnType};

use super::natures;
use crate::error::{FluxError, Result};
use crate::eval::{Context, type_of};
use crate::value::{Closure, Function};

/// Labels and types of columns.
type Schema = Vec<(Arc<str>, ColumnType)>;

/// What a function wants of the columns, found once, and the columns that it was held against last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fit {
    fields: Arc<OnceLock<Vec<(String, FieldType)>>>,
    answers: Arc<OnceLock<Vec<(String, FieldType)>>>,
    last: Arc<Mutex<Schema>>,
}

impl Fit {
    /// Refuses columns that a function of rows, its parameter `row`, does not fit.
    pub(crate) fn check(
        &self,
        function: &Function,
        row: &str,
        columns: &[Column],
        cx: &Context,
    ) -> Result<()> {
        let Some(closure) = function.closure() else { return Ok(()) };
        let mut last = self.last.lock();
        let is_last = !columns.is_empty()
            && last.len() == columns.len()
            && last
                .iter()
                .zip(columns)
                .all(|((label, ty), c)| *ty == c.ty && (Arc::ptr_eq(label, &c.label) || *label == c.label));
        if is_last {
            return Ok(());
        }
        self.fits(closure, row, columns)?;
        natures::check(closure, row, columns, cx)?;
        *last = columns.iter().map(|c| (Arc::clone(&c.label), c.ty)).collect();
        Ok(())
    }

    /// The type that a function gives to a column it answers, if that can be told without rows.
    pub(crate) fn answered(&self, function: &Function, label: &str) -> Option<ColumnType> {
        let closure = function.closure()?;
        let fields =
            self.answers.get_or_init(|| type_of(closure).map(|ty| ty.result_fields()).unwrap_or_default());
        let (_, FieldType::Basic(name)) = fields.iter().find(|(known, _)| known == label)? else {
            return None;
        };
        use ColumnType::{Bool, Float, Int, String, Time, UInt};
        [Bool, Int, UInt, Float, String, Time].into_iter().find(|ty| ty.name() == *name)
    }

    /// Whether the columns have the types that the function's type has for them.
    fn fits(&self, closure: &Closure, row: &str, columns: &[Column]) -> Result<()> {
        let fields =
            self.fields.get_or_init(|| type_of(closure).map(|ty| ty.fields_of(row)).unwrap_or_default());
        let mut variables: Vec<(u32, ColumnType)> = Vec::new();
        for (label, wanted) in fields {
            let Some(column) = columns.iter().find(|c| *c.label == **label) else { continue };
            let wanted = match wanted {
                FieldType::Basic(name) => *name,
                FieldType::Composite(nature) => *nature,
                FieldType::Unknown => continue,
                FieldType::Variable(number) => match variables.iter().find(|(n, _)| n == number) {
                    Some((_, ty)) => ty.name(),
                    None => {
                        variables.push((*number, column.ty));
                        continue;
                    }
                },
            };
            if wanted != column.ty.name() {
                return Err(FluxError::invalid(format!("type conflict: {wanted} != {}", column.ty.name())));
            }
        }
        Ok(())
    }
}
