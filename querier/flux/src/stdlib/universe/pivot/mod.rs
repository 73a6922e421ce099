//! `pivot(rowKey:, columnKey:, valueColumn:)`: values side by side, a column for each distinct column key.

mod build;
mod spilled;

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, ArrayRef};
use weir_table::{Column, ColumnType, KeyEncoder, KeySlots, TableBatch, concat};

use crate::error::{FluxError, Result};
use crate::eval::{Args, Context};
use crate::exec::{BoxOperator, Budget, Collected, Operator, Reading, Ready, Run};
use crate::plan::{Node, Spec};
use crate::registry::{Body, Definition};
use crate::stdlib::influxdata::influxdb::scan::Scan;
use crate::tables::Call;
use crate::value::Value;

use build::build;
use spilled::pivot_on_disk;

/// The function.
pub(crate) static DEFINITION: Definition = Definition {
    package: "universe",
    name: "pivot",
    signature: "(<-tables: stream[A], rowKey: [string], columnKey: [string], valueColumn: string) => stream[B] \
                where A: Record, B: Record",
    doc: "Makes a column for each distinct value of the column key, and a row for each distinct row key.",
    body: Body::Native(call),
};

/// A pivot.
#[derive(Debug, Clone)]
pub(crate) struct Pivot {
    /// What makes a row.
    pub(crate) row_key: Vec<Arc<str>>,
    /// What makes a column.
    pub(crate) column_key: Vec<Arc<str>>,
    /// Where the values are.
    pub(crate) value: Arc<str>,
    /// Whether the rows of the output are put in the order of the row key, as they are when storage is read; else they
    /// stay in the order in which their keys first appear.
    pub(crate) sorted: bool,
}

fn call(args: &mut Args, _cx: &Context) -> Result<Value> {
    let row_key: Vec<Arc<str>> = args.required("rowKey")?;
    let column_key: Vec<Arc<str>> = args.required("columnKey")?;
    if let Some(both) = row_key.iter().find(|r| column_key.contains(r)) {
        return Err(FluxError::invalid(format!("column name found in both rowKey and colKey: {both}")));
    }
    args.transform(Pivot { row_key, column_key, value: args.required("valueColumn")?, sorted: false })
}

impl Pivot {
    /// Whether it puts the fields of a series side by side, a row a time.
    pub(crate) fn is_of_fields(&self) -> bool {
        let is = |labels: &[Arc<str>], label: &str| matches!(labels, [one] if **one == *label);
        is(&self.row_key, "_time") && is(&self.column_key, "_field") && *self.value == *"_value"
    }
}

impl Spec for Pivot {
    fn name(&self) -> &'static str {
        "pivot"
    }

    fn by_keys(&self) -> bool {
        true
    }

    fn open(&self, mut inputs: Vec<BoxOperator>, run: &Run, node: &Node) -> Result<BoxOperator> {
        let stored = node.input().is_some_and(|input| input.spec_as::<Scan>().is_some());
        let simple = self.row_key.len() == 1 && self.column_key.len() == 1;
        Ok(Box::new(PivotOperator {
            pivot: Self { sorted: self.sorted || stored && simple, ..self.clone() },
            input: Some(inputs.remove(0)),
            call: Call::of(node),
            run: run.clone(),
            tables: None,
        }))
    }
}

struct PivotOperator {
    pivot: Pivot,
    input: Option<BoxOperator>,
    call: Call,
    run: Run,
    tables: Option<BoxOperator>,
}

impl PivotOperator {
    fn pivot(&self, input: BoxOperator) -> Result<BoxOperator> {
        let collected = match Reading::of(input, &self.run)? {
            Reading::All(collected) => collected,
            Reading::Part(stream) => return pivot_on_disk(&self.pivot, stream, &self.call, &self.run),
        };
        let tables = self.pivot.apply(&collected.batches, &self.run);
        match tables.and_then(|tables| Collected::of(tables, &self.run.memory)) {
            Err(e) if e.is_out_of_memory() && self.run.spill.is_some() => {
                pivot_on_disk(&self.pivot, Box::new(Ready::from(collected)), &self.call, &self.run)
            }
            tables => Ok(Box::new(Ready::from(tables.map_err(|e| self.call.tell(e))?))),
        }
    }
}

impl Operator for PivotOperator {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(input) = self.input.take() {
            self.tables = Some(self.pivot(input)?);
        }
        match &mut self.tables {
            Some(tables) => tables.next(),
            None => Ok(None),
        }
    }
}

/// What a place in the long value column takes.
const CELL: usize = size_of::<Option<u32>>();

/// What a table of the output takes besides what stands in it: its lists and tables of slots, allocated each.
const TABLE: usize = size_of::<Output>() + 512;

/// What a column of a table of the output takes besides its cells: its label, its place in the index, its list.
const COLUMN: usize = 192;

/// What a row of the output takes besides its key: its origin, and its slot.
const ROW: usize = size_of::<(Box<[u8]>, usize, usize)>() + 48;

/// So many columns of a table of the output are looked through without an index.
const FEW: usize = 8;

/// Columns of a batch, by place.
struct Places {
    value: usize,
    row_key: Vec<usize>,
    column_key: Vec<usize>,
}

/// The columns of a table of the output that were there before. Many tables share them.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Head {
    /// The group key's columns.
    key: Vec<(Arc<str>, ColumnType)>,
    row_columns: Vec<(Arc<str>, ColumnType)>,
    /// The labels of all of them, in the order of the input.
    stay: Vec<Arc<str>>,
}

/// A table of the output while it is put together.
struct Output {
    head: Arc<Head>,
    /// A batch and run to read the group key from.
    first: (usize, usize),
    /// Row keys by their bytes; the bytes sort as the keys do.
    rows: KeySlots,
    /// For each row: its key's bytes, and where to read the row key columns: batch and row.
    origins: Vec<(Box<[u8]>, usize, usize)>,
    /// The new columns: label, type, and for each row of the output the place of its value in the long value column.
    columns: Vec<(Arc<str>, ColumnType, Vec<Option<u32>>)>,
    index: HashMap<Arc<str>, usize>,
    ascending: bool,
}

impl Pivot {
    fn apply(&self, batches: &[TableBatch], run: &Run) -> Result<Vec<TableBatch>> {
        let mut slots = KeySlots::new();
        let mut outputs: Vec<Output> = Vec::new();
        let mut heads: Vec<Arc<Head>> = Vec::new();
        // The value columns of all batches, one after the other by type.
        let mut values: Vec<(ColumnType, Vec<ArrayRef>, usize)> = Vec::new();
        let mut budget = Budget::new(run)?;
        for (b, batch) in batches.iter().enumerate() {
            run.check()?;
            let (ty, base) = self.add_values(batch, &mut values)?;
            self.add_batch(b, batch, ty, base, &mut slots, &mut outputs, &mut heads, &mut budget)?;
        }
        budget.settle()?;
        let sizes = batches.iter().map(TableBatch::memory_size).sum();
        let _long = run.memory.reserve(sizes)?;
        let long: Vec<(ColumnType, ArrayRef)> =
            values.iter().map(|(ty, parts, _)| (*ty, concat(parts))).collect();
        build(batches, outputs, &long, self.sorted, run)
    }

    /// The place of a column; `role` is what it is here, for messages: those about sorted tables leave it out.
    fn find(&self, batch: &TableBatch, role: &str, label: &str) -> Result<usize> {
        let role = if self.sorted { "" } else { role };
        batch.find(label).ok_or_else(|| {
            FluxError::invalid(format!("specified {role}column does not exist in table: {label}"))
        })
    }

    /// Where a batch has what the pivot is about.
    fn places(&self, batch: &TableBatch) -> Result<Places> {
        let all = |role: &str, labels: &[Arc<str>]| {
            labels.iter().map(|label| self.find(batch, role, label)).collect::<Result<_>>()
        };
        Ok(Places {
            row_key: all("row key ", &self.row_key)?,
            value: self.find(batch, "value ", &self.value)?,
            column_key: all("", &self.column_key)?,
        })
    }

    /// The columns that make the group key of the output.
    fn output_key<'a>(&self, batch: &'a TableBatch) -> Vec<&'a Column> {
        batch.key_columns().filter(|c| !self.column_key.contains(&c.label) && c.label != self.value).collect()
    }

    /// Labels as bytes, which tell keys of different columns apart.
    fn prefix(keys: &[&Column]) -> Vec<u8> {
        let mut prefix: Vec<u8> = Vec::new();
        for c in keys {
            prefix.extend(c.label.bytes());
            prefix.push(0);
        }
        prefix
    }

    /// The label of the column that the value of a row goes to.
    fn label(batch: &TableBatch, places: &Places, run: usize, row: usize) -> Arc<str> {
        let parts: Vec<String> = places
            .column_key
            .iter()
            .map(|&i| match Value::from_scalar(batch.cell(i, run, row), batch.columns[i].ty) {
                Value::Null(_) => "null".to_owned(),
                Value::Float(v) => scientific(v),
                v => v.to_string(),
            })
            .collect();
        parts.join("_").into()
    }

    /// The columns of output tables that those of a batch have; `known` are those of other batches.
    fn head(batch: &TableBatch, keys: &[&Column], places: &Places, known: &mut Vec<Arc<Head>>) -> Arc<Head> {
        let key: Vec<(Arc<str>, ColumnType)> = keys.iter().map(|c| (Arc::clone(&c.label), c.ty)).collect();
        let row_columns: Vec<(Arc<str>, ColumnType)> = places
            .row_key
            .iter()
            .map(|&i| &batch.columns[i])
            .filter(|c| !keys.iter().any(|k| k.label == c.label))
            .map(|c| (Arc::clone(&c.label), c.ty))
            .collect();
        let mut stay: Vec<Arc<str>> = key.iter().chain(&row_columns).map(|c| Arc::clone(&c.0)).collect();
        stay.sort_by_key(|label| batch.find(label));
        let head = Head { key, row_columns, stay };
        if let Some(same) = known.iter().rev().find(|known| ***known == head) {
            return Arc::clone(same);
        }
        let head = Arc::new(head);
        known.push(Arc::clone(&head));
        head
    }

    /// A table of the output without rows.
    fn output(&self, head: &Arc<Head>, first: (usize, usize)) -> Output {
        Output {
            head: Arc::clone(head),
            first,
            rows: KeySlots::new(),
            origins: Vec::new(),
            columns: Vec::new(),
            index: HashMap::new(),
            ascending: self.sorted,
        }
    }

    fn add_values(
        &self,
        batch: &TableBatch,
        values: &mut Vec<(ColumnType, Vec<ArrayRef>, usize)>,
    ) -> Result<(ColumnType, usize)> {
        let index = self.places(batch)?.value;
        let ty = batch.columns[index].ty;
        let array = batch.row_values(index);
        let at = match values.iter().position(|v| v.0 == ty) {
            Some(at) => at,
            None => {
                values.push((ty, Vec::new(), 0));
                values.len() - 1
            }
        };
        let base = values[at].2;
        values[at].2 += array.len();
        values[at].1.push(array);
        Ok((ty, base))
    }

    #[expect(clippy::too_many_arguments, reason = "what one loop works on")]
    fn add_batch(
        &self,
        b: usize,
        batch: &TableBatch,
        ty: ColumnType,
        base: usize,
        slots: &mut KeySlots,
        outputs: &mut Vec<Output>,
        heads: &mut Vec<Arc<Head>>,
        budget: &mut Budget,
    ) -> Result<()> {
        let keys = self.output_key(batch);
        let key_encoder = KeyEncoder::new(keys.iter().map(|c| (c.ty, c.data.array())));
        let prefix = Self::prefix(&keys);
        let places = self.places(batch)?;
        let head = Self::head(batch, &keys, &places, heads);
        let row_arrays: Vec<(ColumnType, ArrayRef)> =
            places.row_key.iter().map(|&i| (batch.columns[i].ty, batch.row_values(i))).collect();
        let row_encoder = KeyEncoder::new(row_arrays.iter().map(|(t, a)| (*t, a)));
        let constant = places.column_key.iter().all(|&i| batch.columns[i].is_key());
        let name = |run: usize, row: usize| Self::label(batch, &places, run, row);
        let mut buffer = Vec::new();
        for run in 0..batch.runs() {
            buffer.clear();
            buffer.extend_from_slice(&prefix);
            key_encoder.encode(run, &mut buffer);
            let (slot, new) = slots.slot(&buffer);
            if new {
                budget.add(TABLE + buffer.len())?;
                outputs.push(self.output(&head, (b, run)));
            }
            let output = &mut outputs[slot];
            output.accepts(&head)?;
            let mut column = None;
            let mut last: Vec<u8> = Vec::new();
            for row in batch.run(run) {
                buffer.clear();
                row_encoder.encode(row, &mut buffer);
                if output.ascending && *buffer < *last {
                    output.ascending = false;
                }
                last.clone_from(&buffer);
                // Tables of one series mostly have the same times, so the next row is mostly the one that is there.
                let (at, new) = output.rows.slot(&buffer);
                if new {
                    budget.add(ROW + 2 * buffer.len())?;
                    output.origins.push((buffer.as_slice().into(), b, row));
                }
                let at_column = match column {
                    Some(c) if constant => c,
                    _ => {
                        let known = output.columns.len();
                        let at = output.column(name(run, row), ty)?;
                        budget.add((output.columns.len() - known) * COLUMN)?;
                        at
                    }
                };
                column = Some(at_column);
                let cells = &mut output.columns[at_column].2;
                if cells.len() <= at {
                    budget.add((at + 1 - cells.len()) * CELL)?;
                    cells.resize(at + 1, None);
                }
                cells[at] = u32::try_from(base + row).ok();
            }
        }
        Ok(())
    }
}

/// A float as labels write it: shortest digits, `E` and an exponent of at least two digits (Go's format `E`).
fn scientific(v: f64) -> String {
    let text = format!("{v:E}");
    match text.split_once('E') {
        Some((digits, exponent)) => {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(e) => ('-', e),
                None => ('+', exponent),
            };
            format!("{digits}E{sign}{exponent:0>2}")
        }
        None => text,
    }
}

impl Output {
    /// Whether rows of a table with such columns can be among its rows.
    ///
    /// # Errors
    /// A column of the row key has another type there.
    fn accepts(&self, head: &Arc<Head>) -> Result<()> {
        if Arc::ptr_eq(&self.head, head) {
            return Ok(());
        }
        for (label, ty) in &self.head.row_columns {
            if let Some((_, other)) = head.row_columns.iter().find(|c| c.0 == *label && c.1 != *ty) {
                return Err(collision(label, *ty, *other));
            }
        }
        Ok(())
    }

    /// The place of a new column.
    fn column(&mut self, label: Arc<str>, ty: ColumnType) -> Result<usize> {
        let known = match self.columns.len() {
            0..=FEW => self.columns.iter().position(|c| c.0 == label),
            _ => self.index.get(&label).copied(),
        };
        if let Some(at) = known {
            if self.columns[at].1 != ty {
                return Err(collision(&label, self.columns[at].1, ty));
            }
            return Ok(at);
        }
        self.columns.push((label, ty, Vec::new()));
        match self.columns.len() {
            0..=FEW => {}
            n if n == FEW + 1 => {
                let labels = self.columns.iter().enumerate();
                self.index.extend(labels.map(|(at, c)| (Arc::clone(&c.0), at)));
            }
            n => _ = self.index.insert(Arc::clone(&self.columns[n - 1].0), n - 1),
        }
        Ok(self.columns.len() - 1)
    }
}

fn collision(label: &str, one: ColumnType, other: ColumnType) -> FluxError {
    FluxError::invalid(format!("schema collision: column \"{label}\" is both of type {one} and {other}"))
}

/// What a table is refused for whose new column is called as one that stays.
pub(crate) fn table_has_column(label: &str) -> FluxError {
    FluxError::invalid(format!(
        "value {label:?} appears in a column key column, but a column named {label:?} already exists; consider \
         renaming {label:?} to something else before pivoting"
    ))
}
