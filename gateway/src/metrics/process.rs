//! The process as the system sees it.

use std::fmt::Write;

use super::header;

/// How many ticks a second of CPU time has in `/proc`: fixed in the kernel's interface to programs.
const TICKS: f64 = 100.0;
/// Bytes of a page in `/proc/self/statm`, on every machine we build for.
const PAGE: u64 = 4096;

/// Appends CPU time, memory and open files; nothing where there is no `/proc`.
pub(super) fn render(out: &mut String) {
    let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).ok();
    if let Some(ticks) = read("stat").as_deref().and_then(cpu_ticks) {
        family(
            out,
            "process_cpu_seconds_total",
            "counter",
            "Total user and system CPU time spent in seconds.",
            ticks / TICKS,
        );
    }
    if let Some(pages) = read("statm").as_deref().and_then(|text| text.split(' ').nth(1)?.parse::<u64>().ok())
    {
        let bytes = (pages * PAGE) as f64;
        family(out, "process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", bytes);
    }
    if let Ok(files) = std::fs::read_dir("/proc/self/fd") {
        family(out, "process_open_fds", "gauge", "Number of open file descriptors.", files.count() as f64);
    }
}

fn family(out: &mut String, name: &str, kind: &str, help: &str, value: f64) {
    header(out, name, kind, help);
    let _ = writeln!(out, "{name} {value}");
}

/// User and system ticks of `/proc/self/stat`, whose second field may hold spaces and parentheses.
fn cpu_ticks(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_mislead() {
        let stat = "1 (a) b) S 0 1 1 0 -1 4194560 1 2 3 4 250 50 0 0 20";
        assert_eq!(cpu_ticks(stat), Some(300.0));
        assert_eq!(cpu_ticks(""), None);
    }
}
