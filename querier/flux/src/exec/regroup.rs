//! Putting rows into other tables.
//!
//! [`regroup_of`] is the kernel of `group`, and of every function that changes columns of the group key row by row: it
//! takes batches in order and a choice of key columns, and answers batches with one table a distinct key. Rows keep
//! their order; tables come in order of first appearance, or of their keys. Tables of one key whose columns differ get the union of the
//! columns, null where a table had none; a column of two types in one table is an error, as in the reference.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, UInt32Array};
use weir_table::{
    Column, ColumnData, ColumnType, KeyEncoder, KeySlots, TableBatch, array_size, concat, null_array, take,
};

use super::{Budget, Collected, Run};
use crate::error::{FluxError, Result};

type Shape = Vec<(Arc<str>, ColumnType)>;

/// Labels of key columns, in the order of the columns.
type Key = Vec<Arc<str>>;

/// A new table. There may be millions of them.
struct Slot {
    /// Which of the keys' labels it has, in its own order.
    key: usize,
    /// Which of the shapes it has.
    shape: usize,
    pieces: Pieces,
    rows: usize,
    /// Where the table begins: batch, run and row. The key is read there.
    first: (usize, usize, usize),
}

/// Input rows, in order: batch and row range. Most tables have one such piece.
struct Pieces {
    last: (usize, Range<usize>),
    before: Vec<(usize, Range<usize>)>,
}

impl Pieces {
    fn iter(&self) -> impl Iterator<Item = &(usize, Range<usize>)> {
        self.before.iter().chain(std::iter::once(&self.last))
    }
}

/// Things that many tables have in common, each kept once.
struct Shared<T>(Vec<T>);

impl<T: PartialEq> Shared<T> {
    fn place(&mut self, thing: T) -> usize {
        self.0.iter().position(|known| *known == thing).unwrap_or_else(|| {
            self.0.push(thing);
            self.0.len() - 1
        })
    }
}

/// The order of the new tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As their first rows come.
    Appearance,
    /// By their keys, see [`KeyEncoder::encode_labelled`], but that tables with the same columns come together.
    Keys,
    /// By their keys, whatever their columns.
    KeysOnly,
}

/// Groups all rows of `batches` by the columns for which `is_key` (of the batch's index and the label) answers true. Of
/// the columns that are no key, only those are in the tables for which `wanted` answers true.
///
/// # Errors
/// When two tables of one key have a column of different types, whether it is wanted or not.
pub fn regroup_of(
    batches: &[TableBatch],
    is_key: &dyn Fn(usize, &str) -> bool,
    wanted: &dyn Fn(&str) -> bool,
    order: Order,
    run: &Run,
) -> Result<Vec<TableBatch>> {
    let mut slots = KeySlots::new();
    let mut tables: Vec<Slot> = Vec::new();
    let (mut shapes, mut key_labels) = (Shared(Vec::<Shape>::new()), Shared(Vec::<Key>::new()));
    // What two shapes come to.
    let mut merged: HashMap<(usize, usize), usize> = HashMap::new();
    let mut buffer = Vec::new();
    let mut budget = Budget::new(run)?;
    for (b, batch) in batches.iter().enumerate() {
        let mut keys = key_places(batch, &|label| is_key(b, label));
        let by_run = keys.iter().all(|&i| batch.columns[i].is_key());
        let arrays: Vec<(ColumnType, ArrayRef)> = keys
            .iter()
            .map(|&i| {
                let c = &batch.columns[i];
                (c.ty, if by_run { Arc::clone(c.data.array()) } else { batch.row_values(i) })
            })
            .collect();
        let encoder = KeyEncoder::new(arrays.iter().map(|(t, a)| (*t, a)));
        let labels = labels_of(batch, &keys);
        let shape = shapes.place(batch.columns.iter().map(|c| (Arc::clone(&c.label), c.ty)).collect());
        keys.sort_unstable();
        let key = key_labels.place(keys.iter().map(|&i| Arc::clone(&batch.columns[i].label)).collect());
        // Neighbours are often of one table.
        let mut last: Option<(usize, usize)> = None;
        let mut add = |index: usize, at: usize, rows: Range<usize>| -> Result<()> {
            let (slot, new) = match last {
                Some((neighbour, slot)) if encoder.agree(neighbour, index) => (slot, false),
                _ => {
                    buffer.clear();
                    encoder.encode_labelled(&labels, index, &mut buffer);
                    slots.slot(&buffer)
                }
            };
            last = Some((index, slot));
            if new {
                let first = (b, at, rows.start);
                let count = rows.len();
                let pieces = Pieces { last: (b, rows), before: Vec::new() };
                tables.push(Slot { key, shape, pieces, rows: count, first });
                return budget.add(buffer.len() + ROOM_OF_TABLE);
            }
            let table = &mut tables[slot];
            table.rows += rows.len();
            let (last, range) = &mut table.pieces.last;
            if *last == b {
                if range.end == rows.start {
                    range.end = rows.end;
                    return budget.add(0);
                }
            } else if table.shape != shape {
                table.shape = match merged.get(&(table.shape, shape)) {
                    Some(&both) => both,
                    None => {
                        let both = shapes.place(merge_shapes(&shapes.0[table.shape], &shapes.0[shape])?);
                        merged.insert((table.shape, shape), both);
                        both
                    }
                };
            }
            let before = std::mem::replace(&mut table.pieces.last, (b, rows));
            table.pieces.before.push(before);
            budget.add(std::mem::size_of::<(usize, Range<usize>)>())
        };
        if keys.is_empty() {
            // All rows are of one table.
            if batch.runs() > 0 {
                add(0, 0, 0..batch.rows())?;
            }
        } else if by_run {
            (0..batch.runs()).try_for_each(|r| add(r, r, batch.run(r)))?;
        } else {
            for r in 0..batch.runs() {
                batch.run(r).try_for_each(|row| add(row, r, row..row + 1))?;
            }
        }
    }
    budget.settle()?;
    let strict = order == Order::KeysOnly;
    let order = match order {
        Order::Appearance => (0..tables.len()).collect(),
        Order::Keys | Order::KeysOnly => slots.in_order(),
    };
    let (alike, turns) = alike(&tables, &order);
    let built = build(batches, &tables, &alike, &shapes.0, &key_labels.0, wanted, run)?;
    Ok(if strict { in_turn(&built, &turns) } else { built })
}

/// The places of the columns that make the key, in the order of their labels.
pub(super) fn key_places(batch: &TableBatch, is_key: &dyn Fn(&str) -> bool) -> Vec<usize> {
    let mut places: Vec<usize> =
        (0..batch.columns.len()).filter(|&i| is_key(&batch.columns[i].label)).collect();
    places.sort_by(|&x, &y| batch.columns[x].label.cmp(&batch.columns[y].label));
    places
}

/// The labels of these columns, which tell keys of different columns apart.
pub(super) fn labels_of(batch: &TableBatch, places: &[usize]) -> Vec<Arc<str>> {
    places.iter().map(|&i| Arc::clone(&batch.columns[i].label)).collect()
}

/// What it takes to know a table beside the bytes of its key: the key's place in its hash table, and the slot.
const ROOM_OF_TABLE: usize = 48 + std::mem::size_of::<Slot>();

/// The columns of both.
fn merge_shapes(one: &Shape, other: &Shape) -> Result<Shape> {
    let mut both = one.clone();
    for (label, ty) in other {
        if is_new(both.iter().map(|c| (&c.0, c.1)), label, *ty)? {
            both.push((Arc::clone(label), *ty));
        }
    }
    Ok(both)
}

/// Whether a column is new among the columns of a table.
///
/// # Errors
/// When the table has it with another type.
pub(super) fn is_new<'a>(
    mut known: impl Iterator<Item = (&'a Arc<str>, ColumnType)>,
    label: &Arc<str>,
    ty: ColumnType,
) -> Result<bool> {
    match known.find(|(l, _)| *l == label) {
        Some((_, known)) if known == ty => Ok(false),
        Some((_, known)) => Err(FluxError::invalid(format!(
            "schema collision: cannot group {} and {} types together",
            long_name(known),
            long_name(ty)
        ))),
        None => Ok(true),
    }
}

/// The name of a column type in collision messages.
fn long_name(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Bool => "boolean",
        ColumnType::Int => "integer",
        ColumnType::UInt => "unsigned integer",
        ColumnType::Float => "float",
        ColumnType::String => "string",
        ColumnType::Time => "time",
    }
}

/// Tables of the same columns and key labels: these, and their places.
type Alike = (usize, usize, Vec<usize>);

/// Tables in this order, those that are alike together; and how many of which come in turn.
fn alike(tables: &[Slot], order: &[usize]) -> (Vec<Alike>, Vec<(usize, usize)>) {
    let mut alike: Vec<Alike> = Vec::new();
    let mut turns: Vec<(usize, usize)> = Vec::new();
    for &i in order {
        let table = &tables[i];
        let place = match alike.iter().rposition(|(s, k, _)| (*s, *k) == (table.shape, table.key)) {
            Some(place) => place,
            None => {
                alike.push((table.shape, table.key, Vec::new()));
                alike.len() - 1
            }
        };
        alike[place].2.push(i);
        match turns.last_mut() {
            Some((last, count)) if *last == place => *count += 1,
            _ => turns.push((place, 1)),
        }
    }
    (alike, turns)
}

/// The tables of these batches in turn: so many of one, then of another.
fn in_turn(built: &[TableBatch], turns: &[(usize, usize)]) -> Vec<TableBatch> {
    let mut next = vec![0; built.len()];
    let of_turn = |&(place, count): &(usize, usize)| {
        let from = next[place];
        next[place] += count;
        built[place].slice_runs(from..next[place])
    };
    turns.iter().map(of_turn).collect()
}

/// One batch for all tables that are alike.
fn build(
    batches: &[TableBatch],
    tables: &[Slot],
    alike: &[Alike],
    shapes: &[Shape],
    keys: &[Key],
    wanted: &dyn Fn(&str) -> bool,
    run: &Run,
) -> Result<Vec<TableBatch>> {
    // Tables that are built count until all are: then the caller counts them.
    let mut built = Collected::default();
    for (shape, key, members) in alike {
        let key = &keys[*key];
        let kept = |(label, _): &&(Arc<str>, ColumnType)| wanted(label) || key.contains(label);
        let shape: Shape = shapes[*shape].iter().filter(kept).cloned().collect();
        built.push(build_shape(batches, tables, &shape, key, members, run)?, &run.memory)?;
    }
    Ok(built.batches)
}

fn build_shape(
    batches: &[TableBatch],
    tables: &[Slot],
    shape: &Shape,
    key: &[Arc<str>],
    members: &[usize],
    run: &Run,
) -> Result<TableBatch> {
    // The input batches these tables draw from, one after the other, make one long column to pick rows from.
    let mut used: Vec<usize> = members.iter().flat_map(|&m| tables[m].pieces.iter().map(|p| p.0)).collect();
    used.sort_unstable();
    used.dedup();
    let mut base = vec![0usize; batches.len()];
    let mut total = 0;
    for &b in &used {
        base[b] = total;
        total += batches[b].rows();
    }
    // The rows' places, the new columns, and the longest of the old ones end to end.
    let sizes = used.iter().map(|&b| batches[b].memory_size() + batches[b].rows() * 4);
    let longest =
        shape.iter().map(|(label, ty)| used.iter().map(|&b| column_size(&batches[b], label, *ty)).sum());
    let _making = run.memory.reserve(sizes.sum::<usize>() + longest.max().unwrap_or(0))?;
    let mut offsets = vec![0usize];
    let mut indices: Vec<u32> = Vec::with_capacity(members.iter().map(|&m| tables[m].rows).sum());
    for &m in members {
        for (b, rows) in tables[m].pieces.iter() {
            let start = u32::try_from(base[*b] + rows.start).map_err(|_| too_many())?;
            let end = u32::try_from(base[*b] + rows.end).map_err(|_| too_many())?;
            indices.extend(start..end);
        }
        offsets.push(indices.len());
    }
    let in_order = indices.len() == total && indices.iter().enumerate().all(|(i, &x)| i == x as usize);
    let indices = UInt32Array::from(indices);
    let first: Vec<_> = members.iter().map(|&m| tables[m].first).collect();
    let columns = shape
        .iter()
        .map(|(label, ty)| {
            run.check()?;
            if key.contains(label) {
                return Ok(Column::key(Arc::clone(label), *ty, key_values(batches, &first, label, *ty)));
            }
            let parts: Vec<ArrayRef> = used
                .iter()
                .map(|&b| match batches[b].find(label) {
                    Some(i) => batches[b].row_values(i),
                    None => null_array(*ty, batches[b].rows()),
                })
                .collect();
            let long = if parts.is_empty() { null_array(*ty, 0) } else { concat(&parts) };
            let values = if in_order { long } else { take(&long, &indices) };
            Ok(Column { label: Arc::clone(label), ty: *ty, data: ColumnData::Row(values) })
        })
        .collect::<Result<_>>()?;
    Ok(TableBatch::new(columns, offsets))
}

/// About how many bytes a column of a batch takes with a value a row.
fn column_size(batch: &TableBatch, label: &str, ty: ColumnType) -> usize {
    let width = if ty == ColumnType::String { 4 } else { 8 };
    match batch.column(label).map(|c| &c.data) {
        Some(ColumnData::Row(a)) if ty == ColumnType::String => array_size(a),
        _ => batch.rows() * width,
    }
}

/// The value of a key column for each table: where its first row is, or its first run if it has no rows.
fn key_values(
    batches: &[TableBatch],
    first: &[(usize, usize, usize)],
    label: &str,
    ty: ColumnType,
) -> ArrayRef {
    let mut parts: Vec<ArrayRef> = Vec::new();
    let mut i = 0;
    while i < first.len() {
        let b = first[i].0;
        let end = first[i..].iter().position(|f| f.0 != b).map_or(first.len(), |n| i + n);
        let picked = match batches[b].column(label).map(|c| &c.data) {
            None => null_array(ty, end - i),
            Some(ColumnData::Row(a)) => {
                take(a, &first[i..end].iter().map(|f| f.2 as u32).collect::<UInt32Array>())
            }
            Some(ColumnData::Key(a)) => {
                take(a, &first[i..end].iter().map(|f| f.1 as u32).collect::<UInt32Array>())
            }
        };
        parts.push(picked);
        i = end;
    }
    if parts.is_empty() { null_array(ty, 0) } else { concat(&parts) }
}

fn too_many() -> FluxError {
    FluxError::invalid("too many rows in one group: more than 4294967295")
}
