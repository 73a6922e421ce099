//! What is pushed into the scan changes no result: scripts answer the same with the rule on and off.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use weir_flux::{Engine, FluxError};

use crate::memory::MemoryEnvironment;
use crate::show;

const HEADER: &str = "import \"planner\"\nimport \"timezone\"\nimport \"date\"\n";
const ON: &str = "option planner.disablePhysicalRules = [\"\"]\n";
const OFF: &str = "option planner.disablePhysicalRules = [\"PushDownWindowAggregateRule\"]\n";

/// Line protocol of some hosts, with gaps, several types and a field that only some have.
fn lines(seed: u64) -> String {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut out = String::new();
    for host in 0..4 {
        for minute in 0..90 {
            if random(4) == 0 {
                continue;
            }
            let (i, f, u) = (random(20) as i64 - 10, random(100) as f64 / 10.0, random(5));
            let text =
                if host > 1 { format!(",s=\"t{}\",b={}", random(3), random(2) == 0) } else { String::new() };
            let unsigned = if random(3) > 0 { format!(",u={u}u") } else { String::new() };
            let time = (minute * 60 + random(60) as i64) * 1_000_000_000;
            let region = host % 2;
            out += &format!("m,host=h{host},region=r{region} i={i}i,f={f}{unsigned}{text} {time}\n");
        }
    }
    out
}

fn run(data: &str, script: String) -> Result<Vec<String>, FluxError> {
    let environment = MemoryEnvironment::default();
    environment.add("b", data);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let work = move || {
        let engine = Engine::default();
        let package = engine.compile(&script)?;
        let outcome = engine.start(&package, Arc::new(environment), 0, Arc::new(AtomicBool::new(false)))?;
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn windows_and_aggregates(
        seed in 0u64..1000,
        function in prop::sample::select(vec!["count", "sum", "mean", "spread", "min", "max", "first", "last", "median"]),
        field in prop::sample::select(vec!["i", "f", "u", "s", "b", "*"]),
        group in prop::sample::select(vec!["", "|> group()", "|> group(columns: [\"region\"])", "|> group(columns: [\"_time\"], mode: \"except\")", "|> group(columns: [\"_time\", \"_value\", \"host\"], mode: \"except\")"]),
        window in prop::sample::select(vec![
            "|> FN()",
            "|> window(every: 10m) |> FN()",
            "|> window(every: 10m, period: 20m) |> FN()",
            "|> window(every: 10m, offset: 3m) |> FN()",
            "|> aggregateWindow(every: 7m, fn: FN)",
            "|> aggregateWindow(every: 7m, fn: FN, createEmpty: false)",
            "|> aggregateWindow(every: 20m, fn: FN, timeSrc: \"_start\")",
            "|> aggregateWindow(every: 1mo, fn: FN)",
            "|> aggregateWindow(every: 1d, fn: FN, location: timezone.location(name: \"America/New_York\"))",
            "|> aggregateWindow(every: 5m, fn: (column, tables=<-) => tables |> FN(column: column))",
            "|> filter(fn: (r) => exists r._value) |> FN()",
        ]),
        (start, length) in (0i64..80, 1i64..90),
    ) {
        let data = lines(seed);
        let filter = if field == "*" { String::new() } else { format!("|> filter(fn: (r) => r._field == \"{field}\")") };
        let script = format!(
            "from(bucket: \"b\") |> range(start: {}, stop: {}) {filter} {group} {}",
            start * 60 + 7, (start + length) * 60 + 11, window.replace("FN", function),
        );
        let with = run(&data, format!("{HEADER}{ON}{script}"));
        let without = run(&data, format!("{HEADER}{OFF}{script}"));
        match (with, without) {
            (Ok(a), Ok(b)) => prop_assert_eq!(a, b, "{}", script),
            (Err(a), Err(b)) => prop_assert_eq!(a.message, b.message, "{}", script),
            (a, b) => prop_assert!(false, "{}: {:?} {:?}", script, a, b),
        }
    }
}
