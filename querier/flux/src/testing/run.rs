//! Running test cases, several at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use weir_flux_syntax::ast::Package;

use super::Case;
use crate::engine::{Engine, Limits, Outcome, drain};
use crate::env::Environment;
use crate::error::{FluxError, Result};
use crate::pretty;

/// The result that says what is wrong.
const ERROR_OUTPUT: &str = "errorOutput";

/// The stack of a thread that runs cases: scripts may be nested deeper than the default has room for.
const STACK: usize = 32 << 20;

/// What came of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All is as it should be.
    Passed,
    /// The error, or the rows that differ.
    Failed(String),
}

/// What cases run in.
#[derive(Clone)]
pub struct World {
    /// What scripts reach; each case gets one of its own.
    pub environment: Arc<dyn Fn() -> Arc<dyn Environment> + Send + Sync>,
    /// What `now()` answers, nanoseconds since 1970.
    pub now: i64,
    /// How many cases run at once.
    pub parallel: usize,
    /// How long a case may take.
    pub timeout: Duration,
    /// For what is async.
    pub runtime: tokio::runtime::Handle,
}

/// Runs cases; `done` hears of each as it ends, with its place in the list.
pub fn run_all(cases: &[Case], world: &World, mut done: impl FnMut(usize, &Case, Verdict, Duration)) {
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..world.parallel.clamp(1, cases.len().max(1)) {
            let (sender, next, world) = (sender.clone(), &next, world.clone());
            let work = move || {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(place) else { break };
                    let begin = Instant::now();
                    let verdict = run_case(case, &world);
                    // The receiver lives until all senders are gone.
                    let _ = sender.send((place, verdict, begin.elapsed()));
                }
            };
            if let Err(error) = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
                tracing::warn!(%error, "a thread for test cases does not start");
            }
        }
        drop(sender);
        for (place, verdict, took) in receiver {
            done(place, &cases[place], verdict, took);
        }
    });
}

/// Runs one case.
pub fn run_case(case: &Case, world: &World) -> Verdict {
    let package = match &case.script {
        Ok(package) => package,
        Err(why) => return Verdict::Failed(why.clone()),
    };
    let cancelled = Arc::new(AtomicBool::new(false));
    let watch = {
        let (cancelled, timeout) = (Arc::clone(&cancelled), world.timeout);
        world.runtime.spawn(async move {
            tokio::time::sleep(timeout).await;
            cancelled.store(true, Ordering::Relaxed);
        })
    };
    let _inside = world.runtime.enter();
    // A panic is a defect of the engine; it fails the case it happened in, and the others go on.
    let answer = catch_unwind(AssertUnwindSafe(|| differences(package, world, &cancelled)));
    watch.abort();
    match answer {
        Ok(Ok(text)) if text.is_empty() => Verdict::Passed,
        Ok(Ok(text)) => Verdict::Failed(text),
        Ok(Err(_)) if cancelled.load(Ordering::Relaxed) => {
            Verdict::Failed(format!("no answer within {:?}", world.timeout))
        }
        Ok(Err(error)) => Verdict::Failed(error.message),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("unknown");
            Verdict::Failed(format!("the engine panicked: {text}"))
        }
    }
}

/// What the script's `errorOutput` says.
fn differences(package: &Package, world: &World, cancelled: &Arc<AtomicBool>) -> Result<String> {
    let engine = Engine::new(Limits::default()).three_valued();
    engine.check(package)?;
    let environment = (world.environment)();
    let outcome = engine.start(package, environment, world.now, Arc::clone(cancelled))?;
    let mut out = String::new();
    let Outcome { results, script, .. } = outcome;
    for result in results {
        let batches = drain(result.tables)?;
        for batch in &batches {
            batch.check().map_err(FluxError::internal)?;
        }
        if &*result.name == ERROR_OUTPUT {
            for batch in &batches {
                pretty::write_tables(batch, &mut out);
            }
        }
    }
    for line in script.unmet_expectations() {
        out.push_str(&line);
        out.push('\n');
    }
    Ok(out)
}
