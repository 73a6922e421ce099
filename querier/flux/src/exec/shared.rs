//! A node whose tables several others take: run once, replayed to each.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use weir_table::TableBatch;

use super::memory::Hold;
use super::spill::{KeptBatch, KeptBatches};
use super::{BoxOperator, Operator, Run};
use crate::error::{FluxError, Result};

/// A batch that not all have taken yet.
enum Kept {
    Memory(TableBatch, #[expect(dead_code, reason = "counts the batch")] Hold),
    Disk(KeptBatch),
}

struct State {
    source: Option<BoxOperator>,
    /// What was read, but for that which all have taken.
    kept: VecDeque<Kept>,
    /// How many batches all have taken.
    taken: usize,
    /// What each reader takes next; none for those that are gone.
    readers: Vec<Option<usize>>,
    /// Where batches are once there was no memory for them.
    disk: Option<KeptBatches>,
    error: Option<FluxError>,
}

/// Hands out readers of one stream.
#[derive(Clone)]
pub(super) struct SharedSource {
    state: Arc<Mutex<State>>,
    run: Run,
}

impl SharedSource {
    /// Shares a stream.
    pub(super) fn new(source: BoxOperator, run: &Run) -> Self {
        let state = State {
            source: Some(source),
            kept: VecDeque::new(),
            taken: 0,
            readers: Vec::new(),
            disk: None,
            error: None,
        };
        Self { state: Arc::new(Mutex::new(state)), run: run.clone() }
    }

    /// A reader from the beginning. All are made before one reads.
    pub(super) fn reader(&self) -> BoxOperator {
        let mut state = self.state.lock();
        state.readers.push(Some(0));
        let number = state.readers.len() - 1;
        Box::new(Reader { state: Arc::clone(&self.state), number, run: self.run.clone(), last: None })
    }
}

impl State {
    /// Takes the next batch of the source, if there is one.
    fn read(&mut self, run: &Run) -> Result<bool> {
        if let Some(error) = &self.error {
            return Err(error.clone());
        }
        let Some(source) = &mut self.source else { return Ok(false) };
        let kept = match source.next() {
            Ok(Some(batch)) => self.keep(batch, run),
            Ok(None) => {
                self.source = None;
                return Ok(false);
            }
            Err(error) => Err(error),
        };
        kept.map(|()| true).inspect_err(|error| {
            self.source = None;
            self.error = Some(error.clone());
        })
    }

    /// Keeps a batch, in memory if there is enough for it and for what is done with it.
    fn keep(&mut self, batch: TableBatch, run: &Run) -> Result<()> {
        if self.disk.is_none() && run.spill.is_some() && run.memory.is_short_of(batch.memory_size()) {
            let mut disk = KeptBatches::new(run)?;
            // A batch may become several.
            let mut places = vec![self.taken];
            for kept in std::mem::take(&mut self.kept) {
                if let Kept::Memory(batch, _) = kept {
                    self.kept.extend(disk.push(&batch)?.into_iter().map(Kept::Disk));
                }
                places.push(self.taken + self.kept.len());
            }
            for next in self.readers.iter_mut().flatten() {
                *next = places[*next - self.taken];
            }
            self.disk = Some(disk);
        }
        match &mut self.disk {
            Some(disk) => self.kept.extend(disk.push(&batch)?.into_iter().map(Kept::Disk)),
            None => {
                let hold = run.memory.hold(&batch)?;
                self.kept.push_back(Kept::Memory(batch, hold));
            }
        }
        Ok(())
    }

    /// Forgets what all have taken.
    fn forget(&mut self) {
        let next = self.readers.iter().flatten().copied().min().unwrap_or(usize::MAX);
        while self.taken < next && self.kept.pop_front().is_some() {
            self.taken += 1;
        }
    }
}

struct Reader {
    state: Arc<Mutex<State>>,
    number: usize,
    run: Run,
    /// Counts what was read from disk last.
    last: Option<Hold>,
}

impl Operator for Reader {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        self.last = None;
        let mut state = self.state.lock();
        let place = |state: &State| state.readers[self.number].map(|next| next - state.taken);
        while place(&state).is_some_and(|place| place >= state.kept.len()) {
            if !state.read(&self.run)? {
                return Ok(None);
            }
        }
        let batch = match place(&state).and_then(|place| state.kept.get(place)) {
            None => return Ok(None),
            Some(Kept::Memory(batch, _)) => batch.clone(),
            Some(Kept::Disk(kept)) => {
                let disk = state.disk.as_ref().ok_or_else(|| FluxError::internal("a batch is nowhere"))?;
                let _reading = self.run.memory.reserve(kept.size())?;
                disk.read(kept)?
            }
        };
        // What was in memory is counted as long as this is the last that was answered.
        self.last = Some(self.run.memory.hold(&batch)?);
        if let Some(next) = &mut state.readers[self.number] {
            *next += 1;
        }
        state.forget();
        Ok(Some(batch))
    }
}

impl Drop for Reader {
    /// Who is gone takes nothing more.
    fn drop(&mut self) {
        let mut state = self.state.lock();
        state.readers[self.number] = None;
        state.forget();
    }
}
