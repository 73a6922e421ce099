//! Counters and gauges of the operator, in Prometheus' text format.

use std::{collections::BTreeMap, fmt::Write};

use parking_lot::Mutex;

/// All families: name, type, help.
const FAMILIES: &[(&str, &str, &str)] = &[
    ("weir_operator_leader", "gauge", "1 while this process is the leader."),
    ("weir_operator_reconcile_seconds_sum", "counter", "Time spent reconciling, by kind."),
    ("weir_operator_reconciles_total", "counter", "Reconciliations by kind and result."),
    ("weir_operator_server_requests_total", "counter", "Calls of servers by method and status."),
    ("weir_operator_cluster_writes_total", "counter", "Writes to the API server by what was written."),
    ("weir_operator_events_total", "counter", "What happened to objects, by kind and reason."),
];

/// The operator's metrics.
#[derive(Default)]
pub struct Metrics {
    values: Mutex<BTreeMap<(&'static str, String), f64>>,
}

impl Metrics {
    /// Adds one.
    pub fn count(&self, name: &'static str, labels: &[(&str, &str)]) {
        self.add(name, labels, 1.0);
    }

    /// Adds an amount.
    pub fn add(&self, name: &'static str, labels: &[(&str, &str)], amount: f64) {
        *self.values.lock().entry((name, rendered(labels))).or_default() += amount;
    }

    /// Sets a gauge.
    pub fn set(&self, name: &'static str, labels: &[(&str, &str)], value: f64) {
        self.values.lock().insert((name, rendered(labels)), value);
    }

    /// Everything, as text.
    #[must_use]
    pub fn text(&self) -> String {
        let values = self.values.lock();
        let mut text = String::new();
        for (name, kind, help) in FAMILIES {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for ((_, labels), value) in values.iter().filter(|((n, _), _)| n == name) {
                let _ = writeln!(text, "{name}{labels} {value}");
            }
        }
        text
    }
}

/// Label values are kinds, methods and reasons: words without anything to escape.
fn rendered(labels: &[(&str, &str)]) -> String {
    if labels.is_empty() {
        return String::new();
    }
    let pairs: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
    format!("{{{}}}", pairs.join(","))
}
