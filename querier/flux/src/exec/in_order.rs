//! Work on batches, several at a time, answered in the order of the batches.

use std::collections::VecDeque;
use std::sync::Arc;

use weir_table::TableBatch;

use super::memory::Hold;
use super::workers::Coming;
use super::{BoxOperator, Run};
use crate::error::{FluxError, Result};

/// What is done with a batch. It may be done twice with one: what a worker could not do is done again in its turn.
pub(crate) type Work<T> = Arc<dyn Fn(TableBatch) -> Result<T> + Send + Sync>;

/// A batch on its way.
enum Slot<T> {
    /// Its answer.
    Done(T),
    /// A worker has it.
    Coming(Coming<T>, TableBatch, Hold),
    /// It is worked on when it is its turn.
    Waiting(TableBatch, Hold),
    /// The input failed here.
    Failed(FluxError),
}

/// Works on the batches of a stream ahead of who reads the answers, as far as workers are free, batches are long and
/// memory allows; else exactly when an answer is asked for, on the query's own thread.
///
/// Work ahead must do nothing but to answer. If it fails, for whatever reason, nothing was answered yet: the batch is
/// worked on again in its turn, on the query's own thread, and only what comes of that counts. So there is no telling
/// from the answers whether workers helped.
pub(crate) struct InOrder<T> {
    run: Run,
    ahead: Work<T>,
    itself: Work<T>,
    slots: VecDeque<Slot<T>>,
    /// How many batches may be on their way.
    depth: usize,
    ended: bool,
}

impl<T: Send + 'static> InOrder<T> {
    /// The same work ahead and in turn.
    pub(crate) fn new(run: &Run, work: impl Fn(TableBatch) -> Result<T> + Send + Sync + 'static) -> Self {
        let work: Work<T> = Arc::new(work);
        Self::of(run, Arc::clone(&work), work)
    }

    /// `ahead` may refuse what only `itself` can do.
    pub(crate) fn of(run: &Run, ahead: Work<T>, itself: Work<T>) -> Self {
        let depth = run.helpers().map_or(0, |helpers| helpers.count() + 1);
        Self { run: run.clone(), ahead, itself, slots: VecDeque::new(), depth, ended: false }
    }

    /// The answer for the next batch of the input; `None` at its end.
    ///
    /// # Errors
    /// What the input or the work answers.
    pub(crate) fn next(&mut self, input: &mut BoxOperator) -> Result<Option<T>> {
        self.run.check()?;
        self.fill(input);
        match self.slots.pop_front() {
            None => Ok(None),
            Some(Slot::Failed(error)) => Err(error),
            Some(Slot::Done(answer)) => Ok(Some(answer)),
            Some(Slot::Waiting(batch, _hold)) => (self.itself)(batch).map(Some),
            Some(Slot::Coming(coming, batch, _hold)) => match coming.wait() {
                Ok(answer) => Ok(Some(answer)),
                Err(_) => {
                    self.run.check()?;
                    // What fails once, or is no work for workers, will be so again.
                    self.depth = 0;
                    (self.itself)(batch).map(Some)
                }
            },
        }
    }

    /// Reads the input as far ahead as makes sense, at least to the next batch.
    fn fill(&mut self, input: &mut BoxOperator) {
        while !self.ended && (self.slots.is_empty() || self.slots.len() < self.depth) {
            match input.next() {
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    self.slots.push_back(Slot::Failed(error));
                }
                Ok(Some(batch)) => {
                    if !self.begin(batch) {
                        return;
                    }
                }
            }
        }
    }

    /// Takes a batch, and says whether to go on with another.
    fn begin(&mut self, batch: TableBatch) -> bool {
        let hold = match self.run.memory.hold(&batch) {
            Ok(hold) => hold,
            Err(error) => {
                self.ended = true;
                self.slots.push_back(Slot::Failed(error));
                return false;
            }
        };
        // What is made of the batch takes about as much as the batch, and so do the columns on the way.
        let short = || self.run.memory.is_short_of(batch.memory_size() * 4);
        let workers = self.run.workers.as_ref();
        let Some(workers) = workers.filter(|w| self.depth > 0 && w.is_worth(batch.rows()) && !short()) else {
            self.slots.push_back(Slot::Waiting(batch, hold));
            return false;
        };
        let (work, task) = (Arc::clone(&self.ahead), batch.clone());
        match workers.try_begin(&self.run, move || work(task)) {
            Some(coming) => {
                self.slots.push_back(Slot::Coming(coming, batch, hold));
                true
            }
            // All cores are busy: this thread is one of them, and may as well work while others do.
            None => {
                match (self.ahead)(batch.clone()) {
                    Ok(answer) => self.slots.push_back(Slot::Done(answer)),
                    Err(_) => {
                        self.depth = 0;
                        self.slots.push_back(Slot::Waiting(batch, hold));
                    }
                }
                false
            }
        }
    }
}

impl<T> Drop for InOrder<T> {
    /// A query that has ended holds nothing: not even its workers do.
    fn drop(&mut self) {
        for slot in self.slots.drain(..) {
            if let Slot::Coming(coming, ..) = slot {
                coming.forget();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::thread;
    use std::time::Duration;

    use arrow_array::Int64Array;
    use weir_model::ErrorCode;
    use weir_table::{Column, ColumnType, Ints};

    use super::*;
    use crate::env::Nowhere;
    use crate::eval::Context;
    use crate::exec::{Memory, Operator, Workers, interrupt};

    /// Batches of one row that counts up to an end, where the input fails.
    struct Numbers {
        next: i64,
        end: i64,
    }

    impl Operator for Numbers {
        fn next(&mut self) -> Result<Option<TableBatch>> {
            if self.next == self.end {
                return Err(FluxError::invalid("the input ends badly"));
            }
            let numbers = Arc::new(Int64Array::from(vec![self.next]));
            self.next += 1;
            Ok(Some(TableBatch::new(vec![Column::row("n", ColumnType::Int, numbers)], vec![0, 1])))
        }
    }

    fn run(helpers: usize) -> Run {
        static RUNTIME: std::sync::LazyLock<tokio::runtime::Runtime> =
            std::sync::LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().unwrap());
        Run {
            context: Context::new(Arc::new(Nowhere), 0),
            memory: Memory::new(1 << 20),
            spill: None,
            workers: Some(Workers::for_batches_of(helpers, 1)),
            cancelled: Arc::new(AtomicBool::new(false)),
            runtime: RUNTIME.handle().clone(),
        }
    }

    fn number(batch: &TableBatch) -> i64 {
        Ints::of(batch.columns[0].data.array()).and_then(|n| n.get(0)).unwrap()
    }

    fn answers(mut work: InOrder<i64>, end: i64) -> (Vec<i64>, FluxError) {
        let mut input: BoxOperator = Box::new(Numbers { next: 0, end });
        let mut out = Vec::new();
        loop {
            match work.next(&mut input) {
                Ok(answer) => out.extend(answer),
                Err(error) => return (out, error),
            }
        }
    }

    #[test]
    fn answers_come_in_order_however_long_each_takes() {
        for helpers in [0, 1, 4] {
            let run = run(helpers);
            let at_work = Arc::new(AtomicUsize::new(0));
            let (most, busy) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&at_work));
            let seen = Arc::clone(&most);
            let work = InOrder::new(&run, move |batch| {
                let n = number(&batch);
                seen.fetch_max(busy.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::sleep(Duration::from_micros(n.cast_unsigned() * 7919 % 3000));
                busy.fetch_sub(1, Ordering::SeqCst);
                Ok(n * 2)
            });
            let (out, error) = answers(work, 60);
            assert_eq!(out, (0..60).map(|n| n * 2).collect::<Vec<_>>());
            assert_eq!(error.message, "the input ends badly");
            assert!(most.load(Ordering::SeqCst) <= helpers + 1, "not more than the helpers and itself");
            assert_eq!(most.load(Ordering::SeqCst) > 1, helpers > 0);
            assert_eq!(run.memory.used(), 0);
        }
    }

    #[test]
    fn what_a_helper_refuses_is_done_in_its_turn() {
        let run = run(3);
        let turn = Arc::new(AtomicUsize::new(0));
        let ahead: Work<i64> = Arc::new(|batch| match number(&batch) {
            n if n < 5 => Ok(n),
            _ => Err(FluxError::invalid("not ahead")),
        });
        let itself: Work<i64> = Arc::new(move |batch| {
            let n = number(&batch);
            // What does more than to answer sees its batches one after the other, and none that nobody asked for.
            let before = turn.swap(n as usize, Ordering::SeqCst);
            assert!(before < 5 && n == 5 || before as i64 + 1 == n, "{before} {n}");
            if n == 9 { Err(FluxError::invalid("nine")) } else { Ok(n) }
        });
        let (out, error) = answers(InOrder::of(&run, ahead, itself), 20);
        assert_eq!(out, (0..9).collect::<Vec<_>>());
        assert_eq!(error.message, "nine");
    }

    #[test]
    fn a_panic_is_the_querys() {
        let run = run(2);
        let work = InOrder::<i64>::new(&run, |batch| match number(&batch) {
            3 => panic!("three"),
            n => Ok(n),
        });
        let panic = catch_unwind(AssertUnwindSafe(|| answers(work, 9))).unwrap_err();
        assert_eq!(panic.downcast_ref::<&str>(), Some(&"three"));
    }

    #[test]
    fn a_cancelled_query_ends_and_its_helpers_with_it() {
        let run = run(2);
        let told = Arc::clone(&run.cancelled);
        let _working = interrupt::working_for(&run.cancelled);
        let work = InOrder::<i64>::new(&run, move |batch| {
            if number(&batch) == 0 {
                told.store(true, Ordering::SeqCst);
            }
            loop {
                interrupt::check()?;
                thread::sleep(Duration::from_millis(1));
            }
        });
        let (out, error) = answers(work, 9);
        assert_eq!((out.len(), error.code), (0, ErrorCode::Canceled));
        assert_eq!(run.memory.used(), 0);
    }
}
