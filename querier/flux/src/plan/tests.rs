//! Plans before and after each rule, as text in `cases/`: a file a rule, with the shapes it must leave alone.
//! `UPDATE_EXPECT=1` writes what is planned now.

use std::sync::Arc;

use expect_test::expect_file;

use crate::engine::Engine;
use crate::env::Nowhere;
use crate::eval::Context;

/// What all scripts of the cases may use.
const HEADER: &str = "option now = () => 2026-01-02T00:00:00Z
data = from(bucket: \"b\") |> range(start: 2026-01-01T00:00:00Z, stop: 2026-01-02T00:00:00Z)
";

/// The plan of a script, or why there is none.
fn planned(script: &str) -> String {
    let (imports, rest): (Vec<&str>, Vec<&str>) = script.lines().partition(|l| l.starts_with("import "));
    let source = format!("{}\n{HEADER}{}", imports.join("\n"), rest.join("\n"));
    let engine = Engine::default();
    let explained = engine
        .compile(&source)
        .and_then(|package| engine.explain(&package, &Context::new(Arc::new(Nowhere), 0)));
    explained.unwrap_or_else(|error| format!("error: {error}\n"))
}

/// A file of cases with what is planned now.
fn replayed(text: &str) -> String {
    let mut out = String::new();
    let mut cases = text.split("### ");
    out.push_str(cases.next().unwrap_or_default());
    for case in cases {
        let (name, rest) = case.split_once('\n').unwrap_or((case, ""));
        let script = rest.split("\n---\n").next().unwrap_or_default().trim_end();
        out.push_str(&format!("### {name}\n{script}\n---\n{}\n", planned(script)));
    }
    out
}

macro_rules! cases {
    ($($name:ident),* $(,)?) => { $(
        #[test]
        fn $name() {
            let text = include_str!(concat!("cases/", stringify!($name), ".txt"));
            expect_file![concat!("cases/", stringify!($name), ".txt")].assert_eq(&replayed(text));
        }
    )* };
}

cases! {
    aggregate_by_time,
    aggregate_window,
    ends_of_series,
    filter_into_scan,
    first_of_each,
    force_aggregate,
    group_keeps_bounds,
    merge_groups,
    order,
    pivot_into_scan,
    range_into_scan,
    reduce_bare,
    reduce_group,
    reduce_window,
    redundant_sort,
    schema_into_scan,
    sort_limit,
    trivial_filter,
    wanted_columns,
}
