//! The direction rule, read from `cargo metadata`: libraries know only what stands before them; roles know no other
//! role; web frameworks, gRPC and Kubernetes stay where they belong.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Every crate with the floor it stands on. A crate may know crates on lower floors only.
const FLOORS: &[(&str, u32)] = &[
    ("weir-model", 0),
    ("weir-bench-generator", 0),
    ("weir-batch", 1),
    ("weir-line-protocol", 2),
    ("weir-flux-syntax", 2),
    ("weir-flux-semantic", 3),
    ("weir-influxql-syntax", 2),
    ("weir-table", 2),
    ("weir-annotated-csv", 3),
    ("weir-database", 2),
    ("weir-tls", 2),
    ("weir-proto", 3),
    ("weir-memory-rows", 3),
    ("weir-wal", 3),
    ("weir-store", 4),
    ("weir-catalog", 4),
    ("weir-auth", 5),
    ("weir-router", 5),
    ("weir-flux", 5),
    ("weir-influxql", 5),
    ("weir-ingester", 8),
    ("weir-querier", 8),
    ("weir-gateway", 8),
    ("weir-operator", 8),
    ("weir", 9),
];

/// Crates that are pure: no async runtime, no IO libraries.
const PURE: &[&str] = &[
    "weir-model",
    "weir-batch",
    "weir-line-protocol",
    "weir-flux-syntax",
    "weir-flux-semantic",
    "weir-influxql-syntax",
    "weir-table",
    "weir-annotated-csv",
];

/// Libraries that only some crates may name.
const KEPT: &[(&str, &[&str])] = &[
    ("axum", &["weir-gateway", "weir"]),
    ("tonic", &["weir-proto"]),
    ("sqlx", &["weir-database", "weir-catalog", "weir-store", "weir-querier"]),
    ("kube", &["weir-operator"]),
];

fn dependencies() -> BTreeMap<String, BTreeSet<String>> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
    let metadata =
        MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo tells its metadata");
    metadata
        .packages
        .iter()
        .map(|p| {
            let names = p.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal);
            (p.name.to_string(), names.map(|d| d.name.clone()).collect())
        })
        .collect()
}

#[test]
fn crates_know_only_what_stands_below_them() {
    let floors: BTreeMap<&str, u32> = FLOORS.iter().copied().collect();
    for (name, dependencies) in dependencies() {
        let Some(floor) = floors.get(name.as_str()) else {
            assert!(name.ends_with("-tests"), "{name} has no floor: add it to the list above");
            continue;
        };
        for dependency in dependencies.iter().filter(|d| d.as_str() == "weir" || d.starts_with("weir-")) {
            let below = floors[dependency.as_str()];
            assert!(below < *floor, "{name} (floor {floor}) must not know {dependency} (floor {below})");
        }
    }
}

#[test]
fn pure_crates_do_no_io() {
    let all = dependencies();
    for name in PURE {
        for banned in ["tokio", "sqlx", "object_store", "axum", "tonic", "reqwest", "futures", "async-trait"]
        {
            assert!(!all[*name].contains(banned), "{name} is pure and must not depend on {banned}");
        }
    }
}

#[test]
fn libraries_stay_where_they_belong() {
    for (name, dependencies) in dependencies() {
        for (library, owners) in KEPT {
            if dependencies.contains(*library) {
                assert!(
                    owners.contains(&name.as_str()) || name.ends_with("-tests"),
                    "{name} must not depend on {library}; only {owners:?} may"
                );
            }
        }
    }
}
