//! Writes that a quorum has acknowledged while slower ingesters still take them.

use std::sync::Arc;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::Semaphore;
use weir_batch::Sequence;
use weir_model::Id;
use weir_proto::{WriteRequest, WriteService};

use crate::clock::Clock;
use crate::placement::{Placement, SLOTS};

/// So many KiB of rows may be on their way to slow ingesters after their writes were acknowledged; beyond it writes
/// wait for all their ingesters, which holds the clients back and bounds the memory.
const LATE_KIB: usize = 128 << 10;

/// The room for rows on their way to slow ingesters.
#[derive(Debug, Clone)]
pub(crate) struct Late(Arc<Semaphore>);

impl Default for Late {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(LATE_KIB)))
    }
}

/// How one ingester answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// Its index in the placement.
    pub(crate) ingester: usize,
    pub(crate) outcome: weir_model::Result<Sequence>,
}

/// One write on its way to ingesters.
pub(crate) struct Sends<F> {
    pending: FuturesUnordered<F>,
    answered: Vec<Answer>,
    ids: Vec<Id>,
    clock: Arc<Clock>,
}

/// Sends each request to its ingester.
pub(crate) fn begin(
    placement: &Placement,
    requests: impl Iterator<Item = (usize, WriteRequest)>,
    clock: Arc<Clock>,
) -> Sends<impl Future<Output = Answer> + Send + 'static> {
    let send = |(ingester, request): (usize, WriteRequest)| {
        let service: Arc<dyn WriteService> = Arc::clone(&placement.ingesters[ingester].service);
        async move { Answer { ingester, outcome: service.write(request).await } }
    };
    Sends {
        pending: requests.map(send).collect(),
        answered: Vec::new(),
        ids: placement.ingesters.iter().map(|i| i.id).collect(),
        clock,
    }
}

impl<F: Future<Output = Answer> + Send + 'static> Sends<F> {
    /// Every answer, or as many as it takes for each slot in `used` to have its quorum: then the rest goes on without
    /// the writer, if there is room for its `bytes`.
    pub(crate) async fn until(
        mut self,
        quorum: usize,
        placement: &Placement,
        used: &[bool],
        bytes: usize,
        late: &Late,
    ) -> Vec<Answer> {
        while self.next().await {
            if self.pending.is_empty() || !self.kept(quorum, placement, used) {
                continue;
            }
            let kib = u32::try_from(bytes.div_ceil(1 << 10)).unwrap_or(u32::MAX);
            if let Ok(room) = Arc::clone(&late.0).try_acquire_many_owned(kib) {
                let answered = std::mem::take(&mut self.answered);
                tokio::spawn(async move {
                    while self.next().await {}
                    drop(room);
                });
                return answered;
            }
        }
        self.answered
    }

    /// Waits for one more answer; false if there is none to come.
    async fn next(&mut self) -> bool {
        let Some(answer) = self.pending.next().await else { return false };
        match &answer.outcome {
            Ok(sequence) => self.clock.observe(*sequence),
            Err(error) => {
                tracing::warn!(ingester = %self.ids[answer.ingester], %error, "an ingester refused a write");
            }
        }
        self.answered.push(answer);
        true
    }

    /// Whether each slot in `used` has its quorum already.
    fn kept(&self, quorum: usize, placement: &Placement, used: &[bool]) -> bool {
        let has = |i: &&usize| self.answered.iter().any(|a| a.ingester == **i && a.outcome.is_ok());
        (0..SLOTS)
            .filter(|slot| used[*slot])
            .all(|slot| placement.replicas[slot].iter().filter(has).count() >= quorum)
    }
}
