//! Rows as they were appended.

use weir_batch::{FieldValues, Sequence};

/// Rows of one table: one large write, or several small ones one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chunk {
    /// Which rows came with which sequence; ends ascend, the last one is the number of rows.
    pub(crate) spans: Vec<Span>,
    /// A row's series, as an id of the table.
    pub(crate) series: Vec<u32>,
    /// A row's time.
    pub(crate) times: Vec<i64>,
    /// The columns that any row has, ascending by column.
    pub(crate) columns: Vec<ChunkColumn>,
    /// The smallest time.
    pub(crate) min_time: i64,
    /// The largest time.
    pub(crate) max_time: i64,
}

/// Rows of one write inside a chunk: those from the end of the span before up to `end`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    /// The write's sequence.
    pub(crate) sequence: Sequence,
    /// The first row that is no longer of this write.
    pub(crate) end: u32,
}

/// Values of one column: dense if `rows` is `None`, else value `i` is row `rows[i]`'s.
#[derive(Debug, Clone)]
pub(crate) struct ChunkColumn {
    /// The column's place in the table.
    pub(crate) column: u32,
    /// The values.
    pub(crate) values: FieldValues,
    /// The rows that have a value, ascending.
    pub(crate) rows: Option<Vec<u32>>,
}

impl Chunk {
    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.times.len()
    }

    /// The sequence of a row.
    pub(crate) fn sequence(&self, row: u32) -> Sequence {
        match self.spans.as_slice() {
            [one] => one.sequence,
            spans => spans.get(spans.partition_point(|s| s.end <= row)).map_or(Sequence(0), |s| s.sequence),
        }
    }

    /// Appends another chunk's rows behind this one's.
    pub(crate) fn append(&mut self, other: Chunk) {
        if self.rows() == 0 {
            *self = other;
            return;
        }
        let (base, added) = (self.rows() as u32, other.rows() as u32);
        self.spans.extend(other.spans.iter().map(|s| Span { sequence: s.sequence, end: s.end + base }));
        self.series.extend(other.series);
        self.times.extend(other.times);
        self.min_time = self.min_time.min(other.min_time);
        self.max_time = self.max_time.max(other.max_time);
        let mut before = std::mem::take(&mut self.columns).into_iter().peekable();
        let mut after = other.columns.into_iter().peekable();
        loop {
            let order = match (before.peek(), after.peek()) {
                (Some(a), Some(b)) => a.column.cmp(&b.column),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
                (None, None) => break,
            };
            let old = if order.is_le() { before.next() } else { None };
            let new = if order.is_ge() { after.next() } else { None };
            self.columns.extend(join(old, new, base, added));
        }
    }

    /// Bytes of memory the chunk takes, roughly.
    pub(crate) fn memory_size(&self) -> usize {
        let columns = self.columns.iter().map(|c| {
            c.values.memory_size()
                + c.rows.as_ref().map_or(0, |r| r.capacity() * 4)
                + size_of::<ChunkColumn>()
        });
        size_of::<Self>()
            + self.spans.capacity() * size_of::<Span>()
            + self.series.capacity() * 4
            + self.times.capacity() * 8
            + columns.sum::<usize>()
    }
}

/// One column of `base` rows and then `added` rows, of which either side may have no value.
fn join(old: Option<ChunkColumn>, new: Option<ChunkColumn>, base: u32, added: u32) -> Option<ChunkColumn> {
    match (old, new) {
        (Some(mut old), Some(new)) => {
            if old.rows.is_some() || new.rows.is_some() {
                let rows = old.rows.get_or_insert_with(|| (0..base).collect());
                match new.rows {
                    Some(new) => rows.extend(new.iter().map(|r| r + base)),
                    None => rows.extend(base..base + added),
                }
            }
            extend(&mut old.values, new.values);
            Some(old)
        }
        (Some(mut old), None) => {
            old.rows.get_or_insert_with(|| (0..base).collect());
            Some(old)
        }
        (None, Some(mut new)) => {
            new.rows = Some(match new.rows {
                Some(rows) => rows.into_iter().map(|r| r + base).collect(),
                None => (base..base + added).collect(),
            });
            Some(new)
        }
        (None, None) => None,
    }
}

/// Appends values of the same type; a column's type never changes, so that others cannot come.
fn extend(to: &mut FieldValues, from: FieldValues) {
    match (to, from) {
        (FieldValues::Float(a), FieldValues::Float(b)) => a.extend(b),
        (FieldValues::Integer(a), FieldValues::Integer(b)) => a.extend(b),
        (FieldValues::Unsigned(a), FieldValues::Unsigned(b)) => a.extend(b),
        (FieldValues::Boolean(a), FieldValues::Boolean(b)) => a.extend(b),
        (FieldValues::String { offsets, bytes }, FieldValues::String { offsets: ends, bytes: text }) => {
            let base = bytes.len() as u32;
            offsets.extend(ends.iter().skip(1).map(|end| end + base));
            bytes.push_str(&text);
        }
        (to, from) => debug_assert_eq!(to.field_type(), from.field_type(), "a column has one type"),
    }
}
