//! Writers that remember what became of each batch, and a look at what is there of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use weir_cluster_tests::{Client, Server, rows, until};

/// Points of a batch.
const BATCH: usize = 40;
/// 2024-01-01T00:00:00Z in nanoseconds.
const START: i64 = 1_704_067_200_000_000_000;
const SOURCE: &str = r#"from(bucket: "b") |> range(start: 2024-01-01T00:00:00Z, stop: 2024-01-02T00:00:00Z)
    |> filter(fn: (r) => r._measurement == "load")"#;

/// What became of one writer's batches, by number: whether the server acknowledged it.
type Fate = Vec<bool>;

/// Several writers over the life of a test.
pub(crate) struct Load {
    fates: Vec<Fate>,
}

/// What the writers have achieved while they run.
#[derive(Default)]
pub(crate) struct Progress {
    acknowledged: AtomicUsize,
    done: AtomicBool,
}

impl Progress {
    /// Waits until so many more batches are acknowledged.
    pub(crate) fn wait_for(&self, more: usize) {
        let wanted = self.acknowledged.load(Ordering::Relaxed) + more;
        until("acknowledgements", Duration::from_secs(120), || {
            (self.acknowledged.load(Ordering::Relaxed) >= wanted).then_some(())
        });
    }
}

impl Load {
    pub(crate) fn new(writers: usize) -> Self {
        Self { fates: vec![Fate::new(); writers] }
    }

    /// Acknowledged batches so far.
    pub(crate) fn acknowledged(&self) -> usize {
        self.fates.iter().flatten().filter(|acknowledged| **acknowledged).count()
    }

    /// The writers write as fast as the server takes it, while `disturb` does its work.
    pub(crate) fn run(&mut self, client: impl Fn() -> Client, disturb: impl FnOnce(&Progress)) {
        let progress = Progress::default();
        thread::scope(|scope| {
            for (writer, fate) in self.fates.iter_mut().enumerate() {
                let (client, progress) = (client(), &progress);
                scope.spawn(move || write(client, writer, fate, progress));
            }
            // The writers end also when the test fails.
            let _end = End(&progress.done);
            disturb(&progress);
        });
    }

    /// Counts in Flux what is there, and looks at each point that must be there.
    pub(crate) fn check(&self, server: &Server) {
        let counted =
            server.query(&format!(r#"{SOURCE} |> group(columns: ["writer", "_field"]) |> count()"#));
        let counted: BTreeMap<(String, String), usize> = rows(&counted)
            .into_iter()
            .map(|row| ((row["writer"].clone(), row["_field"].clone()), row["_value"].parse().unwrap()))
            .collect();
        for (writer, fate) in self.fates.iter().enumerate() {
            let acknowledged = fate.iter().filter(|acknowledged| **acknowledged).count() * BATCH;
            let sent = fate.len() * BATCH;
            for field in ["v", "half"] {
                let there = counted.get(&(writer.to_string(), field.to_owned())).copied().unwrap_or(0);
                assert!(
                    (acknowledged..=sent).contains(&there),
                    "writer {writer}, field {field}: {there} points, {acknowledged} acknowledged, {sent} sent"
                );
            }
            let there = points(server, writer, sent);
            let all = counted.get(&(writer.to_string(), "v".to_owned())).copied().unwrap_or(0);
            assert_eq!(there.iter().sum::<usize>(), all, "the count is that of the rows");
            for (number, acknowledged) in fate.iter().enumerate() {
                let batch = &there[number * BATCH..(number + 1) * BATCH];
                assert!(
                    batch.iter().all(|count| *count <= 1),
                    "writer {writer}: batch {number} is there twice"
                );
                assert!(
                    !acknowledged || batch.iter().all(|count| *count == 1),
                    "writer {writer}: batch {number} was acknowledged and is not all there"
                );
            }
        }
    }
}

struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn write(mut client: Client, writer: usize, fate: &mut Fate, progress: &Progress) {
    while !progress.done.load(Ordering::Relaxed) {
        let body = batch(writer, fate.len());
        let answer = client.send("POST", "/api/v2/write?org=o&bucket=b", &[], body.as_bytes());
        match answer.map(|answer| (answer.status, answer.text())) {
            Ok((204, _)) => {
                fate.push(true);
                progress.acknowledged.fetch_add(1, Ordering::Relaxed);
            }
            // Refused or cut off: it may be there or not, in whole or in part.
            Ok((503, _)) | Err(_) => {
                fate.push(false);
                // A server that is away is not to be asked a thousand times a second.
                thread::park_timeout(Duration::from_millis(20));
            }
            Ok((status, text)) => panic!("the server answers {status}: {text}"),
        }
    }
}

fn batch(writer: usize, number: usize) -> String {
    let mut lines = String::new();
    for point in number * BATCH..(number + 1) * BATCH {
        let (host, time) = (point % 7, START + point as i64 * 1_000_000);
        writeln!(lines, "load,writer={writer},host=h{host} v={point}i,half={point}.5 {time}").unwrap();
    }
    lines
}

/// How often each point of a writer is there.
fn points(server: &Server, writer: usize, sent: usize) -> Vec<usize> {
    let answer = server.query(&format!(
        r#"{SOURCE} |> filter(fn: (r) => r.writer == "{writer}" and r._field == "v")
            |> group() |> keep(columns: ["_value"])"#
    ));
    let mut there = vec![0; sent];
    for row in rows(&answer) {
        there[row["_value"].parse::<usize>().unwrap()] += 1;
    }
    there
}
