//! Joined rows: some tables of them at a time.

use std::sync::Arc;

use arrow_array::{Array, ArrayRef, UInt32Array};
use arrow_select::interleave::interleave;
use weir_table::{Column, ColumnType, Scalar, TableBatch, null_array, plain, scalar_at, take};

use super::groups::Pairs;
use super::tables::Join;
use crate::error::{FluxError, Result};
use crate::rowfn::{RecordColumns, Vector, evaluate_records, of_column};
use crate::value::Value;

/// A column, and whether it is of the group key.
#[derive(Debug)]
pub(super) struct SourceColumn {
    pub(super) label: Arc<str>,
    pub(super) ty: ColumnType,
    pub(super) is_key: bool,
    pub(super) values: ArrayRef,
}

/// Where rows of one side are, of tables that have the same columns.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) columns: Vec<SourceColumn>,
}

/// The columns of all tables of a side that have rows.
pub(super) type SideShape = Vec<(Arc<str>, ColumnType)>;

/// Pairs of rows of some pairs of tables, all of which lie in the same sources. A side has none if it has no such tables.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) sources: [Option<Arc<Source>>; 2],
    pub(super) pairs: Pairs,
    /// Where the pairs of each table begin, and the end.
    pub(super) offsets: Vec<usize>,
    /// For each table where its group key is, in one of the sources at least.
    pub(super) keys: Vec<[Option<u32>; 2]>,
}

impl Block {
    /// Whether pairs of these sources can be added.
    pub(super) fn is_of(&self, sources: &[Option<Arc<Source>>; 2]) -> bool {
        let same = |(a, b): (&Option<Arc<Source>>, &Option<Arc<Source>>)| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        self.sources.iter().zip(sources).all(same)
    }

    /// How many columns the sources have.
    pub(super) fn width(&self) -> usize {
        self.sources.iter().flatten().map(|s| s.columns.len()).sum()
    }

    /// The columns of the group key, a value a table.
    fn key_columns(&self) -> Result<Vec<(Arc<str>, ColumnType, ArrayRef)>> {
        let mut columns: Vec<(Arc<str>, ColumnType, ArrayRef)> = Vec::new();
        for (side, source) in self.sources.iter().enumerate() {
            for column in source.iter().flat_map(|s| &s.columns).filter(|c| c.is_key) {
                if columns.iter().any(|known| known.0 == column.label) {
                    continue;
                }
                let other = self.sources[1 - side].as_ref();
                let other =
                    other.and_then(|s| s.columns.iter().find(|c| c.is_key && c.label == column.label));
                let values = self.key_values(side, &column.values, other.map(|c| &c.values))?;
                columns.push((Arc::clone(&column.label), column.ty, values));
            }
        }
        Ok(columns)
    }

    /// The values of a key column from one source, or from the other where that has them.
    fn key_values(&self, side: usize, own: &ArrayRef, other: Option<&ArrayRef>) -> Result<ArrayRef> {
        let places: Option<UInt32Array> = self.keys.iter().map(|key| key[side].map(Some)).collect();
        if let Some(places) = places {
            return Ok(take(own, &UInt32Array::from_iter_values(places.values().iter().copied())));
        }
        let lost = || FluxError::internal("a joined table has lost its key");
        let (own, other) = (plain(own), plain(other.ok_or_else(lost)?));
        let picks: Option<Vec<(usize, usize)>> = self
            .keys
            .iter()
            .map(|key| match (key[side], key[1 - side]) {
                (Some(place), _) => Some((0, place as usize)),
                (None, place) => Some((1, place? as usize)),
            })
            .collect();
        interleave(&[&own, &other], &picks.ok_or_else(lost)?).map_err(|e| FluxError::internal(e.to_string()))
    }

    /// The columns of one side, nulls where there is no row. Columns of the group key have their value there too, even
    /// if the side has no such table: then it has the columns of its other tables.
    fn records(
        &self,
        side: usize,
        shape: &SideShape,
        keys: &[(Arc<str>, ColumnType, ArrayRef)],
    ) -> RecordColumns {
        let key = |label: &str| {
            let found = keys.iter().find(|k| *k.0 == *label);
            found.map(|(_, ty, values)| Vector::Run(*ty, Arc::clone(values)))
        };
        let Some(source) = &self.sources[side] else {
            let null = |(label, ty): &(Arc<str>, ColumnType)| {
                let null = || Vector::Const(Value::Null(Some(*ty)));
                (Arc::clone(label), key(label).unwrap_or_else(null))
            };
            let mut columns: RecordColumns = shape.iter().map(null).collect();
            for (label, ..) in keys {
                if !columns.iter().any(|(known, _)| known == label) {
                    columns.extend(key(label).map(|vector| (Arc::clone(label), vector)));
                }
            }
            return columns;
        };
        let rows = if side == 0 { &self.pairs.left } else { &self.pairs.right };
        let rows: UInt32Array = match rows.iter().copied().collect::<Option<Vec<u32>>>() {
            Some(rows) => rows.into(),
            None => rows.iter().copied().collect(),
        };
        let vector = |column: &SourceColumn| match key(&column.label).filter(|_| column.is_key) {
            Some(key) => key,
            None if column.values.is_empty() => Vector::Rows(column.ty, null_array(column.ty, rows.len())),
            None => Vector::Rows(column.ty, take(&column.values, &rows)),
        };
        source.columns.iter().map(|c| (Arc::clone(&c.label), vector(c))).collect()
    }

    /// The tables that the join makes of the pairs.
    pub(super) fn tables(&self, join: &Join, shapes: &[SideShape; 2]) -> Result<TableBatch> {
        let keys = self.key_columns()?;
        let arguments =
            vec![("l", self.records(0, &shapes[0], &keys)), ("r", self.records(1, &shapes[1], &keys))];
        let shape =
            TableBatch { columns: Vec::new(), offsets: self.offsets.clone().into(), continues: false };
        let rows = evaluate_records(&join.as_, &join.context, &shape, arguments)?;
        let mut columns: Vec<Column> = Vec::new();
        for (label, vector) in rows.into_record()? {
            let key = keys.iter().find(|k| k.0 == label);
            if let (Vector::Run(_, values), Some((_, ty, expected))) = (&vector, key)
                && Arc::ptr_eq(values, expected)
                && (0..shape.runs()).all(|run| expected.is_valid(run) || shape.run(run).is_empty())
            {
                columns.push(Column::key(label, *ty, Arc::clone(expected)));
                continue;
            }
            let column = vector.into_column(&shape).map_err(|e| of_column(e, "column", &label))?;
            let (Some(ty), values) = column else { continue };
            columns.push(match key {
                Some((_, key_ty, expected)) => {
                    for run in 0..shape.runs() {
                        let value = scalar_at(expected, *key_ty, run);
                        let same = |row| is_same(&scalar_at(&values, ty, row), &value);
                        if !shape.run(run).all(same) {
                            return Err(key_changed(&label, *key_ty));
                        }
                    }
                    let first = self.offsets[..shape.runs()].iter().map(|&row| row as u32);
                    Column::key(label, ty, take(&values, &UInt32Array::from_iter_values(first)))
                }
                None => Column::row(label, ty, values),
            });
        }
        if let Some(lost) = keys.iter().find(|k| !columns.iter().any(|c| c.label == k.0)) {
            return Err(key_changed(&lost.0, lost.1));
        }
        columns.sort_by(|a, b| a.label.cmp(&b.label));
        Ok(TableBatch::new(columns, self.offsets.clone()))
    }
}

fn key_changed(label: &str, ty: ColumnType) -> FluxError {
    FluxError::invalid(format!(
        "join cannot modify group key: output record has a missing or invalid value for column '{label}:{ty}'"
    ))
}

/// Whether a cell is as the group key has it; null is like nothing.
fn is_same(a: &Scalar, b: &Scalar) -> bool {
    a == b && *a != Scalar::Null
        || matches!((a, b), (Scalar::Float(x), Scalar::Float(y)) if x.is_nan() && y.is_nan())
}
