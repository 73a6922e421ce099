//! Writing what flows by: the operator behind `to` and `wideTo`.

use std::sync::Arc;

use arrow_array::Array;
use weir_table::TableBatch;

use super::rows::{PointBuilder, Points};
use crate::env::{BucketInfo, NameOrId};
use crate::error::{FluxError, Result};
use crate::eval::Args;
use crate::exec::{BoxOperator, Operator, Run, Whole};
use crate::plan::Node;
use crate::tables::Call;
use crate::tables::rows::take_rows;

/// Points in one write. Memory stays bounded however much flows by.
const POINTS_A_WRITE: usize = 10_000;

/// Where to write.
#[derive(Debug, Clone)]
pub(super) struct Target {
    bucket: NameOrId,
    org: Option<NameOrId>,
}

impl Target {
    /// The target that a call names.
    pub(super) fn of(args: &Args) -> Result<Self> {
        if let Some(host) = args.optional::<Arc<str>>("host")? {
            args.required::<Arc<str>>("token")?;
            return Err(FluxError::new(
                weir_model::ErrorCode::NotImplemented,
                format!("writing to another host ({host}) is not implemented; replicate the bucket instead"),
            ));
        }
        let Some(bucket) = super::from::name_or_id(args, "bucket", "bucketID")? else {
            return Err(FluxError::invalid("must specify bucket or bucketID"));
        };
        Ok(Self { bucket, org: super::from::name_or_id(args, "org", "orgID")? })
    }

    /// Starts writing: the bucket is looked up now, so that a wrong name is told before anything is read.
    pub(super) fn open(
        &self,
        input: BoxOperator,
        run: &Run,
        node: &Node,
        points: impl FnMut(&TableBatch) -> Result<Points> + Send + 'static,
    ) -> Result<BoxOperator> {
        if matches!(&self.bucket, NameOrId::Name(name) if name.is_empty()) {
            return Err(FluxError::invalid("failed to initialize execute state: invalid bucket id"));
        }
        let environment = Arc::clone(run.environment());
        let bucket = run
            .block_on(async { environment.bucket_to_write(&self.bucket, self.org.as_ref()).await })
            .map_err(|e| e.context("failed to initialize execute state"))?;
        Ok(Box::new(Writer {
            input: Whole::over(input, run),
            run: run.clone(),
            bucket,
            call: Call::of(node),
            points: Box::new(points),
            pending: PointBuilder::default(),
        }))
    }
}

type ToPoints = dyn FnMut(&TableBatch) -> Result<Points> + Send;

struct Writer {
    input: BoxOperator,
    run: Run,
    bucket: BucketInfo,
    /// For messages.
    call: Call,
    points: Box<ToPoints>,
    pending: PointBuilder,
}

impl Writer {
    fn take(&mut self, batch: TableBatch) -> Result<TableBatch> {
        let points = (self.points)(&batch)?;
        let rows = batch.rows();
        let mut at = 0;
        while at < rows {
            at = self.pending.add(&points, at, POINTS_A_WRITE)?;
            // Rows are left over when the write is full or a field changed its type.
            if at < rows || self.pending.rows() >= POINTS_A_WRITE {
                self.flush()?;
            }
        }
        if points.passes_timeless || points.times.null_count() == 0 {
            return Ok(batch);
        }
        let (mut kept, mut offsets) = (Vec::new(), vec![0]);
        for run in 0..batch.runs() {
            kept.extend(batch.run(run).filter(|row| points.times.is_valid(*row)).map(|row| row as u32));
            offsets.push(kept.len());
        }
        Ok(take_rows(&batch, kept, offsets))
    }

    fn flush(&mut self) -> Result<()> {
        if self.pending.rows() == 0 {
            return Ok(());
        }
        let rows = self.pending.finish();
        let environment = Arc::clone(self.run.environment());
        self.run.block_on(async { environment.write(&self.bucket, rows).await })
    }
}

impl Operator for Writer {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.run.check()?;
        let written = match self.input.next()? {
            Some(batch) => self.take(batch).map(Some),
            None => self.flush().map(|()| None),
        };
        written.map_err(|e| self.call.tell(e))
    }
}
