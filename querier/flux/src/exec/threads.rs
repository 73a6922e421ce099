//! Threads for queries, used again: making one costs as much as a small query.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use parking_lot::Mutex;

/// The stack of a query's thread: evaluation goes down as deep as a script nests.
const STACK: usize = 16 << 20;
/// How long a thread waits for another query before it ends.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many threads wait at most.
const IDLE: usize = 16;

type Work = Box<dyn FnOnce() + Send>;

/// Threads that wait for work.
#[derive(Debug, Clone, Default)]
pub struct Threads(Arc<Mutex<Vec<Sender<Work>>>>);

impl Threads {
    /// Runs `work` on a thread of its own for as long as it takes. Work must not panic.
    ///
    /// # Errors
    /// No thread waits, and none can be made; `work` is not run.
    pub fn run(&self, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
        let mut work: Work = Box::new(work);
        loop {
            let Some(waiting) = self.0.lock().pop() else { break };
            match waiting.send(work) {
                Ok(()) => return Ok(()),
                // It has lost its patience meanwhile.
                Err(unsent) => work = unsent.0,
            }
        }
        let threads = self.clone();
        let thread = std::thread::Builder::new().name("query".to_owned()).stack_size(STACK);
        thread.spawn(move || threads.work(work)).map(drop)
    }

    fn work(&self, first: Work) {
        let mut next = Some(first);
        while let Some(work) = next {
            work();
            next = self.wait().and_then(|again| again.recv_timeout(PATIENCE).ok());
        }
    }

    /// Lines up for more work; `None` if enough threads wait.
    fn wait(&self) -> Option<Receiver<Work>> {
        let mut waiting = self.0.lock();
        if waiting.len() >= IDLE {
            return None;
        }
        let (sender, receiver) = channel();
        waiting.push(sender);
        Some(receiver)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_work_again_and_many_at_once() {
        let threads = Threads::default();
        let (sender, receiver) = channel();
        for round in 0..3 {
            for n in 0..40 {
                let sender = sender.clone();
                threads.run(move || sender.send(round * 40 + n).unwrap()).unwrap();
            }
            let mut got: Vec<i32> = (0..40).map(|_| receiver.recv().unwrap()).collect();
            got.sort_unstable();
            assert_eq!(got, (round * 40..round * 40 + 40).collect::<Vec<_>>());
        }
        assert!(threads.0.lock().len() <= IDLE);
    }
}
