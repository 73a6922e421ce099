//! What the machine has.

/// Bytes of memory that this process may take: the container's limit, or what the machine has. Where neither can be
/// read, 4 GiB.
pub(crate) fn memory() -> usize {
    let read = |file: &str| std::fs::read_to_string(file).ok();
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let limit = limits.into_iter().find_map(|file| read(file)?.trim().parse::<usize>().ok());
    let machine = read("/proc/meminfo").and_then(|text| total(&text));
    match (limit, machine) {
        (Some(limit), Some(machine)) => limit.min(machine),
        (one, other) => one.or(other).unwrap_or(4 << 30),
    }
}

/// The line `MemTotal:  16384 kB` in bytes.
fn total(meminfo: &str) -> Option<usize> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<usize>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_where_linux_tells_it() {
        assert_eq!(total("MemFree: 1 kB\nMemTotal:       16384 kB\n"), Some(16_777_216));
        assert_eq!(total(""), None);
        assert!(memory() > 1 << 20);
    }
}
