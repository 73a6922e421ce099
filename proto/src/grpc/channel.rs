//! Connections between roles.

use std::time::Duration;

pub use tonic::transport::Channel;
use tonic::transport::Endpoint;
use weir_model::{Error, Result};

/// A channel to `url` (`http://host:port`) that connects when it is first used, and again when it breaks.
///
/// # Errors
/// `url` is not a URL.
pub fn connect(url: &str) -> Result<Channel> {
    let endpoint = Endpoint::from_shared(url.to_owned())
        .map_err(|error| Error::invalid(format!("{url:?} is not an address to connect to: {error}")))?
        .connect_timeout(Duration::from_secs(5))
        // A peer that is gone without a word is found out, so that a query does not wait for it for ever.
        .http2_keep_alive_interval(Duration::from_secs(10))
        .keep_alive_timeout(Duration::from_secs(10))
        .keep_alive_while_idle(true)
        .tcp_nodelay(true)
        .initial_stream_window_size(4 << 20)
        .initial_connection_window_size(16 << 20)
        // Errors travel in headers, and a compile error may be long.
        .http2_max_header_list_size(1 << 20);
    Ok(endpoint.connect_lazy())
}
