//! Measures the parser on bodies like those of the time series benchmark suite: 100 hosts, ten fields, a row a host
//! every ten seconds.

use std::fmt::Write as _;
use std::io::Write as _;

use weir_line_protocol::{Parser, Precision};

fn body(rows: usize, start: usize, hosts: usize, floats: bool) -> String {
    let mut out = String::new();
    let mut seed = 12345u64 + start as u64;
    let fields = [
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
    for i in start..start + rows {
        let host = i % hosts;
        let _ = write!(
            out,
            "cpu,hostname=host_{host},region=eu-central-1,datacenter=eu-central-1a,rack={},os=Ubuntu15.10,arch=x86,team=SF,service={},service_version=1,service_environment=test ",
            host % 100,
            host % 20
        );
        for (n, field) in fields.iter().enumerate() {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let sep = if n == 0 { "" } else { "," };
            if floats {
                let _ = write!(out, "{sep}{field}={}", (seed >> 11) as f64 / (1u64 << 53) as f64 * 100.0);
            } else {
                let _ = write!(out, "{sep}{field}={}i", (seed >> 33) % 101);
            }
        }
        let _ = writeln!(out, " {}", 1_451_606_400_000_000_000u64 + (i / hosts) as u64 * 10_000_000_000);
    }
    out
}

/// Nanoseconds that this process has been on a processor.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    stat.split(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default()
}

fn main() -> std::io::Result<()> {
    let only = std::env::args().nth(1);
    for (name, hosts, floats) in
        [("integers", 100, false), ("floats", 100, true), ("new series", usize::MAX, false)]
    {
        if only.as_ref().is_some_and(|only| !name.starts_with(only.as_str())) {
            continue;
        }
        let bodies: Vec<String> = (0..20).map(|i| body(10_000, i * 10_000, hosts, floats)).collect();
        let bytes: usize = bodies.iter().map(String::len).sum();
        let mut best = f64::MAX;
        let mut parser = Parser::new();
        for _ in 0..10 {
            let begun = cpu();
            let mut rows = 0;
            for body in &bodies {
                rows += parser.parse(body.as_bytes(), Precision::Nanoseconds, 0).batch.rows();
            }
            assert_eq!(rows, 200_000);
            best = best.min((cpu() - begun) / 1e9);
        }
        writeln!(
            std::io::stdout(),
            "{name}: {:.0} ns/row, {:.2} GB/s",
            best * 1e9 / 200_000.0,
            bytes as f64 / best / 1e9
        )?;
    }
    Ok(())
}
