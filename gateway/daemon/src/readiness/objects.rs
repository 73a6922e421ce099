//! The object store: it must have been reached once. When it is away later, writes go on without it.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use object_store::ObjectStore;
use object_store::path::Path;

use super::Need;

const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How long one attempt may take: the store's own retries are in it.
const PATIENCE: Duration = Duration::from_secs(20);

/// Asks again and again until the store answers.
pub(crate) async fn reach_objects(store: Arc<dyn ObjectStore>, need: Need) {
    let mut pause = FIRST_PAUSE;
    loop {
        // A list of nothing: it needs no more rights than the server's own clean-up, and fails without the bucket.
        let mut list = store.list(Some(&Path::from("data/is-the-store-there")));
        let error = match tokio::time::timeout(PATIENCE, list.next()).await {
            Ok(None | Some(Ok(_))) => {
                tracing::info!("the object store answers");
                need.met();
                return;
            }
            Ok(Some(Err(error))) => error.to_string(),
            Err(_) => format!("no answer within {PATIENCE:?}"),
        };
        drop(list);
        tracing::warn!(error, again_in = ?pause, "the object store does not answer yet");
        need.missing("the object store does not answer, see the log".to_owned());
        tokio::time::sleep(pause).await;
        pause = LONGEST_PAUSE.min(pause * 2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readiness::Needs;

    #[tokio::test]
    async fn a_store_that_answers_is_enough() {
        let needs = Needs::default();
        let need = needs.add("objects", "not reached yet");
        reach_objects(Arc::new(object_store::memory::InMemory::new()), need).await;
        assert!(needs.checks()()[0].missing.is_none());
    }
}
