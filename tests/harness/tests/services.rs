//! Gateway, ingesters and queriers as processes over PostgreSQL and S3 answer as one process over a folder does.

use weir_bench_generator::{CpuOnly, Shape};
use weir_cluster_tests::{Cluster, Server, TOKEN};

/// Twelve hosts for three hours: over an hour's edges, and enough for each ingester to have some.
const SHAPE: (u32, u32) = (12, 3);
const ROWS: u64 = 1_000;

#[test]
fn a_cluster_answers_as_one_process_does() {
    let folder = tempfile::tempdir().unwrap();
    let mut one = Server::start(folder.path(), &[]);
    let mut cluster = Cluster::start(3, 2);

    let batches: Vec<String> = CpuOnly::new(Shape::hours(SHAPE.0, SHAPE.1)).batches(ROWS).collect();
    let (early, late) = batches.split_at(batches.len() / 2);
    for batch in early {
        one.write(batch);
        cluster.gateway().write(batch);
    }
    same_answers(&one, &cluster, "all in memory");

    // A part moves into objects, as it does when a process is asked to stop; one ingester keeps its part in memory.
    one.process().stop();
    let mut one = Server::start(folder.path(), &[]);
    for number in [0, 1] {
        cluster.ingester(number).stop();
        cluster.start_ingester(number);
    }
    cluster.answers();
    assert!(cluster.s3().objects() > 0, "what the ingesters had is on S3");
    for batch in late {
        one.write(batch);
        cluster.gateway().write(batch);
    }
    same_answers(&one, &cluster, "in objects and in memory");

    // An ingester that crashes takes what it has not flushed with it: no answer is better than half of one.
    cluster.ingester(2).kill();
    let answer = cluster.gateway().ask(&script(r#"count() |> group() |> sum()"#));
    assert_eq!(answer.status, 503, "{}", answer.text());
    cluster.start_ingester(2);
    cluster.answers();
    same_answers(&one, &cluster, "after a crash");

    // Each query finds a querier that lives.
    cluster.querier(0).kill();
    same_answers(&one, &cluster, "with one querier");

    let delete = br#"{"start":"2016-01-01T00:30:00Z","stop":"2016-01-01T02:30:00Z","predicate":"hostname=\"host_3\""}"#;
    for server in [&one, cluster.gateway()] {
        server.client().expect(204, "POST", "/api/v2/delete?org=o&bucket=b", delete);
    }
    same_answers(&one, &cluster, "after a delete");

    // Nothing that is acknowledged depends on S3 at that moment.
    cluster.s3().kill();
    cluster.gateway().write("late,hostname=host_1 v=1i 1451606400000000000");
    one.process().stop();
}

#[test]
fn the_official_clients_work_on_a_cluster() {
    let cluster = Cluster::start(2, 2);
    let ran = std::process::Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../clients/run"))
        .env("WEIR_URL", format!("http://{}", cluster.gateway().address()))
        .envs([("WEIR_TOKEN", TOKEN), ("WEIR_ORG", "o")])
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
}

fn same_answers(one: &Server, cluster: &Cluster, when: &str) {
    for script in scripts() {
        let (left, right) = (one.query(&script), cluster.gateway().query(&script));
        assert!(left.lines().count() > 1, "{when}: nothing answers {script}");
        assert_eq!(left, right, "{when}: {script}");
    }
}

fn script(rest: &str) -> String {
    format!(
        r#"from(bucket: "b") |> range(start: 2016-01-01T00:00:00Z, stop: 2016-01-01T12:00:00Z)
            |> filter(fn: (r) => r._measurement == "cpu") |> {rest}"#
    )
}

/// The kinds of queries that TSBS asks, in Flux, and what else takes another way through the engine.
fn scripts() -> Vec<String> {
    let few = r#"filter(fn: (r) => r._field == "usage_user" and r.hostname =~ /host_[1-4]$/)"#;
    [
        "count() |> group() |> sum()".to_owned(),
        r#"filter(fn: (r) => r.hostname == "host_1") |> aggregateWindow(every: 1m, fn: max)"#.to_owned(),
        format!("{few} |> aggregateWindow(every: 1h, fn: mean)"),
        format!("{few} |> aggregateWindow(every: 1h, fn: mean, createEmpty: false) |> group(columns: [\"region\"])"),
        r#"filter(fn: (r) => r._field == "usage_user") |> group() |> aggregateWindow(every: 10m, fn: max)
            |> sort(columns: ["_time"]) |> tail(n: 5)"#
            .to_owned(),
        format!("{few} |> filter(fn: (r) => r._value > 80)"),
        "last()".to_owned(),
        "first() |> group() |> sort(columns: [\"hostname\", \"_field\"])".to_owned(),
        "mean()".to_owned(),
        format!("{few} |> min()"),
        format!("{few} |> group(columns: [\"datacenter\", \"os\"]) |> sum() |> yield(name: \"sums\")"),
        r#"filter(fn: (r) => r.hostname == "host_2")
            |> pivot(rowKey: ["_time"], columnKey: ["_field"], valueColumn: "_value") |> limit(n: 20)"#
            .to_owned(),
        format!("{few} |> map(fn: (r) => ({{r with high: r._value > 50}})) |> group(columns: [\"high\"]) |> count()"),
        format!("{few} |> derivative(unit: 10s) |> limit(n: 10)"),
        format!("{few} |> window(every: 30m) |> spread() |> group() |> sort(columns: [\"hostname\", \"_start\"])"),
        "keep(columns: [\"region\"]) |> distinct(column: \"region\") |> group() |> sort()".to_owned(),
    ]
    .into_iter()
    .map(|rest| script(&rest))
    .collect()
}
