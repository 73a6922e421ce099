//! Connections between roles.

use std::time::Duration;

use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Channel, Endpoint, Uri};
use weir_model::{Error, Result};

use super::secret::Show;
use super::trust::{ClusterTls, Trust};
use super::way::Way;

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
    /// first used, and again when it breaks. While nobody is there, calls fail at once; only the first waits for seconds.
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
            // A peer that is gone without a word is found out, so that a query does not wait for it for ever.
            .http2_keep_alive_interval(Duration::from_secs(10))
            .keep_alive_timeout(Duration::from_secs(10))
            .keep_alive_while_idle(true)
            .initial_stream_window_size(4 << 20)
            .initial_connection_window_size(16 << 20)
            // Errors travel in headers, and a compile error may be long.
            .http2_max_header_list_size(1 << 20);
        let tls = match (&trust.tls, encrypted) {
            (_, false) => None,
            (Some(tls), true) => Some(tls.clone()),
            (None, true) => {
                return Err(wrong(&"this process has no certificate to show (--cluster-tls-cert)"));
            }
        };
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let place = (host, uri.port_u16().unwrap_or(if encrypted { 443 } else { 80 }));
        let way = Way::new(move || connect(place.clone(), tls.clone()));
        let channel = endpoint.connect_with_connector_lazy(tower::service_fn(move |_: Uri| {
            let way = way.clone();
            async move { way.connect().await.map(TokioIo::new) }
        }));
        Ok(Self { channel, show: Show::new(trust.secret.as_ref())? })
    }

    pub(super) fn transport(&self) -> Transport {
        InterceptedService::new(self.channel.clone(), self.show.clone())
    }
}

/// What bytes go through.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// One connection, with the certificates that there are when it is made.
async fn connect(place: (String, u16), tls: Option<ClusterTls>) -> std::io::Result<Box<dyn Stream>> {
    let stream = TcpStream::connect(place).await?;
    stream.set_nodelay(true)?;
    Ok(match tls {
        None => Box::new(stream),
        Some(tls) => {
            let connector = TlsConnector::from(tls.client.current());
            Box::new(connector.connect((*tls.name).clone(), stream).await?)
        }
    })
}
