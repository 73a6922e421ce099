//! Loopback addresses that nobody else takes.

use std::net::{Ipv4Addr, SocketAddrV4, TcpListener};

/// An address that is free, and stays so: its host is one of the many loopback addresses and belongs to this process.
#[must_use]
pub fn free_address() -> SocketAddrV4 {
    let [.., high, low] = std::process::id().to_be_bytes();
    let host = Ipv4Addr::new(127, 1, high, low.clamp(1, 254));
    let listener = TcpListener::bind((host, 0)).unwrap();
    match listener.local_addr().unwrap() {
        std::net::SocketAddr::V4(address) => address,
        std::net::SocketAddr::V6(address) => panic!("asked for {host}, got {address}"),
    }
}
