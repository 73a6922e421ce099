//! What is counted of queries, under the names that the reference's dashboards know.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use weir_model::Id;

/// Upper bounds of the latency buckets, seconds: as the reference has them, from a millisecond in steps of five.
const BUCKETS: [f64; 7] = [0.001, 0.005, 0.025, 0.125, 0.625, 3.125, 15.625];

/// How a query ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Ending {
    Success,
    CompileError,
    QueueError,
    RuntimeError,
}

impl Ending {
    fn name(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::CompileError => "compile_error",
            Self::QueueError => "queue_error",
            Self::RuntimeError => "runtime_error",
        }
    }
}

/// What a query is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    All,
    Compiling,
    Queueing,
    Executing,
}

impl Phase {
    const EACH: [Self; 4] = [Self::All, Self::Compiling, Self::Queueing, Self::Executing];

    fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Compiling => "compiling",
            Self::Queueing => "queueing",
            Self::Executing => "executing",
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Times {
    active: u64,
    count: u64,
    seconds: f64,
    buckets: [u64; BUCKETS.len()],
}

/// The counters of a querier.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<(Id, Ending), u64>>,
    phases: Mutex<BTreeMap<(Phase, Id), Times>>,
}

impl Metrics {
    fn enter(&self, phase: Phase, org: Id) {
        self.phases.lock().entry((phase, org)).or_default().active += 1;
    }

    fn leave(&self, phase: Phase, org: Id, took: Duration) {
        let mut phases = self.phases.lock();
        let times = phases.entry((phase, org)).or_default();
        let seconds = took.as_secs_f64();
        times.active = times.active.saturating_sub(1);
        times.count += 1;
        times.seconds += seconds;
        for (count, bound) in times.buckets.iter_mut().zip(BUCKETS) {
            *count += u64::from(seconds <= bound);
        }
    }

    /// Everything, in Prometheus' text format.
    pub(crate) fn render(&self, waiting: usize, memory: usize, out: &mut String) {
        // Writing to a text cannot fail.
        let _ = self.render_requests(out);
        let _ = self.render_phases(out);
        let _ = writeln!(
            out,
            "# HELP weir_queries_waiting Queries that wait for a place to run\n\
             # TYPE weir_queries_waiting gauge\nweir_queries_waiting {waiting}\n\
             # HELP weir_queries_memory_bytes Bytes of memory that queries take\n\
             # TYPE weir_queries_memory_bytes gauge\nweir_queries_memory_bytes {memory}"
        );
    }

    fn render_requests(&self, out: &mut String) -> std::fmt::Result {
        let name = "qc_requests_total";
        writeln!(out, "# HELP {name} Count of the query requests\n# TYPE {name} counter")?;
        for ((org, ending), count) in self.requests.lock().iter() {
            writeln!(out, "{name}{{org=\"{org}\",result=\"{}\"}} {count}", ending.name())?;
        }
        Ok(())
    }

    fn render_phases(&self, out: &mut String) -> std::fmt::Result {
        let phases = self.phases.lock().clone();
        for phase in Phase::EACH {
            let name = phase.name();
            let of_phase =
                || phases.iter().filter(|((p, _), _)| *p == phase).map(|((_, org), times)| (org, times));
            writeln!(
                out,
                "# HELP qc_{name}_active Number of queries in this state\n# TYPE qc_{name}_active gauge"
            )?;
            for (org, times) in of_phase() {
                writeln!(out, "qc_{name}_active{{org=\"{org}\"}} {}", times.active)?;
            }
            let name = format!("qc_{name}_duration_seconds");
            writeln!(out, "# HELP {name} Histogram of times spent in this state\n# TYPE {name} histogram")?;
            for (org, times) in of_phase() {
                for (bound, count) in BUCKETS.iter().zip(times.buckets) {
                    writeln!(out, "{name}_bucket{{org=\"{org}\",le=\"{bound}\"}} {count}")?;
                }
                writeln!(out, "{name}_bucket{{org=\"{org}\",le=\"+Inf\"}} {}", times.count)?;
                writeln!(out, "{name}_sum{{org=\"{org}\"}} {}", times.seconds)?;
                writeln!(out, "{name}_count{{org=\"{org}\"}} {}", times.count)?;
            }
        }
        Ok(())
    }
}

/// A query that is counted, from its arrival until it is dropped.
pub(crate) struct Counted<M: AsRef<Metrics>> {
    owner: Arc<M>,
    org: Id,
    since: Instant,
}

impl<M: AsRef<Metrics>> Counted<M> {
    pub(crate) fn begin(owner: Arc<M>, org: Id) -> Self {
        (*owner).as_ref().enter(Phase::All, org);
        Self { owner, org, since: Instant::now() }
    }

    /// Counts the query as doing this until the answer is dropped.
    pub(crate) fn phase(&self, phase: Phase) -> impl Drop + use<M> {
        (*self.owner).as_ref().enter(phase, self.org);
        InPhase { owner: Arc::clone(&self.owner), org: self.org, phase, since: Instant::now() }
    }

    /// Counts how the query ended.
    pub(crate) fn end(&self, ending: Ending) {
        *(*self.owner).as_ref().requests.lock().entry((self.org, ending)).or_default() += 1;
    }
}

impl<M: AsRef<Metrics>> Drop for Counted<M> {
    fn drop(&mut self) {
        (*self.owner).as_ref().leave(Phase::All, self.org, self.since.elapsed());
    }
}

struct InPhase<M: AsRef<Metrics>> {
    owner: Arc<M>,
    org: Id,
    phase: Phase,
    since: Instant,
}

impl<M: AsRef<Metrics>> Drop for InPhase<M> {
    fn drop(&mut self) {
        (*self.owner).as_ref().leave(self.phase, self.org, self.since.elapsed());
    }
}
