//! The table functions of the universe over small tables made in the script.

#![allow(clippy::unwrap_used, reason = "a panic is a failure here")]

#[path = "support/memory.rs"]
mod memory;
#[path = "support/pushdown.rs"]
mod pushdown;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use weir_flux::{Engine, FluxError};
use weir_table::{Scalar, TableBatch};

const PEOPLE: &str = r#"
import "array"
people = array.from(rows: [
    {name: "ann", team: "red", age: 31, score: 7.5},
    {name: "bob", team: "blue", age: 25, score: 9.0},
    {name: "cid", team: "red", age: 40, score: 6.0},
])
"#;

const SERIES: &str = r#"
import "array"
import "internal/debug"
no = debug.null(type: "float")
series = array.from(rows: [
    {_time: 2026-01-01T00:00:00Z, _value: 1.0},
    {_time: 2026-01-01T00:01:00Z, _value: 5.0},
    {_time: 2026-01-01T00:02:00Z, _value: 3.0},
    {_time: 2026-01-01T00:04:00Z, _value: 9.0},
])
"#;

/// The rows of all tables, a line each; a line of dashes between tables.
fn run(script: &str) -> Result<Vec<String>, FluxError> {
    let script = script.to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let work = move || {
        let environment = Arc::new(memory::MemoryEnvironment::default());
        let engine = Engine::default();
        let package = engine.compile(&script)?;
        let outcome = engine.start(&package, environment, 0, Arc::new(AtomicBool::new(false)))?;
        let mut lines = Vec::new();
        for mut result in outcome.results {
            while let Some(batch) = result.tables.next()? {
                batch.check().map_err(FluxError::internal)?;
                show(&batch, &mut lines);
            }
        }
        Ok(lines)
    };
    runtime.block_on(async { tokio::task::spawn_blocking(work).await }).unwrap()
}

fn show(batch: &TableBatch, lines: &mut Vec<String>) {
    for run in 0..batch.runs() {
        if !lines.is_empty() {
            lines.push("--".into());
        }
        for row in batch.run(run) {
            let cells = batch.columns.iter().enumerate().map(|(i, c)| match batch.cell(i, run, row) {
                Scalar::Null => format!("{}=", c.label),
                Scalar::Bool(v) => format!("{}={v}", c.label),
                Scalar::Int(v) => format!("{}={v}", c.label),
                Scalar::UInt(v) => format!("{}={v}u", c.label),
                Scalar::Float(v) => format!("{}={v:?}", c.label),
                Scalar::String(v) => format!("{}={v}", c.label),
                Scalar::Time(v) => {
                    format!("{}={}s", c.label, (v - 1_767_225_600_000_000_000) / 1_000_000_000)
                }
            });
            lines.push(cells.collect::<Vec<_>>().join(" "));
        }
    }
}

fn people(rest: &str) -> Vec<String> {
    run(&format!("{PEOPLE}people {rest}")).unwrap()
}

fn series(rest: &str) -> Vec<String> {
    run(&format!("{SERIES}series {rest}")).unwrap()
}

fn error(script: &str) -> String {
    run(script).unwrap_err().message
}

#[test]
fn aggregates_keep_the_key_and_the_column() {
    assert_eq!(
        people(r#"|> group(columns: ["team"]) |> mean(column: "score")"#),
        ["team=red score=6.75", "--", "team=blue score=9.0"]
    );
    let message = error(&format!("{PEOPLE}people |> mean(column: \"name\")"));
    assert!(message.ends_with("mean: unsupported aggregate column type string"), "{message}");
}

#[test]
fn empty_tables_are_aggregated() {
    let empty = r#"|> filter(fn: (r) => r.age > 99, onEmpty: "keep")"#;
    assert_eq!(people(&format!(r#"{empty} |> count(column: "age")"#)), ["age=0"]);
    assert_eq!(people(&format!(r#"{empty} |> sum(column: "age")"#)), ["age="]);
    assert!(people(&format!(r#"{empty} |> max(column: "age")"#)).is_empty());
}

#[test]
fn selectors_keep_whole_rows() {
    assert_eq!(people(r#"|> min(column: "score")"#), ["name=cid team=red age=40 score=6.0"]);
    assert_eq!(people(r#"|> last(column: "name")"#), ["name=cid team=red age=40 score=6.0"]);
    assert_eq!(people(r#"|> top(n: 1, columns: ["age"]) |> keep(columns: ["name"])"#), ["name=cid"]);
}

#[test]
fn tables_that_lose_their_key_become_one() {
    let lines = people(r#"|> group(columns: ["team"]) |> drop(columns: ["team", "age"])"#);
    assert_eq!(lines, ["name=ann score=7.5", "name=cid score=6.0", "name=bob score=9.0"]);
    let lines =
        people(r#"|> group(columns: ["team"]) |> set(key: "team", value: "all") |> count(column: "age")"#);
    assert_eq!(lines, ["team=all age=3"]);
}

#[test]
fn columns_are_renamed_by_record_and_by_function() {
    assert_eq!(
        people(r#"|> limit(n: 1) |> rename(columns: {age: "years"})"#),
        ["name=ann team=red years=31 score=7.5"]
    );
    let message = error(&format!("{PEOPLE}people |> rename(fn: (column) => \"x\")"));
    assert!(message.contains("column 0 and 1 have the same name (\"x\")"), "{message}");
}

#[test]
fn limit_drops_tables_that_end_before_the_offset() {
    let by_team = r#"|> group(columns: ["team"]) |> keep(columns: ["team", "name"])"#;
    assert_eq!(people(&format!("{by_team} |> limit(n: 1, offset: 1)")), ["name=cid team=red"]);
    assert_eq!(
        people(&format!("{by_team} |> tail(n: 1)")),
        ["name=cid team=red", "--", "name=bob team=blue"]
    );
}

#[test]
fn sorting_agrees_with_and_without_its_rule() {
    let query = r#"|> sort(columns: ["age"], desc: true) |> limit(n: 2) |> keep(columns: ["name"])"#;
    let with = people(query);
    let off = "import \"planner\"\noption planner.disableLogicalRules = [\"universe/SortLimitRule\"]\n";
    assert_eq!(with, ["name=cid", "name=ann"]);
    // The package may not be there; without it the rule cannot be switched off.
    if let Ok(without) = run(&format!("{off}{PEOPLE}people {query}")) {
        assert_eq!(with, without);
    }
}

#[test]
fn differences_and_rates() {
    assert_eq!(
        series("|> difference(nonNegative: true)"),
        ["_time=60s _value=4.0", "_time=120s _value=", "_time=240s _value=6.0"]
    );
    assert_eq!(
        series("|> derivative(unit: 1m)"),
        ["_time=60s _value=4.0", "_time=120s _value=-2.0", "_time=240s _value=3.0"]
    );
    assert_eq!(
        series("|> increase() |> keep(columns: [\"_value\"])"),
        ["_value=0.0", "_value=4.0", "_value=7.0", "_value=13.0"]
    );
    assert_eq!(
        series("|> elapsed(unit: 1m) |> keep(columns: [\"elapsed\"])"),
        ["elapsed=1", "elapsed=1", "elapsed=2"]
    );
}

#[test]
fn nulls_are_filled() {
    let gaps = format!(
        "{SERIES}gaps = array.from(rows: [{{i: 0, _value: no}}, {{i: 1, _value: 2.0}}, {{i: 2, _value: no}}])\ngaps"
    );
    assert_eq!(
        run(&format!("{gaps} |> fill(value: 7.0)")).unwrap(),
        ["i=0 _value=7.0", "i=1 _value=2.0", "i=2 _value=7.0"]
    );
    assert_eq!(
        run(&format!("{gaps} |> fill(usePrevious: true)")).unwrap(),
        ["i=0 _value=", "i=1 _value=2.0", "i=2 _value=2.0"]
    );
    assert_eq!(run(&format!("{gaps} |> movingAverage(n: 2)")).unwrap(), ["i=1 _value=2.0", "i=2 _value=2.0"]);
    assert_eq!(run(&format!("{gaps} |> mode()")).unwrap(), ["_value="]);
}

#[test]
fn states_are_counted_from_where_they_begin() {
    assert_eq!(
        series("|> stateCount(fn: (r) => r._value > 2.0) |> keep(columns: [\"stateCount\"])"),
        ["stateCount=-1", "stateCount=1", "stateCount=2", "stateCount=3"]
    );
    assert_eq!(
        series("|> stateDuration(fn: (r) => r._value > 2.0, unit: 1m) |> keep(columns: [\"stateDuration\"])"),
        ["stateDuration=-1", "stateDuration=0", "stateDuration=1", "stateDuration=3"]
    );
}

#[test]
fn histograms_and_their_quantiles() {
    assert_eq!(
        series("|> histogram(bins: [1.0, 4.0, 10.0])"),
        ["le=1.0 _value=1.0", "le=4.0 _value=2.0", "le=10.0 _value=4.0"]
    );
    assert_eq!(
        series("|> histogram(bins: [0.0, 4.0, 10.0]) |> histogramQuantile(quantile: 0.5)"),
        ["_value=4.0"]
    );
    assert_eq!(series("|> quantile(q: 0.5, method: \"exact_mean\")"), ["_value=4.0"]);
}

#[test]
fn a_record_takes_in_the_rows() {
    let reduced = people(
        r#"|> group(columns: ["team"]) |> reduce(identity: {n: 0, names: ""},
            fn: (r, accumulator) => ({n: accumulator.n + 1, names: accumulator.names + r.name}))"#,
    );
    assert_eq!(reduced, ["team=red n=2 names=anncid", "--", "team=blue n=1 names=bob"]);
}

#[test]
fn scripts_look_into_tables() {
    let script = format!(
        "{PEOPLE}names = people |> group(columns: [\"team\"]) |> findColumn(fn: (key) => key.team == \"red\", \
         column: \"name\")\narray.from(rows: [{{first: names[0], n: length(arr: names)}}])"
    );
    assert_eq!(run(&script).unwrap(), ["first=ann n=2"]);
    let script = format!(
        "{PEOPLE}r = people |> findRecord(fn: (key) => true, idx: 1)\narray.from(rows: [{{v: r.name}}])"
    );
    assert_eq!(run(&script).unwrap(), ["v=bob"]);
}

/// Runs a script with a limit of memory, and cancels it after a while. Answers how it ended, how many bytes it used at
/// most, and how long it went on after it was cancelled.
fn run_bounded(
    script: &str,
    memory: usize,
    cancel_after: Option<std::time::Duration>,
) -> (Result<usize, FluxError>, usize, std::time::Duration) {
    use std::sync::atomic::Ordering;
    use std::time::Instant;

    let script = script.to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let all = weir_flux::exec::Memory::new(usize::MAX);
    let account = Arc::clone(&all);
    let work = move || {
        let engine = Engine::new(weir_flux::Limits { memory }).within(account);
        let package = engine.compile(&script)?;
        let outcome = engine.start(&package, Arc::new(memory::MemoryEnvironment::default()), 0, flag)?;
        let mut rows = 0;
        for mut result in outcome.results {
            while let Some(batch) = result.tables.next()? {
                batch.check().map_err(FluxError::internal)?;
                rows += batch.rows();
            }
        }
        Ok(rows)
    };
    runtime.block_on(async {
        let query = tokio::task::spawn_blocking(work);
        let mut at = Instant::now();
        if let Some(wait) = cancel_after {
            tokio::time::sleep(wait).await;
            cancelled.store(true, Ordering::Relaxed);
            at = Instant::now();
        }
        let answer = query.await.unwrap();
        let took = at.elapsed();
        assert_eq!(all.used(), 0, "bytes are left of a query");
        (answer, all.peak(), took)
    })
}

const MADE: &str = r#"
import "internal/gen"
import "generate"
import "array"
import joins "join"
made = gen.tables(n: 100000, seed: 7, tags: [{name: "a", cardinality: 10}])
"#;

/// What collects much, or works long.
const HEAVY: &[&str] = &[
    r#"made |> group() |> sum()"#,
    r#"made |> group(columns: ["_time"]) |> count()"#,
    r#"made |> sort(columns: ["_value"], desc: true)"#,
    r#"made |> map(fn: (r) => ({r with text: "the value is ${r._value} of ${r.a}"})) |> group() |> last(column: "text")"#,
    r#"made |> pivot(rowKey: ["_time"], columnKey: ["a"], valueColumn: "_value")"#,
    r#"union(tables: [made, made |> map(fn: (r) => ({r with _value: r._value * 2.0}))])"#,
    r#"join(tables: {l: made, r: made}, on: ["_time"])"#,
    r#"joins.inner(left: made, right: made, on: (l, r) => l._time == r._time, as: (l, r) => ({l with other: r._value}))"#,
    r#"made |> range(start: 1700-01-01T00:00:00Z, stop: 2200-01-01T00:00:00Z) |> window(every: 20s, period: 100s) |> mean()"#,
    r#"generate.from(count: 3000000, start: 2020-01-01T00:00:00Z, stop: 2021-01-01T00:00:00Z, fn: (n) => n * n)"#,
];

#[test]
fn what_is_collected_stays_below_the_limit() {
    for script in HEAVY {
        let limit = 24 << 20;
        let (answer, peak, _) = run_bounded(&format!("{MADE}{script}"), limit, None);
        // What fits into the limit may be answered.
        if let Err(error) = answer {
            assert!(error.message.contains("memory allocation limit reached"), "{script}: {}", error.message);
        } else {
            assert!(peak <= limit, "{script}: {peak}");
        }
    }
    let (answer, peak, _) =
        run_bounded(&format!("{MADE}made |> filter(fn: (r) => r._value > 50.0) |> count()"), 128 << 20, None);
    assert_eq!(answer.unwrap(), 10);
    assert!(peak < 128 << 20, "{peak}");
}

#[test]
fn what_works_long_ends_when_it_is_cancelled() {
    // Programs that are built for tests are ten times slower, and other tests run beside this one.
    let patience = std::time::Duration::from_millis(if cfg!(debug_assertions) { 2000 } else { 100 });
    for script in HEAVY {
        let after = std::time::Duration::from_millis(60);
        let (answer, _, took) = run_bounded(&format!("{MADE}{script}"), usize::MAX / 4, Some(after));
        assert!(took < patience, "{script}: {took:?}");
        if let Err(error) = answer {
            assert!(error.message.ends_with("query was cancelled"), "{script}: {}", error.message);
        }
    }
}
