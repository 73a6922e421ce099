//! Measures the log on rows like those of the time series benchmark suite: 100 hosts, ten integer fields that walk at
//! random, a row a host every ten seconds, 10,000 rows a write.

use std::io::Write as _;

use weir_batch::{FieldColumn, FieldValues, MeasurementRows, Sequence, SeriesKey, WriteBatch};
use weir_model::Id;
use weir_wal::{Options, RecordRef, Wal, decode_rows, encode_rows};

const ROWS: usize = 10_000;

/// Nanoseconds that this thread has been on a processor.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default()
}

fn batch(floats: bool, part: usize) -> WriteBatch {
    let mut m = MeasurementRows::new("cpu");
    for host in 0..100 {
        let key = format!(
            "arch=x86,datacenter=eu-central-1a,hostname=host_{host},os=Ubuntu15.10,rack={host},region=eu-central-1,service={},service_environment=test,service_version=1,team=SF",
            host % 20
        );
        m.series.push(SeriesKey(&key));
    }
    m.row_series = (0..ROWS as u32).map(|i| i % 100).collect();
    m.times = (0..ROWS as i64)
        .map(|i| {
            1_451_606_400_000_000_000 + (part * ROWS / 100) as i64 * 10_000_000_000 + i / 100 * 10_000_000_000
        })
        .collect();
    let mut seed = 42u64 + part as u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 11
    };
    for field in 0..10 {
        let mut walk: Vec<f64> = (0..100).map(|_| (next() % 101) as f64).collect();
        let mut step = |host: usize| {
            let by = next() as f64 / (1u64 << 53) as f64 * 2.0 - 1.0;
            walk[host] = (walk[host] + by).clamp(0.0, 100.0);
            walk[host]
        };
        let values = match floats {
            true => FieldValues::Float((0..ROWS).map(|i| step(i % 100)).collect()),
            false => FieldValues::Integer((0..ROWS).map(|i| step(i % 100) as i64).collect()),
        };
        m.fields.push(FieldColumn { name: format!("usage_field_{field}"), values, rows: None });
    }
    WriteBatch { measurements: vec![m] }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    for floats in [false, true] {
        let batches: Vec<WriteBatch> = (0..20).map(|part| batch(floats, part)).collect();
        let (mut encode, mut decode, mut bytes) = (f64::MAX, f64::MAX, 0);
        for _ in 0..5 {
            let begun = cpu();
            let encoded: Vec<Vec<u8>> = batches.iter().map(encode_rows).collect();
            encode = encode.min(cpu() - begun);
            bytes = encoded.iter().map(Vec::len).sum();
            let begun = cpu();
            for rows in &encoded {
                decode_rows(rows)?;
            }
            decode = decode.min(cpu() - begun);
        }
        let rows = (batches.len() * ROWS) as f64;
        let folder = std::env::temp_dir().join(format!("log-speed-{}", std::process::id()));
        let (wal, _) = Wal::open(Options::new(&folder))?;
        let bucket = Id::new(1).ok_or("zero")?;
        let begun = (cpu(), std::time::Instant::now());
        let runtime = tokio::runtime::Builder::new_current_thread().build()?;
        for rows in &batches {
            let record = RecordRef::Write { sequence: Sequence(1), shards: vec![(bucket, 1, rows)] };
            runtime.block_on(wal.append(&record))?;
        }
        let (append, wall) = (cpu() - begun.0, begun.1.elapsed().as_secs_f64());
        let disk = wal.disk_size();
        drop(wal);
        std::fs::remove_dir_all(&folder)?;
        writeln!(
            out,
            "{}: encode {:.0} ns/row, decode {:.0} ns/row, {:.1} B/row alone; log {:.1} B/row, append {:.0} ns/row of the caller, {:.0} ns/row until synced",
            if floats { "floats" } else { "integers" },
            encode / rows,
            decode / rows,
            bytes as f64 / rows,
            disk as f64 / rows,
            append / rows,
            wall * 1e9 / rows
        )?;
    }
    Ok(())
}
