//! Processes that speak TLS to each other and to PostgreSQL, which goes away for a while.

use weir_cluster_tests::{Client, Cluster, until};

/// How long anything may take on a busy machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(90);

/// The numbers that were acknowledged, and the next one.
struct Numbers {
    next: u32,
    acknowledged: Vec<u32>,
}

impl Numbers {
    /// Writes the next one; whether it was taken.
    fn write(&mut self, cluster: &Cluster) -> bool {
        let number = self.next;
        self.next += 1;
        let line = format!("numbers n={number}i {}", 1_451_606_400_000_000_000_i64 + i64::from(number));
        let answer = cluster
            .gateway()
            .client()
            .send("POST", "/api/v2/write?org=o&bucket=b", &[], line.as_bytes())
            .unwrap();
        assert!(matches!(answer.status, 204 | 503), "{}: {}", answer.status, answer.text());
        if answer.status == 204 {
            self.acknowledged.push(number);
        }
        answer.status == 204
    }

    /// Writes until one is taken.
    fn taken(&mut self, cluster: &Cluster) {
        until("a write to be taken", PATIENCE, || self.write(cluster).then_some(()));
    }

    /// Asserts that what was acknowledged is there.
    fn are_there(&self, cluster: &Cluster) {
        let script =
            r#"from(bucket: "b") |> range(start: 2016-01-01T00:00:00Z) |> keep(columns: ["_value"])"#;
        let answer = cluster.gateway().query(script);
        let found: Vec<u32> =
            answer.lines().filter_map(|line| line.rsplit(',').next()?.trim().parse().ok()).collect();
        let lost: Vec<&u32> = self.acknowledged.iter().filter(|number| !found.contains(number)).collect();
        assert!(lost.is_empty() && !found.is_empty(), "acknowledged and not there: {lost:?}");
    }
}

#[test]
fn an_encrypted_cluster_takes_new_certificates_and_outlives_its_catalog() {
    let mut cluster = Cluster::encrypted(2, 1);
    let mut numbers = Numbers { next: 0, acknowledged: Vec::new() };
    numbers.taken(&cluster);
    numbers.are_there(&cluster);

    // From now on only another authority is believed. A process that starts then knows no other, and finds others that
    // show its certificates; connections from before go on.
    cluster.renew();
    numbers.taken(&cluster);
    cluster.ingester(0).kill();
    cluster.start_ingester(0);
    cluster.answers();
    for _ in 0..10 {
        numbers.taken(&cluster);
    }
    numbers.are_there(&cluster);

    // The catalog is away for longer than its restart takes: the gateway says so, and its process goes on.
    cluster.postgres().stop();
    let ready = |status: u16| {
        until("the gateway to tell", PATIENCE, || {
            let mut stranger = Client::new(cluster.gateway().address(), "");
            let answer = stranger.send("GET", "/ready", &[], b"").unwrap();
            (answer.status == status).then(|| answer.text())
        })
    };
    let _ = numbers.write(&cluster); // it may be taken or not, but it must be kept if it is
    let told = ready(503);
    assert!(told.contains("the catalog's database has not answered for"), "{told}");
    cluster.postgres().again();
    let _ = ready(200);
    numbers.taken(&cluster);
    cluster.answers();
    numbers.are_there(&cluster);
}
