//! What the planner does changes no result: scripts answer the same with its rules on and off.
//!
//! Some rules change results as the reference's do (rules of `group` and of its `first`, `last` and `count`); for those
//! the other side is a script that says in its own words what they answer. `PROPTEST_CASES` asks for more cases.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use proptest::sample::select;
use weir_flux::exec::Workers;
use weir_flux::{Engine, FluxError};

use crate::memory::MemoryEnvironment;
use crate::show;

/// Rules that change no result.
const HARMLESS: [&str; 11] = [
    "PushDownBareAggregateRule",
    "PushDownWindowAggregateRule",
    "PushDownGroupAggregateRule",
    "GroupWindowAggregateTransposeRule",
    "PushDownWindowAggregateByTimeRule",
    "PushDownEndsOfSeriesRule",
    "SortLimitRule",
    "universe/RemoveRedundantSort",
    "RemoveTrivialFilterRule",
    "FirstOfEachTableRule",
    "WantedColumnsRule",
];

/// Line protocol of some hosts, with gaps, times that several share, several types, tags that only some have, and a
/// field that changes its type with the week.
fn lines(seed: u64) -> String {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut out = String::new();
    for host in 0..5 {
        let rack = if host % 3 == 1 { format!(",rack=k{host}") } else { String::new() };
        let (measurement, region) =
            if host == 4 { ("q", String::new()) } else { ("m", format!(",region=r{}", host % 2)) };
        for minute in 0..90 {
            if random(4) == 0 {
                continue;
            }
            let (i, f, u) = (random(20) as i64 - 10, random(100) as f64 / 10.0, random(5));
            let text =
                if host > 1 { format!(",s=\"t{}\",b={}", random(3), random(2) == 0) } else { String::new() };
            let unsigned = if random(3) > 0 { format!(",u={u}u") } else { String::new() };
            // From minute 60 on the times are those of the next week, where the field has another type.
            let (late, mixed) = if minute < 60 { (0, format!("{i}i")) } else { (7 * 86_400, format!("{f}")) };
            let time = (late + minute * 60 + random(3) as i64 * 20) * 1_000_000_000;
            out += &format!(
                "{measurement},host=h{host}{rack}{region} i={i}i,f={f},x={mixed}{unsigned}{text} {time}\n"
            );
        }
    }
    out
}

fn run(data: &str, script: String, helpers: usize) -> Result<Vec<String>, FluxError> {
    let environment = MemoryEnvironment::default();
    environment.add("b", data);
    static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
    });
    let work = move || {
        let engine = Engine::default().helped_by(Workers::for_batches_of(helpers, 1));
        let package = engine.compile(&script)?;
        let outcome = engine.start(&package, Arc::new(environment), 0, Arc::new(AtomicBool::new(false)))?;
        let mut tables = Vec::new();
        for mut result in outcome.results {
            let mut lines = Vec::new();
            while let Some(batch) = result.tables.next()? {
                batch.check().map_err(FluxError::internal)?;
                show(&batch, &mut lines);
            }
            // Columns and tables come in any order; rows of a table do not.
            for line in &mut lines {
                let mut cells: Vec<&str> = line.split(' ').collect();
                cells.sort_unstable();
                *line = cells.join(" ");
            }
            let mut of_result: Vec<String> = lines
                .split(|line| line == "--")
                .map(|table| format!("{} {}", result.name, table.join("\n")))
                .collect();
            of_result.sort();
            tables.extend(of_result);
        }
        Ok(tables)
    };
    RUNTIME.block_on(async { tokio::task::spawn_blocking(work).await }).unwrap()
}

/// The script with its rules and helping threads, and `other` without some rules and by itself.
fn agree(data: &str, script: &str, other: &str, off: &[&str]) -> Result<(), TestCaseError> {
    let headed = |off: &[&str], script: &str| {
        let names = off.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
        format!(
            "import \"planner\"\nimport \"timezone\"\noption planner.disablePhysicalRules = [{}]\n{script}",
            if names.is_empty() { "\"\"" } else { &names }
        )
    };
    let with = run(data, headed(&[], script), 2);
    let without = run(data, headed(off, other), 0);
    match (with, without) {
        (Ok(a), Ok(b)) => prop_assert_eq!(a, b, "{}\n{}", script, other),
        // Where something goes wrong depends on the order of work, not whether.
        (Err(a), Err(b)) => prop_assert_eq!(a.code, b.code, "{}\n{}", script, other),
        // A filter that storage does not apply is held against the columns of all tables.
        (Ok(_), Err(e))
            if ["type conflict: ", "unsupported binary expression "]
                .iter()
                .any(|m| e.message.contains(m)) => {}
        (a, b) => prop_assert!(false, "{}\n{}\n{:?}\n{:?}", script, other, a, b),
    }
    Ok(())
}

/// What reads of both weeks end in.
const TWO_WEEKS: &str = " |> filter(fn: (r) => true)";

/// `from` and `range`: within the first week, or over both.
fn read() -> impl Strategy<Value = String> {
    (0i64..80, 1i64..90, any::<bool>()).prop_map(|(start, length, both)| {
        let stop = (start + length) * 60 + 20 + if both { 7 * 86_400 } else { 0 };
        let end = if both { TWO_WEEKS } else { "" };
        format!("from(bucket: \"b\") |> range(start: {}, stop: {stop}){end}", start * 60 + 20)
    })
}

/// What a read decides, or does not.
fn filter() -> impl Strategy<Value = String> {
    let all = vec![
        "r._field == \"i\"",
        "r._field == \"f\"",
        "r._field == \"u\"",
        "r._field == \"s\"",
        "r._field == \"b\"",
        "r._field == \"x\"",
        "r._measurement == \"m\" and r._field =~ /^[if]$/",
        "r._field == \"f\" and r._value > 5.0",
        "r._field == \"f\" and (r._value < 2.5 or r.host == \"h1\")",
        "r._field == \"i\" and r._value >= 3 and r.host != \"h0\"",
        "r._field == \"s\" and r._value =~ /[12]/",
        "r._field == \"b\" and r._value == true",
        "r._field == \"f\" and exists r.rack",
        "r._field == \"f\" and not exists r.rack",
        "r._field == \"i\" and r.rack != none",
        "r._field == \"i\" and (r.rack =~ re or r.host == h.host)",
        "r._field == \"f\" and contains(value: r.rack, set: [\"k1\", \"k4\"])",
        "r._field == \"i\" and r._value != limit",
        "r._field == \"f\" and exists r._value",
        "true",
    ];
    select(all).prop_map(|body| format!("|> filter(fn: (r) => {body})"))
}

const VARIABLES: &str = "none = \"k1\"\nre = /[14x]*/\nh = {host: \"h2\"}\nlimit = 4\n";

/// What may stand between a read and an aggregate.
fn between() -> impl Strategy<Value = String> {
    let one = select(vec![
        "|> group()",
        "|> group(columns: [\"region\"])",
        "|> group(columns: [\"rack\", \"_field\"])",
        "|> group(columns: [\"_time\"], mode: \"except\")",
        "|> group(columns: [\"_time\", \"_value\", \"host\"], mode: \"except\")",
        "|> keep(columns: [\"_time\", \"_value\", \"host\", \"_start\", \"_stop\"])",
        "|> keep(columns: [\"_value\", \"region\"])",
        "|> drop(columns: [\"host\", \"rack\"])",
        "|> drop(columns: [\"_time\", \"_field\"])",
        "|> set(key: \"host\", value: \"all\")",
        "|> rename(columns: {host: \"h\"})",
    ]);
    prop::collection::vec(one, 0..3).prop_map(|parts| parts.join(" "))
}

/// How rows are cut and summed up.
fn aggregate() -> impl Strategy<Value = String> {
    let function = select(vec!["count", "sum", "mean", "spread", "min", "max", "first", "last", "median"]);
    let shape = select(vec![
        "|> FN()",
        "|> window(every: 10m) |> FN()",
        "|> window(every: 10m, createEmpty: true) |> FN()",
        "|> window(every: 10m, period: 20m) |> FN()",
        "|> window(every: 10m, offset: 3m) |> FN()",
        "|> window(every: inf) |> FN()",
        "|> window(every: 7m) |> FN() |> duplicate(column: \"_stop\", as: \"_time\") |> window(every: inf)",
        "|> aggregateWindow(every: 7m, fn: FN)",
        "|> aggregateWindow(every: 7m, fn: FN, createEmpty: false)",
        "|> aggregateWindow(every: 20m, fn: FN, timeSrc: \"_start\")",
        "|> aggregateWindow(every: 1mo, fn: FN)",
        "|> aggregateWindow(every: 1d, fn: FN, location: timezone.location(name: \"America/New_York\"))",
        "|> aggregateWindow(every: 1w, fn: FN, offset: -3d)",
        "|> aggregateWindow(every: 5m, fn: (column, tables=<-) => tables |> FN(column: column))",
        "|> FN(column: \"host\")",
        "|> FN() |> group() |> FN()",
    ]);
    (function, shape).prop_map(|(function, shape)| shape.replace("FN", function))
}

/// What needs few rows, or none but their tags.
fn few() -> impl Strategy<Value = String> {
    let all = vec![
        "|> limit(n: 1)",
        "|> limit(n: 2)",
        "|> limit(n: 1, offset: 1)",
        "|> tail(n: 1)",
        "|> tail(n: 2)",
        "|> limit(n: 3, offset: 1)",
        "|> tail(n: 2, offset: 2)",
        "|> sort(columns: [\"_time\"], desc: true) |> limit(n: 3)",
        "|> sort(columns: [\"_time\", \"_value\"]) |> limit(n: 2)",
        "|> sort(columns: [\"_time\"], desc: true) |> limit(n: 1)",
        "|> sort(columns: [\"_time\"]) |> limit(n: 1)",
        "|> sort(columns: [\"_time\", \"host\"], desc: true) |> limit(n: 1)",
        "|> sort(columns: [\"host\", \"_time\"]) |> sort(columns: [\"host\"]) |> limit(n: 3)",
        "|> sort() |> filter(fn: (r) => r.host != \"h1\") |> sort()",
        "|> top(n: 1, columns: [\"_time\"])",
        "|> bottom(n: 2)",
        "|> top(n: 3)",
        "|> top(n: 2, columns: [\"rack\", \"_value\"])",
        "|> limit(n: 5) |> distinct(column: \"host\")",
        "|> limit(n: 4) |> stddev()",
        "|> tail(n: 4) |> group(columns: [\"host\"]) |> limit(n: 3, offset: 1) |> count()",
        "|> max(column: \"_time\")",
        "|> min(column: \"_time\")",
        "|> first(column: \"host\")",
        "|> last(column: \"rack\")",
        "|> unique(column: \"host\")",
        "|> unique(column: \"rack\")",
        "|> unique()",
        "|> distinct(column: \"host\")",
        "|> distinct(column: \"rack\")",
        "|> distinct(column: \"_start\")",
        "|> distinct()",
    ];
    select(all).prop_map(str::to_owned)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(
        std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(60)
    ))]

    #[test]
    fn rules_change_nothing(
        seed in 0u64..1000,
        read in read(),
        filter in filter(),
        between in between(),
        rest in prop_oneof![aggregate(), few()],
        two in any::<bool>(),
    ) {
        let end = if two { "data |> yield(name: \"rows\")" } else { "" };
        let script = format!("{VARIABLES}data = {read} {filter}\ndata {between} {rest}\n{end}");
        // These go by time, or count what cannot be together, as groups of the storage do.
        let changed = ["first()", "last()", "count()"].iter().any(|f| rest.starts_with(&format!("|> {f}")));
        // A filter that keeps all stands between a read and its group, which then is none of the storage, as these keep
        // the bounds.
        let kept = read.ends_with(TWO_WEEKS) || filter.contains("=> true");
        let apart = kept && between.contains("group(");
        let off = HARMLESS.into_iter().filter(|rule| match *rule {
            "PushDownGroupAggregateRule" => !changed,
            "RemoveTrivialFilterRule" => !apart,
            _ => true,
        });
        let off: Vec<&str> = off.collect();
        // A field of two types is two tables of one key. Whether these come together once they are of one type, nobody says.
        if read.ends_with(TWO_WEEKS) && ["count", "mean", "distinct"].iter().any(|f| rest.contains(f)) {
            let _ = run(&lines(seed), format!("import \"timezone\"\n{script}"), 2);
            return Ok(());
        }
        agree(&lines(seed), &script, &script, &off)?;
    }

    #[test]
    fn filters_answer_the_same_wherever_they_are(
        seed in 0u64..1000,
        read in read(),
        filter in filter().prop_filter("of tags that all have", |f| !f.contains("exists r.rack") && !f.contains("r.host != ")),
        more in filter(),
    ) {
        let script = format!("{VARIABLES}{read} {filter} {more}");
        // A read does without rows that a filter would not know how to compare.
        let off = ["PushDownFilterRule", "RemoveTrivialFilterRule"];
        let data = lines(seed);
        let apart = run(&data, format!("import \"planner\"\noption planner.disablePhysicalRules = [\"{}\", \"{}\"]\n{script}", off[0], off[1]), 2);
        if apart.is_ok() {
            agree(&data, &script, &script, &off)?;
        }
    }

    #[test]
    fn fields_are_side_by_side_wherever_that_is_done(
        seed in 0u64..1000,
        read in read(),
        filter in prop_oneof![filter(), select(vec![
            "|> filter(fn: (r) => r._field != \"x\")",
            "|> filter(fn: (r) => r._field == \"u\" or r._field == \"i\" and r._value > 0)",
            "|> filter(fn: (r) => r._field =~ /[ufs]/ and r.host != \"h3\")",
        ]).prop_map(str::to_owned)],
        rest in select(vec![
            "", "|> group() |> sort(columns: [\"_time\", \"host\"])", "|> drop(columns: [\"host\"])",
            "|> group(columns: [\"rack\"]) |> count(column: \"i\")", "|> sum(column: \"f\")", "|> limit(n: 2)",
        ]),
    ) {
        let pivot = "pivot(rowKey: [\"_time\"], columnKey: [\"_field\"], valueColumn: \"_value\")";
        let script = format!("{VARIABLES}{read} {filter} |> {pivot} {rest}");
        agree(&lines(seed), &script, &script, &["PushDownPivotRule"])?;
    }

    #[test]
    fn ends_of_groups_go_by_time(
        seed in 0u64..1000,
        read in read(),
        field in select(vec!["i", "f", "u", "s", "b"]),
        group in select(vec!["", "columns: [\"region\"]", "columns: [\"rack\", \"_field\"]"]),
        function in select(vec!["first", "last"]),
    ) {
        let rows = format!("{read} |> filter(fn: (r) => r._field == \"{field}\") |> group({group})");
        let (script, other) = (format!("{rows} |> {function}()"), format!("{rows} |> sort(columns: [\"_time\"]) |> {function}()"));
        agree(&lines(seed), &script, &other, &HARMLESS)?;
    }

    #[test]
    fn groups_count_values_of_all_types(
        seed in 0u64..1000,
        read in read(),
        columns in select(vec!["", "\"region\"", "\"rack\", \"_field\""]),
    ) {
        let script = format!("{read} |> group(columns: [{columns}]) |> count()");
        let both = if columns.is_empty() { String::new() } else { format!(", {columns}") };
        // What the storage groups by is the empty text in the keys of series that do not have it.
        let tag = |tag: &str| format!("{tag}: if exists r.{tag} then r.{tag} else \"\"");
        let (region, rack) = (tag("region"), tag("rack"));
        let other = format!(
            "{read} |> map(fn: (r) => ({{r with _value: 1, {region}, {rack}}})) \
             |> group(columns: [\"_start\", \"_stop\"{both}]) |> sum()"
        );
        agree(&lines(seed), &script, &other, &HARMLESS)?;
    }
}

/// What is made of the keys of tables that the storage grouped has all columns of the grouping, whatever stands between.
#[test]
fn keys_of_groups_are_whole() {
    let lines = "m,a=1 f=1 0\nm,b=2 f=2 1000000000\n";
    let read = "from(bucket: \"b\") |> range(start: 0, stop: 10) |> group(columns: [\"a\", \"c\"])";
    for (rest, shown) in [
        ("|> count()", true),
        ("|> limit(n: 3) |> mean()", true),
        ("|> last() |> mode()", true),
        ("|> filter(fn: (r) => r._value < 5.0) |> difference(keepFirst: true) |> stddev()", true),
        ("|> aggregateWindow(every: 5s, fn: sum)", true),
        ("|> reduce(identity: {n: 0}, fn: (r, accumulator) => ({n: accumulator.n + 1}))", true),
        ("|> window(every: 5s) |> count()", false),
        ("|> max()", false),
        ("|> map(fn: (r) => ({r with x: 1})) |> count()", false),
        ("|> drop(columns: [\"b\"]) |> count()", false),
    ] {
        let tables = run(lines, format!("{read} {rest}"), 0).unwrap();
        assert!(tables.iter().all(|t| t.contains(" c=") == shown), "{rest}: {tables:?}");
    }
    // The empty text, not a value that is missing.
    let there = run(lines, format!("{read} |> count() |> filter(fn: (r) => r.c == \"\")"), 0).unwrap();
    assert_eq!(there.len(), 2);
}

/// Fields whose last values lie at different times are told of by one row each of what the storage answers; none is lost,
/// whatever its type.
#[test]
fn every_field_has_its_last_row() {
    let lines =
        "m a=1i 0\nm b=1.5 1000000000\nm c=true 2000000000\nm d=\"text\" 3000000000\nm e=2u 4000000000\n";
    for function in ["last()", "first()", "limit(n: 1)", "top(n: 1, columns: [\"_time\"])"] {
        let script = format!("from(bucket: \"b\") |> range(start: 0, stop: 10) |> {function}");
        assert_eq!(run(lines, script, 0).unwrap().len(), 5, "{function}");
    }
}

/// A field that has two types, and series that differ in a tag that cannot be shown, are tables of one key: windows put
/// them together as if they were not read from a bucket.
#[test]
fn windows_of_tables_of_one_key_are_one_table() {
    let types = "m,h=a f=2.5,g=2.0 0\nm,h=a f=1i,g=1.0 1000000000000\nm,h=b f=2i 1000000000000\n";
    let tags = "m,h=c,_value=x f=1.0 0\nm,h=c,_value=y f=2.0 1000000000000\n";
    for function in ["mean", "count", "sum", "max", "last"] {
        let script = |barrier: &str| {
            format!(
                "from(bucket: \"b\") |> range(start: 0, stop: 3600) {barrier}
                |> aggregateWindow(every: 10m, fn: {function}, createEmpty: false)"
            )
        };
        let read = run(types, script(""), 0);
        let other = run(types, script("|> map(fn: (r) => r)"), 0);
        match (read, other) {
            (Ok(read), Ok(other)) => assert_eq!(read, other, "{function}"),
            (read, other) => assert_eq!(read.is_err(), other.is_err(), "{function}: {read:?} {other:?}"),
        }
        assert_eq!(run(tags, script(""), 0).unwrap().len(), 1, "{function}");
    }
}
