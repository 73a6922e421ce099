//! Reading a stream as far as memory allows.

use weir_table::TableBatch;

use super::{BoxOperator, Collected, Operator, Ready, Run, collect};
use crate::error::Result;

/// A stream that was read.
pub(crate) enum Reading {
    /// To its end: whole tables in memory.
    All(Collected),
    /// As far as there is memory: the same stream, of which the beginning is in memory until it is asked for.
    Part(BoxOperator),
}

impl Reading {
    /// Reads a stream.
    ///
    /// # Errors
    /// What the stream answers, or that memory is used up and there is no disk to go on with.
    pub(crate) fn of(mut input: BoxOperator, run: &Run) -> Result<Self> {
        if run.spill.is_none() {
            return collect(input, run).map(Self::All);
        }
        let mut collected = Collected::default();
        while let Some(batch) = input.next()? {
            run.check()?;
            if run.memory.is_short_of(batch.memory_size()) {
                return Ok(Self::Part(Box::new(Chain {
                    first: collected.into(),
                    then: Some(batch),
                    rest: input,
                })));
            }
            collected.push(batch, &run.memory)?;
        }
        drop(input);
        collect(Box::new(Ready::from(collected)), run).map(Self::All)
    }

    /// The stream from its beginning.
    pub(crate) fn stream(self) -> BoxOperator {
        match self {
            Self::All(collected) => Box::new(Ready::from(collected)),
            Self::Part(stream) => stream,
        }
    }
}

/// What was read, what could not be kept, and what comes after that.
struct Chain {
    first: Ready,
    then: Option<TableBatch>,
    rest: BoxOperator,
}

impl Operator for Chain {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        if let Some(batch) = self.first.pop() {
            return Ok(Some(batch));
        }
        match self.then.take() {
            Some(batch) => Ok(Some(batch)),
            None => self.rest.next(),
        }
    }
}
