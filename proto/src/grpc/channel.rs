//! Connections between roles.

use std::time::Duration;

use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint};
use weir_model::{Error, Result};

use super::secret::{ClusterSecret, Show};

/// A connection to another process. Cheap to clone; all clones share it.
#[derive(Debug, Clone)]
pub struct Peer {
    channel: Channel,
    show: Show,
}

/// What the generated clients send through.
pub(super) type Transport = InterceptedService<Channel, Show>;

impl Peer {
    /// A connection to `url` (`http://host:port`) that is made when it is first used, and again when it breaks.
    ///
    /// # Errors
    /// `url` is not a URL.
    pub fn connect(url: &str, secret: Option<&ClusterSecret>) -> Result<Self> {
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
        Ok(Self { channel: endpoint.connect_lazy(), show: Show::new(secret)? })
    }

    pub(super) fn transport(&self) -> Transport {
        InterceptedService::new(self.channel.clone(), self.show.clone())
    }
}
