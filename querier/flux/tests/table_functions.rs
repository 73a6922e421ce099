//! The table functions of the universe over small tables made in the script.

#![allow(clippy::unwrap_used, reason = "a panic is a failure here")]

#[path = "support/bounded.rs"]
mod bounded;
#[path = "support/memory.rs"]
mod memory;
#[path = "support/pushdown.rs"]
mod pushdown;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use weir_flux::exec::Workers;
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
        // Helpers change no answer: every case runs with them.
        let engine = Engine::default().helped_by(Workers::for_batches_of(2, 1));
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
        ["team=blue score=9.0", "--", "team=red score=6.75"]
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
fn who_is_at_fault_for_a_function_of_rows() {
    let failure = |script: &str| {
        let script = format!("import \"strings\"\nimport \"experimental/json\"\n{SERIES}\n{script}");
        run(&script).expect_err(&script)
    };
    let null = "v: strings.toUpper(v: if r._value > 9.0 then \"x\" else r.missing)";
    let mapped = failure(&format!("series |> debug.opaque() |> map(fn: (r) => ({{{null}}}))"));
    assert_eq!(mapped.code, weir_model::ErrorCode::Invalid, "{}", mapped.message);
    assert!(mapped.message.contains(": map: failed to evaluate map function: "), "{}", mapped.message);
    let filtered =
        failure("series |> debug.opaque() |> filter(fn: (r) => strings.toUpper(v: r.missing) == \"X\")");
    assert_eq!(filtered.code, weir_model::ErrorCode::Internal, "{}", filtered.message);
    let parsed = failure("f = (text) => json.parse(data: bytes(v: text))\nx = f(text: \"{\")\nseries");
    assert_eq!(parsed.code, weir_model::ErrorCode::Internal, "{}", parsed.message);
    let calls = "error calling function \"f\" @";
    assert!(parsed.message.starts_with(calls), "{}", parsed.message);
    assert!(parsed.message.contains("error calling function \"parse\" @"), "{}", parsed.message);
}

/// As the reference's servers do, which its tests do not.
#[test]
fn null_on_the_left_of_and_or_or_is_false_where_functions_are_called_row_by_row() {
    let values = |body: &str| {
        let script =
            format!("{SERIES}series |> limit(n: 1) |> map(fn: (r) => ({{r with no: no > 1.0}})) |> {body}");
        run(&script).unwrap_or_else(|e| panic!("{body}: {}", e.message))
    };
    let left = values("map(fn: (r) => ({a: r.no and true, o: r.no or false, text: string(v: r._value)}))");
    assert_eq!(left, ["a=false o=false text=1"]);
    let right = values("map(fn: (r) => ({a: true and r.no, o: false or r.no, text: string(v: r._value)}))");
    assert_eq!(right, ["a= o= text=1"]);
    let columns = values("map(fn: (r) => ({a: r.no and true, o: r.no or false}))");
    assert_eq!(columns, ["a= o="]);
    assert_eq!(
        values("filter(fn: (r) => not (r.no and true)) |> keep(columns: [\"_value\"])"),
        ["_value=1.0"]
    );
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
    assert_eq!(lines, ["name=bob score=9.0", "name=ann score=7.5", "name=cid score=6.0"]);
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
        ["name=bob team=blue", "--", "name=cid team=red"]
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
    assert_eq!(reduced, ["team=blue n=1 names=bob", "--", "team=red n=2 names=anncid"]);
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
