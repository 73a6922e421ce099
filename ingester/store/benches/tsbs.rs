//! Bytes a value, and rows a second written and scanned, on rows like those of the time-series benchmark suite:
//! `cargo bench -p weir-store`. Times are of this process's CPU and of the clock on the wall.

// A benchmark's answer is what it prints.
#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]

use std::sync::Arc;
use std::time::Instant;

use arrow_array::{ArrayRef, Float64Array, Int64Array, UInt64Array};
use async_trait::async_trait;
use futures::TryStreamExt;
use object_store::memory::InMemory;
use weir_batch::{
    ColumnRef, FieldArray, Predicate, ScanRequest, Sequence, SeriesBatch, SeriesKey, SeriesKeys, TimeRange,
};
use weir_database::{Database, Options};
use weir_model::Id;
use weir_proto::FileIndexService;
use weir_store::{Buckets, Compaction, FileIndex, Store, StoreOptions};

const SECOND: i64 = 1_000_000_000;
const START: i64 = 1_700_000_000 * SECOND;
const FIELDS: usize = 10;

struct Day;

#[async_trait]
impl Buckets for Day {
    async fn shard_group_duration(&self, _: Id) -> weir_model::Result<Option<i64>> {
        Ok(Some(7 * 86_400 * SECOND))
    }
}

/// A small generator whose numbers are the same every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Near enough to a step of the normal distribution with deviation one.
    fn step(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

fn key(host: usize) -> String {
    format!(
        "arch=x86,datacenter=eu-central-1a,hostname=host_{host:07},os=Ubuntu16.10,rack={},region=eu-central-1,\
         service={},service_environment=staging,service_version=1,team=NYC",
        host % 100,
        host % 20
    )
}

#[derive(Clone, Copy, PartialEq)]
enum Values {
    Integers,
    Floats,
    Decimals,
}

/// Rows of `hosts` hosts, one each ten seconds from tick `from` to `to`, as they come out of a buffer filled by
/// batches of 10,000 rows.
fn rows(hosts: usize, from: i64, to: i64, values: Values) -> SeriesBatch {
    let ticks = (to - from) as usize;
    let mut series = SeriesKeys::new();
    let mut offsets = vec![0];
    let mut times = Vec::new();
    let mut sequences = Vec::new();
    let mut fields: Vec<Vec<f64>> = vec![Vec::new(); FIELDS];
    for host in 0..hosts {
        series.push(SeriesKey(&key(host)));
        offsets.push((host + 1) * ticks);
        for (number, field) in fields.iter_mut().enumerate() {
            let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ (host as u64) << 20 ^ (number as u64) << 8);
            let mut value = random.unit() * 100.0;
            // The walk goes on where the rows before have left it.
            for tick in 0..to {
                value = (value + random.step()).clamp(0.0, 100.0);
                if tick >= from {
                    field.push(value);
                }
            }
        }
        for tick in from..to {
            times.push(START + tick * 10 * SECOND);
            let batch = (tick as usize * hosts + host) / 10_000;
            sequences.push(Sequence::new(1_700_000_000_000 + batch as u64 * 35, 0, 1).0);
        }
    }
    let fields = fields.into_iter().enumerate().map(|(i, column)| {
        let values: ArrayRef = match values {
            Values::Integers => Arc::new(Int64Array::from_iter_values(column.into_iter().map(|v| v as i64))),
            Values::Floats => Arc::new(Float64Array::from(column)),
            Values::Decimals => Arc::new(Float64Array::from_iter_values(
                column.into_iter().map(|v| (v * 100.0).round() / 100.0),
            )),
        };
        FieldArray { name: format!("usage_{i}").into(), values }
    });
    SeriesBatch {
        measurement: "cpu".into(),
        series,
        offsets,
        times: Int64Array::from(times),
        sequences: Some(UInt64Array::from(sequences)),
        fields: fields.collect(),
    }
}

fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(") ").next().unwrap_or_default();
    let ticks: f64 = after.split(' ').skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    ticks / 100.0
}

async fn measured<T>(what: &str, rows: u64, work: impl Future<Output = T>) -> T {
    let (cpu, wall) = (cpu_seconds(), Instant::now());
    let answer = work.await;
    let (cpu, wall) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
    let rate = rows as f64 / wall / 1e6;
    println!("{what:48} {:9.2} ms wall {:9.2} ms CPU {rate:8.2} M rows/s", wall * 1e3, cpu * 1e3);
    answer
}

async fn store() -> (Store, i64) {
    let db = Database::connect("sqlite::memory:", &Options::default()).await.unwrap();
    let index = FileIndex::open(db, Arc::new(Day)).await.unwrap();
    let group = index.shard_group_for(bucket(), START).await.unwrap().id;
    (Store::new(Arc::new(InMemory::new()), index, StoreOptions::default()), group)
}

fn bucket() -> Id {
    Id::new(1).unwrap()
}

async fn write(store: &Store, group: i64, what: &str, batches: Vec<SeriesBatch>) {
    let rows: usize = batches.iter().map(SeriesBatch::rows).sum();
    let mut size = 0;
    let work = async {
        for batch in batches {
            let segments = store.write_segments(bucket(), group, vec![batch], 1).await.unwrap();
            size += segments.iter().map(|s| s.size()).sum::<u64>();
            store.commit(&segments).await.unwrap();
        }
    };
    measured(what, rows as u64, work).await;
    println!("{:48} {:9.3} bytes a value", "", size as f64 / (rows * FIELDS) as f64);
}

async fn scan(store: &Store, what: &str, hours: (i64, i64), predicate: Predicate) {
    let range = TimeRange { start: START + hours.0 * 3600 * SECOND, stop: START + hours.1 * 3600 * SECOND };
    let request = ScanRequest { bucket: bucket(), range, predicate };
    for round in ["cold", "warm", "warm"] {
        let request = request.clone();
        let (cpu, wall) = (cpu_seconds(), Instant::now());
        let batches: Vec<SeriesBatch> = store.scan(request).await.unwrap().try_collect().await.unwrap();
        let rows: usize = batches.iter().map(SeriesBatch::rows).sum();
        let (cpu, wall) = (cpu_seconds() - cpu, wall.elapsed().as_secs_f64());
        let rate = rows as f64 / wall / 1e6;
        println!(
            "  {what:36} {round} {rows:9} rows {:9.2} ms wall {:9.2} ms CPU {rate:8.2} M rows/s",
            wall * 1e3,
            cpu * 1e3
        );
    }
}

fn field(name: &str) -> Predicate {
    Predicate::equals(ColumnRef::Measurement, "cpu").and(Predicate::equals(ColumnRef::Field, name))
}

async fn queries(store: &Store) {
    scan(store, "all fields, a day", (0, 24), Predicate::TRUE).await;
    scan(store, "one field, 12 h", (0, 12), field("usage_0")).await;
    let host = field("usage_0").and(Predicate::equals(ColumnRef::Tag("hostname".into()), "host_0000042"));
    scan(store, "one field of a host, 12 h", (0, 12), host.clone()).await;
    scan(store, "one field of a host, 1 h", (5, 6), host).await;
}

#[tokio::main]
async fn main() {
    // `cargo bench -p weir-store -- series` runs the parts whose names hold "series".
    let wanted = std::env::args().skip(1).find(|a| !a.starts_with("--")).unwrap_or_default();
    let part = |name: &str| name.contains(&wanted);
    let kinds = [("integers", Values::Integers), ("floats", Values::Floats), ("decimals", Values::Decimals)];
    for (name, values) in kinds.into_iter().filter(|(name, _)| part(name)) {
        let (store, group) = store().await;
        write(
            &store,
            group,
            &format!("{name}: 100 hosts, a day, one flush"),
            vec![rows(100, 0, 8640, values)],
        )
        .await;
        queries(&store).await;
    }
    if part("flushes") {
        let (store, group) = store().await;
        let parts = (0..24).map(|i| rows(100, i * 360, (i + 1) * 360, Values::Integers)).collect();
        write(&store, group, "integers: 100 hosts, a day, 24 flushes", parts).await;
        queries(&store).await;
        let how = Compaction { settled: u64::MAX, cold: true, now_millis: 1 };
        measured("compacted", 864_000, store.compact(bucket(), group, how)).await.unwrap();
        let left = store.index().segments(bucket(), TimeRange::ALL, None).await.unwrap();
        let size: u64 = left.iter().map(|s| s.size()).sum();
        println!("{:48} {:9.3} bytes a value", "", size as f64 / (864_000 * FIELDS) as f64);
        queries(&store).await;
    }
    if part("overlapping") {
        let (store, group) = store().await;
        let parts = (0..2).map(|i| rows(100, i * 4000, (i + 1) * 4000 + 640, Values::Integers)).collect();
        write(&store, group, "integers: 100 hosts, a day, overlapping", parts).await;
        queries(&store).await;
    }
    if part("series") {
        let (store, group) = store().await;
        let many = vec![rows(1_000_000, 0, 1, Values::Integers)];
        write(&store, group, "integers: 1,000,000 series, a row each", many).await;
        scan(&store, "all fields", (0, 1), Predicate::TRUE).await;
        let host = field("usage_0").and(Predicate::equals(ColumnRef::Tag("hostname".into()), "host_0000042"));
        scan(&store, "one field of a host", (0, 1), host).await;
    }
}
