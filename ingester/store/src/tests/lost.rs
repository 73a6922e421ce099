//! Scans while ingesters cannot be reached.

use std::sync::Arc;

use async_trait::async_trait;
use futures::{StreamExt, stream};
use object_store::memory::InMemory;
use weir_batch::{Predicate, ScanRequest, TimeRange};
use weir_model::{Error, ErrorCode, Result};
use weir_proto::{ScanService, ScanStream};

use super::support::{bucket, store_over};
use crate::{Ingesters, MergedScan, StoreOptions};

/// Answers nothing, or that it is away.
struct Ingester {
    away: bool,
}

#[async_trait]
impl ScanService for Ingester {
    async fn scan(&self, _: ScanRequest) -> Result<ScanStream> {
        if self.away { Err(Error::unavailable("away")) } else { Ok(stream::empty().boxed()) }
    }
}

/// So many of three are away, and so many may be.
struct Three {
    away: usize,
    dispensable: usize,
}

#[async_trait]
impl Ingesters for Three {
    async fn all(&self) -> Result<Vec<Arc<dyn ScanService>>> {
        Ok((0..3).map(|n| Arc::new(Ingester { away: n < self.away }) as Arc<dyn ScanService>).collect())
    }

    fn dispensable(&self) -> usize {
        self.dispensable
    }
}

#[tokio::test]
async fn a_scan_does_without_as_many_ingesters_as_hold_nothing_of_their_own() {
    let store = store_over(Arc::new(InMemory::new()), StoreOptions::default()).await;
    for (away, dispensable) in [(0, 0), (1, 0), (1, 1), (2, 1), (3, 2)] {
        let scan = MergedScan::new(Arc::new(Three { away, dispensable }), store.clone());
        let request = ScanRequest { bucket: bucket(), range: TimeRange::ALL, predicate: Predicate::TRUE };
        match scan.scan(request).await {
            Ok(_) => assert!(away <= dispensable),
            Err(error) => {
                assert!(away > dispensable);
                assert_eq!(error.code, ErrorCode::Unavailable);
            }
        }
    }
}
