//! Loopback addresses that nobody else takes.

use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};
use std::ops::Range;
use std::sync::atomic::{AtomicU16, Ordering};

/// Ports that the system does not give to connections by itself (Linux begins at 32768), so that none is taken before
/// the program that is started for it listens.
const PORTS: Range<u16> = 20_000..32_000;

/// How many were tried.
static TRIED: AtomicU16 = AtomicU16::new(0);

/// An address that is free, and stays so: its host is one of the many loopback addresses and belongs to this process,
/// and this process gets each port once.
///
/// # Panics
/// When no port is left.
#[must_use]
pub fn free_address() -> SocketAddrV4 {
    let [.., high, low] = std::process::id().to_be_bytes();
    let host = Ipv4Addr::new(127, 1, high, low.clamp(1, 254));
    loop {
        let port = PORTS.start + TRIED.fetch_add(1, Ordering::Relaxed);
        assert!(PORTS.contains(&port), "no port is left on {host}");
        if TcpListener::bind((host, port)).is_ok() {
            return SocketAddrV4::new(host, port);
        }
    }
}
