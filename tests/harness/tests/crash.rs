//! kill -9 during a load: what was acknowledged is there afterwards.

use std::time::Duration;

use weir_cluster_tests::{Cluster, Server, until};

use crate::load::Load;

const ROUNDS: usize = 10;

#[test]
fn every_acknowledged_point_survives_ten_kills() {
    let folder = tempfile::tempdir().unwrap();
    let mut load = Load::new(4);
    for round in 0..ROUNDS {
        let mut server = Server::start(folder.path(), &[]);
        load.check(&server);
        let client = server.client();
        load.run(
            || client.fresh(),
            |progress| {
                // Killed at another point of its life each time.
                progress.wait_for(25 + 17 * round);
                let process = server.process();
                if round % 3 == 2 {
                    // In the middle of its last flush.
                    process.terminate();
                    until("the last flush", Duration::from_secs(60), || {
                        let flushes = process.log().matches("flushing what is in memory").count() > round / 3;
                        (flushes || !process.is_running()).then_some(())
                    });
                }
                process.kill();
            },
        );
    }
    let mut server = Server::start(folder.path(), &[]);
    load.check(&server);
    // What has moved from the log into objects on the way out is the same.
    server.process().stop();
    load.check(&Server::start(folder.path(), &[]));
    assert!(load.acknowledged() > ROUNDS * 20);
}

#[test]
fn every_acknowledged_point_survives_killed_ingesters() {
    let mut cluster = Cluster::start(3, 1);
    let mut load = Load::new(3);
    let client = cluster.gateway().client();
    load.run(
        || client.fresh(),
        |progress| {
            progress.wait_for(20);
            cluster.ingester(0).kill();
            // The others take its series once it counts as gone.
            progress.wait_for(20);
            cluster.start_ingester(0);
            progress.wait_for(20);
            for number in 0..3 {
                cluster.ingester(number).kill();
            }
            for number in 0..3 {
                cluster.start_ingester(number);
            }
            progress.wait_for(20);
            cluster.ingester(1).kill();
        },
    );
    cluster.start_ingester(1);
    cluster.answers();
    load.check(cluster.gateway());
    for number in 0..3 {
        cluster.ingester(number).stop();
        cluster.start_ingester(number);
    }
    cluster.answers();
    load.check(cluster.gateway());
}
