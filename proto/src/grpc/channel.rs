//! Connections between roles.

use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint, Uri};
use weir_model::{Error, Result};

use super::secret::Show;
use super::trust::{ClusterTls, Trust};

/// A connection to another process. Cheap to clone; all clones share it.
#[derive(Debug, Clone)]
pub struct Peer {
    channel: Channel,
    show: Show,
}

/// What the generated clients send through.
pub(super) type Transport = InterceptedService<Channel, Show>;

impl Peer {
    /// A connection to `url` (`http://host:port`, or `https://host:port` for one that speaks TLS) that is made when it is
    /// first used, and again when it breaks.
    ///
    /// # Errors
    /// `url` is not a URL, or asks for TLS that `trust` does not have.
    pub fn connect(url: &str, trust: &Trust) -> Result<Self> {
        let wrong = |error: &dyn std::fmt::Display| {
            Error::invalid(format!("{url:?} is not an address to connect to: {error}"))
        };
        let uri: Uri = url.parse().map_err(|error| wrong(&error))?;
        let encrypted = uri.scheme_str() == Some("https");
        // The connection encrypts, not the library above it: see `secured`.
        let plain = url.replacen("https://", "http://", 1);
        let endpoint = Endpoint::from_shared(plain)
            .map_err(|error| wrong(&error))?
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
        let channel = match (&trust.tls, encrypted) {
            (_, false) => endpoint.connect_lazy(),
            (Some(tls), true) => secured(&endpoint, tls.clone()),
            (None, true) => {
                return Err(wrong(&"this process has no certificate to show (--cluster-tls-cert)"));
            }
        };
        Ok(Self { channel, show: Show::new(trust.secret.as_ref())? })
    }

    pub(super) fn transport(&self) -> Transport {
        InterceptedService::new(self.channel.clone(), self.show.clone())
    }
}

/// Each connection uses the certificates that there are when it is made.
fn secured(endpoint: &Endpoint, tls: ClusterTls) -> Channel {
    endpoint.connect_with_connector_lazy(tower::service_fn(move |uri: Uri| {
        let tls = tls.clone();
        async move {
            let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
            let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(443))).await?;
            stream.set_nodelay(true)?;
            let connector = TlsConnector::from(tls.client.current());
            let stream = connector.connect((*tls.name).clone(), stream).await?;
            Ok::<_, std::io::Error>(TokioIo::new(stream))
        }
    }))
}
