//! `map(fn:)`: a new row for each row.

use std::sync::Arc;

use arrow_array::ArrayRef;
use weir_model::ErrorCode;
use weir_table::{Column, ColumnType, TableBatch, null_array};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::chunks::chunks;
use crate::exec::{BoxOperator, Collected, Hold, InOrder, Operator, Order, Ready, Regrouper, Run, Work};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::rowfn::{RowFunction, Vector, of_column};
use crate::stdlib::universe::map_order;
use crate::tables::Call;
use crate::tables::full::FullTables;
use crate::value::Value;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "map",
    signature: "(<-tables: stream[A], fn: (r: A) => B, ?mergeKey: bool) => stream[B]",
    doc: "Makes a row of each row. Columns of the group key that `fn` does not return leave the key. Tables without \
          rows are left out.",
    body: Body::Native(call),
};

/// A map.
#[derive(Debug)]
pub(crate) struct Map {
    function: RowFunction,
    /// Whether the columns are put in the order of their labels.
    by_label: bool,
    /// The order of tables that are put together anew.
    order: Order,
}

fn call(args: &mut Args, cx: &Context) -> Result<Value> {
    let mut function = RowFunction::new(args.function("fn")?, cx);
    let by_label = map_order::by_label(&function);
    if !by_label {
        function = function.three_valued();
    }
    args.transform(Map { by_label, function, order: Order::Keys })
}

impl Map {
    /// Whether each table stays a table with its group key: only columns that storage has a value a row of are changed.
    pub(crate) fn keeps_tables(&self) -> bool {
        map_order::changes_only(&self.function, &["_value", "_time"])
    }
}

impl Spec for Map {
    fn name(&self) -> &'static str {
        "map"
    }

    fn by_appearance(&self) -> Option<Arc<dyn Spec>> {
        let function = self.function.clone();
        Some(Arc::new(Self { function, by_label: self.by_label, order: Order::Appearance }))
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let work = |function: RowFunction| -> Work<Pieces> {
            let run = run.clone();
            // What goes wrong column by column has no place.
            let place = self.by_label.then(|| Call::of(node));
            Arc::new(move |batch| map(&function, place.as_ref(), &run, &batch))
        };
        Ok(Box::new(Mapper {
            answers: InOrder::of(run, work(self.function.columns_only()), work(self.function.clone())),
            // Without a row nothing tells the columns' types.
            input: Some(FullTables::over(inputs.remove(0))),
            run: run.clone(),
            order: self.order,
            ready: Ready::default(),
            regrouped: None,
        }))
    }
}

/// A batch of new rows.
struct Mapped {
    batch: TableBatch,
    /// Labels of the old group key that the new rows still have.
    key: Vec<Arc<str>>,
    /// Whether tables may have to be merged or split: a key column was changed row by row, or left out.
    regroup: bool,
}

/// The new rows of a batch, with the memory they take.
type Pieces = (Vec<Mapped>, Vec<Hold>);

/// The new rows of a batch, in pieces. Functions that are called row by row have a place for what goes wrong.
fn map(function: &RowFunction, place: Option<&Call>, run: &Run, batch: &TableBatch) -> Result<Pieces> {
    let mut pieces = Vec::new();
    let mut held = Vec::new();
    for chunk in chunks(batch) {
        run.check()?;
        let _working = run.memory.reserve(chunk.memory_size())?;
        let mapped = map_chunk(function, place, &chunk)?;
        held.push(run.memory.hold(&mapped.batch)?);
        pieces.push(mapped);
    }
    alike(&mut pieces)?;
    Ok((pieces, held))
}

/// The error of a function. Whatever is wrong is the script's fault where it is called row by row.
fn failed(mut e: FluxError, place: Option<&Call>) -> FluxError {
    if place.is_some() {
        if e.code != ErrorCode::Canceled {
            e.code = ErrorCode::Invalid;
        }
        e = e.context("failed to evaluate map function");
    }
    failed_at(e, place)
}

fn failed_at(e: FluxError, place: Option<&Call>) -> FluxError {
    match place {
        Some(place) => place.tell(e),
        None => e.context("runtime error"),
    }
}

fn map_chunk(function: &RowFunction, place: Option<&Call>, batch: &TableBatch) -> Result<Mapped> {
    let mut records = function.records(batch).map_err(|e| failed(e, place))?;
    if place.is_some() {
        records.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let mut columns: Vec<Column> = Vec::with_capacity(records.len());
    let mut key = Vec::new();
    let mut regroup = false;
    for (label, vector) in records {
        let in_key = batch.is_key(&label);
        // The column of the key itself; others of its label may be alike in several tables.
        let is_same = |array: &ArrayRef| {
            batch.column(&label).is_some_and(|c| c.is_key() && Arc::ptr_eq(c.data.array(), array))
        };
        let column = match vector {
            Vector::Run(ty, array) if is_same(&array) => Column::key(Arc::clone(&label), ty, array),
            vector => {
                let (ty, array) = vector
                    .into_column(batch)
                    .map_err(|e| failed_at(of_column(e, "map object property", &label), place))?;
                // A column of nothing but untyped nulls has no type to be shown with, unless the function tells it. The
                // reference looks at the function where it computes column by column.
                let (ty, array) = match ty {
                    Some(ty) => (ty, array),
                    None if place.is_some() => continue,
                    None => match function.type_of(&label) {
                        Some(ty) => (ty, null_array(ty, batch.rows())),
                        None => continue,
                    },
                };
                regroup |= in_key;
                Column::row(Arc::clone(&label), ty, array)
            }
        };
        columns.push(column);
        if in_key {
            key.push(label);
        }
    }
    regroup |= key.len() < batch.key_columns().count();
    let batch = TableBatch { columns, offsets: Arc::clone(&batch.offsets), continues: batch.continues };
    Ok(Mapped { batch, key, regroup })
}

/// Maps batch by batch, and puts rows into the tables where they belong if their group keys changed.
struct Mapper {
    answers: InOrder<Pieces>,
    input: Option<BoxOperator>,
    run: Run,
    order: Order,
    ready: Ready,
    regrouped: Option<BoxOperator>,
}

/// Gives the pieces of a batch the same columns: one that is all of untyped nulls in a piece has a type in another.
fn alike(pieces: &mut [Mapped]) -> Result<()> {
    let same = |a: &TableBatch, b: &TableBatch| {
        a.columns.len() == b.columns.len()
            && a.columns.iter().zip(&b.columns).all(|(a, b)| a.label == b.label && a.ty == b.ty)
    };
    if pieces.windows(2).all(|w| same(&w[0].batch, &w[1].batch)) {
        return Ok(());
    }
    let mut shape: Vec<(Arc<str>, ColumnType)> = Vec::new();
    for column in pieces.iter().flat_map(|p| &p.batch.columns) {
        match shape.iter().find(|(label, _)| *label == column.label) {
            Some((_, ty)) if *ty != column.ty => {
                return Err(FluxError::invalid(format!(
                    "map: {}: cannot use a value of type values of different types as a column",
                    column.label
                )));
            }
            Some(_) => {}
            None => shape.push((Arc::clone(&column.label), column.ty)),
        }
    }
    for piece in pieces {
        let rows = piece.batch.rows();
        let columns = shape.iter().map(|(label, ty)| match piece.batch.column(label) {
            Some(column) => column.clone(),
            None => Column::row(Arc::clone(label), *ty, null_array(*ty, rows)),
        });
        piece.batch.columns = columns.collect();
    }
    Ok(())
}

impl Operator for Mapper {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            self.run.check()?;
            if let Some(batch) = self.ready.pop() {
                return Ok(Some(batch));
            }
            if let Some(tables) = &mut self.regrouped {
                return tables.next();
            }
            let Some(input) = &mut self.input else { return Ok(None) };
            let Some((mut pieces, mut held)) = self.answers.next(input)? else { return Ok(None) };
            if !pieces.iter().any(|p| p.regroup) {
                let batches = pieces.into_iter().map(|p| p.batch).collect();
                self.ready = Collected::of(batches, &self.run.memory)?.into();
                continue;
            }
            let mut all = Regrouper::new(&self.run).in_order(self.order);
            let Some(mut input) = self.input.take() else { return Ok(None) };
            loop {
                for piece in pieces {
                    all.push(piece.batch, piece.key)?;
                }
                drop(held);
                let Some(next) = self.answers.next(&mut input)? else { break };
                (pieces, held) = next;
            }
            self.regrouped = Some(all.finish()?);
        }
    }
}
