//! A thousand buckets: how long until all are ready, and that nothing is written once they are.

use std::time::Instant;

use weir_k8s_tests::{Lab, sum};

const COUNT: usize = 1000;

/// Writes to the API server of what the operator writes, but for Leases, whose renewal is their purpose.
fn cluster_writes(lab: &Lab) -> f64 {
    let text = lab.kubectl.must(&["get", "--raw", "/metrics"]);
    let ours = ["group=\"weir.dev\"", "resource=\"secrets\"", "resource=\"events\""];
    sum(&text, "apiserver_request_total", |labels| {
        let verb = ["POST", "PUT", "PATCH", "APPLY", "DELETE"]
            .iter()
            .any(|verb| labels.contains(&format!("verb=\"{verb}\"")));
        verb && ours.iter().any(|part| labels.contains(part))
    })
}

fn server_writes(lab: &Lab) -> f64 {
    let text = lab.server.client().expect(200, "GET", "/metrics", b"").text();
    sum(&text, "http_api_requests_total", |labels| {
        ["POST", "PUT", "PATCH", "DELETE"].iter().any(|verb| labels.contains(&format!("method=\"{verb}\"")))
    })
}

#[test]
fn a_thousand_buckets_become_ready_and_then_nothing_is_written() {
    let lab = Lab::new("load");
    let operator = lab.operator(20);
    lab.ready_instance();
    let names: Vec<String> = (0..COUNT).map(|number| format!("many-{number}")).collect();
    let begun = Instant::now();
    let applied = std::thread::scope(|scope| {
        let apply = scope.spawn(|| {
            lab.kubectl.make_many("Bucket", &names, "{retentionSeconds: 86400}");
            begun.elapsed()
        });
        lab.until_long("all buckets to be ready", || {
            let path = "jsonpath={range .items[*]}{.status.conditions[?(@.type==\"Ready\")].status} {end}";
            let text = lab.kubectl.must(&["get", "buckets.weir.dev", "-o", path]);
            (text.matches("True").count() == COUNT).then_some(())
        });
        apply.join().unwrap()
    });
    eprintln!("{COUNT} buckets: applied by kubectl in {applied:?}, all ready after {:?}", begun.elapsed());

    // At rest: two rounds of comparing everything.
    let rounds = || operator.metric("weir_operator_reconciles_total", "Bucket");
    let one_round = |what: &str| {
        let start = rounds();
        lab.until_long(what, || (rounds() >= start + COUNT as f64).then_some(()));
    };
    one_round("events to be written and a round to pass");
    let before = (
        cluster_writes(&lab),
        server_writes(&lab),
        operator.metric("weir_operator_cluster_writes_total", ""),
    );
    one_round("a round of comparing");
    one_round("another");
    let after = (
        cluster_writes(&lab),
        server_writes(&lab),
        operator.metric("weir_operator_cluster_writes_total", ""),
    );
    eprintln!("at rest, in two rounds: cluster, server, by its own count: {before:?} and then {after:?}");
    assert_eq!(before, after, "nothing differs, so nothing is written");
    assert!(before.1 >= COUNT as f64, "the server counts requests: {before:?}");
}
