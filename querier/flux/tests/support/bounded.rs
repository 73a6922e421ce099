//! What a query may take: memory, disk, and time after it was cancelled.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use weir_flux::exec::{Memory, SpillSpace, Workers};
use weir_flux::{Engine, FluxError, Limits};

use crate::memory::MemoryEnvironment;

/// How a query ended.
struct Ended {
    /// How many rows it answered.
    rows: Result<usize, FluxError>,
    /// How many bytes it used at most, by its own account.
    peak: usize,
    /// How long it went on after it was cancelled.
    took: Duration,
    /// How many bytes it wrote to disk.
    written: u64,
}

/// Runs a script with a limit of memory, with a disk or without, and cancels it after a while.
fn run_bounded(script: &str, memory: usize, disk: bool, cancel_after: Option<Duration>) -> Ended {
    run_helped(script, memory, disk, cancel_after, 1)
}

/// The same with so many helpers.
fn run_helped(
    script: &str,
    memory: usize,
    disk: bool,
    cancel_after: Option<Duration>,
    helpers: usize,
) -> Ended {
    let script = script.to_owned();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cancelled = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&cancelled);
    let all = Memory::new(usize::MAX);
    let account = Arc::clone(&all);
    let folder = tempfile::tempdir().unwrap();
    let space = SpillSpace::new(folder.path(), 1 << 30);
    let spill = disk.then(|| Arc::clone(&space));
    let work = move || {
        let engine =
            Engine::new(Limits { memory }).within(account).spilling(spill).helped_by(Workers::new(helpers));
        let package = engine.compile(&script)?;
        let outcome = engine.start(&package, Arc::new(MemoryEnvironment::default()), 0, flag)?;
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
        let rows = query.await.unwrap();
        let took = at.elapsed();
        assert_eq!((all.used(), space.used()), (0, 0), "something is left of a query");
        Ended { rows, peak: all.peak(), took, written: space.written() }
    })
}

const MADE: &str = r#"
import "internal/gen"
import "generate"
import "array"
import "csv"
import "interpolate"
import "regexp"
import "strings"
import "experimental"
import joins "join"
made = gen.tables(n: 100000, seed: 7, tags: [{name: "a", cardinality: 10}])
tiny = gen.tables(n: 3, seed: 7, tags: [{name: "a", cardinality: 300}, {name: "b", cardinality: 200}])
ranged = made |> range(start: 1700-01-01T00:00:00Z, stop: 2200-01-01T00:00:00Z)
"#;

/// What collects much, and can go on on disk.
const SPILLS: &[&str] = &[
    r#"made |> group()"#,
    r#"made |> group() |> sort(columns: ["_value"], desc: true)"#,
    r#"made |> group() |> sort(columns: ["a", "_time"])"#,
    r#"made |> pivot(rowKey: ["_time"], columnKey: ["a"], valueColumn: "_value")"#,
    r#"union(tables: [made, made |> map(fn: (r) => ({r with _value: r._value * 2.0}))])"#,
    r#"join(tables: {l: made, r: made}, on: ["_time", "a"])"#,
    r#"joins.inner(left: made, right: made, on: (l, r) => l._time == r._time, as: (l, r) => ({l with other: r._value}))"#,
    r#"joins.full(left: made |> group(), right: made |> group(), on: (l, r) => l._value == r._value, as: (l, r) => ({v: l._time, w: r._time}))"#,
    r#"twice = joins.inner(left: made, right: made, on: (l, r) => l._time == r._time, as: (l, r) => ({l with other: r._value}))
       twice |> yield(name: "a")
       twice |> sum() |> yield(name: "b")"#,
    r#"made |> drop(columns: ["a"])"#,
    r#"made |> map(fn: (r) => ({_value: r._value, of: r.a}))"#,
];

/// What collects or makes much without a way to disk, or works long.
const HEAVY: &[&str] = &[
    r#"made |> group() |> sum()"#,
    r#"made |> group(columns: ["_time"]) |> count()"#,
    r#"made |> sort(columns: ["_value"], desc: true)"#,
    r#"made |> map(fn: (r) => ({r with text: "the value is ${r._value} of ${r.a}"})) |> group() |> last(column: "text")"#,
    r#"join(tables: {l: made, r: made}, on: ["_time"])"#,
    r#"ranged |> window(every: 20s, period: 100s) |> mean()"#,
    r#"ranged |> window(every: 1ns, period: 1h) |> mean()"#,
    r#"ranged |> aggregateWindow(every: 1ms, fn: mean)"#,
    r#"ranged |> aggregateWindow(every: 1h, fn: median, createEmpty: true)"#,
    r#"generate.from(count: 3000000, start: 2020-01-01T00:00:00Z, stop: 2021-01-01T00:00:00Z, fn: (n) => n * n)"#,
    r#"made |> group() |> quantile(q: 0.9)"#,
    r#"made |> group() |> quantile(q: 0.9, method: "exact_mean")"#,
    r#"made |> group() |> quantile(q: 0.9, method: "exact_selector")"#,
    r#"made |> holtWinters(n: 10, interval: 1s)"#,
    r#"made |> holtWinters(n: 1000000000000, interval: 1s)"#,
    r#"made |> holtWinters(n: 2000000, interval: 1s, seasonality: 4)"#,
    r#"made |> histogram(bins: linearBins(start: -1000000.0, width: 10.0, count: 900000))"#,
    r#"made |> group(columns: ["_time"]) |> histogram(bins: linearBins(start: -1000000.0, width: 100.0, count: 90000))"#,
    r#"made |> group() |> distinct()"#,
    r#"made |> group() |> unique(column: "_value")"#,
    r#"made |> group() |> mode()"#,
    r#"made |> keep(columns: ["_time", "_value"]) |> interpolate.linear(every: 1ns)"#,
    r#"made |> movingAverage(n: 5000)"#,
    r#"made |> reduce(identity: {n: 0.0}, fn: (r, accumulator) => ({n: accumulator.n + r._value}))"#,
    r#"made |> filter(fn: (r) => regexp.matchRegexpString(r: /(1|2)+.*(3|4)+.*5/, v: string(v: r._value)))"#,
    r#"made |> rename(columns: {_value: "v"}) |> experimental.unpivot()"#,
    r#"experimental.diff(got: made, want: made |> map(fn: (r) => ({r with _value: r._value + 1.0})))"#,
    r#"experimental.diff(got: made |> group(), want: made |> group())"#,
    r#"made |> group() |> sort(columns: ["_time"]) |> derivative(unit: 1s) |> elapsed() |> stateCount(fn: (r) => r._value > 0.0)"#,
    r#"made |> map(fn: (r) => ({r with b: r._value})) |> group() |> covariance(columns: ["_value", "b"])"#,
    r#"csv.from(csv: strings.joinStr(arr: array.map(arr: made |> findColumn(fn: (key) => true, column: "_value"), fn: (x) => "1,2,${x}"), v: "\n"), mode: "raw")"#,
    r#"joins.full(left: made |> group(), right: made |> group(), on: (l, r) => l._time == r._time, as: (l, r) => ({v: l._value, w: r._value}))"#,
];

/// What works on very many tables of a few rows.
const TINY: &[&str] = &[
    r#"tiny |> set(key: "f", value: "x") |> group(columns: ["a", "b", "f"]) |> pivot(rowKey: ["_time"], columnKey: ["f"], valueColumn: "_value")"#,
    r#"tiny |> pivot(rowKey: ["_time"], columnKey: ["b"], valueColumn: "_value")"#,
    r#"tiny |> group(columns: ["b", "a"])"#,
    r#"tiny |> group(columns: ["b", "_time"])"#,
    r#"tiny |> group(columns: ["a", "b", "_value"])"#,
    r#"union(tables: [tiny, tiny |> map(fn: (r) => ({r with _value: r._value * 2.0}))])"#,
    r#"join(tables: {l: tiny, r: tiny}, on: ["_time", "a", "b"])"#,
    r#"join(tables: {l: tiny, r: tiny}, on: ["_time", "a"])"#,
    r#"joins.left(left: tiny, right: tiny, on: (l, r) => l._time == r._time, as: (l, r) => ({l with other: r._value}))"#,
    r#"joins.left(left: tiny, right: tiny, on: (l, r) => l._time == r._time, as: (l, r) => ({l with other: r._value})) |> group(columns: ["a", "b"])"#,
    r#"tiny |> sort(columns: ["_value"])"#,
];

#[test]
fn what_is_collected_stays_below_the_limit() {
    let limit = 24 << 20;
    for script in SPILLS.iter().chain(HEAVY) {
        let ended = run_bounded(&format!("{MADE}{script}"), limit, false, None);
        // What fits into the limit may be answered.
        if let Err(error) = ended.rows {
            assert!(error.message.contains("memory allocation limit reached"), "{script}: {}", error.message);
        } else {
            assert!(ended.peak <= limit, "{script}: {}", ended.peak);
        }
    }
    let script = format!("{MADE}made |> filter(fn: (r) => r._value > 50.0) |> count()");
    let ended = run_bounded(&script, 128 << 20, false, None);
    assert_eq!(ended.rows.unwrap(), 10);
    assert!(ended.peak < 128 << 20, "{}", ended.peak);
}

#[test]
fn what_does_not_fit_into_memory_goes_on_on_disk() {
    for script in SPILLS {
        let script = format!("{MADE}{script}");
        // Helpers work ahead, how far is up to chance, and so would be the peak.
        let memory = run_helped(&script, usize::MAX / 4, true, None, 0);
        assert_eq!(memory.written, 0, "{script}: there is memory");
        // What works on less at a time where there is little memory needs less than it took.
        let mut limit = memory.peak / 5 * 4;
        let error = loop {
            match run_helped(&script, limit, false, None, 0).rows {
                Ok(_) => limit = limit / 4 * 3,
                Err(error) => break error,
            }
            assert!(limit > memory.peak / 8, "{script}");
        };
        assert!(error.message.contains("memory allocation limit reached"), "{script}");
        let disk = run_helped(&script, limit, true, None, 0);
        assert_eq!(disk.rows.unwrap(), memory.rows.unwrap(), "{script}");
        let peak = disk.peak;
        assert!(disk.written > 0 && peak <= limit, "{script}: {} {peak} {limit}", disk.written);
    }
}

#[test]
fn what_works_long_ends_when_it_is_cancelled() {
    // Programs that are built for tests are ten times slower, and other tests run beside this one.
    let patience = Duration::from_millis(if cfg!(debug_assertions) { 5000 } else { 100 });
    for (script, disk) in HEAVY.iter().map(|s| (s, false)).chain(SPILLS.iter().map(|s| (s, true))) {
        let limit = if disk { 24 << 20 } else { 8 << 30 };
        let ended = run_bounded(&format!("{MADE}{script}"), limit, disk, Some(Duration::from_millis(300)));
        assert!(ended.took < patience, "{script}: {:?}", ended.took);
        if let Err(error) = ended.rows {
            let ended = ["query was cancelled", "memory allocation limit reached"];
            assert!(ended.iter().any(|e| error.message.contains(e)), "{script}: {}", error.message);
        }
    }
}

/// Kibibytes of a line of this process' status.
fn status(line: &str) -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let found = status.lines().find_map(|l| l.strip_prefix(line)).unwrap();
    found.trim_matches(|c: char| !c.is_ascii_digit()).parse().unwrap()
}

/// The account is true: a process that runs one script grows by a fifth more than the script's limit at most.
#[test]
fn the_machine_sees_no_more_than_the_limit() {
    const SCRIPT: &str = "WEIR_TEST_BOUNDED_SCRIPT";
    let limit = 48 << 20;
    if let Ok(number) = std::env::var(SCRIPT) {
        let scripts: Vec<&&str> = HEAVY.iter().chain(SPILLS).chain(TINY).collect();
        let small = "import \"array\" array.from(rows: [{a: 1}]) |> group() |> sort(columns: [\"a\"])";
        run_bounded(small, limit, true, None).rows.unwrap();
        let before = status("VmHWM:");
        // Errors are for the other test.
        let _ =
            run_bounded(&format!("{MADE}{}", scripts[number.parse::<usize>().unwrap()]), limit, true, None);
        println!("grew by {} KiB", status("VmHWM:") - before);
        return;
    }
    for number in 0..HEAVY.len() + SPILLS.len() + TINY.len() {
        let this = std::env::current_exe().unwrap();
        let mut child = Command::new(this);
        child.args(["--exact", "bounded::the_machine_sees_no_more_than_the_limit", "--nocapture"]);
        // The C library keeps what was given back, and more of it the longer it runs; the server has another allocator.
        child.env("MALLOC_MMAP_THRESHOLD_", "131072").env("MALLOC_TRIM_THRESHOLD_", "131072");
        let output = child.env(SCRIPT, number.to_string()).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let grew = text.split_once("grew by ").and_then(|(_, rest)| rest.split_once(" KiB"));
        let grew: usize = grew.unwrap_or_else(|| panic!("{text}")).0.parse().unwrap();
        assert!(grew * 1024 <= limit / 5 * 6, "script {number} takes {grew} KiB");
    }
}
