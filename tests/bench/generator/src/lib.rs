//! Line protocol in the shape of the TSBS works "cpu-only", "devops" and "iot", and of very many series, for benchmarks and tests.
//!
//! cpu-only: one measurement `cpu`, ten tags, ten integer fields that walk at random between 0 and 100, a row a host and
//! step, all hosts of a step together. devops: nine measurements with about a hundred fields a host. iot: readings and
//! diagnostics of trucks, some lines late, some never sent, some trucks without one of their tags. sensors: a million series of
//! few rows, a tag of very many values. The same [`Shape`] gives the same bytes on every machine: the walk is in integers
//! and the random numbers are our own, so that neither a library's next version nor a processor's rounding changes them.
//!
//! It deliberately knows nothing of servers or clocks.

mod devops;
mod hosts;
mod iot;
mod random;
mod sensors;
mod walk;

use std::fmt::Write as _;

use hosts::Host;
use random::Random;

/// The fields, in the order of the lines.
pub const FIELDS: [&str; 10] = [
    "usage_user",
    "usage_system",
    "usage_idle",
    "usage_nice",
    "usage_iowait",
    "usage_irq",
    "usage_softirq",
    "usage_steal",
    "usage_guest",
    "usage_guest_nice",
];

/// 2016-01-01T00:00:00Z in seconds, where the walk starts unless told otherwise.
pub const START: i64 = 1_451_606_400;

/// How much of what is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How many hosts write.
    pub hosts: u32,
    /// How many rows each host writes.
    pub steps: u32,
    /// Seconds between two rows of a host.
    pub every: u32,
    /// The time of the first row in seconds.
    pub start: i64,
    /// What the random numbers start from.
    pub seed: u64,
}

impl Shape {
    /// So many hosts over so many hours, a row each ten seconds, from [`START`].
    #[must_use]
    pub fn hours(hosts: u32, hours: u32) -> Self {
        Self { hosts, steps: hours.saturating_mul(360), every: 10, start: START, seed: 1 }
    }

    /// How many rows there are in all.
    #[must_use]
    pub fn rows(&self) -> u64 {
        u64::from(self.hosts) * u64::from(self.steps)
    }
}

/// Which work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// One measurement of hosts.
    CpuOnly,
    /// Nine measurements of hosts.
    Devops,
    /// Two measurements of trucks; a [`Shape`]'s hosts are trucks then.
    Iot,
    /// One measurement of devices with ten series each; a [`Shape`]'s hosts are devices then.
    Sensors,
}

impl Set {
    /// All rows, in texts of up to `rows` lines.
    pub fn batches(self, shape: Shape, rows: u64) -> Box<dyn Iterator<Item = String>> {
        match self {
            Self::CpuOnly => Box::new(CpuOnly::new(shape).batches(rows)),
            Self::Devops => Box::new(devops::batches(shape, rows)),
            Self::Iot => Box::new(iot::batches(shape, rows)),
            Self::Sensors => Box::new(sensors::batches(shape, rows)),
        }
    }
}

/// Makes the rows of a [`Shape`] one after the other.
#[derive(Debug)]
pub struct CpuOnly {
    shape: Shape,
    hosts: Vec<Host>,
    random: Random,
    next: u64,
}

impl CpuOnly {
    /// Starts at the first row.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        let mut random = Random::new(shape.seed);
        let hosts = (0..shape.hosts).map(|number| Host::new(number, &mut random)).collect();
        Self { shape, hosts, random, next: 0 }
    }

    /// Appends up to `rows` lines to `out`; says how many they were, 0 at the end.
    pub fn append(&mut self, rows: u64, out: &mut String) -> u64 {
        let wanted = rows.min(self.shape.rows() - self.next);
        for _ in 0..wanted {
            self.row(out);
        }
        wanted
    }

    /// All rows, in texts of up to `rows` lines.
    pub fn batches(mut self, rows: u64) -> impl Iterator<Item = String> {
        let mut size = 0;
        std::iter::from_fn(move || {
            let mut text = String::with_capacity(size);
            (self.append(rows, &mut text) > 0).then(|| {
                size = size.max(text.len());
                text
            })
        })
    }

    fn row(&mut self, out: &mut String) {
        let hosts = u64::from(self.shape.hosts);
        let (step, place) = (self.next / hosts, (self.next % hosts) as usize);
        let host = &mut self.hosts[place];
        if step > 0 {
            host.walk(&mut self.random);
        }
        out.push_str(host.key());
        for (place, (name, value)) in FIELDS.iter().zip(host.values()).enumerate() {
            out.push(if place == 0 { ' ' } else { ',' });
            out.push_str(name);
            // Writing into a text cannot fail.
            let _ = write!(out, "={value}i");
        }
        let seconds = self.shape.start + (step * u64::from(self.shape.every)) as i64;
        let _ = writeln!(out, " {}", seconds * 1_000_000_000);
        self.next += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_depend_on_the_seed_alone() {
        let text = |shape| CpuOnly::new(shape).batches(7).collect::<String>();
        let shape = Shape::hours(3, 1);
        assert_eq!(text(shape), text(shape));
        assert_eq!(text(shape), CpuOnly::new(shape).batches(10_000).collect::<String>());
        assert_ne!(text(shape), text(Shape { seed: 2, ..shape }));
        // These bytes are what benchmarks of different days compare: they must never change.
        let mut first = String::new();
        CpuOnly::new(shape).append(1, &mut first);
        assert_eq!(first, FIRST);
    }

    const FIRST: &str = "cpu,hostname=host_0,region=ap-southeast-1,datacenter=ap-southeast-1b,rack=97,\
        os=Ubuntu16.04LTS,arch=x64,team=CHI,service=17,service_version=1,service_environment=production \
        usage_user=79i,usage_system=40i,usage_idle=60i,usage_nice=45i,usage_iowait=53i,usage_irq=43i,\
        usage_softirq=16i,usage_steal=64i,usage_guest=81i,usage_guest_nice=68i 1451606400000000000\n";

    #[test]
    fn it_has_the_shape_that_was_asked_for() {
        let shape = Shape::hours(4, 1);
        let batches: Vec<String> = CpuOnly::new(shape).batches(1_000).collect();
        assert_eq!(batches.iter().map(|text| text.lines().count()).collect::<Vec<_>>(), [1_000, 440]);
        let last = batches[1].lines().last().unwrap();
        assert!(last.starts_with("cpu,hostname=host_3,region="), "{last}");
        assert!(last.ends_with(&format!(" {}000000000", START + 3_590)), "{last}");
        for line in batches.iter().flat_map(|text| text.lines()) {
            let (key, rest) = line.split_once(' ').unwrap();
            let (fields, _) = rest.split_once(' ').unwrap();
            assert_eq!((key.split(',').count(), fields.split(',').count()), (11, 10));
            for field in fields.split(',') {
                let (_, value) = field.split_once('=').unwrap();
                assert!((0..=100).contains(&value.strip_suffix('i').unwrap().parse::<i32>().unwrap()));
            }
        }
    }

    #[test]
    fn devops_has_nine_measurements() {
        let text = |rows| Set::Devops.batches(Shape::hours(2, 1), rows).collect::<String>();
        assert_eq!(text(100), text(7));
        let mut names: Vec<&str> = text(1_000).leak().lines().map(|l| l.split(',').next().unwrap()).collect();
        assert_eq!(names.len(), 2 * 360 * 9);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names, ["cpu", "disk", "diskio", "kernel", "mem", "net", "nginx", "postgresl", "redis"]);
    }

    #[test]
    fn trucks_come_late_and_leave_gaps() {
        let shape = Shape::hours(20, 2);
        let text = |rows| Set::Iot.batches(shape, rows).collect::<String>();
        let all = text(1_000);
        assert_eq!(all, text(77));
        let time = |line: &str| line.rsplit(' ').next().unwrap().parse::<i64>().unwrap();
        let times: Vec<i64> = all.lines().map(time).collect();
        let late = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert!(late > 500, "some lines are late: {late}");
        let most = 2 * shape.rows() as usize;
        assert!(
            (most / 2..most * 95 / 100).contains(&times.len()),
            "some lines are never sent: {}",
            times.len()
        );
        assert!(all.lines().any(|l| l.starts_with("readings,name=truck_3,")));
    }

    #[test]
    fn sensors_are_ten_series_a_device() {
        let shape = Shape { hosts: 3, steps: 2, every: 60, start: START, seed: 1 };
        let text = |rows| Set::Sensors.batches(shape, rows).collect::<String>();
        let all = text(1_000);
        assert_eq!(all, text(7));
        let mut keys: Vec<&str> = all.lines().map(|l| l.split(' ').next().unwrap()).collect();
        assert_eq!(keys.len(), 60);
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), 30);
    }

    #[test]
    fn values_walk() {
        let text = CpuOnly::new(Shape::hours(1, 24)).batches(u64::MAX).collect::<String>();
        let values: Vec<i32> = text
            .lines()
            .map(|line| {
                let (_, rest) = line.split_once("usage_user=").unwrap();
                rest.split_once('i').unwrap().0.parse().unwrap()
            })
            .collect();
        let steps: Vec<i32> = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        assert!(steps.iter().all(|step| *step <= 6), "a step of a walk is small");
        assert!(steps.iter().filter(|step| **step > 0).count() > steps.len() / 3, "and mostly not nothing");
        assert!(values.iter().max().unwrap() - values.iter().min().unwrap() > 50, "it comes around");
    }
}
