//! The TSBS "devops" work: nine measurements of every host.

use std::fmt::Write as _;

use crate::Shape;
use crate::hosts::{SERVERS, host_tags, pick};
use crate::random::Random;
use crate::walk::{Field, Kind, Walk, Written, write_fields};

use Kind::{Always, Up};
use Written::{Decimals, Integer};

const fn percent(name: &'static str) -> Field {
    (name, Kind::Between { low: 0, high: 100, deviation: 1_000 }, Integer)
}

const fn up(name: &'static str, mean: i64) -> Field {
    (name, Up(mean), Integer)
}

const fn between(name: &'static str, low: i64, high: i64, deviation: i64) -> Field {
    (name, Kind::Between { low, high, deviation: deviation * 1_000 }, Integer)
}

const fn share(name: &'static str) -> Field {
    (name, Kind::Between { low: 0, high: 100, deviation: 700 }, Decimals(4))
}

/// A measurement: its name, what tags it has beside the host's, and its fields.
type Measurement = (&'static str, &'static [&'static str], &'static [Field]);

const TERABYTE: i64 = 1 << 40;

/// The measurements, in the order of the lines.
const MEASUREMENTS: [Measurement; 9] = [
    (
        "cpu",
        &[],
        &[
            percent("usage_user"),
            percent("usage_system"),
            percent("usage_idle"),
            percent("usage_nice"),
            percent("usage_iowait"),
            percent("usage_irq"),
            percent("usage_softirq"),
            percent("usage_steal"),
            percent("usage_guest"),
            percent("usage_guest_nice"),
        ],
    ),
    (
        "diskio",
        &["serial"],
        &[
            up("reads", 50),
            up("writes", 50),
            up("read_bytes", 100),
            up("write_bytes", 100),
            up("read_time", 5),
            up("write_time", 5),
            up("io_time", 5),
        ],
    ),
    (
        "disk",
        &["path", "fstype"],
        &[
            ("total", Always(TERABYTE), Integer),
            between("free", TERABYTE / 4, TERABYTE / 2, 1 << 20),
            between("used", TERABYTE / 4, TERABYTE / 2, 1 << 20),
            percent("used_percent"),
            ("inodes_total", Always(1 << 28), Integer),
            between("inodes_free", 1 << 26, 1 << 27, 1 << 10),
            between("inodes_used", 1 << 26, 1 << 27, 1 << 10),
        ],
    ),
    (
        "kernel",
        &[],
        &[
            ("boot_time", Always(crate::START - 86_400), Integer),
            up("interrupts", 5),
            up("context_switches", 5),
            up("processes_forked", 5),
            up("disk_pages_in", 5),
            up("disk_pages_out", 5),
        ],
    ),
    (
        "mem",
        &[],
        &[
            ("total", Always(8 << 30), Integer),
            between("available", 1 << 30, 4 << 30, 1 << 22),
            between("used", 1 << 30, 4 << 30, 1 << 22),
            between("free", 1 << 30, 4 << 30, 1 << 22),
            between("cached", 1 << 28, 1 << 30, 1 << 20),
            between("buffered", 1 << 28, 1 << 30, 1 << 20),
            share("used_percent"),
            share("available_percent"),
            share("buffered_percent"),
        ],
    ),
    (
        "net",
        &["interface"],
        &[
            up("bytes_sent", 50),
            up("bytes_recv", 50),
            up("packets_sent", 50),
            up("packets_recv", 50),
            up("err_in", 5),
            up("err_out", 5),
            up("drop_in", 5),
            up("drop_out", 5),
        ],
    ),
    (
        "nginx",
        &["port", "server"],
        &[
            up("accepts", 5),
            percent("active"),
            up("handled", 5),
            percent("reading"),
            up("requests", 5),
            percent("waiting"),
            percent("writing"),
        ],
    ),
    (
        "postgresl",
        &[],
        &[
            up("numbackends", 5),
            up("xact_commit", 5),
            up("xact_rollback", 5),
            up("blks_read", 5),
            up("blks_hit", 5),
            up("tup_returned", 5),
            up("tup_fetched", 5),
            up("tup_inserted", 5),
            up("tup_updated", 5),
            up("tup_deleted", 5),
            up("conflicts", 5),
            up("temp_files", 5),
            between("temp_bytes", 0, 1 << 30, 1 << 20),
            up("deadlocks", 5),
            up("blk_read_time", 5),
            up("blk_write_time", 5),
        ],
    ),
    (
        "redis",
        &["port", "server"],
        &[
            up("uptime_in_seconds", 10),
            up("total_connections_received", 5),
            up("expired_keys", 50),
            up("evicted_keys", 50),
            up("keyspace_hits", 50),
            up("keyspace_misses", 50),
            up("instantaneous_ops_per_sec", 1),
            up("instantaneous_input_kbps", 1),
            up("instantaneous_output_kbps", 1),
            between("connected_clients", 0, 10_000, 50),
            between("used_memory", 1 << 30, 8 << 30, 50),
            between("used_memory_rss", 1 << 30, 8 << 30, 50),
            between("used_memory_peak", 1 << 30, 8 << 30, 50),
            between("used_memory_lua", 1 << 20, 1 << 30, 50),
            between("rdb_changes_since_last_save", 0, 10_000, 50),
            up("sync_full", 5),
            up("sync_partial_ok", 5),
            up("sync_partial_err", 5),
            up("pubsub_channels", 5),
            up("pubsub_patterns", 5),
            up("latest_fork_usec", 5),
            up("connected_slaves", 5),
            up("master_repl_offset", 5),
            up("repl_backlog_active", 5),
            up("repl_backlog_size", 5),
            up("repl_backlog_histlen", 5),
            percent("mem_fragmentation_ratio"),
            up("used_cpu_sys", 5),
            up("used_cpu_user", 5),
            up("used_cpu_sys_children", 5),
            up("used_cpu_user_children", 5),
        ],
    ),
];

struct Host {
    /// Measurement and tags, and values, of each measurement.
    keys: Vec<String>,
    values: Vec<Vec<Walk>>,
}

impl Host {
    fn new(number: u32, random: &mut Random) -> Self {
        let tags = host_tags(number, random);
        let keys = MEASUREMENTS
            .iter()
            .map(|(name, more, _)| {
                let mut key = format!("{name},{tags}");
                for tag in *more {
                    let value = match *tag {
                        "serial" => format!("{:03}-{:03}", random.below(1_000), random.below(1_000)),
                        "path" => format!("/dev/sda{}", random.below(10)),
                        "fstype" => (*pick(&["ext3", "ext4", "btrfs"], random)).to_owned(),
                        "interface" => format!("eth{}", random.below(4)),
                        "port" => random.below(20_000).to_string(),
                        _ => format!("{}_{}", pick(&SERVERS, random), random.below(100_000)),
                    };
                    // Writing into a text cannot fail.
                    let _ = write!(key, ",{tag}={value}");
                }
                key
            })
            .collect();
        let values = MEASUREMENTS
            .iter()
            .map(|(_, _, fields)| fields.iter().map(|f| Walk::new(f, random)).collect())
            .collect();
        Self { keys, values }
    }
}

/// All rows, in texts of up to `rows` lines: step by step, of each step one measurement after the other.
pub(crate) fn batches(shape: Shape, rows: u64) -> impl Iterator<Item = String> {
    let mut random = Random::new(shape.seed);
    let mut hosts: Vec<Host> = (0..shape.hosts).map(|n| Host::new(n, &mut random)).collect();
    let of_step = u64::from(shape.hosts) * MEASUREMENTS.len() as u64;
    let all = of_step * u64::from(shape.steps);
    let mut next = 0;
    std::iter::from_fn(move || {
        let mut out = String::new();
        let end = all.min(next + rows);
        while next < end {
            let (step, place) = (next / of_step, next % of_step);
            let (m, h) =
                ((place / u64::from(shape.hosts)) as usize, (place % u64::from(shape.hosts)) as usize);
            let host = &mut hosts[h];
            if step > 0 {
                host.values[m].iter_mut().for_each(|v| v.go(&mut random));
            }
            out.push_str(&host.keys[m]);
            write_fields(MEASUREMENTS[m].2, &host.values[m], &mut out);
            let seconds = shape.start + (step * u64::from(shape.every)) as i64;
            let _ = writeln!(out, " {}", seconds * 1_000_000_000);
            next += 1;
        }
        (!out.is_empty()).then_some(out)
    })
}
