//! No function panics or goes on after it was cancelled, whatever it is given: calls with arguments that the type
//! checker would not let through, in pipelines of random length.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use weir_flux_semantic::{ParameterKind, parse_poly_type};

use crate::engine::{Engine, Limits, drain};
use crate::env::Nowhere;
use crate::exec::Workers;
use crate::registry::{self, Definition};

/// What stands for an argument.
const VALUES: &[&str] = &[
    "0",
    "1",
    "-1",
    "3",
    "9223372036854775807",
    "uint(v: 2)",
    "0.5",
    "-2.5",
    "math.NaN()",
    "math.mInf(sign: 1)",
    "true",
    "\"\"",
    "\"_value\"",
    "\"_time\"",
    "\"k\"",
    "\"é\"",
    "\"int\"",
    "bytes(v: \"é\")",
    "2026-01-01T00:00:30Z",
    "1677-09-22",
    "2262-04-11",
    "1m",
    "-1h",
    "1mo",
    "0s",
    "inf",
    "/a(b)?/",
    "[1, 2]",
    "[\"_value\", \"k\"]",
    "[0.1, 0.9]",
    "[]",
    "[2026-01-01T00:00:00Z]",
    "{a: 1, b: \"x\"}",
    "{zone: \"Europe/Berlin\", offset: 0s}",
    "{lat: 1.0, lon: 2.0}",
    "[\"a\": 1]",
    "debug.null(type: \"int\")",
    "debug.null(type: \"string\")",
    "dynamic.dynamic(v: {a: [1]})",
    "data",
    "nothing",
    "[data, other]",
    "{a: data, b: other}",
    "(r) => r._value > 1.0",
    "(r) => true",
    "(r) => ({r with x: r._value})",
    "(r) => ({k: r.k})",
    "(r) => 1",
    "(n) => n * 2",
    "(x) => x",
    "(column) => column == \"k\"",
    "(key) => true",
    "(tables=<-, column) => tables |> mean(column: column)",
    "mean",
    "last",
    "(l, r) => l.k == r.k",
    "(l, r) => ({l with y: r._value})",
    "(r, accumulator) => ({n: accumulator.n + 1})",
    "() => 2026-01-01T00:00:00Z",
    "() => die(msg: \"x\")",
];

const PREAMBLE: &str = r#"
data = array.from(rows: [
    {_time: 2026-01-01T00:00:00Z, _start: 2026-01-01T00:00:00Z, _stop: 2026-01-01T00:05:00Z, _value: 1.5, k: "a", n: 1, b: true},
    {_time: 2026-01-01T00:01:00Z, _start: 2026-01-01T00:00:00Z, _stop: 2026-01-01T00:05:00Z, _value: debug.null(type: "float"), k: "a", n: 2, b: false},
    {_time: 2026-01-01T00:02:30Z, _start: 2026-01-01T00:00:00Z, _stop: 2026-01-01T00:05:00Z, _value: 2.5, k: "b", n: -3, b: true},
    {_time: 2026-01-01T00:02:30Z, _start: 2026-01-01T00:00:00Z, _stop: 2026-01-01T00:05:00Z, _value: -7.0, k: "b", n: 4, b: debug.null(type: "bool")},
]) |> group(columns: ["k", "_start", "_stop"])
other = array.from(rows: [{_time: 2026-01-01T00:00:00Z, _value: 2, k: "b", le: "0.5"}, {_time: 1970-01-01, _value: 4, k: "c", le: "+Inf"}])
nothing = data |> filter(fn: (r) => false, onEmpty: "keep")
"#;

/// All functions that do not wait for something outside.
fn functions() -> Vec<&'static Definition> {
    let packages = registry::package_paths().into_iter().filter_map(registry::package);
    let all = packages.flat_map(|p| p.package.members.iter().copied());
    all.filter(|d| parse_poly_type(d.signature).is_ok_and(|t| t.parameters().is_some())).collect()
}

/// A call of a function: the numbers choose the arguments, some of which are left out.
fn call(function: &Definition, choice: &[usize]) -> String {
    let parameters =
        parse_poly_type(function.signature).ok().and_then(|t| t.parameters()).unwrap_or_default();
    let arguments: Vec<String> = parameters
        .into_iter()
        .zip(choice)
        .filter(|(p, n)| p.kind != ParameterKind::Pipe && (p.kind == ParameterKind::Required || **n % 3 == 0))
        .map(|(p, n)| format!("{}: {}", p.name, VALUES[n / 3 % VALUES.len()]))
        .collect();
    let name = match registry::prelude(function.name) {
        Some(known) if std::ptr::eq(known, function) => function.name.to_owned(),
        _ => format!("f.{}", function.name),
    };
    format!("{name}({})", arguments.join(", "))
}

/// Runs a script without checking its types. `Err` is how long it went on after it was cancelled.
fn run(script: &str) -> Result<(), Duration> {
    const PATIENCE: Duration = Duration::from_millis(1500);
    let package = weir_flux_syntax::parse_package(script, "", "");
    assert!(weir_flux_syntax::package_errors(&package).is_empty(), "{script}");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let _inside = runtime.enter();
    let cancelled = Arc::new(AtomicBool::new(false));
    let (set, started) = (Arc::clone(&cancelled), Instant::now());
    runtime.spawn(async move {
        tokio::time::sleep(PATIENCE).await;
        set.store(true, Ordering::Relaxed);
    });
    let engine = Engine::new(Limits { memory: 64 << 20 }).helped_by(Workers::for_batches_of(1, 1));
    if let Ok(outcome) = engine.start(&package, Arc::new(Nowhere), 1_767_225_600_000_000_000, cancelled) {
        for result in outcome.results {
            let Ok(batches) = drain(result.tables) else { continue };
            for batch in batches {
                batch.check().unwrap_or_else(|e| panic!("{e}\n{script}"));
            }
        }
    }
    match started.elapsed().saturating_sub(PATIENCE) {
        late if late > Duration::from_secs(3) => Err(late),
        _ => Ok(()),
    }
}

fn cases() -> u32 {
    std::env::var("WEIR_SOUP_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(250)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn calls_of_anything_with_anything(
        picked in proptest::collection::vec((any::<prop::sample::Index>(), proptest::collection::vec(0usize..10_000, 16)), 1..4),
        piped in any::<bool>(),
    ) {
        let all = functions();
        let picked: Vec<_> = picked.iter().map(|(i, choice)| (all[i.index(all.len())], choice)).collect();
        let mut script = String::from("import \"array\"\nimport \"math\"\nimport \"internal/debug\"\nimport \"experimental/dynamic\"\n");
        // Each call has its own package under the same name: a line a call, from the first one's import on.
        let mut body = String::new();
        for (n, (function, choice)) in picked.iter().enumerate() {
            script += &format!("import f{n} \"{}\"\n", function.package);
            let call = call(function, choice).replacen("f.", &format!("f{n}."), 1);
            let before = if n == 0 { "data".to_owned() } else { format!("v{}", n - 1) };
            body += &if piped { format!("v{n} = {before} |> {call}\n") } else { format!("v{n} = {call}\n") };
        }
        let script = format!("{script}{PREAMBLE}{body}v{}\n", picked.len() - 1);
        let worker = {
            let script = script.clone();
            std::thread::Builder::new().stack_size(16 << 20).spawn(move || run(&script)).unwrap()
        };
        match worker.join() {
            Ok(Ok(())) => {}
            Ok(Err(late)) => prop_assert!(false, "went on for {late:?}:\n{script}"),
            Err(_) => prop_assert!(false, "panicked:\n{script}"),
        }
    }
}
