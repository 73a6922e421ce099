//! The columns of one measurement while a body is read.

use hashbrown::HashMap;
use weir_batch::{FieldColumn, FieldType, FieldValues, MeasurementRows};

use crate::intern::NONE;

/// A field's name as written, and its columns by type.
#[derive(Debug)]
pub(crate) struct Slot {
    /// The name as written and a `=`; empty if the name has escapes.
    pub(crate) raw: Vec<u8>,
    name: String,
    /// Index of the column of each type, or [`NONE`].
    columns: [u32; 5],
}

/// One measurement of the body.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) rows: MeasurementRows,
    slots: Vec<Slot>,
    names: HashMap<String, u32>,
    /// The slot of the field at each place of the last line.
    pub(crate) predicted: Vec<u32>,
    /// How many rows there may be: columns are made so large at once.
    expected: usize,
}

impl Columns {
    pub(crate) fn new(measurement: &str, expected: usize) -> Self {
        let mut rows = MeasurementRows::new(measurement);
        rows.times.reserve(expected);
        rows.row_series.reserve(expected);
        Self { rows, expected, slots: Vec::new(), names: HashMap::new(), predicted: Vec::new() }
    }

    #[inline]
    pub(crate) fn slot(&self, slot: u32) -> Option<&Slot> {
        self.slots.get(slot as usize)
    }

    /// The slot of a field's name; `plain` if the name stands in lines without escapes.
    pub(crate) fn slot_named(&mut self, name: &str, plain: bool) -> u32 {
        if let Some(&slot) = self.names.get(name) {
            return slot;
        }
        let slot = self.slots.len() as u32;
        let raw = if plain { [name.as_bytes(), b"="].concat() } else { Vec::new() };
        self.slots.push(Slot { raw, name: name.to_owned(), columns: [NONE; 5] });
        self.names.insert(name.to_owned(), slot);
        slot
    }

    /// Notes that the field at `place` of a line was `slot`.
    pub(crate) fn learn(&mut self, place: usize, slot: u32) {
        match self.predicted.get_mut(place) {
            Some(known) => *known = slot,
            None => self.predicted.push(slot),
        }
    }

    /// The row that is being filled.
    #[inline]
    fn row(&self) -> usize {
        self.rows.times.len()
    }

    #[inline]
    pub(crate) fn float(&mut self, slot: u32, value: f64) {
        let row = self.row();
        let column = self.column(slot, FieldType::Float);
        if let FieldValues::Float(values) = &mut column.values {
            place(values, &mut column.rows, row, value);
        }
    }

    #[inline]
    pub(crate) fn integer(&mut self, slot: u32, value: i64) {
        let row = self.row();
        let column = self.column(slot, FieldType::Integer);
        if let FieldValues::Integer(values) = &mut column.values {
            place(values, &mut column.rows, row, value);
        }
    }

    #[inline]
    pub(crate) fn unsigned(&mut self, slot: u32, value: u64) {
        let row = self.row();
        let column = self.column(slot, FieldType::Unsigned);
        if let FieldValues::Unsigned(values) = &mut column.values {
            place(values, &mut column.rows, row, value);
        }
    }

    #[inline]
    pub(crate) fn boolean(&mut self, slot: u32, value: bool) {
        let row = self.row();
        let column = self.column(slot, FieldType::Boolean);
        if let FieldValues::Boolean(values) = &mut column.values {
            place(values, &mut column.rows, row, value);
        }
    }

    pub(crate) fn string(&mut self, slot: u32, value: &str) {
        let row = self.row();
        let column = self.column(slot, FieldType::String);
        if has(column, row) {
            pop(column);
        }
        if let FieldValues::String { offsets, bytes } = &mut column.values {
            match &mut column.rows {
                None if offsets.len() - 1 == row => {}
                None => column.rows = Some((0..offsets.len() as u32 - 1).chain([row as u32]).collect()),
                Some(rows) => rows.push(row as u32),
            }
            bytes.push_str(value);
            offsets.push(bytes.len() as u32);
        }
    }

    /// Takes back the values of the row that is being filled.
    pub(crate) fn roll_back(&mut self) {
        let row = self.row();
        for column in &mut self.rows.fields {
            if has(column, row) {
                pop(column);
            }
        }
    }

    /// The finished rows, and whether a field has two types. Columns without a value are left out.
    pub(crate) fn finish(mut self) -> (MeasurementRows, bool) {
        let count = self.rows.times.len();
        self.rows.fields.retain(|column| !column.values.is_empty());
        for column in &mut self.rows.fields {
            if column.rows.is_none() && column.values.len() < count {
                column.rows = Some((0..column.values.len() as u32).collect());
            }
        }
        let mixed = self.slots.iter().any(|s| s.columns.iter().filter(|&&c| c != NONE).count() > 1) && {
            let mut names: Vec<&str> = self.rows.fields.iter().map(|f| f.name.as_str()).collect();
            names.sort_unstable();
            names.windows(2).any(|two| two[0] == two[1])
        };
        (self.rows, mixed)
    }

    #[inline]
    fn column(&mut self, slot: u32, ty: FieldType) -> &mut FieldColumn {
        let index = self.slots[slot as usize].columns[ty as usize];
        if index == NONE { self.new_column(slot, ty) } else { &mut self.rows.fields[index as usize] }
    }

    #[cold]
    fn new_column(&mut self, slot: u32, ty: FieldType) -> &mut FieldColumn {
        let index = self.rows.fields.len();
        self.slots[slot as usize].columns[ty as usize] = index as u32;
        let name = self.slots[slot as usize].name.clone();
        let rows = if self.row() == 0 { None } else { Some(Vec::new()) };
        let mut values = FieldValues::empty(ty);
        if rows.is_none() {
            match &mut values {
                FieldValues::Float(v) => v.reserve(self.expected),
                FieldValues::Integer(v) => v.reserve(self.expected),
                FieldValues::Unsigned(v) => v.reserve(self.expected),
                FieldValues::Boolean(v) => v.reserve(self.expected),
                FieldValues::String { offsets, .. } => offsets.reserve(self.expected),
            }
        }
        self.rows.fields.push(FieldColumn { name, values, rows });
        &mut self.rows.fields[index]
    }
}

/// Puts a value into the row; a value that the row has already gives way: the last of two fields of one name wins.
#[inline]
fn place<T>(values: &mut Vec<T>, rows: &mut Option<Vec<u32>>, row: usize, value: T) {
    if rows.is_none() && values.len() == row {
        values.push(value);
    } else {
        place_sparse(values, rows, row, value);
    }
}

fn place_sparse<T>(values: &mut Vec<T>, rows: &mut Option<Vec<u32>>, row: usize, value: T) {
    let taken = match rows {
        None => values.len() > row,
        Some(rows) => rows.last() == Some(&(row as u32)),
    };
    if taken {
        if let Some(last) = values.last_mut() {
            *last = value;
        }
        return;
    }
    let rows = rows.get_or_insert_with(|| (0..values.len() as u32).collect());
    rows.push(row as u32);
    values.push(value);
}

/// Whether the column has a value in `row`, the row that is being filled.
fn has(column: &FieldColumn, row: usize) -> bool {
    match &column.rows {
        None => column.values.len() > row,
        Some(rows) => rows.last() == Some(&(row as u32)),
    }
}

fn pop(column: &mut FieldColumn) {
    if let Some(rows) = &mut column.rows {
        rows.pop();
    }
    match &mut column.values {
        FieldValues::Float(v) => drop(v.pop()),
        FieldValues::Integer(v) => drop(v.pop()),
        FieldValues::Unsigned(v) => drop(v.pop()),
        FieldValues::Boolean(v) => drop(v.pop()),
        FieldValues::String { offsets, bytes } => {
            offsets.pop();
            bytes.truncate(offsets.last().map_or(0, |&end| end as usize));
        }
    }
}
