//! Row functions over whole columns.
//!
//! `filter(fn: (r) => …)`, `map` and their like call a function of a row. [`RowFunction`] walks the function's body once
//! a batch and computes each sub-expression for all rows at once; an operator on two float columns is one kernel.
//! What depends on key columns alone is computed once a table, what depends on a coded text alone once a code. Branches
//! of conditionals and right sides of `and` and `or` are computed for the rows that get there. Where it meets something it
//! has no kernel for, it loops over the rows for that sub-expression only; where an error comes up, or a function that
//! does more than to answer, it starts again row by row with the interpreter, which decides. So both ways always agree,
//! and the slow way is the exception. Before any row is looked at, a function is held against the columns of the table
//! (see [`columns`]): what cannot fit is an error even if no row gets there.

mod cells;
mod column;
mod columns;
mod evaluate;
mod kernels;
mod natures;
mod output;
mod pure;
mod row;
mod rows;
#[cfg(test)]
mod tests;

use arrow_array::{Array, ArrayRef, BooleanArray};
use arrow_buffer::{BooleanBuffer, BooleanBufferBuilder};
use weir_flux_syntax::ast::{Block, Expression, FunctionBody, Statement};
use weir_table::{ColumnType, TableBatch};

pub use column::Vector;
pub(crate) use columns::Fit;

use crate::error::{FluxError, Result};
use crate::eval::Context;
use crate::exec::{chunks, interrupt};
use crate::value::{Function, Value};

/// A function of one row, called for whole batches.
#[derive(Debug, Clone)]
pub struct RowFunction {
    function: Function,
    param: String,
    context: Context,
    /// Whether it fails rather than to go on row by row.
    columns_only: bool,
    fit: Fit,
}

/// What a record-valued row function answered: labels and columns in order.
pub type RecordColumns = Vec<(std::sync::Arc<str>, Vector)>;

impl RowFunction {
    /// Prepares a function whose only required parameter is the row. Its name is `r` for functions that are not
    /// literals.
    pub fn new(function: Function, context: &Context) -> Self {
        let param = match function.closure() {
            Some(c) => c.literal.params.first().map_or("r", |p| p.key.name()).to_owned(),
            None => "r".to_owned(),
        };
        Self { function, param, context: context.of_rows(), columns_only: false, fit: Fit::default() }
    }

    /// The same function for work ahead of its turn: it does nothing but to answer, and fails where it would have to do
    /// more or where something is wrong, which its rows in their order decide.
    #[must_use]
    pub fn columns_only(&self) -> Self {
        Self { columns_only: true, ..self.clone() }
    }

    /// The same function with three-valued `and` and `or`.
    #[must_use]
    pub(crate) fn three_valued(self) -> Self {
        Self { context: self.context.three_valued(), ..self }
    }

    /// The type that it gives to a column, if that can be told without rows.
    pub(crate) fn type_of(&self, label: &str) -> Option<ColumnType> {
        self.fit.answered(&self.function, label)
    }

    /// The function.
    pub fn function(&self) -> &Function {
        &self.function
    }

    /// The context it is called in.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// The name of the row parameter.
    pub fn param(&self) -> &str {
        &self.param
    }

    /// The body, if it is one expression.
    pub fn body(&self) -> Option<&Expression> {
        match &self.function.closure()?.literal.body {
            FunctionBody::Expression(e) => Some(e),
            FunctionBody::Block(Block { body, .. }) => match body.as_slice() {
                [Statement::Return(r)] => Some(&r.argument),
                _ => None,
            },
        }
    }

    /// The function's value for each row.
    ///
    /// # Errors
    /// What the function answers for some row.
    pub fn evaluate(&self, batch: &TableBatch) -> Result<Vector> {
        self.fit.check(&self.function, &self.param, &batch.columns, &self.context)?;
        match evaluate::evaluate(self, batch) {
            Err(_) if !self.columns_only => self.evaluate_by_row(batch),
            answer => answer,
        }
    }

    /// The same, row by row with the interpreter.
    ///
    /// # Errors
    /// What the function answers for some row.
    pub fn evaluate_by_row(&self, batch: &TableBatch) -> Result<Vector> {
        let reader = row::RowReader::new(batch);
        let mut values = Vec::with_capacity(batch.rows());
        for run in 0..batch.runs() {
            for i in batch.run(run) {
                let record = Value::Record(std::sync::Arc::new(reader.record(run, i)));
                values.push(self.call(record)?);
            }
        }
        Ok(Vector::from_values(values))
    }

    /// The function's value for one row.
    ///
    /// # Errors
    /// What the function answers.
    pub fn call(&self, record: Value) -> Result<Value> {
        self.context.call(&self.function, crate::eval::Args::new([(self.param.as_str(), record)]))
    }

    /// For which rows a predicate holds; null counts as false.
    ///
    /// # Errors
    /// What the predicate answers, or that it is not boolean.
    pub fn matches(&self, batch: &TableBatch) -> Result<BooleanArray> {
        if batch.rows() <= chunks::ROWS {
            return self.matches_of(batch);
        }
        let mut bits = BooleanBufferBuilder::new(batch.rows());
        for chunk in chunks::chunks(batch) {
            interrupt::check()?;
            bits.append_buffer(self.matches_of(&chunk)?.values());
        }
        Ok(BooleanArray::new(bits.finish(), None))
    }

    fn matches_of(&self, batch: &TableBatch) -> Result<BooleanArray> {
        let vector = self.evaluate(batch)?;
        match &vector {
            Vector::Const(Value::Bool(b)) => Ok(constant(*b, batch.rows())),
            Vector::Const(Value::Null(_)) => Ok(constant(false, batch.rows())),
            _ => {
                let (ty, array) = vector.into_column(batch)?;
                if ty == Some(ColumnType::Bool)
                    && let Some(b) = array.as_any().downcast_ref::<BooleanArray>()
                {
                    return Ok(match b.null_count() {
                        0 => b.clone(),
                        _ => BooleanArray::new(held_true(b), None),
                    });
                }
                if array.null_count() == array.len() {
                    return Ok(constant(false, batch.rows()));
                }
                Err(FluxError::invalid(format!(
                    "expected bool but found {}",
                    ty.map_or("null", ColumnType::name)
                )))
            }
        }
    }

    /// The columns of a record-valued function.
    ///
    /// # Errors
    /// What the function answers, or that it is no record.
    pub fn records(&self, batch: &TableBatch) -> Result<RecordColumns> {
        self.evaluate(batch)?.into_record()
    }
}

fn constant(value: bool, rows: usize) -> BooleanArray {
    let bits = if value { BooleanBuffer::new_set(rows) } else { BooleanBuffer::new_unset(rows) };
    BooleanArray::new(bits, None)
}

/// The cells that are there and true.
fn held_true(array: &BooleanArray) -> BooleanBuffer {
    match array.nulls() {
        Some(nulls) => array.values() & nulls.inner(),
        None => array.values().clone(),
    }
}

/// The value of a function of several records for each row of some tables: `arguments` are its parameters by name, each
/// a record a row, column by column; `shape` says where the tables' rows lie.
///
/// # Errors
/// What the function answers for some row.
pub fn evaluate_records(
    function: &Function,
    context: &Context,
    shape: &TableBatch,
    arguments: Vec<(&str, RecordColumns)>,
) -> Result<Vector> {
    let arguments: Vec<_> =
        arguments.into_iter().map(|(name, columns)| (name, Vector::Record(columns))).collect();
    if let Ok(vector) = evaluate::evaluate_records(function, context, shape, &arguments) {
        return Ok(vector);
    }
    let call = |(run, row)| {
        let values = arguments.iter().map(|(name, v)| (*name, v.value(run, row)));
        context.call(function, crate::eval::Args::new(values))
    };
    let rows = (0..shape.runs()).flat_map(|run| shape.run(run).map(move |row| (run, row)));
    Ok(Vector::from_values(rows.map(call).collect::<Result<_>>()?))
}

/// The same error, which says of a column why it is none, with the column's name.
pub(crate) fn of_column(mut error: FluxError, what: &str, label: &str) -> FluxError {
    error.message = format!("{what} \"{label}\" {}", error.message);
    error
}

/// A view of the rows of a batch as an array helper for callers that need a plain array.
pub fn row_array(batch: &TableBatch, index: usize) -> ArrayRef {
    batch.row_values(index)
}
