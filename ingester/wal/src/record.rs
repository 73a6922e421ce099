//! What the log keeps.

use weir_batch::{Predicate, Sequence, SeriesKeys, TimeRange, WriteBatch};
use weir_model::Id;

use crate::dictionary::{Dictionary, take_series};
use crate::input::{Garbled, Input, put_varint};
use crate::predicate::{put_predicate, take_predicate};
use crate::rows::{put_rows, take_rows};

/// A record as it is read back.
#[derive(Debug, Clone, PartialEq)]
pub enum Record {
    /// Rows.
    Write {
        /// The sequence of all of them.
        sequence: Sequence,
        /// The rows by bucket and shard group.
        shards: Vec<Shard>,
    },
    /// A delete.
    Delete {
        /// Its sequence.
        sequence: Sequence,
        /// The bucket.
        bucket: Id,
        /// The times.
        range: TimeRange,
        /// Which series.
        predicate: Predicate,
    },
    /// The bucket is gone.
    DropBucket {
        /// The bucket.
        bucket: Id,
    },
}

/// Rows of one bucket and shard group.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard {
    /// The bucket.
    pub bucket: Id,
    /// The shard group.
    pub shard_group: i64,
    /// The rows.
    pub rows: WriteBatch,
}

/// A record to be kept; borrows, because the rows go on to the buffer.
#[derive(Debug, Clone)]
pub enum RecordRef<'a> {
    /// See [`Record::Write`].
    Write {
        /// The sequence of all rows.
        sequence: Sequence,
        /// Bucket, shard group, rows.
        shards: Vec<(Id, i64, &'a WriteBatch)>,
    },
    /// See [`Record::Delete`].
    Delete {
        /// Its sequence.
        sequence: Sequence,
        /// The bucket.
        bucket: Id,
        /// The times.
        range: TimeRange,
        /// Which series.
        predicate: &'a Predicate,
    },
    /// See [`Record::DropBucket`].
    DropBucket {
        /// The bucket.
        bucket: Id,
    },
}

impl Record {
    /// The record, borrowed.
    pub fn as_ref(&self) -> RecordRef<'_> {
        match self {
            Self::Write { sequence, shards } => RecordRef::Write {
                sequence: *sequence,
                shards: shards.iter().map(|s| (s.bucket, s.shard_group, &s.rows)).collect(),
            },
            Self::Delete { sequence, bucket, range, predicate } => {
                RecordRef::Delete { sequence: *sequence, bucket: *bucket, range: *range, predicate }
            }
            Self::DropBucket { bucket } => RecordRef::DropBucket { bucket: *bucket },
        }
    }
}

const WRITE: u8 = 1;
const DELETE: u8 = 2;
const DROP_BUCKET: u8 = 3;

/// A record made into bytes as far as that needs no dictionary, which is most of the work.
pub(crate) struct Prepared<'a> {
    head: Vec<u8>,
    /// For each shard: its rows, encoded, and the batch whose series are still to be numbered.
    shards: Vec<(Vec<u8>, &'a WriteBatch)>,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(record: &RecordRef<'a>) -> Self {
        let mut head = Vec::new();
        let mut encoded = Vec::new();
        match record {
            RecordRef::Write { sequence, shards } => {
                head.push(WRITE);
                head.extend(sequence.0.to_le_bytes());
                put_varint(&mut head, shards.len() as u64);
                for (bucket, shard_group, rows) in shards {
                    let mut bytes = Vec::new();
                    bytes.extend(bucket.get().to_le_bytes());
                    bytes.extend(shard_group.to_le_bytes());
                    let mut columns = Vec::new();
                    put_rows(rows, false, &mut columns);
                    put_varint(&mut bytes, columns.len() as u64);
                    bytes.append(&mut columns);
                    encoded.push((bytes, *rows));
                }
            }
            RecordRef::Delete { sequence, bucket, range, predicate } => {
                head.push(DELETE);
                head.extend(sequence.0.to_le_bytes());
                head.extend(bucket.get().to_le_bytes());
                head.extend(range.start.to_le_bytes());
                head.extend(range.stop.to_le_bytes());
                put_predicate(&mut head, predicate);
            }
            RecordRef::DropBucket { bucket } => {
                head.push(DROP_BUCKET);
                head.extend(bucket.get().to_le_bytes());
            }
        }
        Self { head, shards: encoded }
    }

    /// An upper bound of the bytes that [`Prepared::finish`] appends.
    pub(crate) fn size(&self) -> usize {
        let keys =
            |rows: &WriteBatch| rows.measurements.iter().map(|m| m.series.memory_size() + 32).sum::<usize>();
        self.head.len() + self.shards.iter().map(|(bytes, rows)| bytes.len() + 64 + keys(rows)).sum::<usize>()
    }

    /// Appends the record, numbering its series.
    pub(crate) fn finish(&self, dictionary: &mut Dictionary, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head);
        let mut series = Vec::new();
        for (bytes, rows) in &self.shards {
            out.extend_from_slice(bytes);
            series.clear();
            dictionary.put(rows.measurements.iter().map(|m| &m.series), &mut series);
            put_varint(out, series.len() as u64);
            out.extend_from_slice(&series);
        }
    }
}

/// Reads a record; `defined` are the series of the segment so far.
pub(crate) fn take_record(bytes: &[u8], defined: &mut SeriesKeys) -> Result<Record, Garbled> {
    let mut input = Input::new(bytes);
    let record = match input.byte()? {
        WRITE => {
            let sequence = Sequence(input.fixed()?);
            let mut shards = Vec::new();
            for _ in 0..input.varint()? {
                let bucket = take_id(&mut input)?;
                let shard_group = input.fixed()? as i64;
                let length = input.length()?;
                let columns = input.take(length)?;
                let length = input.length()?;
                let series = take_series(input.take(length)?, defined)?;
                shards.push(Shard { bucket, shard_group, rows: take_rows(columns, Some(series))? });
            }
            Record::Write { sequence, shards }
        }
        DELETE => Record::Delete {
            sequence: Sequence(input.fixed()?),
            bucket: take_id(&mut input)?,
            range: TimeRange { start: input.fixed()? as i64, stop: input.fixed()? as i64 },
            predicate: take_predicate(&mut input, 0)?,
        },
        DROP_BUCKET => Record::DropBucket { bucket: take_id(&mut input)? },
        _ => return Err(Garbled("unknown kind of record")),
    };
    if input.is_empty() { Ok(record) } else { Err(Garbled("a record has bytes left over")) }
}

fn take_id(input: &mut Input<'_>) -> Result<Id, Garbled> {
    Id::new(input.fixed()?).ok_or(Garbled("an id is zero"))
}
