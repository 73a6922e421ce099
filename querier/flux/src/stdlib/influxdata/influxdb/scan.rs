//! The scan: `from |> range |> filter…` as one read of the storage. Scripts don't call it; rules make it.

use std::sync::Arc;

use weir_batch::{Ends, Predicate, ScanRequest, TimeRange};
use weir_model::ErrorCode;

use super::From;
use crate::env::NameOrId;
use crate::error::{FluxError, Result};
use crate::exec::{BoxOperator, Operator, Run};
use crate::plan::{Bounds, Node, Spec, range};
use crate::scan_tables::{TableForm, TableMaker, TableOrder};
use weir_proto::ScanStream;
use weir_table::TableBatch;

/// A bounded read with what was pushed into it.
#[derive(Debug, Clone)]
pub struct Scan {
    /// Which bucket.
    pub from: From,
    /// Which times.
    pub bounds: Bounds,
    /// Which series, fields and values.
    pub predicate: Predicate,
    /// In which order the tables are wanted.
    pub order: TableOrder,
    /// Which rows of each table are enough, if not all are wanted.
    pub ends: Option<Ends>,
}

impl Spec for Scan {
    fn name(&self) -> &'static str {
        "ReadRange"
    }

    fn details(&self) -> String {
        let bucket = match &self.from.bucket {
            NameOrId::Name(name) => name.clone(),
            NameOrId::Id(id) => id.to_string(),
        };
        let mut text = format!("bucket={bucket} range={}", range(self.bounds));
        if self.predicate != Predicate::TRUE {
            text.push_str(&format!(" filter=({})", self.predicate));
        }
        match self.order {
            TableOrder::Any => {}
            TableOrder::Series => text.push_str(" in order of series"),
            TableOrder::SeriesAndField => text.push_str(" in order of series and field"),
        }
        if let Some(Ends { rows, last }) = self.ends {
            text.push_str(&format!(" {} {rows} of each", if last { "last" } else { "first" }));
        }
        text
    }

    fn bounds(&self, _inputs: &[Option<Bounds>]) -> Option<Bounds> {
        Some(self.bounds)
    }

    fn validate(&self, _node: &Node) -> Result<()> {
        if self.bounds.is_empty() {
            return Err(FluxError::invalid("cannot query an empty range"));
        }
        Ok(())
    }

    fn open(&self, _inputs: Vec<BoxOperator>, run: &Run, _node: &Node) -> Result<BoxOperator> {
        Ok(self.read(run, TableForm::Tall))
    }
}

enum State {
    Start,
    Reading(ScanStream, Box<TableMaker>),
    Done,
}

struct ScanOperator {
    scan: Scan,
    run: Run,
    form: TableForm,
    state: State,
}

impl ScanOperator {
    fn start(&self) -> Result<ScanStream> {
        let request = self.scan.request(&self.run)?;
        let environment = Arc::clone(self.run.environment());
        let ends = self.scan.ends;
        self.run.block_on(async move {
            match ends {
                Some(ends) => environment.ends(request, ends).await,
                None => environment.scan(request).await,
            }
        })
    }
}

impl Scan {
    /// Tables of a form.
    pub(super) fn read(&self, run: &Run, form: TableForm) -> BoxOperator {
        Box::new(ScanOperator { scan: self.clone(), run: run.clone(), form, state: State::Start })
    }

    /// What the storage is asked for.
    ///
    /// # Errors
    /// There is no such bucket for the caller.
    pub(crate) fn request(&self, run: &Run) -> Result<ScanRequest> {
        if self.from.bucket == NameOrId::Name(String::new()) {
            return Err(FluxError::invalid("no bucket name or id have been specified"));
        }
        let environment = Arc::clone(run.environment());
        let bucket = run
            .block_on(async { environment.bucket_to_read(&self.from.bucket, self.from.org.as_ref()).await })
            .map_err(|e| match e.code {
                ErrorCode::NotFound | ErrorCode::Invalid => e.context("failed to initialize execute state"),
                _ => e,
            })?;
        let range = TimeRange { start: self.bounds.start, stop: self.bounds.stop };
        Ok(ScanRequest { bucket: bucket.id, range, predicate: self.predicate.clone() })
    }
}

impl Operator for ScanOperator {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        loop {
            match &mut self.state {
                State::Start => {
                    let stream = self.start()?;
                    let maker = TableMaker::new(self.scan.bounds, self.scan.order, &self.run)?;
                    self.state = State::Reading(stream, Box::new(maker.of_form(self.form)));
                }
                State::Reading(stream, maker) => {
                    if let Some(batch) = maker.pop() {
                        return Ok(Some(batch));
                    }
                    match self.run.next_of(stream)? {
                        Some(batch) => maker.push(batch)?,
                        None => {
                            maker.finish()?;
                            if let Some(batch) = maker.pop() {
                                return Ok(Some(batch));
                            }
                            self.state = State::Done;
                        }
                    }
                }
                State::Done => return Ok(None),
            }
        }
    }
}
