//! Schema questions about a bucket, answered from series keys. Scripts don't call it; rules make it.
//!
//! As in the reference, whole shard groups are asked: what was written in a group that the range touches counts,
//! even if it lies outside of the range. So the answer needs a look at points only where values of a tag are asked for by
//! fields.

use std::collections::BTreeSet;
use std::sync::Arc;

use arrow_array::{ArrayRef, StringArray};
use weir_batch::{
    ColumnRef, Predicate, ReduceRequest, Reductions, ScanRequest, ScanWindows, SeriesSet, TimeRange,
};
use weir_proto::SeriesStream;
use weir_table::{Column, ColumnType, Scalar, TableBatch, repeat};

use super::super::scan::Scan;
use crate::env::NameOrId;
use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Reservation, Run};
use crate::plan::{Bounds, Node, Spec};
use crate::stdlib::lazy::lazy;

/// What is asked.
#[derive(Debug, Clone)]
pub enum Question {
    /// The labels of the group keys.
    TagKeys {
        /// The column of the answer.
        column: Arc<str>,
    },
    /// The values of a tag, or of `_measurement` or `_field`.
    TagValues {
        /// Which.
        tag: Arc<str>,
    },
    /// How many series there are, whatever fields they have.
    Cardinality,
}

/// A question about the series of a bounded read.
#[derive(Debug, Clone)]
pub struct SchemaScan {
    /// The read.
    pub scan: Scan,
    /// The question.
    pub question: Question,
}

impl Spec for SchemaScan {
    fn name(&self) -> &'static str {
        match self.question {
            Question::TagKeys { .. } => "ReadTagKeys",
            Question::TagValues { .. } => "ReadTagValues",
            Question::Cardinality => "ReadSeriesCardinality",
        }
    }

    fn details(&self) -> String {
        match &self.question {
            Question::TagValues { tag } => format!("tag={tag} {}", self.scan.details()),
            Question::TagKeys { .. } | Question::Cardinality => self.scan.details(),
        }
    }

    fn bounds(&self, _inputs: &[Option<Bounds>]) -> Option<Bounds> {
        Some(self.scan.bounds)
    }

    fn validate(&self, node: &Node) -> Result<()> {
        self.scan.validate(node)
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        if self.scan.from.bucket == NameOrId::Name(String::new()) {
            return Err(FluxError::invalid("no bucket name or id have been specified"));
        }
        let (spec, run) = (self.clone(), run.clone());
        Ok(lazy(move || Ok(vec![spec.answer(&run)?])))
    }
}

impl SchemaScan {
    fn answer(&self, run: &Run) -> Result<TableBatch> {
        if let (Question::TagValues { tag }, true) = (&self.question, mentions_field(&self.scan.predicate)) {
            return self.values_of_rows(tag, run);
        }
        let mut seen = Seen::new(run)?;
        let mut rows = self.series(self.scan.predicate.clone(), run)?;
        while let Some(batch) = run.next_of(&mut rows)? {
            seen.take(&batch, &self.question)?;
        }
        // The reference's storage has these keys for what may be a series, but looks fields up.
        if matches!(self.question, Question::TagKeys { .. })
            && seen.values.is_empty()
            && !mentions_field(&self.scan.predicate)
        {
            let mut all = self.series(Predicate::TRUE, run)?;
            while let Some(batch) = run.next_of(&mut all)? {
                if !batch.series.is_empty() {
                    seen.add("_field")?;
                    seen.add("_measurement")?;
                    break;
                }
            }
        }
        Ok(seen.table(&self.question))
    }

    /// The series of the shard groups in the range for which a predicate holds.
    fn series(&self, predicate: Predicate, run: &Run) -> Result<SeriesStream> {
        let environment = Arc::clone(run.environment());
        let found = run
            .block_on(async {
                let bucket =
                    environment.bucket_to_read(&self.scan.from.bucket, self.scan.from.org.as_ref()).await?;
                let range = TimeRange { start: self.scan.bounds.start, stop: self.scan.bounds.stop };
                let range = environment.shard_group_range(&bucket, range).await?;
                environment.series(ScanRequest { bucket: bucket.id, range, predicate }).await
            })
            .map_err(|e| match e.code {
                weir_model::ErrorCode::NotFound | weir_model::ErrorCode::Invalid => {
                    e.context("failed to initialize execute state")
                }
                _ => e,
            })?;
        Ok(found)
    }

    /// The values of a tag, or of `_measurement` or `_field`, of series with rows in the range; a series without the tag
    /// has the empty value. The reference asks so where fields are asked for, of which its index of series knows nothing.
    fn values_of_rows(&self, tag: &str, run: &Run) -> Result<TableBatch> {
        let scan = self.scan.request(run)?;
        let request = ReduceRequest { scan, windows: ScanWindows::Whole, wanted: Reductions::default() };
        let environment = Arc::clone(run.environment());
        let mut batches = run.block_on(async { environment.reduce(request).await })?;
        let mut seen = Seen::new(run)?;
        while let Some(batch) = run.next_of(&mut batches)? {
            match tag {
                "_measurement" => seen.add(&batch.measurement)?,
                "_field" => batch.fields.iter().try_for_each(|field| seen.add(&field.name))?,
                tag => {
                    for key in batch.series.iter() {
                        seen.add(&key.tag(tag).unwrap_or_default())?;
                    }
                }
            }
        }
        Ok(seen.table(&self.question))
    }
}

/// Whether a predicate asks for fields.
fn mentions_field(predicate: &Predicate) -> bool {
    match predicate {
        Predicate::Constant(_) => false,
        Predicate::And(parts) | Predicate::Or(parts) => parts.iter().any(mentions_field),
        Predicate::Compare { column, .. } => *column == ColumnRef::Field,
    }
}

/// What was found so far.
struct Seen {
    values: BTreeSet<Box<str>>,
    /// The value that was seen last: many series next to each other have the same.
    last: String,
    /// How many series there were. They ascend, so that one is known by the one before.
    series: i64,
    measurement: Arc<str>,
    memory: Reservation,
}

impl Seen {
    fn new(run: &Run) -> Result<Self> {
        Ok(Self {
            values: BTreeSet::new(),
            last: String::new(),
            series: 0,
            measurement: Arc::default(),
            memory: run.memory.reserve(0)?,
        })
    }

    fn take(&mut self, batch: &SeriesSet, question: &Question) -> Result<()> {
        match question {
            Question::Cardinality => {
                let Some(first) = batch.series.iter().next() else { return Ok(()) };
                // A series may go on in the next batch.
                let goes_on =
                    self.series > 0 && self.measurement == batch.measurement && self.last == first.0;
                self.series += batch.series.len() as i64 - i64::from(goes_on);
                self.measurement = Arc::clone(&batch.measurement);
                batch.series.get(batch.series.len() - 1).0.clone_into(&mut self.last);
            }
            Question::TagKeys { .. } => {
                for key in batch.series.iter() {
                    key.tags().try_for_each(|(tag, _)| self.add(&tag))?;
                }
                if !batch.series.is_empty() {
                    self.add("_field")?;
                    self.add("_measurement")?;
                }
            }
            Question::TagValues { tag } => match &**tag {
                "_measurement" if !batch.series.is_empty() => self.add(&batch.measurement)?,
                "_field" => {
                    for (field, _) in &batch.fields {
                        self.add(field)?;
                    }
                }
                tag => {
                    for key in batch.series.iter() {
                        if let Some(value) = key.tag(tag) {
                            self.add(&value)?;
                        }
                    }
                }
            },
        }
        Ok(())
    }

    fn add(&mut self, value: &str) -> Result<()> {
        if value == self.last && !self.values.is_empty() {
            return Ok(());
        }
        if !self.values.contains(value) {
            self.memory.grow(value.len() + 32)?;
            self.values.insert(value.into());
        }
        value.clone_into(&mut self.last);
        Ok(())
    }

    fn table(&self, question: &Question) -> TableBatch {
        match question {
            Question::Cardinality => {
                let count = repeat(&Scalar::Int(self.series), ColumnType::Int, 1);
                TableBatch::new(vec![Column::row("_value", ColumnType::Int, count)], vec![0, 1])
            }
            Question::TagKeys { column } => {
                let bounds = ["_start", "_stop"].into_iter();
                one_column(column, bounds.chain(self.values.iter().map(|v| &**v)))
            }
            Question::TagValues { .. } => one_column("_value", self.values.iter().map(|v| &**v)),
        }
    }
}

/// One table with one column.
fn one_column<'a>(label: &str, values: impl Iterator<Item = &'a str>) -> TableBatch {
    let array: ArrayRef = Arc::new(StringArray::from_iter_values(values));
    let rows = array.len();
    TableBatch::new(vec![Column::row(label, ColumnType::String, array)], vec![0, rows])
}
