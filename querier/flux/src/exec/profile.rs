//! How long operations take, for scripts that ask for it with `option profiler.enabledProfilers`.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
use parking_lot::Mutex;
use weir_table::{Column, ColumnType, TableBatch};

use super::{BoxOperator, Memory, Operator};
use crate::engine::rules_line;
use crate::error::Result;
use crate::plan::{Fired, Node, describe};

/// What is told of a query.
#[derive(Debug)]
pub struct Profile {
    query: bool,
    operators: bool,
    began: Instant,
    compiled: Duration,
    planned: Mutex<Duration>,
    plan: Mutex<String>,
    entries: Mutex<Vec<Entry>>,
}

/// An operation, and how long it worked on each piece of its output.
#[derive(Debug, Clone)]
struct Entry {
    kind: &'static str,
    label: String,
    count: i64,
    least: Duration,
    most: Duration,
    sum: Duration,
}

thread_local! {
    /// For each operation that is at work, how long those it takes tables from have worked meanwhile.
    static INSIDE: RefCell<Vec<Duration>> = const { RefCell::new(Vec::new()) };
}

impl Profile {
    /// The profile that profilers of these names make; `None` if there is none of them. `compiled` is how long the
    /// script took to evaluate.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>, compiled: Duration) -> Option<Arc<Self>> {
        let (mut query, mut operators) = (false, false);
        for name in names {
            query |= name == "query";
            operators |= name == "operator";
        }
        (query || operators).then(|| {
            Arc::new(Self {
                query,
                operators,
                began: Instant::now(),
                compiled,
                planned: Mutex::default(),
                plan: Mutex::default(),
                entries: Mutex::default(),
            })
        })
    }

    /// The plan that is run, the rules that made it, and how long that took.
    pub fn planned(&self, roots: &[Arc<Node>], fired: &[Fired], took: Duration) {
        *self.planned.lock() = took;
        *self.plan.lock() = describe(roots) + &rules_line(fired);
    }

    /// The same operator, watched.
    pub fn watch(self: &Arc<Self>, operator: BoxOperator, node: &Node) -> BoxOperator {
        if !self.operators {
            return operator;
        }
        let mut entries = self.entries.lock();
        let number = entries.len();
        entries.push(Entry {
            kind: node.spec.name(),
            label: format!("{}{number}", node.spec.name()),
            count: 0,
            least: Duration::MAX,
            most: Duration::ZERO,
            sum: Duration::ZERO,
        });
        drop(entries);
        Box::new(Watched { operator, number, profile: Arc::clone(self) })
    }

    /// The tables that tell it.
    pub fn tables(&self, memory: &Memory) -> Vec<TableBatch> {
        let mut out = Vec::new();
        if self.query {
            out.push(self.query_table(memory));
        }
        if self.operators {
            out.push(self.operator_table());
        }
        out
    }

    fn query_table(&self, memory: &Memory) -> TableBatch {
        let (total, compiled, planned) =
            (self.began.elapsed() + self.compiled, self.compiled, *self.planned.lock());
        let number = |label: &str, value: i64| ints(label, vec![value]);
        let ns = |d: Duration| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX);
        let used = i64::try_from(memory.peak()).unwrap_or(i64::MAX);
        TableBatch::new(
            vec![
                measurement("profiler/query"),
                number("TotalDuration", ns(total)),
                number("CompileDuration", ns(compiled)),
                number("QueueDuration", 0),
                number("PlanDuration", ns(planned)),
                number("RequeueDuration", 0),
                number("ExecuteDuration", ns(total.saturating_sub(compiled).saturating_sub(planned))),
                number("Concurrency", 0),
                number("MaxAllocated", used),
                number("TotalAllocated", used),
                texts("RuntimeErrors", vec![String::new()]),
                texts("flux/query-plan", vec![self.plan.lock().clone()]),
            ],
            vec![0, 1],
        )
    }

    fn operator_table(&self) -> TableBatch {
        let entries = self.entries.lock();
        let ns = |d: Duration| i64::try_from(d.as_nanos()).unwrap_or(i64::MAX);
        let each = |f: &dyn Fn(&Entry) -> i64| entries.iter().map(f).collect::<Vec<_>>();
        let mean = |e: &Entry| if e.count == 0 { 0.0 } else { ns(e.sum) as f64 / e.count as f64 };
        let means: ArrayRef = Arc::new(Float64Array::from(entries.iter().map(mean).collect::<Vec<_>>()));
        TableBatch::new(
            vec![
                measurement("profiler/operator"),
                texts("Type", entries.iter().map(|e| e.kind.to_owned()).collect()),
                texts("Label", entries.iter().map(|e| e.label.clone()).collect()),
                ints("Count", each(&|e| e.count)),
                ints("MinDuration", each(&|e| if e.count == 0 { 0 } else { ns(e.least) })),
                ints("MaxDuration", each(&|e| ns(e.most))),
                ints("DurationSum", each(&|e| ns(e.sum))),
                Column::row("MeanDuration", ColumnType::Float, means),
            ],
            vec![0, entries.len()],
        )
    }
}

fn measurement(name: &str) -> Column {
    Column::key("_measurement", ColumnType::String, Arc::new(StringArray::from(vec![name])))
}

fn ints(label: &str, values: Vec<i64>) -> Column {
    Column::row(label, ColumnType::Int, Arc::new(Int64Array::from(values)))
}

fn texts(label: &str, values: Vec<String>) -> Column {
    Column::row(label, ColumnType::String, Arc::new(StringArray::from(values)))
}

struct Watched {
    operator: BoxOperator,
    number: usize,
    profile: Arc<Profile>,
}

impl Operator for Watched {
    fn next(&mut self) -> Result<Option<TableBatch>> {
        INSIDE.with_borrow_mut(|stack| stack.push(Duration::ZERO));
        let begin = Instant::now();
        let answer = self.operator.next();
        let whole = begin.elapsed();
        let inside = INSIDE.with_borrow_mut(|stack| {
            let inside = stack.pop().unwrap_or_default();
            if let Some(outer) = stack.last_mut() {
                *outer += whole;
            }
            inside
        });
        let own = whole.saturating_sub(inside);
        if let Some(entry) = self.profile.entries.lock().get_mut(self.number) {
            entry.count += 1;
            entry.least = entry.least.min(own);
            entry.most = entry.most.max(own);
            entry.sum += own;
        }
        answer
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use crate::engine::{Engine, drain};
    use crate::env::Nowhere;
    use crate::pretty::write_tables;

    use super::*;

    #[tokio::test]
    async fn a_profile_tells_of_each_operation() {
        let script = "import \"array\"\nimport \"profiler\"\noption profiler.enabledProfilers = [\"query\", \"operator\"]\n\
                      array.from(rows: [{a: 1}, {a: 2}]) |> limit(n: 1)";
        let work = move || {
            let engine = Engine::default();
            let package = engine.compile(script).unwrap();
            let outcome =
                engine.start(&package, Arc::new(Nowhere), 0, Arc::new(AtomicBool::new(false))).unwrap();
            let names: Vec<_> = outcome.results.iter().map(|r| r.name.to_string()).collect();
            let mut out = String::new();
            for result in outcome.results {
                drain(result.tables).unwrap().iter().for_each(|batch| write_tables(batch, &mut out));
            }
            (names, out)
        };
        let (names, out) = tokio::task::spawn_blocking(work).await.unwrap();
        assert_eq!(names, ["_result", "_profiler"]);
        assert!(
            out.contains("profiler/query") && out.contains("limit1") && out.contains("TotalDuration"),
            "{out}"
        );
    }
}
