//! kill -9 during a load: what was acknowledged is there afterwards.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use weir_cluster_tests::{Client, Server, rows, until};

const ROUNDS: usize = 10;
const WRITERS: usize = 4;
/// Points of a batch.
const BATCH: usize = 40;
/// 2024-01-01T00:00:00Z in nanoseconds.
const START: i64 = 1_704_067_200_000_000_000;
const RANGE: &str = "range(start: 2024-01-01T00:00:00Z, stop: 2024-01-02T00:00:00Z)";

/// What became of one writer's batches, by number: whether the server acknowledged it.
type Fate = Vec<bool>;

#[test]
fn every_acknowledged_point_survives_ten_kills() {
    let folder = tempfile::tempdir().unwrap();
    let mut fates: Vec<Fate> = vec![Fate::new(); WRITERS];
    for round in 0..ROUNDS {
        let mut server = Server::start(folder.path(), &[]);
        check(&server, &fates);
        load_until_killed(&mut server, &mut fates, round);
    }
    let mut server = Server::start(folder.path(), &[]);
    check(&server, &fates);
    // What has moved from the log into objects on the way out is the same.
    server.process().stop();
    check(&Server::start(folder.path(), &[]), &fates);
    assert!(fates.iter().flatten().filter(|acknowledged| **acknowledged).count() > ROUNDS * 20);
}

/// Writers write as fast as the server takes it; after so many acknowledgements, others each round, it is killed.
fn load_until_killed(server: &mut Server, fates: &mut [Fate], round: usize) {
    let (dead, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
    let clients: Vec<Client> = fates.iter().map(|_| server.client()).collect();
    thread::scope(|scope| {
        for (writer, (fate, mut client)) in fates.iter_mut().zip(clients).enumerate() {
            let (dead, acknowledged) = (&dead, &acknowledged);
            scope.spawn(move || {
                while !dead.load(Ordering::Relaxed) {
                    let body = batch(writer, fate.len());
                    let answer = client.send("POST", "/api/v2/write?org=o&bucket=b", &[], body.as_bytes());
                    match answer.map(|answer| answer.status) {
                        Ok(204) => {
                            fate.push(true);
                            acknowledged.fetch_add(1, Ordering::Relaxed);
                        }
                        // Refused or cut off: it may be there or not, in whole or in part.
                        Ok(503) | Err(_) => fate.push(false),
                        Ok(status) => panic!("the server answers {status}"),
                    }
                }
            });
        }
        let wanted = 25 + 17 * round;
        until("acknowledgements", Duration::from_secs(120), || {
            assert!(server.process().is_running(), "the server ended by itself");
            (acknowledged.load(Ordering::Relaxed) >= wanted).then_some(())
        });
        if round % 3 == 2 {
            // In the middle of its last flush.
            let process = server.process();
            process.terminate();
            until("the last flush", Duration::from_secs(60), || {
                (process.log().contains("flushing what is in memory") || !process.is_running()).then_some(())
            });
        }
        server.process().kill();
        dead.store(true, Ordering::Relaxed);
    });
}

fn batch(writer: usize, number: usize) -> String {
    let mut lines = String::new();
    for place in 0..BATCH {
        let point = number * BATCH + place;
        let time = START + point as i64 * 1_000_000;
        let host = point % 7;
        writeln!(lines, "load,writer={writer},host=h{host} v={point}i,half={point}.5 {time}").unwrap();
    }
    lines
}

/// Counts in Flux what is there, and looks at each point that must be there.
fn check(server: &Server, fates: &[Fate]) {
    let source = format!(r#"from(bucket: "b") |> {RANGE} |> filter(fn: (r) => r._measurement == "load")"#);
    let counted = server.query(&format!(r#"{source} |> group(columns: ["writer", "_field"]) |> count()"#));
    let counted: BTreeMap<(String, String), usize> = rows(&counted)
        .into_iter()
        .map(|row| ((row["writer"].clone(), row["_field"].clone()), row["_value"].parse().unwrap()))
        .collect();
    for (writer, fate) in fates.iter().enumerate() {
        let acknowledged = fate.iter().filter(|acknowledged| **acknowledged).count() * BATCH;
        let sent = fate.len() * BATCH;
        for field in ["v", "half"] {
            let there = counted.get(&(writer.to_string(), field.to_owned())).copied().unwrap_or(0);
            assert!(
                (acknowledged..=sent).contains(&there),
                "writer {writer}, field {field}: {there} points are there, {acknowledged} acknowledged, {sent} sent"
            );
        }
        let answer = server.query(&format!(
            r#"{source} |> filter(fn: (r) => r.writer == "{writer}" and r._field == "v")
                |> group() |> keep(columns: ["_value"])"#
        ));
        let mut there = vec![0_u32; sent];
        for row in rows(&answer) {
            there[row["_value"].parse::<usize>().unwrap()] += 1;
        }
        assert_eq!(
            there.iter().sum::<u32>() as usize,
            counted.get(&(writer.to_string(), "v".to_owned())).copied().unwrap_or(0)
        );
        for (number, acknowledged) in fate.iter().enumerate() {
            let points = &there[number * BATCH..(number + 1) * BATCH];
            assert!(
                points.iter().all(|count| *count <= 1),
                "batch {number} of writer {writer} is there twice"
            );
            assert!(
                !acknowledged || points.iter().all(|count| *count == 1),
                "batch {number} of writer {writer} was acknowledged and is not all there"
            );
        }
    }
}
