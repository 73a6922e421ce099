//! Pieces of work that need not wait for each other.

use std::sync::Arc;

use super::workers::Coming;
use super::{Run, interrupt};
use crate::error::Result;

/// A piece of work. It does nothing but to answer.
pub(crate) type Piece<T> = Arc<dyn Fn() -> Result<T> + Send + Sync>;

/// How many pieces are worth making of work on so many rows: one, where nobody helps.
pub(crate) fn pieces(rows: usize, run: &Run) -> usize {
    let worth = run.helpers().filter(|helpers| helpers.is_worth(rows / 2));
    worth.map_or(1, |helpers| helpers.count() + 1)
}

/// The answers of some pieces of work, in their order. Helpers do what they are free for, this thread the rest.
///
/// # Errors
/// What a piece answers, or that the query was cancelled.
pub(crate) fn side_by_side<T: Send + 'static>(work: Vec<Piece<T>>, run: &Run) -> Result<Vec<T>> {
    enum Answer<T> {
        Coming(Coming<T>),
        Done(Result<T>),
    }
    let last = work.len().saturating_sub(1);
    let mut answers: Vec<Answer<T>> = Vec::with_capacity(work.len());
    for (n, piece) in work.into_iter().enumerate() {
        let helped = run.helpers().filter(|_| n < last).and_then(|helpers| {
            let piece = Arc::clone(&piece);
            helpers.try_begin(run, move || piece())
        });
        answers.push(match helped {
            Some(coming) => Answer::Coming(coming),
            None => Answer::Done(interrupt::check().and_then(|()| piece())),
        });
    }
    // All are waited for, so that nothing works for a query that has ended.
    let wait = |answer| match answer {
        Answer::Coming(coming) => coming.wait(),
        Answer::Done(done) => done,
    };
    let answers: Vec<Result<T>> = answers.into_iter().map(wait).collect();
    answers.into_iter().collect()
}
