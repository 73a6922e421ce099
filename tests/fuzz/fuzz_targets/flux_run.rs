//! Any script that passes the type checker runs to an answer or an error, within its memory, and stops when it is
//! cancelled.
#![no_main]

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use tokio::runtime::{Builder, Runtime};
use weir_flux::engine::drain;
use weir_flux::env::Nowhere;
use weir_flux::{Engine, Limits};

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap());

fuzz_target!(|text: &str| {
    const PATIENCE: Duration = Duration::from_secs(1);
    let engine = Engine::new(Limits { memory: 32 << 20 });
    let Ok(package) = engine.compile(text) else { return };
    let _inside = RUNTIME.enter();
    let cancelled = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&cancelled);
    let timer = RUNTIME.spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        set.store(true, Ordering::Relaxed);
    });
    let began = Instant::now();
    if let Ok(outcome) = engine.start(&package, Arc::new(Nowhere), 1_767_225_600_000_000_000, cancelled) {
        for result in outcome.results {
            if let Ok(batches) = drain(result.tables) {
                batches.iter().for_each(|batch| batch.check().unwrap());
            }
        }
    }
    timer.abort();
    assert!(began.elapsed() < PATIENCE + Duration::from_secs(1), "went on after it was cancelled");
});
